#include "base/settings.h"
#include "tests/unit/digesting.h"
#include "worker/jobs/job.h"

#define ATTRS "\"attrs\":{\"release\":\"shop@1.0\",\"environment\":\"prod\"}"

static uint64_t number;

/* A session that began some seconds before it came; `more` begins with a comma. */
static void add_session(int64_t age, const char *more)
{
    struct str started = clock_iso(arena, day - age * CLOCK_SECOND);
    add(record_of(arena, ITEM_SESSION, ++number, day,
                  str_of(arena_printf(arena, "{\"started\":\"%.*s\"%s}", STR_ARG(started), more))));
}

static void add_sums(const char *payload)
{
    add(record_of(arena, ITEM_SESSIONS, ++number, day, str_of(payload)));
}

static int64_t sum(const char *expression)
{
    return count(
        arena_printf(arena, "select coalesce(%s, 0)::bigint from session_hour", expression));
}

static int64_t users(const char *column)
{
    return sum(arena_printf(arena, "hll_cardinality(hll_union_agg(%s))", column));
}

START_TEST(sessions_are_added_up_by_the_hour_they_began)
{
    const char *first = ",\"sid\":\"8a77a1c0e9a04a8e9d0b1f3c5d7e9f01\",\"did\":\"ann\","
                        "\"init\":true,\"status\":\"ok\"," ATTRS;
    const char *last = ",\"sid\":\"8a77a1c0e9a04a8e9d0b1f3c5d7e9f01\",\"did\":\"ann\","
                       "\"status\":\"crashed\",\"errors\":1," ATTRS;
    add_session(60, first);
    add_session(60, last);
    add_session(7200, ",\"did\":\"bob\",\"init\":true,\"status\":\"exited\"," ATTRS);
    stored();
    add_session(60, last);
    stored();
    ck_assert_int_eq(count("select count(*) from session_hour"), 2);
    ck_assert_int_eq(count("select count(*) from session_day"), 1);
    ck_assert_int_eq(sum("sum(sessions)"), 2);
    ck_assert_int_eq(sum("sum(crashed)"), 2);
    ck_assert_int_eq(users("errored_ids"), 1);
    ck_assert_int_eq(users("users"), 2);
    ck_assert_int_eq(users("crashed_users"), 1);
    ck_assert_int_eq(users("errored_users"), 1);
    ck_assert_int_eq(count("select sessions from session_day"), 2);
    ck_assert_int_eq(count("select hll_cardinality(users)::int from session_day"), 2);
}
END_TEST

START_TEST(sessions_alone_make_releases_and_environments)
{
    add_session(60, ",\"init\":true," ATTRS);
    add_session(30, ",\"init\":true,\"attrs\":{\"release\":\"shop@1.0\",\"environment\":\"none\"}");
    stored();
    ck_assert_int_eq(count("select count(*) from release where version = 'shop@1.0'"), 1);
    ck_assert_int_eq(count("select count(*) from release_project"), 1);
    ck_assert_int_eq(count("select count(*) from environment where name in ('prod', '')"), 2);
    ck_assert_int_eq(count("select count(*) from release_environment where adopted is null"), 2);
    ck_assert_int_eq(count("select count(*) from project where has_sessions and id = 1"), 1);
    ck_assert_int_eq(count("select count(*) from project where has_sessions"), 1);
    ck_assert_int_eq(outcome(CATEGORY_SESSION, OUTCOME_ACCEPTED, ""), 2);
}
END_TEST

START_TEST(sums_of_a_client_count_at_once)
{
    const char *started = arena_printf(arena, "%.*s", STR_ARG(clock_iso(arena, day)));
    const char *old = arena_printf(
        arena, "%.*s", STR_ARG(clock_iso(arena, day - 5 * CLOCK_DAY - 3600 * (int64_t)1000000)));
    add_sums(arena_printf(arena,
                          "{\"aggregates\":[{\"started\":\"%s\",\"exited\":2,\"errored\":3,"
                          "\"crashed\":1,\"abnormal\":1,\"unhandled\":4,\"did\":\"ann\"},"
                          "{\"started\":\"%s\",\"exited\":70},7,null,{\"started\":\"%s\","
                          "\"exited\":-1}]," ATTRS "}",
                          started, old, started));
    stored();
    ck_assert_int_eq(sum("sum(sessions)"), 11);
    ck_assert_int_eq(sum("sum(errored)"), 9);
    ck_assert_int_eq(sum("sum(crashed)"), 1);
    ck_assert_int_eq(sum("sum(abnormal)"), 1);
    ck_assert_int_eq(users("abnormal_users"), 1);
    ck_assert_int_eq(outcome(CATEGORY_SESSION, OUTCOME_ACCEPTED, ""), 1);
}
END_TEST

/* What one session with the init flag counts for. */
static const struct {
    const char *more;
    int sessions, errored_ids, crashed, abnormal, users, anr, anr_foreground;
} counted[] = {
    {",\"status\":\"unhandled\",\"did\":\"a\"", 1, 1, 0, 0, 1, 0, 0},
    {",\"status\":\"errored\"", 1, 1, 0, 0, 0, 0, 0},
    {",\"status\":\"ok\",\"errors\":18446744073709551615", 0, 0, 0, 0, 0, 0, 0},
    {",\"errors\":2", 1, 1, 0, 0, 0, 0, 0},
    {",\"did\":null,\"sid\":null,\"status\":null,\"errors\":null", 1, 0, 0, 0, 0, 0, 0},
    {",\"did\":\"\"", 1, 0, 0, 0, 0, 0, 0},
    {",\"did\":\"00000000-0000-0000-0000-000000000000\"", 1, 0, 0, 0, 0, 0, 0},
    {",\"status\":\"abnormal\",\"did\":\"a\",\"abnormal_mechanism\":\"anr_foreground\"", 1, 1, 0, 1,
     1, 1, 1},
    {",\"status\":\"abnormal\",\"did\":\"a\",\"abnormal_mechanism\":\"anr_background\"", 1, 1, 0, 1,
     1, 1, 0},
    {",\"status\":\"abnormal\",\"did\":\"a\",\"abnormal_mechanism\":\"frozen\"", 1, 1, 0, 1, 1, 0,
     0},
};

START_TEST(a_session_counts_by_its_state)
{
    add_session(60, arena_printf(arena, ",\"init\":true%s," ATTRS, counted[_i].more));
    stored();
    ck_assert_int_eq(sum("sum(sessions)"), counted[_i].sessions);
    ck_assert_int_eq(users("errored_ids"), counted[_i].errored_ids);
    ck_assert_int_eq(sum("sum(crashed)"), counted[_i].crashed);
    ck_assert_int_eq(sum("sum(abnormal)"), counted[_i].abnormal);
    ck_assert_int_eq(users("users"), counted[_i].users);
    ck_assert_int_eq(users("anr_users"), counted[_i].anr);
    ck_assert_int_eq(users("foreground_anr_users"), counted[_i].anr_foreground);
}
END_TEST

static const struct {
    int64_t age;
    const char *more;
} bad[] = {
    {5 * 86400 + 60, "," ATTRS},
    {-120, "," ATTRS},
    {60, ""},
    {60, ",\"attrs\":{\"release\":\"latest\"}"},
    {60, ",\"attrs\":{\"release\":7}"},
    {60, ",\"attrs\":[]"},
    {60, ",\"status\":\"foo\"," ATTRS},
    {60, ",\"status\":7," ATTRS},
    {60, ",\"init\":1," ATTRS},
    {60, ",\"sid\":\"x\"," ATTRS},
    {60, ",\"did\":{}," ATTRS},
    {60, ",\"seq\":18446744073709551615," ATTRS},
    {60, ",\"seq\":-1," ATTRS},
    {60, ",\"timestamp\":\"yesterday\"," ATTRS},
    {60, ",\"started\":1," ATTRS},
};

START_TEST(a_bad_session_is_dropped_in_silence)
{
    add_session(bad[_i].age, bad[_i].more);
    stored();
    ck_assert_int_eq(count("select count(*) from session_hour"), 0);
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
    ck_assert_int_eq(count("select count(*) from poison"), 0);
}
END_TEST

START_TEST(hostile_sums_are_dropped_in_silence)
{
    enum { BRACKETS = 500000 };
    char *deep = arena_take(arena, BRACKETS + 1);
    memset(deep, '[', BRACKETS);
    deep[BRACKETS] = 0;
    static const char *const payloads[] = {"",
                                           "{",
                                           "[]",
                                           "7",
                                           "null",
                                           "{\"aggregates\":{}}",
                                           "{\"aggregates\":[]," ATTRS "}",
                                           "{\"aggregates\":[{}]," ATTRS "}"};
    for (size_t i = 0; i < COUNT_OF(payloads); i++)
        add_sums(payloads[i]);
    add_sums(deep);
    add(record_of(arena, ITEM_SESSION, ++number, day, str_of(deep)));
    stored();
    ck_assert_int_eq(count("select count(*) from session_hour"), 0);
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
}
END_TEST

START_TEST(a_session_that_was_limited_leaves_no_outcome)
{
    struct log_record *record = record_of(arena, ITEM_SESSION, ++number, day, S("{}"));
    record->items[0].verdict = OUTCOME_RATE_LIMITED;
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
}
END_TEST

START_TEST(times_follow_the_clock_of_the_server)
{
    struct str started = clock_iso(arena, day - (5 * 86400 + 3600) * (int64_t)CLOCK_SECOND);
    struct log_record *record =
        record_of(arena, ITEM_SESSION, ++number, day,
                  str_of(arena_printf(arena, "{\"started\":\"%.*s\",\"init\":true," ATTRS "}",
                                      STR_ARG(started))));
    record->sent_at = day - 7200 * (int64_t)CLOCK_SECOND;
    add(record);
    stored();
    ck_assert_int_eq(sum("sum(sessions)"), 1);
}
END_TEST

START_TEST(a_repeated_request_counts_once)
{
    for (int i = 0; i < 2; i++) {
        number = 100;
        add_session(60, ",\"init\":true," ATTRS);
        stored();
    }
    ck_assert_int_eq(sum("sum(sessions)"), 1);
    ck_assert_int_eq(outcome(CATEGORY_SESSION, OUTCOME_DUPLICATE, ""), 1);
}
END_TEST

static void adopt(int64_t now)
{
    struct job j = {.db = db, .arena = arena};
    clock_pin(now);
    pg_reset(db);
    ck_assert(job_adoption(&j));
    clock_pin(0);
}

START_TEST(a_release_that_is_used_is_adopted_until_it_is_not)
{
    for (int i = 0; i < 21; i++)
        add_session(60, i ? ",\"init\":true," ATTRS
                          : ",\"init\":true,\"attrs\":{\"release\":\"shop@2.0\","
                            "\"environment\":\"prod\"}");
    add_session(60, ",\"init\":true,\"attrs\":{\"release\":\"shop@1.0\"}");
    stored();
    adopt(day);
    ck_assert_int_eq(count("select count(*) from release_environment e join release r on r.id = "
                           "e.release_id where version = 'shop@1.0' and adopted is not null"),
                     1);
    ck_assert_int_eq(count("select count(*) from release_environment where adopted is not null"),
                     1);
    adopt(day + CLOCK_DAY / 2);
    ck_assert_int_eq(count("select count(*) from release_environment where adopted is not null and "
                           "unadopted is not null"),
                     1);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_add_test(tc, sessions_are_added_up_by_the_hour_they_began);
    tcase_add_test(tc, sessions_alone_make_releases_and_environments);
    tcase_add_test(tc, sums_of_a_client_count_at_once);
    tcase_add_loop_test(tc, a_session_counts_by_its_state, 0, COUNT_OF(counted));
    tcase_add_loop_test(tc, a_bad_session_is_dropped_in_silence, 0, COUNT_OF(bad));
    tcase_add_test(tc, hostile_sums_are_dropped_in_silence);
    tcase_add_test(tc, a_session_that_was_limited_leaves_no_outcome);
    tcase_add_test(tc, times_follow_the_clock_of_the_server);
    tcase_add_test(tc, a_repeated_request_counts_once);
    tcase_add_test(tc, a_release_that_is_used_is_adopted_until_it_is_not);
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "digest_sessions", add_tests);
}
