#include "storage/pg.h"

#include <sys/resource.h>

#include "base/priority.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/copy.h"
#include "tests/unit/database.h"

static struct arena *arena;
static struct pg *db;

static void set_up(void)
{
    arena = arena_new(16 << 20);
    db = database_fresh();
}

static void tear_down(void)
{
    pg_close(db);
    arena_free(arena);
}

/* Statements of the tests; their numbers are those of statements that the tests never run. */
#define TEST_STATEMENT(number, text)                                                               \
    (struct stmt)                                                                                  \
    {                                                                                              \
        SQL_COUNT - 1 - (number), "test_" #number, text                                            \
    }

static const struct {
    const char *sql, *json;
} renderings[] = {
    {"select 7 as \"id\", true as \"isPublic\", false as f",
     "{\"id\":7,\"isPublic\":true,\"f\":false}"},
    {"select null::int as a, 'x\"y' as b", "{\"a\":null,\"b\":\"x\\\"y\"}"},
    {"select '{\"k\": [1]}'::jsonb as data", "{\"data\":{\"k\": [1]}}"},
    {"select 1.5::float8 as a, 'NaN'::float8 as b, '-Infinity'::float4 as c, 12.50::numeric as d",
     "{\"a\":1.5,\"b\":null,\"c\":null,\"d\":12.50}"},
    {"select '2026-01-02 03:04:05.678+02'::timestamptz as t",
     "{\"t\":\"2026-01-02T01:04:05.678000Z\"}"},
    {"select 'infinity'::timestamptz as t, '2026-01-02'::date as d",
     "{\"t\":null,\"d\":\"2026-01-02\"}"},
    {"select 9223372036854775807 as n, 3::smallint as s", "{\"n\":9223372036854775807,\"s\":3}"},
};

START_TEST(a_column_is_rendered_by_its_type)
{
    struct buf text;
    struct jw j;
    buf_init(&text, 4096);
    jw_begin(&j, &text);
    struct rows *r = pg_query_built(db, arena, str_of(renderings[_i].sql), NULL, 0);
    ck_assert(rows_next(r));
    rows_put_object(r, &j);
    ck_assert_text(buf_str(&text), renderings[_i].json);
    ck_assert(!rows_next(r));
    buf_free(&text);
}
END_TEST

START_TEST(rows_become_an_array)
{
    struct buf text;
    struct jw j;
    buf_init(&text, 4096);
    jw_begin(&j, &text);
    rows_put_array(pg_query_built(db, arena, S("select n from generate_series(1, 3) n"), NULL, 0),
                   &j);
    ck_assert_text(buf_str(&text), "[{\"n\":1},{\"n\":2},{\"n\":3}]");
    buf_free(&text);
}
END_TEST

START_TEST(arguments_arrive_as_they_were)
{
    struct stmt s = TEST_STATEMENT(
        0, "select $1::bigint + 1, $2::boolean, $3::text, $4::text, $5::uuid, $6::bytea, $7::text "
           "is null, $8::timestamptz, $9::text");
    struct uuid u;
    ck_assert(uuid_parse(S("0123456789abcdef0123456789abcdef"), &u));
    struct str cut = str_slice(S("abcdef"), 1, 3);
    struct rows *r =
        pg_query(db, arena, &s, INT64_MIN + 1, true, "plain", cut, u, param_bytes(S("\0\1\xff")),
                 (struct str){0}, pg_time(arena, INT64_C(1700000000123456)), S(""));
    ck_assert(rows_next(r));
    ck_assert_int_eq(rows_int(r, 0), INT64_MIN + 2);
    ck_assert(rows_bool(r, 1));
    ck_assert_text(rows_str(r, 2), "plain");
    ck_assert_text(rows_str(r, 3), "bc");
    ck_assert_text(rows_str(r, 4), "01234567-89ab-cdef-0123-456789abcdef");
    ck_assert(str_eq(rows_bytes(r, 5, arena), S("\0\1\xff")));
    ck_assert(rows_bool(r, 6));
    ck_assert_int_eq(rows_time(r, 7), INT64_C(1700000000123456));
    ck_assert_text(rows_str(r, 8), "");
    ck_assert_int_eq(rows_column(r, "nothing"), -1);
}
END_TEST

START_TEST(arrays_carry_any_text)
{
    struct stmt s = TEST_STATEMENT(1, "select array_to_string($1::text[], '|', '~'), "
                                      "$2::bigint[]::text, cardinality($3::bigint[]), "
                                      "$4::uuid[]::text");
    struct str words[] = {S("plain"), S("a,\"b\\}"), {0}, S(""), S("NULL")};
    int64_t numbers[] = {INT64_MIN, 0, 12};
    struct uuid ids[2] = {{{1}}, {{2}}};
    struct rows *r =
        pg_query(db, arena, &s, pg_text_array(arena, words, 5), pg_int_array(arena, numbers, 3),
                 pg_int_array(arena, NULL, 0), pg_uuid_array(arena, ids, 2));
    ck_assert(rows_next(r));
    ck_assert_text(rows_str(r, 0), "plain|a,\"b\\}|~||NULL");
    ck_assert_text(rows_str(r, 1), "{-9223372036854775808,0,12}");
    ck_assert_int_eq(rows_int(r, 2), 0);
    ck_assert_text(rows_str(r, 3), "{01000000-0000-0000-0000-000000000000,"
                                   "02000000-0000-0000-0000-000000000000}");
}
END_TEST

static const struct {
    const char *sql;
    enum pg_failure failure;
} broken[] = {
    {"insert into t values (1)", PG_CONFLICT},
    {"select 1/0", PG_DATA},
    {"insert into t values (null)", PG_DATA},
    {"select nothing", PG_BROKEN},
    {"select pg_terminate_backend(pg_backend_pid())", PG_AWAY},
    {"do $$ begin raise sqlstate '40001'; end $$", PG_RETRY},
    {"do $$ begin raise sqlstate '40P01'; end $$", PG_RETRY},
    {"do $$ begin raise sqlstate '53100'; end $$", PG_AWAY},
    {"do $$ begin raise sqlstate '57014'; end $$", PG_AWAY},
    {"do $$ begin raise sqlstate '08006'; end $$", PG_AWAY},
    {"do $$ begin raise sqlstate '58030'; end $$", PG_AWAY},
};

START_TEST(a_failure_has_a_class_and_sticks)
{
    ck_assert(pg_script(db, "create table t (id int not null constraint t_key unique);"
                            "insert into t values (1)"));
    ck_assert(pg_begin(db));
    pg_query_built(db, arena, str_of(broken[_i].sql), NULL, 0);
    ck_assert_int_eq(pg_failed(db), broken[_i].failure);
    ck_assert(pg_message(db).n > 0);
    ck_assert(!rows_next(pg_query_built(db, arena, S("select 1"), NULL, 0)));
    ck_assert(!pg_commit(db));
    ck_assert_int_eq(pg_failed(db), broken[_i].failure);
    if (broken[_i].failure == PG_CONFLICT)
        ck_assert_text(pg_constraint(db), "t_key");
}
END_TEST

START_TEST(a_reset_begins_anew)
{
    ck_assert(pg_script(db, "create table t (id int)"));
    ck_assert(pg_begin(db));
    ck_assert(pg_script(db, "insert into t values (1)"));
    pg_query_built(db, arena, S("select 1/0"), NULL, 0);
    pg_reset(db);
    ck_assert_int_eq(pg_failed(db), PG_OK);
    ck_assert_int_eq(database_int(db, arena, "select count(*) from t"), 0);
}
END_TEST

START_TEST(a_lost_connection_comes_back_at_most_once_a_second)
{
    struct stmt s = TEST_STATEMENT(2, "select $1::int");
    ck_assert(rows_next(pg_query(db, arena, &s, 1)));
    database_text(db, arena, "set statement_timeout = 1");
    pg_query_built(db, arena, S("select pg_terminate_backend(pg_backend_pid())"), NULL, 0);
    ck_assert_int_eq(pg_failed(db), PG_AWAY);
    pg_reset(db);
    if (pg_failed(db)) {
        usleep(1010000);
        pg_reset(db);
    }
    ck_assert_int_eq(pg_failed(db), PG_OK);
    ck_assert(rows_next(pg_query(db, arena, &s, 1)));
    ck_assert_text(database_text(db, arena, "show statement_timeout"), "10s");
    ck_assert_text(database_text(db, arena, "show timezone"), "UTC");
}
END_TEST

static int backend_nice(void)
{
    return getpriority(PRIO_PROCESS, (id_t)database_int(db, arena, "select pg_backend_pid()"));
}

START_TEST(a_connection_gives_way_also_when_it_is_a_new_one)
{
    int before = backend_nice();
    int least = before > PRIORITY_BEHIND ? before : PRIORITY_BEHIND;
    pg_give_way(db);
    ck_assert_int_eq(backend_nice(), least);
    pg_query_built(db, arena, S("select pg_terminate_backend(pg_backend_pid())"), NULL, 0);
    usleep(1010000);
    pg_reset(db);
    ck_assert_int_eq(backend_nice(), least);
}
END_TEST

START_TEST(a_connection_closed_meanwhile_costs_no_unit_of_work)
{
    struct pg *other = pg_open(database_conninfo, "other");
    int64_t pid = database_int(db, arena, "select pg_backend_pid()");
    struct stmt end = TEST_STATEMENT(3, "select pg_terminate_backend($1::int)");
    usleep(1010000);
    ck_assert(rows_next(pg_query(other, arena, &end, pid)));
    pg_close(other);
    usleep(100000);
    pg_reset(db);
    ck_assert_int_eq(pg_failed(db), PG_OK);
    ck_assert_int_ne(database_int(db, arena, "select pg_backend_pid()"), pid);
    ck_assert_int_eq(pg_failed(db), PG_OK);
}
END_TEST

START_TEST(nobody_there_is_away_not_dead)
{
    struct pg *nobody = pg_open("host=/nonexistent dbname=x", "test");
    ck_assert_int_eq(pg_failed(nobody), PG_AWAY);
    pg_reset(nobody);
    ck_assert_int_eq(pg_failed(nobody), PG_AWAY);
    ck_assert(!pg_begin(nobody));
    ck_assert(!rows_next(pg_query_built(nobody, arena, S("select 1"), NULL, 0)));
    ck_assert(!pg_commit(nobody));
    ck_assert(!pg_wait(nobody, 1));
    pg_close(nobody);
}
END_TEST

START_TEST(a_plan_made_stale_by_a_migration_is_made_anew)
{
    struct stmt s = TEST_STATEMENT(3, "select * from t");
    ck_assert(pg_script(db, "create table t (id int); insert into t values (1)"));
    ck_assert(rows_next(pg_query_none(db, arena, &s)));
    ck_assert(pg_script(db, "alter table t add column word text default 'new'"));
    struct rows *r = pg_query_none(db, arena, &s);
    ck_assert(rows_next(r));
    ck_assert_text(rows_str(r, 1), "new");

    ck_assert(pg_script(db, "alter table t add column more text default 'newer'"));
    ck_assert(pg_begin(db));
    ck_assert(!rows_next(pg_query_none(db, arena, &s)));
    ck_assert_int_eq(pg_failed(db), PG_RETRY);
    ck_assert(!pg_commit(db));
    pg_reset(db);
    ck_assert(pg_begin(db));
    r = pg_query_none(db, arena, &s);
    ck_assert(rows_next(r));
    ck_assert_text(rows_str(r, 2), "newer");
    ck_assert(pg_commit(db));
}
END_TEST

START_TEST(binary_rows_arrive_as_they_were)
{
    struct buf b;
    struct uuid u = {{0xab}};
    buf_init(&b, 1 << 20);
    ck_assert(pg_script(db,
                        "create table t (a bool, b int2, c int4, d int8, e uuid, f timestamptz, "
                        "g date, h text, i bytea, j jsonb, k text)"));
    copy_begin(&b);
    for (int i = 0; i < 2; i++) {
        copy_row(&b, 11);
        copy_bool(&b, true);
        copy_int2(&b, -2);
        copy_int4(&b, INT32_MIN);
        copy_int8(&b, INT64_MAX);
        copy_uuid(&b, u);
        copy_time(&b, -1);
        copy_date(&b, -1);
        copy_text(&b, S("Ä"));
        copy_text(&b, S("\0x"));
        copy_jsonb(&b, S("{\"a\":1}"));
        copy_null(&b);
    }
    copy_end(&b);
    ck_assert_int_eq(pg_copy_in(db, "copy t from stdin (format binary)", buf_str(&b)), 2);
    ck_assert_text(
        database_text(db, arena, "select t::text from t limit 1"),
        "(t,-2,-2147483648,9223372036854775807,ab000000-0000-0000-0000-000000000000,"
        "\"1969-12-31 23:59:59.999999+00\",1969-12-31,Ä,\"\\\\x0078\",\"{\"\"a\"\": 1}\",)");
    buf_free(&b);
}
END_TEST

START_TEST(a_refused_copy_fails_like_a_statement)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    ck_assert(pg_script(db, "create table t (a int4 primary key)"));
    copy_begin(&b);
    for (int i = 0; i < 2; i++) {
        copy_row(&b, 1);
        copy_int4(&b, 7);
    }
    copy_end(&b);
    ck_assert_int_eq(pg_copy_in(db, "copy t from stdin (format binary)", buf_str(&b)), -1);
    ck_assert_int_eq(pg_failed(db), PG_CONFLICT);
    pg_reset(db);
    ck_assert_int_eq(pg_copy_in(db, "copy t from stdin (format binary)", S("nonsense")), -1);
    ck_assert_int_eq(pg_failed(db), PG_DATA);
    pg_reset(db);
    ck_assert_int_eq(database_int(db, arena, "select count(*) from t"), 0);
    buf_free(&b);
}
END_TEST

START_TEST(a_notification_wakes_the_listener)
{
    struct pg *other = pg_open(database_conninfo, "other");
    pg_session(db, "listen job");
    ck_assert(!pg_wait(db, 1));
    ck_assert(pg_script(other, "notify job; notify job, 'again'"));
    ck_assert(pg_wait(db, 5000));
    ck_assert(!pg_wait(db, 1));
    pg_query_built(db, arena, S("select pg_terminate_backend(pg_backend_pid())"), NULL, 0);
    usleep(1010000);
    pg_reset(db);
    ck_assert(pg_script(other, "notify job"));
    ck_assert(pg_wait(db, 5000));
    pg_close(other);
}
END_TEST

START_TEST(a_slow_statement_is_ended)
{
    pg_timeout(db, 20);
    pg_query_built(db, arena, S("select pg_sleep(5)"), NULL, 0);
    ck_assert_int_eq(pg_failed(db), PG_AWAY);
    pg_reset(db);
    ck_assert_int_eq(pg_failed(db), PG_OK);
    ck_assert_int_eq(database_int(db, arena, "select 1"), 1);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, a_column_is_rendered_by_its_type, 0, COUNT_OF(renderings));
    tcase_add_test(tc, rows_become_an_array);
    tcase_add_test(tc, arguments_arrive_as_they_were);
    tcase_add_test(tc, arrays_carry_any_text);
    tcase_add_loop_test(tc, a_failure_has_a_class_and_sticks, 0, COUNT_OF(broken));
    tcase_add_test(tc, a_reset_begins_anew);
    tcase_add_test(tc, a_lost_connection_comes_back_at_most_once_a_second);
    tcase_add_test(tc, a_connection_gives_way_also_when_it_is_a_new_one);
    tcase_add_test(tc, a_connection_closed_meanwhile_costs_no_unit_of_work);
    tcase_add_test(tc, nobody_there_is_away_not_dead);
    tcase_add_test(tc, a_plan_made_stale_by_a_migration_is_made_anew);
    tcase_add_test(tc, binary_rows_arrive_as_they_were);
    tcase_add_test(tc, a_refused_copy_fails_like_a_statement);
    tcase_add_test(tc, a_notification_wakes_the_listener);
    tcase_add_test(tc, a_slow_statement_is_ended);
}

int main(int argc, char **argv)
{
    (void)argc;
    return database_suite_run(argv[0], "pg", add_tests);
}
