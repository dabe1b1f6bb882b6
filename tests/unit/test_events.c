/* Events: how a stored body is shown, whatever is in it, and lists and look-ups over a database. */
#include "api/event_entries.h"
#include "api/stack_view.h"
#include "storage/event_body.h"
#include "storage/partitions.h"
#include "tests/unit/api.h"
#include "tests/unit/issues_seed.h"

#define O "/api/0/organizations/acme/"
#define P "/api/0/projects/acme/shop/"

static const char events_seed[] =
    "insert into event (project_id, event_id, received_day, issue_id, batch, received, "
    "\"timestamp\","
    "                   level, type, platform, environment_id, release_id, title, user_hash, "
    "handled,"
    "                   tags)"
    " select 11, lpad(n::text, 32, '0')::uuid, (now() - n * interval '1 minute')::date, 301, 1,"
    "        now() - n * interval '1 minute',"
    /* the last two happened at the very same moment */
    "        date_trunc('minute', now()) - least(n, 4) * interval '1 minute', 40, 'error', 'node',"
    "        case when n = 3 then 2 else 1 end, 1, 'TypeError: ' || n, n, n <> 2,"
    "        jsonb_build_object('level', 'error', 'browser', 'Chrome ' || n, 'user', 'id:' || n)"
    "   from generate_series(1, 5) n;"
    "insert into event (project_id, event_id, received_day, issue_id, batch, received, "
    "\"timestamp\","
    "                   level, type, platform, environment_id, title, tags) values"
    " (21, lpad('9', 32, '0')::uuid, now()::date, 401, 1, now(), now(), 40, 'error', 'node', 9,"
    "  'Foreign', '{}'),"
    /* its issue is gone */
    " (11, lpad('8', 32, '0')::uuid, now()::date, 999, 1, now(), now(), 40, 'error', 'node', 1,"
    "  'Orphan', '{}');";

static const char body[] =
    "{\"logentry\":{\"formatted\":\"it broke\"},\"culprit\":\"main in "
    "run\",\"user\":{\"id\":\"7\"},"
    "\"tags\":[[\"browser\",\"Chrome 1\"],[\"level\",\"error\"],[\"broken\"],null],"
    "\"metadata\":{\"type\":\"TypeError\",\"value\":\"x\"},\"contexts\":{\"os\":{\"name\":"
    "\"Linux\"}},"
    "\"extra\":{\"a\":1},\"modules\":{\"m\":\"1\"},\"sdk\":{\"name\":\"s\",\"version\":\"1\"},"
    "\"errors\":[{\"type\":\"invalid_data\",\"name\":\"request\"},7]}";

static void add_bodies(void)
{
    int codec;
    struct str bytes = event_body_encode(arena, str_of(body), &codec);
    struct str hex = text_hex(arena, bytes.p, bytes.n);
    ck_assert(pg_script(
        db, arena_printf(arena,
                         "insert into event_body select project_id, event_id, received_day, %d,"
                         " '\\x%.*s' from event where event_id::text like '%%1';"
                         "insert into event_body select project_id, event_id, received_day, 99,"
                         " 'junk' from event where event_id::text like '%%2'",
                         codec, STR_ARG(hex))));
}

static void fill(void)
{
    api_fill(issues_seed);
    arena = arena_new(16 << 20);
    db = pg_open(database_conninfo, "test");
    ck_assert(partitions_make(db, arena, clock_now() - CLOCK_DAY, 3));
    ck_assert_msg(pg_script(db, events_seed), "%.*s", STR_ARG(pg_message(db)));
    add_bodies();
    pg_close(db);
    arena_free(arena);
}

static const char *id_of(int n)
{
    return arena_printf(arena, "%032d", n);
}

START_TEST(list_shows_rows_with_what_the_body_knows)
{
    const struct jt *list = api_json(api_get(O "issues/301/events/"), 200);
    ck_assert_uint_eq(list->count, 5);
    ck_assert_text(api_at(list, "0.eventID"), id_of(1));
    ck_assert_text(api_at(list, "0.message"), "it broke");
    ck_assert_text(api_at(list, "0.user.id"), "7");
    ck_assert_text(api_at(list, "0.tags.1.key"), "level");
    ck_assert_uint_eq(jt_get(jt_at(list, 0), S("tags"))->count, 2);
    ck_assert_text(api_at(list, "0.event.type"), "");
    ck_assert_text(jt_get(jt_at(list, 0), S("event.type"))->text, "error");
    /* a damaged body and none at all */
    ck_assert_text(api_at(list, "1.title"), "TypeError: 2");
    ck_assert_text(api_at(list, "1.user"), "null");
    ck_assert_text(api_at(list, "2.metadata.title"), "TypeError: 3");
}
END_TEST

static const struct {
    const char *parameters;
    int count;
} lists[] = {
    {"", 5},
    {"environment=staging", 1},
    {"query=browser:%22Chrome%203%22", 1},
    {"query=browser:Chrome*", 5},
    {"query=!browser:%22Chrome%203%22", 4},
    {"query=user.id:4", 1},
    {"query=user:%22id:4%22", 1},
    {"query=has:browser", 5},
    {"query=!has:browser", 0},
    {"query=level:error", 5},
    {"query=typeerror", 5},
    {"query=title:%22TypeError:%202%22", 1},
    {"query=error.handled:0", 1},
    {"query=id:00000000000000000000000000000003", 1},
    {"query=timestamp:-24h", 5},
    {"query=timestamp:%2B24h", 0},
    {"statsPeriod=1d", 5},
    {"start=2020-01-01&end=2020-01-02", 0},
    {"full=1", 5},
};

START_TEST(events_are_searched)
{
    const struct request *rq =
        api_get(arena_printf(arena, O "issues/301/events/?%s", lists[_i].parameters));
    ck_assert_int_eq((int)api_json(rq, 200)->count, lists[_i].count);
}
END_TEST

START_TEST(pages_do_not_lose_events_of_one_moment)
{
    const char *uri = O "issues/301/events/?per_page=2", *all = "";
    for (int page = 0; page < 5; page++) {
        const struct request *rq = api_get(uri);
        const struct jt *list = api_json(rq, 200);
        struct str link = ask_reply_header(rq, "Link");
        size_t next = str_find(link, S("rel=\"next\"; results=\"true\"; cursor=\""));
        all = arena_printf(arena, "%s|%zu", all, list->count);
        if (next == link.n)
            break;
        link = str_slice(link, next + strlen("rel=\"next\"; results=\"true\"; cursor=\""), link.n);
        struct str cursor = str_split(&link, '"');
        uri = arena_printf(arena, O "issues/301/events/?per_page=2&cursor=%.*s", STR_ARG(cursor));
    }
    ck_assert_str_eq(all, "|2|2|1");
}
END_TEST

START_TEST(event_knows_its_neighbours)
{
    const struct jt *event = api_json(api_get(O "issues/301/events/latest/"), 200);
    ck_assert_text(api_at(event, "id"), id_of(1));
    ck_assert_text(api_at(event, "nextEventID"), "null");
    ck_assert_text(api_at(event, "previousEventID"), id_of(2));
    ck_assert_text(api_at(event, "release.version"), "shop@1.0.0");
    ck_assert_text(api_at(event, "errors.0.data.name"), "request");
    ck_assert_text(api_at(event, "context.a"), "1");
    ck_assert_text(api_at(event, "contexts.os.name"), "Linux");
    ck_assert_text(api_at(event, "packages.m"), "1");
    event = api_json(api_get(O "issues/301/events/oldest/"), 200);
    ck_assert_text(api_at(event, "id"), id_of(5));
    ck_assert_text(api_at(event, "nextEventID"), id_of(4));
    event = api_json(api_get(O "issues/301/events/latest/?environment=staging"), 200);
    ck_assert_text(api_at(event, "id"), id_of(3));
    ck_assert_text(api_at(event, "previousEventID"), "null");
}
END_TEST

START_TEST(event_id_leads_to_its_event)
{
    const char *uri = arena_printf(arena, O "eventids/%s/", id_of(1));
    const struct jt *found = api_json(api_get(uri), 200);
    ck_assert_text(api_at(found, "groupId"), "301");
    ck_assert_text(api_at(found, "projectSlug"), "shop");
    ck_assert_text(api_at(found, "event.id"), id_of(1));
    uri = arena_printf(arena, P "events/%s/", id_of(1));
    ck_assert_text(api_at(api_json(api_get(uri), 200), "groupID"), "301");
    uri = arena_printf(arena, P "events/%s/json/", id_of(1));
    ck_assert_text(ask_body(api_get(uri)), body);
    const struct request *rq = api_get(arena_printf(arena, O "issues/?query=%s", id_of(1)));
    ck_assert_text(api_at(api_json(rq, 200), "0.id"), "301");
    ck_assert_text(ask_reply_header(rq, "X-Sentry-Direct-Hit"), "1");
    ck_assert_uint_eq(api_json(api_get(P "events/"), 200)->count, 6);
}
END_TEST

static const char *const absent[] = {
    O "eventids/%032d/",
    P "events/%032d/",
    P "events/%032d/json/",
    O "issues/301/events/%032d/",
};

START_TEST(foreign_and_lost_events_do_not_exist)
{
    for (int i = 0; i < COUNT_OF(absent); i++) {
        struct str path = str_of(absent[i]);
        size_t at = str_index(path, '%');
        for (int n = 7; n <= 9; n++) {
            const char *uri = arena_printf(arena, "%.*s%s%s", (int)at, path.p, id_of(n),
                                           path.p + at + strlen("%032d"));
            ck_assert_msg(api_get(uri)->status == 404, "%s", uri);
        }
    }
}
END_TEST

START_TEST(chart_of_minutes_counts_single_events)
{
    const struct jt *chart =
        api_json(api_get(O "events-stats/?statsPeriod=1h&interval=1m&query=issue:SHOP-1"), 200);
    int64_t sum = 0, events;
    const struct jt *data = jt_get(chart, S("data"));
    ck_assert_uint_ge(data->count, 60);
    for (const struct jt *bar = data->first; bar; bar = bar->next) {
        ck_assert(jt_int64(jt_get(jt_at(jt_at(bar, 1), 0), S("count")), &events));
        sum += events;
    }
    ck_assert_int_eq(sum, 5);
}
END_TEST

START_TEST(chart_of_many_events_spreads_their_hours)
{
    ck_assert(pg_script(db, "insert into issue_hour values (11, 302, 2, date_trunc('hour', now()),"
                            " 300001)"));
    const struct jt *chart =
        api_json(api_get(O "events-stats/?statsPeriod=6h&interval=15m&query=issue:SHOP-2"), 200);
    ck_assert_text(api_at(chart, "isEstimated"), "true");
    int64_t sum = 0, most = 0, events;
    for (const struct jt *bar = jt_get(chart, S("data"))->first; bar; bar = bar->next) {
        ck_assert(jt_int64(jt_get(jt_at(jt_at(bar, 1), 0), S("count")), &events));
        sum += events;
        most = events > most ? events : most;
    }
    /* bars of this hour that are still to come are not shown */
    ck_assert_int_le(sum, 300005);
    ck_assert_int_le(most, 75002);
    ck_assert(pg_script(db, "delete from issue_hour where issue_id = 302 and events = 300001"));
}
END_TEST

/* ---- Entries: stored JSON in, API JSON out. */

static const struct {
    const char *stored, *shown;
} entries[] = {
    {"{}", "[]"},
    {"{\"exception\":null,\"request\":{},\"breadcrumbs\":[]}", "[]"},
    {"{\"logentry\":{\"message\":\"a %s\",\"formatted\":\"a b\",\"params\":[\"b\"]}}",
     "[{\"type\":\"message\",\"data\":{\"message\":\"a %s\",\"formatted\":\"a b\","
     "\"params\":[\"b\"]}}]"},
    {"{\"logentry\":{\"formatted\":\"only\"}}",
     "[{\"type\":\"message\",\"data\":{\"message\":\"only\",\"formatted\":\"only\",\"params\":"
     "null}}]"},
    {"{\"exception\":{\"values\":[{\"type\":\"E\",\"value\":\"v\",\"thread_id\":3}]}}",
     "[{\"type\":\"exception\",\"data\":{\"values\":[{\"type\":\"E\",\"value\":\"v\",\"mechanism\":"
     "null,\"threadId\":3,\"module\":null,\"stacktrace\":null,\"rawStacktrace\":null}],"
     "\"hasSystemFrames\":false,\"excOmitted\":null}}]"},
    {"{\"exception\":\"not an object\"}",
     "[{\"type\":\"exception\",\"data\":{\"values\":[],\"hasSystemFrames\":false,\"excOmitted\":"
     "null}}]"},
    {"{\"request\":{\"url\":\"http://h/"
     "\",\"query_string\":{\"a\":\"1\"},\"headers\":[[\"H\",\"v\"]],"
     "\"cookies\":\"\"}}",
     "[{\"type\":\"request\",\"data\":{\"method\":null,\"url\":\"http://h/"
     "\",\"query\":[[\"a\",\"1\"]"
     "],\"fragment\":null,\"data\":null,\"headers\":[[\"H\",\"v\"]],\"cookies\":\"\",\"env\":null,"
     "\"inferredContentType\":null,\"apiTarget\":null}}]"},
    {"{\"breadcrumbs\":{\"values\":[{\"timestamp\":1.5,\"message\":\"m\"},{\"timestamp\":1e99}]}}",
     "[{\"type\":\"breadcrumbs\",\"data\":{\"values\":[{\"type\":\"default\",\"timestamp\":"
     "\"1970-01-01T00:00:01.500000Z\",\"level\":\"info\",\"message\":\"m\",\"category\":null,"
     "\"data\":null,\"event_id\":null},{\"type\":\"default\",\"timestamp\":null,\"level\":\"info\","
     "\"message\":null,\"category\":null,\"data\":null,\"event_id\":null}]}}]"},
    {"{\"threads\":[{\"id\":1,\"crashed\":true}]}",
     "[{\"type\":\"threads\",\"data\":{\"values\":[{\"id\":1,\"crashed\":true,\"current\":false,"
     "\"name\":null,\"state\":null,\"heldLocks\":null,\"stacktrace\":null,\"rawStacktrace\":null}]}"
     "}]"},
    {"{\"template\":{\"filename\":\"t.html\",\"lineno\":2,\"context_line\":\"x\",\"pre_context\":["
     "\"w\""
     "]}}",
     "[{\"type\":\"template\",\"data\":{\"filename\":\"t.html\",\"absPath\":null,\"lineNo\":2,"
     "\"colNo\":null,\"context\":[[1,\"w\"],[2,\"x\"]]}}]"},
    {"{\"csp\":{\"effective_directive\":\"img-src\"}}",
     "[{\"type\":\"csp\",\"data\":{\"effective_directive\":\"img-src\"}}]"},
    {"{\"debug_meta\":{\"images\":[]}}", "[{\"type\":\"debugmeta\",\"data\":{\"images\":[]}}]"},
};

static struct str written(void (*put)(struct jw *j, const struct jt *v), const char *json)
{
    const char *error;
    struct buf *out = arena_new_of(arena, struct buf);
    struct jw j;
    const struct jt *tree = jt_read(arena, str_of(json), JR_DEPTH_MAX, &error);
    ck_assert_msg(tree != NULL, "%s: %s", json, error);
    buf_init(out, 1 << 20);
    arena_defer(arena, (void (*)(void *))buf_free, out);
    jw_begin(&j, out);
    put(&j, tree);
    return buf_str(out);
}

START_TEST(body_becomes_entries)
{
    ck_assert_text(written(entries_put, entries[_i].stored), entries[_i].shown);
}
END_TEST

static const struct {
    const char *frame, *context;
} frames[] = {
    {"{\"lineno\":10,\"context_line\":\"x\",\"pre_context\":[\"a\",\"b\"],\"post_context\":[\"c\"]"
     "}",
     "[[8,\"a\"],[9,\"b\"],[10,\"x\"],[11,\"c\"]]"},
    {"{\"lineno\":1,\"context_line\":\"x\",\"pre_context\":[null]}", "[[0,\"\"],[1,\"x\"]]"},
    {"{\"lineno\":10,\"pre_context\":[\"a\"]}", "[]"},
    {"{\"context_line\":\"x\"}", "[]"},
    {"{\"lineno\":\"ten\",\"context_line\":\"x\"}", "[]"},
    {"{\"lineno\":3,\"context_line\":\"x\",\"pre_context\":\"no list\"}", "[[3,\"x\"]]"},
    {"null", "[]"},
};

START_TEST(source_lines_are_numbered)
{
    ck_assert_text(written(source_put, frames[_i].frame), frames[_i].context);
}
END_TEST

START_TEST(frames_are_shown_in_camel_case)
{
    struct str stack =
        written(stack_put,
                "{\"frames\":[{\"abs_path\":\"/a\",\"in_app\":true,\"vars\":{\"abs_path\":1}},null,"
                "{\"colno\":4,\"raw_function\":\"f\"}],\"frames_omitted\":[1,2]}");
    ck_assert(str_has(stack, S("\"absPath\":\"/a\"")));
    ck_assert(str_has(stack, S("\"vars\":{\"abs_path\":1}")));
    ck_assert(str_has(stack, S("\"colNo\":4")));
    ck_assert(str_has(stack, S("\"rawFunction\":\"f\"")));
    ck_assert(str_ends(stack, S("\"framesOmitted\":[1,2],\"registers\":null,"
                                "\"hasSystemFrames\":true}")));
}
END_TEST

START_TEST(remarks_move_to_their_entry)
{
    ck_assert_text(
        written(
            entries_put_meta,
            "{\"logentry\":{\"formatted\":\"m\"},\"request\":{\"url\":\"u\"},\"_meta\":{"
            "\"request\":"
            "{\"query_string\":{\"0\":{\"\":{\"len\":9}}},\"data\":{\"raw_function\":{\"\":{}}}},"
            "\"logentry\":{\"formatted\":{\"\":{\"rem\":[]}}},\"user\":{\"id\":{}},\"breadcrumbs\":"
            "{}"
            "}}"),
        "{\"entries\":{\"0\":{\"data\":{\"formatted\":{\"\":{\"rem\":[]}}}},\"1\":{\"data\":{"
        "\"query\":{\"0\":{\"\":{\"len\":9}}},\"data\":{\"raw_function\":{\"\":{}}}}}},"
        "\"message\":{\"formatted\":{\"\":{\"rem\":[]}}},\"user\":{\"id\":{}},\"contexts\":null,"
        "\"context\":null,\"packages\":null,\"tags\":null,\"sdk\":null}");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill, NULL);
    tcase_add_checked_fixture(tc, api_set_up, api_tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, list_shows_rows_with_what_the_body_knows);
    tcase_add_loop_test(tc, events_are_searched, 0, COUNT_OF(lists));
    tcase_add_test(tc, pages_do_not_lose_events_of_one_moment);
    tcase_add_test(tc, event_knows_its_neighbours);
    tcase_add_test(tc, event_id_leads_to_its_event);
    tcase_add_test(tc, foreign_and_lost_events_do_not_exist);
    tcase_add_test(tc, chart_of_minutes_counts_single_events);
    tcase_add_test(tc, chart_of_many_events_spreads_their_hours);
    tcase_add_loop_test(tc, body_becomes_entries, 0, COUNT_OF(entries));
    tcase_add_loop_test(tc, source_lines_are_numbered, 0, COUNT_OF(frames));
    tcase_add_test(tc, frames_are_shown_in_camel_case);
    tcase_add_test(tc, remarks_move_to_their_entry);
}

int main(int count, char **words)
{
    (void)count;
    api_start();
    return database_suite_run(words[0], "events", add_tests);
}
