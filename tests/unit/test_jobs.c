#include <fcntl.h>
#include <sys/stat.h>

#include "base/settings.h"
#include "sql.h"
#include "storage/blobs.h"
#include "storage/partitions.h"
#include "tests/unit/database.h"
#include "worker/jobs/runner.h"

static struct arena *arena, *scratch;
static struct pg *db;

static void set_up(void)
{
    arena = arena_new((size_t)256 << 20);
    scratch = arena_new((size_t)256 << 20);
    db = database_migrated();
}

static void tear_down(void)
{
    pg_close(db);
    arena_free(arena);
    arena_free(scratch);
}

static int64_t count(const char *sql)
{
    return database_count(db, arena, sql);
}

static void script(const char *sql)
{
    database_script(db, sql);
}

/* Runs everything that is due, as if all recurring jobs were. */
static void run_all(void)
{
    runner_begin(db, arena);
    script("update job set run_at = now() - interval '1 second' where done_at is null");
    while (runner_step(db, scratch))
        continue;
    ck_assert_int_eq(count("select count(*) from job where last_answer is null"), 0);
}

static void make_issue(const char *values)
{
    script("insert into organization (slug, name, date_created) values ('a', 'A', now()) on "
           "conflict do "
           "nothing; insert into project (id, organization_id, slug, name, options, date_created) "
           "values (1, 1, 'p', 'P', '{\"resolveAge\": 24}', now()) on conflict do nothing");
    script(arena_printf(
        arena,
        "insert into issue (project_id, short_id, type, title, level, platform, status, "
        "substatus, first_seen, active_at, date_created) "
        "values (1, (select count(*) from issue), 'error', 't', 40, 'other', %s, now())",
        values));
    script("insert into issue_stat (project_id, issue_id, last_seen, last_seen_minute, times_seen) "
           "select project_id, id, now(), now(), 1 from issue on conflict do nothing");
}

START_TEST(every_recurring_kind_has_one_row_and_runs)
{
    run_all();
    int64_t kinds = count("select count(*) from job");
    run_all();
    ck_assert_int_eq(count("select count(*) from job"), kinds);
    ck_assert_int_eq(
        count("select count(*) from job where run_at < now() or claimed_at is not null or "
              "attempts <> 0"),
        0);
}
END_TEST

START_TEST(a_failed_job_says_why_and_is_tried_again_later)
{
    script("drop table session cascade");
    runner_begin(db, arena);
    while (runner_step(db, scratch))
        continue;
    ck_assert_int_eq(
        count("select count(*) from job where kind = 'cleanup' and attempts = 1 and "
              "last_answer like '%session%' and run_at > now() + interval '10 seconds'"),
        1);
}
END_TEST

START_TEST(what_a_dead_child_had_begun_is_due_again)
{
    runner_begin(db, arena);
    script("update job set claimed_at = now(), run_at = now() + interval '1 hour'");
    ck_assert(!runner_step(db, scratch));
    pg_reset(db);
    runner_begin(db, arena);
    ck_assert(runner_step(db, scratch));
}
END_TEST

START_TEST(what_recurs_does_not_wait_for_a_clock_that_was_set_back)
{
    run_all();
    ck_assert(!runner_step(db, scratch));
    script("update job set run_at = run_at + interval '1 hour'");
    ck_assert(runner_step(db, scratch));
}
END_TEST

/* What it has read may be older than the reason for the hurry. */
START_TEST(a_job_that_is_hurried_while_it_runs_runs_again)
{
    const char *soon = "select count(*) from job where kind = 'spikes' and run_at <= now()";
    runner_begin(db, arena);
    while (runner_step(db, scratch))
        continue;
    ck_assert_int_eq(count(soon), 0);
    pg_query(db, arena, &SQL_job_hurry, "spikes", pg_time(arena, clock_now()));
    ck_assert_int_eq(count(soon), 1);
    script("update job set claimed_at = now(), run_at = now() + interval '30 seconds' where kind = "
           "'spikes'");
    pg_query(db, arena, &SQL_job_hurry, "spikes", pg_time(arena, clock_now()));
    pg_query(db, arena, &SQL_job_done, count("select id from job where kind = 'spikes'"), "done",
             pg_time(arena, clock_now()), 0);
    ck_assert_int_eq(count(soon), 1);
    ck_assert(runner_step(db, scratch));
    ck_assert_int_eq(count(soon), 0);
}
END_TEST

START_TEST(a_job_of_an_unknown_kind_is_left_alone)
{
    script("insert into job (kind, run_at, date_created) values ('future', now(), now())");
    ck_assert(!runner_step(db, scratch));
    ck_assert_int_eq(count("select attempts from job"), 0);
}
END_TEST

START_TEST(a_job_that_runs_once_is_done_or_given_up)
{
    script("insert into job (kind, run_at, date_created) values ('settle', now(), now())");
    ck_assert(runner_step(db, scratch));
    ck_assert_int_eq(count("select count(*) from job where done_at is not null"), 1);
    ck_assert(!runner_step(db, scratch));
    script(
        "drop table issue cascade; insert into job (kind, run_at, attempts, date_created) values "
        "('settle', now(), 9, now())");
    ck_assert(runner_step(db, scratch));
    ck_assert_int_eq(
        count("select count(*) from job where failed_at is not null and attempts = 10"), 1);
    ck_assert(!runner_step(db, scratch));
}
END_TEST

START_TEST(days_are_made_ahead_and_dropped_behind)
{
    ck_assert(partitions_make(db, arena, clock_now() - 200 * CLOCK_DAY, 1));
    ck_assert(partitions_make(db, arena, clock_now() - 80 * CLOCK_DAY, 1));
    script("insert into issue_hour values (1, 1, 1, now() - interval '91 days', 1), (1, 1, 1, "
           "now(), 1)");
    run_all();
    const char *days =
        "select count(*) from pg_inherits i join pg_class c on c.oid = inhrelid where "
        "inhparent = 'event'::regclass and c.relkind = 'r'";
    ck_assert_int_eq(count(days), 1 + 1 + 1 + PARTITIONS_AHEAD);
    ck_assert_int_eq(count("select count(*) from issue_hour"), 1);
}
END_TEST

START_TEST(what_is_over_is_cleaned_up)
{
    script("insert into app_user (email, date_joined) values ('a@b', now());"
           "insert into session (token_hash, user_id, remember, date_created, last_seen, expires) "
           "values "
           "('a', 1, false, now(), now(), now() - interval '1 hour'), "
           "('b', 1, false, now(), now(), now() + interval '1 hour');"
           "insert into recent_request values (gen_random_uuid(), now() - interval '2 hours'), "
           "(gen_random_uuid(), now());"
           "insert into job (kind, run_at, done_at, date_created) values ('x', now(), now() - "
           "interval "
           "'31 days', now())");
    run_all();
    ck_assert_int_eq(count("select count(*) from session"), 1);
    ck_assert_int_eq(count("select count(*) from recent_request"), 1);
    ck_assert_int_eq(count("select count(*) from job where kind = 'x'"), 0);
}
END_TEST

START_TEST(the_archive_ends_when_its_time_has_come)
{
    make_issue("2, 4, now() - interval '30 days', now()");
    make_issue("2, 4, now() - interval '1 day', now()");
    make_issue("2, 4, now(), now()");
    script(
        "insert into issue_snooze (project_id, issue_id, until, times_seen_before, "
        "users_seen_before) select 1, id, now() + case when short_id < 2 then interval '-1 second' "
        "else interval '1 hour' end, 0, 0 from issue");
    run_all();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(status || ':' || substatus, ' ' order by "
                                 "short_id) from issue"),
                   "0:3 0:7 2:4");
    ck_assert_int_eq(count("select count(*) from activity where type = 'set_unresolved'"), 2);
    ck_assert_int_eq(count("select count(*) from issue_snooze"), 1);
}
END_TEST

START_TEST(issues_settle_after_a_week_and_resolve_by_age)
{
    make_issue("0, 7, now() - interval '8 days', now()");
    make_issue("0, 7, now() - interval '6 days', now()");
    make_issue("0, 6, now() - interval '30 days', now() - interval '8 days'");
    make_issue("0, 6, now() - interval '30 days', now()");
    make_issue("0, 3, now() - interval '30 days', now()");
    script("update issue_stat set last_seen_minute = now() - interval '25 hours' where issue_id = "
           "(select id from issue where short_id = 4)");
    run_all();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(status || ':' || substatus, ' ' order by "
                                 "short_id) from issue"),
                   "0:3 0:7 0:3 0:6 1:3");
    ck_assert_int_eq(count("select count(*) from activity where type = 'set_resolved_by_age'"), 1);
}
END_TEST

/* A file of the blob store that was put there `days` ago. */
static struct str old_blob(const char *dir, const char *content, int days)
{
    struct str name = blob_put(arena, dir, str_of(content));
    ck_assert_ptr_nonnull(name.p);
    struct timespec times[2] = {{.tv_sec = time(NULL) - days * 86400},
                                {.tv_sec = time(NULL) - days * 86400}};
    const char *file = arena_printf(arena, "%s/%.2s/%.62s", dir, name.p, name.p + 2);
    ck_assert_int_eq(utimensat(AT_FDCWD, file, times, 0), 0);
    return name;
}

START_TEST(files_that_nothing_refers_to_are_swept)
{
    char folder[] = "/tmp/vedette-jobs-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_DATA_DIR", folder, 1);
    settings_load();
    const char *dir = arena_printf(arena, "%s/blobs", folder);
    struct str used = old_blob(dir, "used", 2), lost = old_blob(dir, "lost", 2);
    struct str young = old_blob(dir, "young", 0);
    script(arena_printf(arena, "insert into blob values ('%.*s', 4, 1, now())", STR_ARG(used)));
    run_all();
    ck_assert_int_eq(blob_size(dir, lost), 4); /* no lane says that all is digested */
    script("insert into digest_lag values (0, 0, 0, 0, now()), (1, 7200, 0, 0, now())");
    run_all();
    ck_assert_int_eq(blob_size(dir, lost), 4);
    script("update digest_lag set lag_seconds = 0");
    run_all();
    ck_assert_int_eq(blob_size(dir, lost), -1);
    ck_assert_int_eq(blob_size(dir, used), 4);
    ck_assert_int_eq(blob_size(dir, young), 5);
    old_blob(dir, "lost", 2);
    blob_put(arena, dir, S("lost")); /* used anew: as young as new */
    run_all();
    ck_assert_int_eq(blob_size(dir, lost), 4);
    ck_assert_int_eq(system(arena_printf(arena, "rm -rf '%s'", folder)), 0);
}
END_TEST

/* Thresholds as they are stored: project, category, quantity. */
static struct str thresholds(void)
{
    run_all();
    pg_reset(db);
    return database_text(
        db, arena,
        "select string_agg(project_id || ' ' || categories[1] || ' ' || most, ', ' "
        "order by project_id, categories) from quota where is_spike_protection");
}

/* Errors: two hours of 300 and 1,100, of three categories and two keys: average 700, deviation 400,
 * 5 * 400 / 700 = 2.86 is raised to 3.  What was filtered, is older than a week, of this hour or of
 * another reason is not counted.  Transactions: of 800,000 that were dropped 26 hours ago a tenth
 * counts; the hours weigh 37, as the 24th weighs 12: 6 * 80,000 / 37. */
START_TEST(protected_projects_get_what_is_usual_for_them)
{
    script(
        "insert into organization (slug, name, date_created) values ('a', 'A', now());"
        "insert into project (organization_id, slug, name, options, date_created) values"
        " (1, 'calm', 'P', '{\"spikeProtection\": true}', now()),"
        " (1, 'new', 'P', '{\"spikeProtection\": true}', now()),"
        " (1, 'off', 'P', '{\"spikeProtection\": false}', now()), (1, 'plain', 'P', '{}', now());"
        "insert into outcome_hour (project_id, key_id, category, outcome, reason, hour, quantity)"
        " select project_id, key_id, category, outcome, reason,"
        " date_trunc('hour', now()) - age * interval '1 hour', quantity from (values"
        " (1, 1, 2, 0, '', 1, 100), (1, 2, 1, 0, '', 1, 150), (1, 1, 4, 0, '', 1, 50),"
        " (1, 1, 2, 0, '', 2, 1100), (1, 1, 2, 1, 'localhost', 1, 9000),"
        " (1, 1, 2, 2, 'project_quota', 1, 9000), (1, 1, 2, 0, '', 0, 9000),"
        " (1, 1, 2, 0, '', 169, 9000), (1, 1, 3, 2, 'spike_protection', 26, 800000),"
        " (3, 1, 2, 0, '', 1, 9000), (4, 1, 2, 0, '', 1, 9000))"
        " n(project_id, key_id, category, outcome, reason, age, quantity)");
    ck_assert_text(thresholds(),
                   "1 attachment 524288000, 1 error 2100, 1 span 50000, 1 transaction 12973, "
                   "2 attachment 524288000, 2 error 500, 2 span 50000, 2 transaction 5000");
    int64_t first = count("select min(id) from quota");
    script("update outcome_hour set quantity = 2 * quantity where outcome = 0;"
           "update project set options = '{}' where id = 2");
    ck_assert_text(thresholds(), "1 attachment 524288000, 1 error 4200, 1 span 50000, "
                                 "1 transaction 12973");
    ck_assert_int_eq(count("select min(id) from quota"), first);
    script("update project set options = '{}'");
    ck_assert_ptr_null(thresholds().p);
}
END_TEST

START_TEST(counts_of_ended_periods_go)
{
    script("insert into organization (slug, name, date_created) values ('a', 'A', now());"
           "insert into quota (id, organization_id, categories, period, most, date_created) values"
           " (1, 1, '{}', 'minute', 5, now());"
           "insert into quota_usage select 1, n, 1 from generate_series(1, 9) n;"
           "insert into quota_usage values (2, 9, 1)");
    run_all();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(quota_id || ':' || slot, ' ' order by slot) "
                                 "from quota_usage"),
                   "1:8 1:9");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_recurring_kind_has_one_row_and_runs);
    tcase_add_test(tc, a_failed_job_says_why_and_is_tried_again_later);
    tcase_add_test(tc, what_a_dead_child_had_begun_is_due_again);
    tcase_add_test(tc, what_recurs_does_not_wait_for_a_clock_that_was_set_back);
    tcase_add_test(tc, a_job_that_is_hurried_while_it_runs_runs_again);
    tcase_add_test(tc, a_job_of_an_unknown_kind_is_left_alone);
    tcase_add_test(tc, a_job_that_runs_once_is_done_or_given_up);
    tcase_add_test(tc, days_are_made_ahead_and_dropped_behind);
    tcase_add_test(tc, what_is_over_is_cleaned_up);
    tcase_add_test(tc, the_archive_ends_when_its_time_has_come);
    tcase_add_test(tc, issues_settle_after_a_week_and_resolve_by_age);
    tcase_add_test(tc, protected_projects_get_what_is_usual_for_them);
    tcase_add_test(tc, counts_of_ended_periods_go);
    tcase_add_test(tc, files_that_nothing_refers_to_are_swept);
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_DATA_DIR", "/nonexistent", 1);
    settings_load();
    return database_suite_run(argv[0], "jobs", add_tests);
}
