/* How long data is kept: by kind, by organization, by the ceiling of bytes; and what is told of it.
 */
#include "storage/partitions.h"
#include "tests/unit/api.h"
#include "worker/jobs/runner.h"

#define O "/api/0/organizations/acme/"
#define BLOB "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"

static struct arena *scratch;

static void set_up(void)
{
    scratch = arena_new((size_t)256 << 20);
    api_fill("");
    api_set_up();
}

static void tear_down(void)
{
    api_tear_down();
    arena_free(scratch);
}

static void setting(const char *variable, const char *value)
{
    setenv(variable, value, 1);
    settings_load();
}

static int64_t count(const char *sql)
{
    return database_count(db, arena, sql);
}

static void script(const char *sql)
{
    database_script(db, sql);
}

/* Runs one kind of job alone. */
static struct str run(const char *kind)
{
    pg_reset(db);
    runner_begin(db, arena);
    script(arena_printf(arena,
                        "update job set run_at = now() + case kind when '%s' then interval '-1 s' "
                        "else interval '1 hour' end",
                        kind));
    ck_assert(runner_step(db, scratch));
    pg_reset(db);
    return database_text(
        db, arena, arena_printf(arena, "select last_answer from job where kind = '%s'", kind));
}

static void make_day(int days_ago)
{
    ck_assert(partitions_make(db, arena, clock_now() - days_ago * CLOCK_DAY, 1));
}

static bool has_day(const char *table, int days_ago)
{
    return count(arena_printf(arena,
                              "select (to_regclass('%s_p' || to_char(now() - interval '%d days', "
                              "'YYYYMMDD')) is not null)::int",
                              table, days_ago)) == 1;
}

/* ---- by kind */

START_TEST(partitions_go_by_the_days_of_their_kind)
{
    setting("VEDETTE_RETENTION_DAYS", "60");
    setting("VEDETTE_RETENTION_SPAN_DAYS", "10");
    setting("VEDETTE_RETENTION_PROFILE_DAYS", "300");
    make_day(62);
    make_day(45);
    make_day(20);
    run("partitions");
    ck_assert(!has_day("event", 62) && !has_day("profile_chunk", 62));
    ck_assert(has_day("event", 45) && has_day("event_body", 45) && has_day("attachment", 45));
    ck_assert(!has_day("log", 45));
    ck_assert(has_day("log", 20) && has_day("replay_segment", 20) && !has_day("span", 20));
    ck_assert(has_day("profile", 45)); /* never longer than everything */
}
END_TEST

START_TEST(every_table_of_days_is_of_a_kind)
{
    int64_t tables = 0;
    for (const struct retention_table *table = retention_tables; table->name; table++)
        tables += table->has_partitions;
    ck_assert_int_eq(count("select count(*) from pg_partitioned_table"), tables);
}
END_TEST

START_TEST(a_kind_in_use_does_not_hold_up_the_others)
{
    struct pg *reader = pg_open(database_conninfo, "reader");
    make_day(100);
    ck_assert(pg_begin(reader));
    database_int(reader, arena, "select count(*) from log");
    ck_assert(str_has(run("partitions"), S("in use")));
    ck_assert(has_day("log", 100) && !has_day("event", 100) && !has_day("span", 100));
    ck_assert_int_eq(count("select count(*) from job where kind = 'partitions' and attempts = 0 "
                           "and run_at < now() + interval '1 minute'"),
                     1);
    ck_assert(pg_commit(reader));
    pg_close(reader);
    run("partitions");
    ck_assert(!has_day("log", 100));
}
END_TEST

/* More than one batch, and some that are young. */
START_TEST(rows_without_partitions_go_by_the_days_of_their_kind)
{
    setting("VEDETTE_RETENTION_OUTCOME_DAYS", "7");
    script("insert into outcome_day select 11, n, 1, 0, '', current_date - 8, 1 "
           "from generate_series(1, 12000) n;"
           "insert into outcome_day values (11, 1, 1, 0, '', current_date - 6, 1);"
           "insert into session_hour (project_id, hour, release_id, environment_id, sessions, "
           "errored, crashed, abnormal, errored_ids, users, errored_users, crashed_users, "
           "abnormal_users, anr_users, foreground_anr_users) select 11, now() - make_interval(days "
           "=> n), 1, 1, 1, 0, 0, 0, e, e, e, e, e, e, e from (values (8), (91)) v(n), "
           "(select hll_empty() as e) h;"
           "insert into transaction_hour select 11, 'GET /', 'http', 1, 0, now() - interval '91 "
           "days', 1, 0, 1, tdigest(1.0, 100), hll_empty()");
    ck_assert_text(run("retention"), "12002 rows");
    ck_assert_int_eq(count("select count(*) from outcome_day"), 1);
    ck_assert_int_eq(count("select count(*) from session_hour"), 1);
    ck_assert_int_eq(count("select count(*) from transaction_hour"), 0);
}
END_TEST

/* ---- by organization */

/* Of acme's shop and of globex's, `days_ago`, all of one blob. */
static void add_attachments(int days_ago)
{
    script(arena_printf(
        arena,
        "insert into attachment (project_id, received_day, event_id, received, type, name, "
        "content_type, size, blob) select p, current_date - %d, gen_random_uuid(), now(), 't', "
        "'n', 'c', 1, " BLOB " from unnest(array[11, 11, 12, 21]) p;"
        "insert into blob as b values (" BLOB ", 10000000, 4, now()) on conflict (name) "
        "do update set reference_count = b.reference_count + 4",
        days_ago));
}

static void keep(int organization, const char *kind, int days)
{
    script(arena_printf(arena, "insert into organization_retention values (%d, '%s', %d)",
                        organization, kind, days));
}

START_TEST(an_organization_keeps_a_kind_for_less)
{
    make_day(20);
    make_day(5);
    keep(1, "attachment", 10);
    keep(1, "outcome", 10);
    add_attachments(20);
    add_attachments(5);
    script("insert into outcome_day select p, 1, 1, 0, '', current_date - 20, 1 "
           "from unnest(array[11, 21]) p");
    run("partitions");
    run("retention");
    ck_assert_text(
        database_text(db, arena,
                      "select string_agg(project_id || ':' || current_date - received_day, ' ' "
                      "order by received_day, project_id) from attachment"),
        "21:20 11:5 11:5 12:5 21:5");
    ck_assert_int_eq(count("select reference_count from blob"), 5);
    ck_assert_int_eq(count("select project_id from outcome_day"), 21);
}
END_TEST

START_TEST(a_day_that_nobody_keeps_goes_whole)
{
    make_day(20);
    keep(1, "attachment", 10);
    keep(2, "attachment", 15);
    add_attachments(20);
    run("partitions");
    ck_assert(!has_day("attachment", 20) && has_day("event", 20));
    ck_assert_int_eq(count("select reference_count from blob"), 0);
}
END_TEST

START_TEST(an_organization_cannot_keep_a_kind_for_longer)
{
    make_day(40);
    keep(1, "log", 300);
    run("partitions");
    ck_assert(!has_day("log", 40));
}
END_TEST

START_TEST(an_organization_without_projects_deletes_nothing)
{
    make_day(20);
    script("insert into organization (id, slug, name, date_created) values (3, 'e', 'E', now())");
    keep(3, "attachment", 1);
    add_attachments(20);
    run("partitions");
    run("retention");
    ck_assert_int_eq(count("select count(*) from attachment"), 4);
}
END_TEST

/* ---- the ceiling */

/* Bodies that take so many bytes, uncompressed. */
static void add_bodies(const char *table, int days_ago, int bytes)
{
    script(arena_printf(arena,
                        "insert into %s_body values (11, gen_random_uuid(), current_date - %d, 0, "
                        "convert_to(repeat('x', %d), 'UTF8'))",
                        table, days_ago, bytes));
}

/* Errors take most; transactions are as old. */
static void fill_days(void)
{
    for (int day = 0; day < 5; day++)
        make_day(day);
    add_bodies("transaction", 4, 1000000);
    add_bodies("event", 4, 2000000);
    add_bodies("event", 3, 2000000);
    add_bodies("event", 0, 500000);
    run("disk");
}

/* A ceiling so far below what is taken now. */
static void set_ceiling(int64_t below)
{
    int64_t taken = count("select sum(bytes)::bigint from disk_usage");
    setting("VEDETTE_DATA_MAX_BYTES", arena_printf(arena, "%lld", (long long)(taken - below)));
}

START_TEST(without_a_ceiling_nothing_goes)
{
    fill_days();
    ck_assert_text(run("disk"), "0 dropped");
    ck_assert(has_day("event", 4) && has_day("transaction", 4));
}
END_TEST

START_TEST(the_ceiling_takes_the_oldest_day_of_what_takes_most_and_only_that)
{
    fill_days();
    set_ceiling(1000000);
    run("disk");
    ck_assert(!has_day("event", 4) && !has_day("event_body", 4));
    ck_assert(has_day("event", 3) && has_day("event_body", 3) && has_day("transaction", 4));
    ck_assert(has_day("log", 4) && has_day("attachment", 4));
    ck_assert_int_eq(count("select count(*) from ceiling_drop where kind = 'error' and "
                           "day = current_date - 4 and bytes > 2000000 and "
                           "dropped > now() - interval '1 minute'"),
                     1);
    ck_assert_int_eq(count("select count(*) from ceiling_drop"), 1);
    ck_assert_text(run("disk"), "0 dropped");
}
END_TEST

START_TEST(the_ceiling_never_takes_today)
{
    fill_days();
    make_day(-1);
    setting("VEDETTE_DATA_MAX_BYTES", "1");
    run("disk");
    for (int day = 1; day < 5; day++)
        ck_assert(!has_day("event", day) && !has_day("transaction", day) && !has_day("span", day));
    ck_assert(has_day("event", 0) && has_day("event", -1) && has_day("span", 0));
    ck_assert_int_eq(count("select count(*) from event_body"), 1);
}
END_TEST

START_TEST(what_must_go_first_is_waited_for)
{
    struct pg *reader = pg_open(database_conninfo, "reader");
    fill_days();
    set_ceiling(1000000);
    ck_assert(pg_begin(reader));
    database_int(reader, arena, "select count(*) from event_body");
    run("disk");
    ck_assert(has_day("event_body", 4) && has_day("event_body", 3) && has_day("transaction", 4));
    ck_assert_int_eq(count("select count(*) from ceiling_drop"), 0);
    ck_assert_int_eq(count("select count(*) from job where kind = 'disk' and attempts = 0 and "
                           "run_at < now() + interval '1 minute'"),
                     1);
    ck_assert(pg_commit(reader));
    pg_close(reader);
    run("disk");
    ck_assert(!has_day("event_body", 4) && has_day("event_body", 3));
}
END_TEST

/* Whole megabytes of a kind's day. */
static int64_t megabytes(const char *kind, int days_ago)
{
    return count(arena_printf(arena,
                              "select bytes / 1000000 from disk_usage where kind = '%s' and "
                              "day = current_date - %d",
                              kind, days_ago));
}

/* Two thirds of the blob are the attachments', which makes them what takes most. */
START_TEST(blobs_count_for_those_who_refer_to_them_and_go_with_them)
{
    fill_days();
    add_attachments(4);
    script("insert into profile (project_id, profile_id, received_day, received, transaction, "
           "platform, environment_id, duration_ns, sample_count, codec, blob) select 11, "
           "gen_random_uuid(), current_date - 1, now(), 't', 'p', 1, 1, 1, 0, " BLOB
           " from generate_series(1, 2);"
           "update blob set reference_count = 6");
    run("disk");
    ck_assert_int_eq(megabytes("attachment", 4), 6);
    ck_assert_int_eq(megabytes("profile", 1), 3);
    set_ceiling(1000000);
    run("disk");
    ck_assert(!has_day("attachment", 4) && has_day("profile", 1) && has_day("event", 4));
    ck_assert_int_eq(count("select reference_count from blob"), 2);
}
END_TEST

START_TEST(replays_go_with_their_days)
{
    fill_days();
    script("insert into replay_segment (project_id, id, received_day, replay_id, segment_id, "
           "received, finished, type, platform, environment_id, urls, error_ids, trace_ids, "
           "details, clicks, dead_clicks, rage_clicks, size, codec, body, has_video) select 11, "
           "gen_random_uuid(), current_date - 4, gen_random_uuid(), 0, now(), now(), 'session', "
           "'p', 1, '[]', '[]', '[]', '{}', 0, 0, 0, 1, 0, convert_to(repeat('x', 9000000), "
           "'UTF8'), false;"
           "insert into replay select 11, gen_random_uuid(), current_date - n, current_date - n + "
           "interval '12 hours', 'session', 'p', 1, '[]', null, '[]', '[]', '[]', '{}', 1, 0, 0, "
           "0, 0, 0 from (values (3), (4)) v(n)");
    run("disk");
    set_ceiling(1000000);
    run("disk");
    ck_assert(!has_day("replay_segment", 4) && !has_day("replay_click", 4));
    ck_assert(has_day("replay_segment", 3) && has_day("event", 4));
    ck_assert_int_eq(count("select current_date - started::date from replay"), 3);
}
END_TEST

/* ---- what is told */

/* 5,000 bytes that stay, and 1,000 bytes of logs a day in the last week. */
static void seed_usage(void)
{
    script("update organization set date_created = now() - interval '30 days';"
           "insert into disk_usage select 'log', current_date - n, 1000, now() from "
           "generate_series(1, 7) n;"
           "insert into disk_usage values ('other', null, 5000, now()), ('error', current_date - "
           "20, 3500, now())");
}

/* the ceiling; days until it is met */
static const char *const forecasts[][2] = {
    {"0", "null"},   {"15500", "0"},    {"15501", "1"},    {"20500", "5"},
    {"34000", "19"}, {"42000", "null"}, {"99999", "null"},
};

START_TEST(the_days_until_the_ceiling_are_told)
{
    seed_usage();
    setting("VEDETTE_DATA_MAX_BYTES", forecasts[_i][0]);
    const struct jt *disk = api_json(api_get(O "disk-usage/"), 200);
    ck_assert_text(api_at(disk, "bytes"), "15500");
    ck_assert_text(api_at(disk, "daysLeft"), forecasts[_i][1]);
    ck_assert_text(api_at(disk, "ceiling"), _i ? forecasts[_i][0] : "null");
    ck_assert_text(api_list(jt_get(disk, S("kinds")), S("kind")), "log,other,error");
    ck_assert_text(api_at(disk, "kinds.0.bytesPerDay"), "1000");
    ck_assert_text(api_at(disk, "kinds.0.days"), "30");
    ck_assert_text(api_at(disk, "kinds.1.bytesPerDay"), "null");
    ck_assert_text(api_at(disk, "lastDrop"), "null");
}
END_TEST

START_TEST(a_young_instance_divides_by_its_age)
{
    seed_usage();
    script("update organization set date_created = now() - interval '2 days'");
    ck_assert_text(api_at(api_json(api_get(O "disk-usage/"), 200), "kinds.0.bytesPerDay"), "1000");
    script("update organization set date_created = now()");
    setting("VEDETTE_DATA_MAX_BYTES", "15500");
    const struct jt *disk = api_json(api_get(O "disk-usage/"), 200);
    ck_assert_text(api_at(disk, "kinds.0.bytesPerDay"), "null");
    ck_assert_text(api_at(disk, "daysLeft"), "null");
}
END_TEST

START_TEST(the_last_drop_is_told)
{
    script("insert into ceiling_drop values ('span', '2026-11-01', 5, '2026-11-10T01:02:03Z'), "
           "('log', '2026-11-02', 7, '2026-11-11T01:02:03Z')");
    const struct jt *disk = api_json(api_get(O "disk-usage/"), 200);
    ck_assert_text(api_at(disk, "lastDrop.kind"), "log");
    ck_assert_text(api_at(disk, "lastDrop.day"), "2026-11-02");
    ck_assert_text(api_at(disk, "lastDrop.bytes"), "7");
    ck_assert_text(api_at(disk, "lastDrop.dropped"), "2026-11-11T01:02:03.000000Z");
}
END_TEST

START_TEST(an_organization_says_how_long_it_keeps_what)
{
    const struct jt *list = api_json(api_get(O "retention/"), 200);
    ck_assert_text(api_list(list, S("kind")),
                   "error,transaction,span,log,trace_metric,replay,profile,attachment,session,"
                   "check_in,outcome");
    ck_assert_text(api_list(list, S("days")), "90,90,30,30,30,30,30,90,90,90,90");
    list = api_json(api_ask("PUT", O "retention/", "{\"log\":7,\"trace_metric\":1}"), 200);
    ck_assert_text(api_list(list, S("days")), "90,90,30,7,1,30,30,90,90,90,90");
    ck_assert_text(api_at(list, "3.most"), "30");
    ck_assert_text(api_at(list, "3.own"), "7");
    ck_assert_text(api_at(list, "0.own"), "null");
    list = api_json(api_ask("PUT", O "retention/", "{\"log\":null}"), 200);
    ck_assert_text(api_list(list, S("days")), "90,90,30,30,1,30,30,90,90,90,90");
    api_json(api_ask("PUT", O "retention/", "{}"), 200);
    ck_assert_int_eq(count("select count(*) from audit_log where action = 'retention.edit' and "
                           "organization_id = 1 and user_id = 1"),
                     2);
    ck_assert_int_eq(count("select count(*) from organization_retention"), 1);
}
END_TEST

/* What was asked for when the instance kept more. */
START_TEST(less_of_the_instance_is_less_for_all)
{
    keep(1, "error", 60);
    setting("VEDETTE_RETENTION_ERROR_DAYS", "20");
    const struct jt *list = api_json(api_get(O "retention/"), 200);
    ck_assert_text(api_at(list, "0.days"), "20");
    ck_assert_text(api_at(list, "0.own"), "60");
}
END_TEST

static const char *const refused[] = {"{\"log\":31}", "{\"log\":0}", "{\"log\":\"x\"}",
                                      "{\"error\":5,\"log\":99999999999}"};

START_TEST(days_that_cannot_be_are_refused)
{
    const struct jt *answer = api_json(api_ask("PUT", O "retention/", refused[_i]), 400);
    ck_assert_text(answer->first->key, "log");
    ck_assert_int_eq(count("select count(*) from organization_retention"), 0);
}
END_TEST

START_TEST(others_may_not_change_it)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "PUT", .uri = O "retention/", .body = S("{\"log\":7}")};
    ck_assert_int_eq(api_send(q, "m")->status, 403);
    *q = (struct ask){.method = "PUT", .uri = O "retention/", .body = S("{\"log\":7}")};
    ck_assert_int_eq(api_send(q, "f")->status, 404);
    ck_assert_int_eq(count("select count(*) from organization_retention"), 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, partitions_go_by_the_days_of_their_kind);
    tcase_add_test(tc, every_table_of_days_is_of_a_kind);
    tcase_add_test(tc, a_kind_in_use_does_not_hold_up_the_others);
    tcase_add_test(tc, rows_without_partitions_go_by_the_days_of_their_kind);
    tcase_add_test(tc, an_organization_keeps_a_kind_for_less);
    tcase_add_test(tc, a_day_that_nobody_keeps_goes_whole);
    tcase_add_test(tc, an_organization_cannot_keep_a_kind_for_longer);
    tcase_add_test(tc, an_organization_without_projects_deletes_nothing);
    tcase_add_test(tc, without_a_ceiling_nothing_goes);
    tcase_add_test(tc, the_ceiling_takes_the_oldest_day_of_what_takes_most_and_only_that);
    tcase_add_test(tc, the_ceiling_never_takes_today);
    tcase_add_test(tc, what_must_go_first_is_waited_for);
    tcase_add_test(tc, blobs_count_for_those_who_refer_to_them_and_go_with_them);
    tcase_add_test(tc, replays_go_with_their_days);
    tcase_add_loop_test(tc, the_days_until_the_ceiling_are_told, 0, COUNT_OF(forecasts));
    tcase_add_test(tc, a_young_instance_divides_by_its_age);
    tcase_add_test(tc, the_last_drop_is_told);
    tcase_add_test(tc, an_organization_says_how_long_it_keeps_what);
    tcase_add_test(tc, less_of_the_instance_is_less_for_all);
    tcase_add_loop_test(tc, days_that_cannot_be_are_refused, 0, COUNT_OF(refused));
    tcase_add_test(tc, others_may_not_change_it);
}

int main(int count_of_words, char **words)
{
    (void)count_of_words;
    api_start();
    return database_suite_run(words[0], "retention", add_tests);
}
