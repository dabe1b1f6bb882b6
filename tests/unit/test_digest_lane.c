#include "worker/digest/lane.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/fault.h"
#include "base/log.h"
#include "base/master.h"
#include "base/settings.h"
#include "storage/partitions.h"
#include "tests/unit/database.h"
#include "tests/unit/records.h"
#include "tests/unit/unreal.h"

enum { WORKERS = 2 };

static struct arena *arena;
static struct pg *db;
static struct eventlog *event_log;
static char folder[64], logs[80];
static pid_t workers[WORKERS];
static uint64_t number; /* of the last event */
static int64_t today;

static void set_folder(void)
{
    snprintf(folder, sizeof(folder), "/tmp/vedette-lane-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(logs, sizeof(logs), "%s/log", folder);
}

static void set_up(void)
{
    arena = arena_new((size_t)1 << 30);
    db = database_migrated();
    set_folder();
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_DATA_DIR", folder, 1);
    setenv("VEDETTE_DATABASE", database_conninfo, 1);
    setenv("VEDETTE_DIGEST_HANG_SECONDS", "1", 1);
    setenv("VEDETTE_EVENTLOG_KEEP_SECONDS", "0", 1);
    ck_assert(pg_script(db, "insert into organization (slug, name, date_created) values ('one', "
                            "'One', now());"
                            "insert into project (organization_id, slug, name, date_created) "
                            "select 1, 'p' || n, 'P', now() from generate_series(1, 4) n"));
    number = 0;
    today = clock_now();
}

static void stop_workers(void)
{
    for (int i = 0; i < WORKERS; i++) {
        if (workers[i])
            kill(workers[i], SIGTERM);
        if (workers[i])
            waitpid(workers[i], NULL, 0);
        workers[i] = 0;
    }
}

static void tear_down(void)
{
    char command[200];
    stop_workers();
    if (event_log)
        eventlog_close(event_log);
    event_log = NULL;
    pg_close(db);
    arena_free(arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void open_log(void)
{
    char above[100];
    snprintf(above, sizeof(above), "mkdir -p '%s'", logs);
    ck_assert_int_eq(system(above), 0);
    event_log = eventlog_create(logs, 1 << 20);
    ck_assert_ptr_nonnull(event_log);
}

/* A worker of `lanes` digest children; `fault` as VEDETTE_FAULT would say it. */
static void start_worker(int place, const char *lanes, const char *fault)
{
    workers[place] = fork();
    ck_assert_int_ge(workers[place], 0);
    if (workers[place])
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test ends without tearing down */
    setenv("VEDETTE_DIGEST_LANES", lanes, 1);
    fault_set(fault);
    settings_load();
    log_open("worker", LOG_ERROR);
    int count = (int)settings()->digest_lanes;
    const struct master_child kinds[] = {{.name = "digest",
                                          .run = lane_run,
                                          .arg = progress_new(count),
                                          .count = count,
                                          .died = progress_died,
                                          .watch = progress_watch},
                                         {0}};
    _exit(master_run(kinds, 10, &(struct handover){.listen_fd = -1}));
}

static void append(const struct log_record *record)
{
    struct arena *scratch = arena_new(1 << 24);
    ck_assert_int_eq(eventlog_append(event_log, record, scratch), APPEND_SYNCED);
    arena_free(scratch);
}

static struct log_record *next_event(const char *issue)
{
    number++;
    return record_event(arena, number, today + (int64_t)number, issue,
                        arena_printf(arena, ",\"user\":{\"id\":\"%d\"}", (int)(number % 7)));
}

static void append_events(int count)
{
    static const char *const issues[] = {"one", "two", "three", "four", "five"};
    for (int i = 0; i < count; i++) {
        struct log_record *record = next_event(issues[i % 5]);
        record->project_id = 1 + i % 4;
        append(record);
    }
}

static int64_t count_rows(const char *sql)
{
    pg_reset(db);
    return database_int(db, arena, sql);
}

/* Waits until a query answers a number, at most so many seconds. */
static void expect(const char *sql, int64_t wanted, int seconds)
{
    int64_t got = -1;
    for (int i = 0; i < seconds * 50 * SUITE_SLOWNESS; i++) {
        got = count_rows(sql);
        if (got == wanted)
            return;
        usleep(20000);
    }
    ck_assert_msg(false, "%s: %lld instead of %lld, set aside: %lld", sql, (long long)got,
                  (long long)wanted, (long long)count_rows("select count(*) from poison"));
}

static void check_equations(void)
{
    ck_assert_int_eq(count_rows("select count(*) from event"), (int64_t)number);
    ck_assert_int_eq(count_rows("select sum(times_seen) from issue_stat"), (int64_t)number);
    ck_assert_int_eq(count_rows("select sum(events) from issue_hour"), (int64_t)number);
    ck_assert_int_eq(count_rows("select sum(events) from issue_day"), (int64_t)number);
    ck_assert_int_eq(count_rows("select count(*) from event_body"), (int64_t)number);
    ck_assert_int_eq(count_rows("select sum(quantity) from outcome_hour where outcome = 0"),
                     (int64_t)number);
    ck_assert_int_eq(count_rows("select count(*) from issue_stat s where users_seen <> (select "
                                "count(distinct user_hash) from event e where e.issue_id = "
                                "s.issue_id)"),
                     0);
}

START_TEST(what_is_in_the_log_is_soon_in_the_database)
{
    /* Of ten, so that other work on the machine is not held against the digest. */
    int64_t shortest = INT64_MAX;
    open_log();
    start_worker(0, "1", NULL);
    append_events(1);
    expect("select count(*) from event", 1, 5);
    for (int i = 0; i < 10; i++) {
        int64_t begun = clock_monotonic();
        append_events(1);
        while (count_rows("select count(*) from event") < (int64_t)number)
            usleep(2000);
        int64_t waited = clock_monotonic() - begun;
        shortest = waited < shortest ? waited : shortest;
    }
    ck_assert_int_lt(shortest, 300 * 1000 * SUITE_SLOWNESS);
    append_events(2000);
    expect("select count(*) from event", (int64_t)number, 20);
    check_equations();
    expect("select count(*) from digest_lag where backlog_bytes = 0 and lag_seconds = 0 and "
           "events_per_minute > 2000",
           1, 5);
}
END_TEST

static void set_option(const char *options)
{
    ck_assert(pg_script(db, arena_printf(arena,
                                         "update project set options = '%s', settings_version ="
                                         " settings_version + 1 where id = 1",
                                         options)));
}

/* The first event after a change is treated by it, in a child that knew the settings before and in
 * one that did not. */
START_TEST(settings_count_from_their_change)
{
    open_log();
    start_worker(0, "1", NULL);
    set_option("{\"sentry:error_messages\": [\"one\"]}");
    append(next_event("one"));
    expect("select coalesce(sum(quantity), 0) from outcome_hour where reason = 'error-message'", 1,
           5);
    set_option("{\"sentry:error_messages\": [\"two\"]}");
    append(next_event("one"));
    expect("select count(*) from event", 1, 5);
    append(next_event("two"));
    expect("select sum(quantity) from outcome_hour where reason = 'error-message'", 2, 5);
    ck_assert_int_eq(count_rows("select count(*) from poison"), 0);
}
END_TEST

/* While a batch is filled again it grows, and every project that joins it was changed too. */
START_TEST(settings_of_many_projects_count_at_once)
{
    enum { PROJECTS = 60 };
    open_log();
    start_worker(0, "1", NULL);
    ck_assert(pg_script(db, "insert into project (organization_id, slug, name, date_created,"
                            " settings_version, options) select 1, 'q' || n, 'Q', now(), 1,"
                            " '{\"sentry:error_messages\": [\"one\"]}'"
                            " from generate_series(1, 60) n"));
    for (int i = 0; i < PROJECTS; i++) {
        struct log_record *record = next_event("one");
        record->project_id = 5 + i;
        append(record);
    }
    expect("select coalesce(sum(quantity), 0) from outcome_hour", PROJECTS, 10);
    ck_assert_int_eq(count_rows("select count(*) from event"), 0);
}
END_TEST

/* Nobody else's events wait for somebody who changes settings all the time. */
START_TEST(settings_that_change_without_end_hold_up_nothing)
{
    open_log();
    start_worker(0, "1", NULL);
    append_events(100);
    int changes = 0;
    while (count_rows("select count(*) from event") < 100 && changes++ < 10000)
        set_option("{}");
    ck_assert_int_lt(changes, 10000);
    expect("select count(*) from event", (int64_t)number, 5);
    check_equations();
}
END_TEST

START_TEST(lanes_share_the_projects)
{
    open_log();
    start_worker(0, "2", NULL);
    append_events(2000);
    expect("select count(*) from event", (int64_t)number, 20);
    check_equations();
    ck_assert_int_eq(count_rows("select count(distinct lane) from log_cursor where position > 0"),
                     2);
    ck_assert_int_eq(count_rows("select count(*) from (select e.project_id from event e join "
                                "digest_batch b on b.id = e.batch group by 1 having count(distinct "
                                "b.lane) > 1) x"),
                     0);
}
END_TEST

static const char *const deadly[] = {"record_crashes@poisoned", "record_hangs@poisoned"};

START_TEST(a_deadly_record_is_set_aside_and_its_neighbours_are_not)
{
    open_log();
    append_events(20);
    append(record_event(arena, 9999, today, "poisoned", ""));
    append_events(20);
    start_worker(0, "1", deadly[_i]);
    expect("select count(*) from event", (int64_t)number, 30);
    expect("select count(*) from poison where reason = 'the digest died of it three times'", 1, 5);
    ck_assert_int_eq(count_rows("select count(*) from poison where position('poisoned' in "
                                "encode(record, 'escape')) > 0"),
                     1);
    append_events(500);
    expect("select count(*) from event", (int64_t)number, 10);
    check_equations();
}
END_TEST

START_TEST(a_refused_record_is_set_aside_and_its_neighbours_are_not)
{
    ck_assert(pg_script(db, "alter table event add constraint event_title_check check (title <> "
                            "'refused')"));
    open_log();
    append_events(20);
    append(record_event(arena, 9999, today, "refused", ""));
    append_events(20);
    start_worker(0, "1", NULL);
    expect("select count(*) from event", (int64_t)number, 30);
    expect("select count(*) from poison where reason like '%event_title_check%'", 1, 5);
    check_equations();
}
END_TEST

START_TEST(a_schema_that_does_not_fit_blames_no_record)
{
    open_log();
    append_events(5);
    ck_assert(pg_script(db, "alter table issue_user rename to issue_user_gone"));
    start_worker(0, "1", NULL);
    usleep(1500000);
    ck_assert_int_eq(count_rows("select count(*) from event"), 0);
    ck_assert_int_eq(count_rows("select count(*) from poison"), 0);
    ck_assert(pg_script(db, "alter table issue_user_gone rename to issue_user"));
    expect("select count(*) from event", 5, 10);
    check_equations();
}
END_TEST

static const char *const moments[] = {"before_commit", "after_commit", "before_commit:3",
                                      "after_commit:3"};

START_TEST(a_death_around_the_commit_loses_and_doubles_nothing)
{
    char once[100];
    snprintf(once, sizeof(once), "%s/once", folder);
    close(open(once, O_CREAT | O_WRONLY, 0600));
    setenv("VEDETTE_FAULT_ONCE", once, 1);
    open_log();
    start_worker(0, "1", moments[_i]);
    for (int i = 0; i < 10; i++) {
        append_events(50);
        usleep(60000);
    }
    expect("select count(*) from event", (int64_t)number, 20);
    ck_assert_int_ne(access(once, F_OK), 0);
    check_equations();
    ck_assert_int_eq(count_rows("select count(*) from poison"), 0);
}
END_TEST

/* Children and connections die at random moments while events come. */
START_TEST(deaths_at_random_lose_and_double_nothing)
{
    char command[300];
    open_log();
    start_worker(0, "1", NULL);
    for (int i = 0; i < 18; i++) {
        append_events(60);
        usleep((useconds_t)(i * 7919 % 90000));
        snprintf(command, sizeof(command), "pkill -KILL -P %d", workers[0]);
        if (i % 3 == 0)
            ck_assert_int_ge(system(command), 0);
        else if (i % 3 == 1)
            ck_assert(pg_script(db, "select pg_terminate_backend(pid) from pg_stat_activity where "
                                    "application_name = 'vedette-digest' and datname = "
                                    "current_database()"));
    }
    expect("select count(*) from event", (int64_t)number, 60);
    check_equations();
    ck_assert_int_eq(count_rows("select count(*) from poison"), 0);
}
END_TEST

START_TEST(two_workers_race_for_one_log)
{
    open_log();
    start_worker(0, "1", NULL);
    start_worker(1, "1", NULL);
    for (int i = 0; i < 30; i++) {
        append_events(60);
        usleep(20000);
    }
    expect("select count(*) from event", (int64_t)number, 30);
    check_equations();
    ck_assert_int_eq(count_rows("select deadlocks from pg_stat_database where datname = "
                                "current_database()"),
                     0);
}
END_TEST

/* As the API changes issues: all rows locked in the order of their keys first. */
START_TEST(changes_of_issues_meanwhile_never_deadlock)
{
    open_log();
    start_worker(0, "2", NULL);
    struct pg *api = pg_open(database_conninfo, "api");
    for (int i = 0; i < 60; i++) {
        append_events(20);
        pg_reset(api);
        ck_assert(pg_script(api,
                            "begin; select from issue order by project_id, id for no key update;"
                            "update issue set status = 1 - least(status, 1), resolved_at = now();"
                            "update issue_stat set users_seen = users_seen; commit"));
    }
    expect("select count(*) from event", (int64_t)number, 30);
    check_equations();
    ck_assert_int_eq(count_rows("select deadlocks from pg_stat_database where datname = "
                                "current_database()"),
                     0);
    pg_close(api);
}
END_TEST

static int folders_below(const char *path)
{
    int found = 0;
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        found += entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return found;
}

START_TEST(logs_of_vanished_writers_are_drained_and_deleted)
{
    for (int i = 0; i < 3; i++) {
        open_log();
        append_events(30);
        eventlog_close(event_log);
    }
    open_log();
    ck_assert(pg_script(db, "insert into digest_lag values (7, 0, 0, 0, now())"));
    start_worker(0, "1", NULL);
    append_events(30);
    expect("select count(*) from event", (int64_t)number, 20);
    check_equations();
    expect("select count(*) from digest_lag where lane = 7", 0, 20);
    for (int i = 0; i < 60 && folders_below(logs) > 1; i++)
        sleep(1);
    ck_assert_int_eq(folders_below(logs), 1);
    append_events(30);
    expect("select count(*) from event", (int64_t)number, 20);
}
END_TEST

START_TEST(days_without_partitions_get_them)
{
    open_log();
    start_worker(0, "1", NULL);
    today -= 30 * CLOCK_DAY;
    append_events(3);
    today += 25 * CLOCK_DAY;
    append_events(3);
    expect("select count(*) from event", (int64_t)number, 10);
    check_equations();
}
END_TEST

/* ---- what earlier versions kept */

#define KEPT_TRACE "c76ce110c74e490d8c8eca838384c6f7"
enum { KEPT_LOGS = 250 };

/* A row as they wrote it; `payload` is SQL. */
static void keep(const char *type, uint64_t request, const char *header, const char *payload)
{
    ck_assert(pg_script(
        db, arena_printf(arena,
                         "insert into pending_item (project_id, key_id, request_id, received, "
                         "type, event_id, item_header, payload) values (1, 1, '%.*s', "
                         "to_timestamp(%lld / 1e6), '%s', '%.*s', '%s', %s)",
                         STR_ARG(uuid_text(arena, record_uuid(request))), (long long)today, type,
                         STR_ARG(uuid_text(arena, record_uuid(request))), header, payload)));
}

static const char *sql_bytes(struct str bytes)
{
    char *hex = arena_take(arena, 2 * bytes.n + 1);
    for (size_t i = 0; i < bytes.n; i++)
        snprintf(hex + 2 * i, 3, "%02x", (unsigned char)bytes.p[i]);
    return arena_printf(arena, "'\\x%.*s'", (int)(2 * bytes.n), hex);
}

/* A log, which once was a type of its own. */
static const char *kept_log(int index)
{
    return arena_printf(arena,
                        "'{\"traceId\":\"" KEPT_TRACE "\",\"timeUnixNano\":\"%lld000\",\"body\":"
                        "{\"stringValue\":\"%d\"}}'",
                        (long long)today, index);
}

static const char *kept_span(const char *id)
{
    return arena_printf(arena,
                        "{\"traceId\":\"" KEPT_TRACE "\",\"spanId\":\"%s\",\"name\":\"s\","
                        "\"startTimeUnixNano\":\"%lld000\",\"endTimeUnixNano\":\"%lld000\"}",
                        id, (long long)today - 1000, (long long)today);
}

/* All of the same request are one record. */
static void keep_all_kinds(void)
{
    keep("otel_span", 1, "{}", arena_printf(arena, "'%s'", kept_span("aaaaaaaaaaaaaaaa")));
    keep("otel_traces_data", 1, "{}",
         arena_printf(arena, "'{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s]}]}]}'",
                      kept_span("bbbbbbbbbbbbbbbb")));
    for (uint64_t i = 0; i < KEPT_LOGS; i++)
        keep("otel_log", 2 + i / 3, "{}", kept_log((int)i));
    keep("unreal_report", 1000, "{}", sql_bytes(unreal_packed(arena)));
    keep("attachment", 1001, "{\"filename\":\"a.txt\"}", "'hello'");
    keep("form_data", 1002, "{}", "'[]'");
    keep("statsd", 1003, "{}", "'a@b:1|c'");
    keep("nonsense", 1004, "{}", "'?'");
    keep("event", 1005, "{}", "'{\"message\":\"an event\"}'");
    /* Its request was digested a moment ago. */
    ck_assert(pg_script(db, "insert into recent_request select distinct request_id, now() from "
                            "pending_item"));
}

static void check_all_kinds(void)
{
    expect("select (to_regclass('pending_item') is null)::int", 1, 30);
    ck_assert_int_eq(count_rows("select count(*) from span"), 2);
    ck_assert_int_eq(count_rows("select count(distinct body) from log"), KEPT_LOGS);
    ck_assert_int_eq(count_rows("select count(*) from log"), KEPT_LOGS);
    ck_assert_int_eq(count_rows("select count(*) from event"), 2);
    ck_assert_int_eq(count_rows("select sum(times_seen) from issue_stat"), 2);
    ck_assert_int_eq(count_rows("select count(*) from attachment"), 3);
    ck_assert_int_eq(count_rows("select count(*) from user_report"), 1);
    ck_assert_int_eq(count_rows("select count(*) from outcome_hour"), 0);
    ck_assert_int_eq(count_rows("select count(*) from poison"), 0);
    ck_assert_int_eq(count_rows("select count(*) from log_cursor where log = '00000000-0000-0000-"
                                "0000-000000000000'"),
                     0);
}

START_TEST(what_was_kept_is_digested_first_and_once)
{
    keep_all_kinds();
    start_worker(0, "2", NULL);
    start_worker(1, "2", NULL);
    check_all_kinds();
    open_log();
    append_events(4);
    expect("select count(*) from event", 6, 10);
}
END_TEST

/* A backup, for one. */
START_TEST(who_reads_what_was_kept_holds_up_no_event)
{
    struct pg *reader = pg_open(database_conninfo, "reader");
    keep("event", 2000, "{}", "'{\"message\":\"an event\"}'");
    ck_assert(pg_script(reader, "begin; select from pending_item"));
    start_worker(0, "1", NULL);
    open_log();
    append_events(4);
    expect("select count(*) from event", 5, 10);
    ck_assert_int_eq(count_rows("select (to_regclass('pending_item') is null)::int"), 0);
    ck_assert(pg_script(reader, "commit"));
    pg_close(reader);
    stop_workers();
    start_worker(0, "1", NULL);
    expect("select (to_regclass('pending_item') is null)::int", 1, 10);
    ck_assert_int_eq(count_rows("select count(*) from event"), 5);
}
END_TEST

START_TEST(a_death_doubles_nothing_of_what_was_kept)
{
    char once[100];
    snprintf(once, sizeof(once), "%s/once", folder);
    close(open(once, O_CREAT | O_WRONLY, 0600));
    setenv("VEDETTE_FAULT_ONCE", once, 1);
    keep_all_kinds();
    start_worker(0, "1", moments[_i]);
    check_all_kinds();
    ck_assert_int_ne(access(once, F_OK), 0);
}
END_TEST

START_TEST(a_deadly_item_that_was_kept_is_set_aside)
{
    keep_all_kinds();
    keep("event", 1006, "{}", "'{\"message\":\"poisoned\"}'");
    keep("event", 1007, "{}", "'{\"message\":\"another event\"}'");
    start_worker(0, "1", deadly[_i]);
    expect("select (to_regclass('pending_item') is null)::int", 1, 40);
    ck_assert_int_eq(count_rows("select count(*) from event"), 3);
    ck_assert_int_eq(count_rows("select count(*) from log"), KEPT_LOGS);
    ck_assert_int_eq(count_rows("select count(*) from poison where position('poisoned' in "
                                "encode(record, 'escape')) > 0"),
                     1);
}
END_TEST

START_TEST(a_refused_item_that_was_kept_is_set_aside)
{
    ck_assert(pg_script(db, "alter table event add constraint event_title_check check (title <> "
                            "'refused')"));
    keep("event", 1006, "{}", "'{\"message\":\"refused\"}'");
    keep_all_kinds();
    start_worker(0, "1", NULL);
    expect("select (to_regclass('pending_item') is null)::int", 1, 40);
    ck_assert_int_eq(count_rows("select count(*) from event"), 2);
    expect("select count(*) from poison where reason like '%event_title_check%'", 1, 1);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, what_is_in_the_log_is_soon_in_the_database);
    tcase_add_test(tc, settings_count_from_their_change);
    tcase_add_test(tc, settings_of_many_projects_count_at_once);
    tcase_add_test(tc, settings_that_change_without_end_hold_up_nothing);
    tcase_add_test(tc, lanes_share_the_projects);
    tcase_add_loop_test(tc, a_deadly_record_is_set_aside_and_its_neighbours_are_not, 0,
                        COUNT_OF(deadly));
    tcase_add_test(tc, a_refused_record_is_set_aside_and_its_neighbours_are_not);
    tcase_add_test(tc, a_schema_that_does_not_fit_blames_no_record);
    tcase_add_loop_test(tc, a_death_around_the_commit_loses_and_doubles_nothing, 0,
                        COUNT_OF(moments));
    tcase_add_test(tc, deaths_at_random_lose_and_double_nothing);
    tcase_add_test(tc, two_workers_race_for_one_log);
    tcase_add_test(tc, changes_of_issues_meanwhile_never_deadlock);
    tcase_add_test(tc, logs_of_vanished_writers_are_drained_and_deleted);
    tcase_add_test(tc, days_without_partitions_get_them);
    tcase_add_test(tc, what_was_kept_is_digested_first_and_once);
    tcase_add_test(tc, who_reads_what_was_kept_holds_up_no_event);
    tcase_add_loop_test(tc, a_death_doubles_nothing_of_what_was_kept, 0, COUNT_OF(moments));
    tcase_add_loop_test(tc, a_deadly_item_that_was_kept_is_set_aside, 0, COUNT_OF(deadly));
    tcase_add_test(tc, a_refused_item_that_was_kept_is_set_aside);
}

int main(int argc, char **argv)
{
    (void)argc;
    return database_suite_run(argv[0], "digest_lane", add_tests);
}
