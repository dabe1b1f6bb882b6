#include "base/settings.h"
#include "storage/monitors.h"
#include "tests/unit/digesting.h"
#include "worker/jobs/runner.h"

#define CRONTAB(text)                                                                              \
    "\"monitor_config\":{\"schedule\":{\"type\":\"crontab\",\"value\":\"" text "\"}"

static uint64_t number;

static int64_t at(const char *text)
{
    int64_t us = 0;
    ck_assert(clock_parse(str_of(text), &us));
    return us;
}

/* A check-in of monitor "backup", received then; `more` begins with a comma. */
static void check_in_at(int64_t received, const char *more)
{
    add(record_of(arena, ITEM_CHECK_IN, ++number, received,
                  str_of(arena_printf(arena, "{\"monitor_slug\":\"backup\"%s}", more))));
}

static void check_in(const char *received, const char *more)
{
    check_in_at(at(received), more);
    stored();
}

static const char *id(const char *digit)
{
    return arena_printf(arena, ",\"check_in_id\":\"0000000000000000000000000000000%s\"", digit);
}

static void tick(const char *now)
{
    struct job j = {.db = db, .arena = arena};
    clock_pin(at(now) + 10 * CLOCK_SECOND);
    pg_reset(db);
    ck_assert(job_monitors(&j));
    clock_pin(0);
}

static struct str text_of(const char *sql)
{
    struct stmt s = {.id = 4000, .name = "test", .sql = sql};
    pg_reset(db);
    struct rows *r = pg_query_built(db, arena, str_of(s.sql), NULL, 0);
    return rows_next(r) ? rows_str(r, 0) : (struct str){0};
}

/* "ok 10:00 error 11:00": all check-ins by the time they began. */
static struct str all(void)
{
    return text_of(
        "select coalesce(string_agg((array['unknown','ok','error','in_progress','missed',"
        "'timeout'])[status + 1] || to_char(date_added, ' HH24:MI'), ', ' order by "
        "date_added, id), '') from check_in");
}

static struct str next(void)
{
    return text_of("select to_char(next_checkin, 'YYYY-MM-DD HH24:MI') from monitor_environment");
}

static struct str status(void)
{
    return text_of("select status from monitor_environment");
}

static void begin(void)
{
    digesting_begin();
    ck_assert(partitions_make(db, arena, at("2026-03-01T00:00:00"), 1));
}

START_TEST(a_check_in_makes_its_monitor)
{
    check_in("2026-03-01T10:00:05",
             ",\"status\":\"ok\",\"duration\":21," CRONTAB("0 * * * *") ",\"max_runtime\":5}");
    ck_assert_text(next(), "2026-03-01 11:00");
    ck_assert_text(status(), "ok");
    ck_assert_int_eq(count("select count(*) from monitor where slug = 'backup' and name = 'backup' "
                           "and crontab = '0 * * * *' and max_runtime = 5 and timezone = 'UTC'"),
                     1);
    ck_assert_int_eq(count("select count(*) from environment where name = 'production'"), 1);
    ck_assert_int_eq(count("select duration from check_in where status = 1 and date_added = "
                           "'2026-03-01 09:59:44Z'"),
                     21000);
    ck_assert_int_eq(outcome(CATEGORY_MONITOR, OUTCOME_ACCEPTED, ""), 1);
}
END_TEST

START_TEST(what_does_not_come_is_missed)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"ok\"," CRONTAB("0 * * * *") "}");
    tick("2026-03-01T11:00:00");
    ck_assert_text(all(), "ok 10:00");
    tick("2026-03-01T11:01:00");
    ck_assert_text(all(), "ok 10:00, missed 11:00");
    ck_assert_text(next(), "2026-03-01 12:00");
    ck_assert_text(status(), "error");
    tick("2026-03-01T11:02:00");
    tick("2026-03-01T14:00:30");
    ck_assert_text(all(), "ok 10:00, missed 11:00, missed 12:00, missed 13:00");
    check_in("2026-03-01T14:00:40", ",\"status\":\"ok\"");
    ck_assert_text(status(), "ok");
    ck_assert_int_eq(count("select count(*) from monitor_incident where started = "
                           "'2026-03-01 11:00Z' and resolved = '2026-03-01 14:00:40Z'"),
                     1);
}
END_TEST

/* However long nobody looked: check-ins stand in the log, and are digested all at once. */
START_TEST(downtime_hides_no_miss)
{
    check_in_at(at("2026-03-01T10:00:05"), ",\"status\":\"ok\"," CRONTAB("0 * * * *") "}");
    check_in_at(at("2026-03-01T11:00:05"), ",\"status\":\"ok\"");
    check_in_at(at("2026-03-01T13:00:05"), ",\"status\":\"ok\"");
    stored();
    tick("2026-03-01T13:30:00");
    ck_assert_text(all(), "ok 10:00, ok 11:00, missed 12:00, ok 13:00");
    ck_assert_text(status(), "ok");
    ck_assert_text(next(), "2026-03-01 14:00");
}
END_TEST

/* The log is behind: what came may still be in it. */
START_TEST(nothing_is_missed_before_it_is_digested)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"ok\"," CRONTAB("0 * * * *") "}");
    ck_assert(pg_script(db, "insert into digest_lag values (0, 3600, 1, 1, '2026-03-01 12:00Z')"));
    tick("2026-03-01T12:00:00");
    ck_assert_text(all(), "ok 10:00");
    ck_assert(pg_script(db, "update digest_lag set lag_seconds = 0"));
    tick("2026-03-01T12:00:00");
    ck_assert_text(all(), "ok 10:00, missed 11:00");
}
END_TEST

START_TEST(what_takes_too_long_times_out)
{
    check_in("2026-03-01T10:00:05",
             arena_printf(
                 arena, "%s,\"status\":\"in_progress\"," CRONTAB("0 * * * *") ",\"max_runtime\":5}",
                 id("1")));
    check_in("2026-03-01T10:04:00", arena_printf(arena, "%s,\"status\":\"in_progress\"", id("1")));
    tick("2026-03-01T10:08:00");
    ck_assert_text(all(), "in_progress 10:00");
    tick("2026-03-01T10:09:00");
    ck_assert_text(all(), "timeout 10:00");
    ck_assert_text(status(), "error");
    check_in("2026-03-01T10:10:05", arena_printf(arena, "%s,\"status\":\"ok\"", id("1")));
    ck_assert_text(all(), "timeout 10:00");
    ck_assert_int_eq(count("select duration from check_in"), 600000);
    ck_assert_text(status(), "error");
}
END_TEST

START_TEST(a_timeout_before_a_success_is_no_failure)
{
    check_in("2026-03-01T10:00:05",
             arena_printf(
                 arena, "%s,\"status\":\"in_progress\"," CRONTAB("0 * * * *") ",\"max_runtime\":5}",
                 id("1")));
    check_in("2026-03-01T10:01:05", arena_printf(arena, "%s,\"status\":\"ok\"", id("2")));
    tick("2026-03-01T10:05:00");
    ck_assert_text(all(), "timeout 10:00, ok 10:01");
    ck_assert_text(status(), "ok");
}
END_TEST

/* What becomes of a first and a second check-in with this id. */
static const struct {
    const char *first, *second, *result;
    enum outcome outcome;
    const char *reason;
    int64_t duration;
} pairs[] = {
    {"in_progress", "ok", "ok 10:00", OUTCOME_ACCEPTED, "", 60000},
    {"in_progress", "ok\",\"duration\":3,\"x\":\"", "ok 10:00", OUTCOME_ACCEPTED, "", 3000},
    {"in_progress", "error", "error 10:00", OUTCOME_ACCEPTED, "", 60000},
    {"in_progress", "in_progress", "in_progress 10:00", OUTCOME_ACCEPTED, "", -1},
    {"ok", "in_progress", "ok 10:00", OUTCOME_ACCEPTED, "", -1},
    {"ok", "error", "ok 10:00", OUTCOME_INVALID, "checkin_finished", -1},
    {"error", "ok", "error 10:00", OUTCOME_INVALID, "checkin_finished", -1},
    {"ok", "ok", "ok 10:00", OUTCOME_DUPLICATE, "", -1},
    {"missed", "missed", "unknown 10:00", OUTCOME_ACCEPTED, "", 60000},
};

START_TEST(a_second_word_of_a_check_in)
{
    check_in("2026-03-01T10:00:05",
             arena_printf(arena, "%s,\"status\":\"%s\"," CRONTAB("0 * * * *") "}", id("1"),
                          pairs[_i].first));
    check_in("2026-03-01T10:01:05",
             arena_printf(arena, "%s,\"status\":\"%s\"", id("1"), pairs[_i].second));
    ck_assert_text(all(), pairs[_i].result);
    ck_assert_int_eq(outcome(CATEGORY_MONITOR, pairs[_i].outcome, pairs[_i].reason),
                     pairs[_i].outcome == OUTCOME_ACCEPTED ? 2 : 1);
    ck_assert_int_eq(count("select coalesce(duration, -1) from check_in"), pairs[_i].duration);
}
END_TEST

START_TEST(without_id_it_is_the_newest_in_progress)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"in_progress\"," CRONTAB("0 * * * *") "}");
    check_in("2026-03-01T10:01:05", ",\"status\":\"ok\"");
    check_in("2026-03-01T10:02:05", ",\"status\":\"ok\"");
    ck_assert_text(all(), "ok 10:00, ok 10:02");
}
END_TEST

START_TEST(an_id_belongs_to_one_environment)
{
    check_in(
        "2026-03-01T10:00:05",
        arena_printf(arena, "%s,\"status\":\"in_progress\"," CRONTAB("0 * * * *") "}", id("1")));
    check_in("2026-03-01T10:01:05",
             arena_printf(arena, "%s,\"status\":\"ok\",\"environment\":\"dev\"", id("1")));
    ck_assert_text(all(), "in_progress 10:00");
    ck_assert_int_eq(outcome(CATEGORY_MONITOR, OUTCOME_INVALID, "monitor_environment_mismatch"), 1);
}
END_TEST

START_TEST(thresholds_make_and_end_incidents)
{
    check_in("2026-03-01T10:00:05",
             ",\"status\":\"error\"," CRONTAB(
                 "* * * * *") ",\"failure_issue_threshold\":2,\"recovery_threshold\":2}");
    ck_assert_text(status(), "active");
    check_in("2026-03-01T10:01:05", ",\"status\":\"error\"");
    ck_assert_text(status(), "error");
    check_in("2026-03-01T10:02:05", ",\"status\":\"ok\"");
    ck_assert_text(status(), "error");
    check_in("2026-03-01T10:03:05", ",\"status\":\"ok\"");
    ck_assert_text(status(), "ok");
    ck_assert_int_eq(count("select count(*) from monitor_incident where resolved is not null"), 1);
}
END_TEST

/* Runs the jobs that the monitors have left. */
static void run_jobs(void)
{
    pg_reset(db);
    while (runner_step(db, scratch))
        continue;
    ck_assert_int_eq(count("select count(*) from job where done_at is null"), 0);
}

#define ISSUES(condition) "select count(*) from issue where type = 'monitor' and " condition

START_TEST(an_incident_is_an_issue_and_each_failure_an_event)
{
    check_in("2026-03-01T10:00:05",
             ",\"status\":\"error\"," CRONTAB("* * * * *") ",\"failure_issue_threshold\":2}");
    run_jobs();
    ck_assert_int_eq(count("select count(*) from issue"), 0);
    check_in("2026-03-01T10:01:05", ",\"status\":\"error\"");
    tick("2026-03-01T10:03:00");
    run_jobs();
    ck_assert_int_eq(count(ISSUES("title = 'Monitor failure: backup' and status = 0")), 1);
    ck_assert_int_eq(count("select count(*) from event join check_in on id = event_id"), 3);
    ck_assert_int_eq(count("select times_seen from issue_stat"), 3);
    ck_assert_int_eq(count("select count(*) from event where tags ->> 'monitor.slug' = 'backup' "
                           "and environment_id in (select environment_id from check_in)"),
                     3);
    ck_assert_int_eq(outcome(CATEGORY_ERROR, OUTCOME_ACCEPTED, ""), 0);
    ck_assert(pg_script(db, "update job set done_at = null, run_at = date_created"));
    run_jobs(); /* a job that died halfway */
    ck_assert_int_eq(count("select times_seen from issue_stat"), 3);
    check_in("2026-03-01T10:03:05", ",\"status\":\"ok\"");
    run_jobs();
    ck_assert_int_eq(count(ISSUES("status = 1 and resolved_at is not null")), 1);
}
END_TEST

START_TEST(each_incident_is_an_issue_of_its_own)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"error\"," CRONTAB("* * * * *") "}");
    check_in("2026-03-01T10:01:05", ",\"status\":\"ok\"");
    check_in("2026-03-01T10:02:05", ",\"status\":\"error\"");
    run_jobs();
    ck_assert_int_eq(count(ISSUES("status = 0")), 1);
    ck_assert_int_eq(count(ISSUES("status = 1")), 1);
}
END_TEST

START_TEST(a_muted_monitor_makes_no_issue)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"ok\"," CRONTAB("* * * * *") "}");
    ck_assert(pg_script(db, "update monitor set is_muted = true"));
    check_in("2026-03-01T10:00:35", ",\"status\":\"error\"");
    run_jobs();
    ck_assert_text(status(), "error");
    ck_assert_int_eq(count("select count(*) from issue"), 0);
}
END_TEST

START_TEST(the_seventh_of_a_minute_is_limited)
{
    for (int i = 0; i < 7; i++)
        check_in_at(at("2026-03-01T10:00:05") + i * CLOCK_SECOND,
                    ",\"status\":\"ok\"," CRONTAB("0 * * * *") "}");
    check_in_at(at("2026-03-01T10:01:05"), ",\"status\":\"ok\"");
    stored();
    ck_assert_int_eq(count("select count(*) from check_in"), 7);
    ck_assert_int_eq(outcome(CATEGORY_MONITOR, OUTCOME_RATE_LIMITED, "monitor_rate_limit"), 1);
}
END_TEST

START_TEST(a_disabled_monitor_takes_none)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"ok\"," CRONTAB("0 * * * *") "}");
    ck_assert(pg_script(db, "update monitor set is_disabled = true"));
    check_in("2026-03-01T10:00:08", ",\"status\":\"ok\"");
    tick("2026-03-01T15:00:00");
    ck_assert_text(all(), "ok 10:00");
    ck_assert_int_eq(outcome(CATEGORY_MONITOR, OUTCOME_FILTERED, "monitor_disabled"), 1);
}
END_TEST

START_TEST(a_bad_configuration_leaves_the_monitor)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"ok\"," CRONTAB("0 * * * *") "}");
    check_in("2026-03-01T10:00:06", ",\"status\":\"ok\"," CRONTAB("61 * * * *") "}");
    check_in("2026-03-01T10:00:07",
             ",\"status\":\"ok\"," CRONTAB("1 * * * *") ",\"timezone\":\"Mars/Olympus\"}");
    ck_assert_text(next(), "2026-03-01 11:00");
    check_in("2026-03-01T10:00:08", ",\"status\":\"ok\"," CRONTAB("1 * * * *") "}");
    ck_assert_text(next(), "2026-03-01 10:01");
    ck_assert_int_eq(outcome(CATEGORY_MONITOR, OUTCOME_ACCEPTED, ""), 4);
}
END_TEST

/* Check-ins of a monitor that nobody knows. */
static const struct {
    const char *json, *reason;
} refused[] = {
    {"", "invalid_json"},
    {"[]", "invalid_json"},
    {"{}", "invalid_check_in"},
    {"{\"monitor_slug\":7,\"status\":\"ok\"}", "invalid_check_in"},
    {"{\"monitor_slug\":\"\",\"status\":\"ok\"}", "invalid_check_in"},
    {"{\"monitor_slug\":\"a\"}", "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":{}}", "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"check_in_id\":\"x\"}", "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"environment\":7}", "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"environment\":\"a/b\"}",
     "invalid_monitor_environment"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"duration\":-1}", "invalid_duration"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"duration\":1e300}", "invalid_duration"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"duration\":\"1\"}", "invalid_duration"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\"}", "invalid_monitor"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"monitor_config\":7}", "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"monitor_config\":{\"schedule\":7}}",
     "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"monitor_config\":{\"schedule\":{\"type\":"
     "\"interval\",\"value\":1,\"unit\":\"second\"}}}",
     "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"monitor_config\":{\"schedule\":{\"type\":"
     "\"interval\",\"value\":0,\"unit\":\"day\"}}}",
     "invalid_monitor"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\"," CRONTAB("0 * * * * *") "}}", "invalid_monitor"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\"," CRONTAB("0 0 * * *") ",\"max_runtime\":40321}}",
     "invalid_monitor"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\"," CRONTAB("0 0 * * *") ",\"max_runtime\":\"x\"}}",
     "invalid_check_in"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\"," CRONTAB(
         "0 0 * * *") ",\"timezone\":\"Mars/Olympus\"}}",
     "invalid_monitor"},
    {"{\"monitor_slug\":\"a\",\"status\":\"ok\"," CRONTAB("0 0 * * *") ",\"timezone\":\"'; x\"}}",
     "invalid_monitor"},
};

START_TEST(what_is_no_check_in_is_refused)
{
    add(record_of(arena, ITEM_CHECK_IN, ++number, at("2026-03-01T10:00:05"),
                  str_of(refused[_i].json)));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_MONITOR, OUTCOME_INVALID, refused[_i].reason), 1);
    ck_assert_int_eq(count("select count(*) from monitor"), 0);
    ck_assert_int_eq(count("select count(*) from poison"), 0);
}
END_TEST

/* A schedule, and when it is due after a time. */
static const struct {
    const char *config, *zone, *after, *next;
} schedules[] = {
    {"\"type\":\"crontab\",\"value\":\"0 3 * * *\"", "Europe/Berlin", "2026-03-01T01:30:00",
     "2026-03-01T02:00:00"},
    {"\"type\":\"crontab\",\"value\":\"0 3 * * *\"", "Asia/Kathmandu", "2026-03-01T00:00:00",
     "2026-03-01T21:15:00"},
    /* 2026-03-29, 02:00 is 03:00 in Berlin */
    {"\"type\":\"crontab\",\"value\":\"30 2 * * *\"", "Europe/Berlin", "2026-03-28T12:00:00",
     "2026-03-29T01:30:00"},
    {"\"type\":\"crontab\",\"value\":\"0 * * * *\"", "Europe/Berlin", "2026-03-29T00:00:00",
     "2026-03-29T01:00:00"},
    {"\"type\":\"crontab\",\"value\":\"0 3 * * *\"", "Europe/Berlin", "2026-03-28T12:00:00",
     "2026-03-29T01:00:00"},
    /* 2026-10-25, 03:00 is 02:00 again: the first 02:30 counts, once */
    {"\"type\":\"crontab\",\"value\":\"30 2 * * *\"", "Europe/Berlin", "2026-10-24T12:00:00",
     "2026-10-25T00:30:00"},
    {"\"type\":\"crontab\",\"value\":\"30 2 * * *\"", "Europe/Berlin", "2026-10-25T00:30:00",
     "2026-10-26T01:30:00"},
    {"\"type\":\"crontab\",\"value\":\"*/30 * * * *\"", "Europe/Berlin", "2026-10-25T00:30:00",
     "2026-10-25T01:00:00"},
    {"\"type\":\"interval\",\"value\":5,\"unit\":\"minute\"", "UTC", "2026-03-01T10:00:40",
     "2026-03-01T10:05:00"},
    {"\"type\":\"interval\",\"value\":2,\"unit\":\"hour\"", "UTC", "2026-03-01T10:00:40",
     "2026-03-01T12:00:00"},
    {"\"type\":\"interval\",\"value\":1,\"unit\":\"day\"", "Europe/Berlin", "2026-03-28T12:00:40",
     "2026-03-29T11:00:00"},
    {"\"type\":\"interval\",\"value\":1,\"unit\":\"month\"", "UTC", "2026-01-31T12:00:00",
     "2026-02-28T12:00:00"},
    {"\"type\":\"interval\",\"value\":1000,\"unit\":\"year\"", "UTC", "2026-01-31T12:00:00",
     "3026-01-31T12:00:00"},
};

START_TEST(schedules_follow_their_time_zone)
{
    struct monitor_config config;
    const char *why, *error;
    const char *json = arena_printf(arena, "{\"schedule\":{%s},\"timezone\":\"%s\"}",
                                    schedules[_i].config, schedules[_i].zone);
    ck_assert_int_eq(
        monitor_config_read(arena, jt_read(arena, str_of(json), 9, &error), &config, &why),
        MONITOR_CONFIG_FINE);
    pg_reset(db);
    int64_t due = schedule_next(db, arena, &config.schedule, at(schedules[_i].after));
    ck_assert_text(clock_iso(arena, due),
                   arena_printf(arena, "%.*s", STR_ARG(clock_iso(arena, at(schedules[_i].next)))));
}
END_TEST

/* Its margin is longer than its interval. */
START_TEST(intervals_go_on_from_what_was_expected)
{
    check_in("2026-03-01T10:00:05",
             ",\"status\":\"ok\",\"monitor_config\":{\"schedule\":{\"type\":\"interval\",\"value\":"
             "2,\"unit\":\"minute\"},\"checkin_margin\":5}");
    tick("2026-03-01T10:06:00");
    ck_assert_text(all(), "ok 10:00");
    tick("2026-03-01T10:07:00");
    ck_assert_text(all(), "ok 10:00, missed 10:02");
    ck_assert_text(next(), "2026-03-01 10:08");
}
END_TEST

START_TEST(a_late_check_in_does_not_move_the_schedule)
{
    check_in("2026-03-01T10:00:05", ",\"status\":\"ok\"," CRONTAB("0 * * * *") "}");
    check_in("2026-03-01T11:00:30", ",\"status\":\"ok\",\"duration\":7200");
    ck_assert_text(next(), "2026-03-01 11:00");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, digesting_end);
    tcase_add_test(tc, a_check_in_makes_its_monitor);
    tcase_add_test(tc, what_does_not_come_is_missed);
    tcase_add_test(tc, downtime_hides_no_miss);
    tcase_add_test(tc, nothing_is_missed_before_it_is_digested);
    tcase_add_test(tc, what_takes_too_long_times_out);
    tcase_add_test(tc, a_timeout_before_a_success_is_no_failure);
    tcase_add_loop_test(tc, a_second_word_of_a_check_in, 0, COUNT_OF(pairs));
    tcase_add_test(tc, without_id_it_is_the_newest_in_progress);
    tcase_add_test(tc, an_id_belongs_to_one_environment);
    tcase_add_test(tc, thresholds_make_and_end_incidents);
    tcase_add_test(tc, an_incident_is_an_issue_and_each_failure_an_event);
    tcase_add_test(tc, each_incident_is_an_issue_of_its_own);
    tcase_add_test(tc, a_muted_monitor_makes_no_issue);
    tcase_add_test(tc, the_seventh_of_a_minute_is_limited);
    tcase_add_test(tc, a_disabled_monitor_takes_none);
    tcase_add_test(tc, a_bad_configuration_leaves_the_monitor);
    tcase_add_loop_test(tc, what_is_no_check_in_is_refused, 0, COUNT_OF(refused));
    tcase_add_loop_test(tc, schedules_follow_their_time_zone, 0, COUNT_OF(schedules));
    tcase_add_test(tc, intervals_go_on_from_what_was_expected);
    tcase_add_test(tc, a_late_check_in_does_not_move_the_schedule);
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "monitors", add_tests);
}
