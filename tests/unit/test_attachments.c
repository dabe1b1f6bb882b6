/* Attachments in the web API: lists, a file and its headers, deleting it, blobs given back. */
#include "storage/partitions.h"
#include "tests/unit/api.h"
#include "tests/unit/issues_seed.h"

#define E "/api/0/projects/acme/shop/events/"
#define ONE E "00000000000000000000000000000001/attachments/"
#define I "/api/0/issues/301/attachments/"
#define BLOB "abababababababababababababababababababababababababababababababab"

static const char seed[] =
    "insert into event (project_id, event_id, received_day, issue_id, batch, received, "
    "\"timestamp\", level, type, platform, environment_id, title, tags)"
    " values (11, lpad('1', 32, '0')::uuid, now()::date, 301, 1, now(), now(), 40, 'error', 'node',"
    "         1, 'x', '{}');"
    "insert into attachment (project_id, id, received_day, event_id, received, type, name, "
    "                        content_type, size, body, blob) values"
    " (11, 1, now()::date, lpad('1', 32, '0')::uuid, now(), 'event.attachment', 'log \"1\".txt',"
    "  'text/html', 5, 'hello', null),"
    " (11, 2, now()::date, lpad('1', 32, '0')::uuid, now(), 'event.minidump', 'dump.dmp',"
    "  'application/x-dmp', 70000000, null, '" BLOB "'),"
    " (11, 3, now()::date, lpad('1', 32, '0')::uuid, now(), 'event.attachment', 'again.dmp',"
    "  'application/x-dmp', 70000000, null, '" BLOB "'),"
    " (21, 4, now()::date, lpad('1', 32, '0')::uuid, now(), 'event.attachment', 'foreign', 'a/b',"
    "  1, 'x', null);"
    "insert into blob values ('" BLOB "', 70000000, 2, now());";

static void fill(void)
{
    api_fill(issues_seed);
    arena = arena_new(16 << 20);
    db = pg_open(database_conninfo, "test");
    ck_assert(partitions_make(db, arena, clock_now(), 1));
    ck_assert_msg(pg_script(db, seed), "%.*s", STR_ARG(pg_message(db)));
    pg_close(db);
    arena_free(arena);
}

START_TEST(files_of_an_event_are_listed)
{
    const struct jt *list = api_json(api_get(ONE), 200);
    ck_assert(str_eq(api_list(list, S("name")), S("again.dmp,dump.dmp,log \"1\".txt")));
    ck_assert(str_eq(api_at(list, "2.event_id"), S("00000000000000000000000000000001")));
    ck_assert(str_eq(api_at(list, "2.mimetype"), S("text/html")));
    ck_assert(str_eq(api_at(list, "2.headers.Content-Type"), S("text/html")));
    ck_assert_uint_eq(api_json(api_get(ONE "?query=dump"), 200)->count, 1);
    ck_assert(str_eq(api_at(api_json(api_get(ONE "1/"), 200), "size"), S("5")));
}
END_TEST

START_TEST(files_of_an_issue_are_listed)
{
    ck_assert_uint_eq(api_json(api_get(I), 200)->count, 3);
    ck_assert_uint_eq(api_json(api_get(I "?types=event.minidump&types=x"), 200)->count, 1);
}
END_TEST

static bool has_header(const struct request *rq, const char *name, const char *value)
{
    return str_eq(ask_reply_header(rq, name), str_of(value));
}

START_TEST(a_file_runs_nothing_in_a_browser)
{
    struct request *rq = api_get(ONE "1/?download=1");
    ck_assert_int_eq(rq->status, 200);
    ck_assert(str_eq(ask_body(rq), S("hello")));
    ck_assert(
        has_header(rq, "Content-Disposition", "attachment; filename*=UTF-8''log%20%221%22.txt"));
    ck_assert(has_header(rq, "Content-Security-Policy", "sandbox; default-src 'none'"));
}
END_TEST

START_TEST(a_large_file_is_left_to_nginx)
{
    struct request *rq = api_get(ONE "2/?download");
    ck_assert_int_eq(rq->status, 200);
    ck_assert(has_header(rq, "X-Accel-Redirect",
                         "/blobs/ab/abababababababababababababababababababababababababababababab"
                         "ab"));
}
END_TEST

static const char *const missing[] = {
    ONE "4/",
    ONE "99/",
    ONE "99999999999999999999/",
    ONE "x/",
    ONE "4/?download=1",
    E "00000000000000000000000000000002/attachments/1/",
    E "none/attachments/",
};

START_TEST(what_is_not_there_is_not_found)
{
    ck_assert_int_eq(api_get(missing[_i])->status, 404);
}
END_TEST

static int64_t references(void)
{
    pg_reset(db);
    return database_int(db, arena, "select reference_count from blob where name = '" BLOB "'");
}

START_TEST(a_deleted_file_gives_its_blob_back)
{
    ck_assert_int_eq(api_ask("DELETE", ONE "2/", NULL)->status, 204);
    ck_assert_int_eq(references(), 1);
    ck_assert_int_eq(api_ask("DELETE", ONE "2/", NULL)->status, 404);
    ck_assert_int_eq(references(), 1);
}
END_TEST

START_TEST(a_dropped_day_gives_its_blobs_back)
{
    int dropped;
    int64_t before = references();
    ck_assert(pg_script(
        db, arena_printf(arena,
                         "insert into attachment (project_id, received_day, event_id, received, "
                         "type, name, content_type, size, blob, id) select 11, now()::date, "
                         "lpad(n::text, 32, '0')::uuid, now(), 't', 'n', 'c', 1, '%s', 100 + n "
                         "from generate_series(1, 5) n;"
                         "update blob set reference_count = reference_count + 5",
                         BLOB)));
    ck_assert_int_eq(references(), before + 5);
    ck_assert(partitions_drop(db, arena, RETENTION_ATTACHMENT, clock_now() + CLOCK_DAY, &dropped));
    ck_assert_int_eq(references(), 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill, NULL);
    tcase_add_checked_fixture(tc, api_set_up, api_tear_down);
    tcase_add_test(tc, files_of_an_event_are_listed);
    tcase_add_test(tc, files_of_an_issue_are_listed);
    tcase_add_test(tc, a_file_runs_nothing_in_a_browser);
    tcase_add_test(tc, a_large_file_is_left_to_nginx);
    tcase_add_loop_test(tc, what_is_not_there_is_not_found, 0, COUNT_OF(missing));
    tcase_add_test(tc, a_deleted_file_gives_its_blob_back);
    tcase_add_test(tc, a_dropped_day_gives_its_blobs_back);
}

int main(int count, char **words)
{
    (void)count;
    api_start();
    return database_suite_run(words[0], "attachments", add_tests);
}
