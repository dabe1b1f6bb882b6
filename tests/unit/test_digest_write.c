#include "worker/digest/write.h"

#include "base/settings.h"
#include "storage/event_body.h"
#include "tests/unit/digesting.h"
#include "worker/jobs/runner.h"

/* What must agree for every issue, whatever happened (the equations of the crash test). */
static void check_equations(void)
{
    static const char *const wrong[] = {
        "select count(*) from issue_stat s where times_seen <> (select count(*) from event e where "
        "e.project_id = s.project_id and e.issue_id = s.issue_id)",
        "select count(*) from issue_stat s where times_seen <> (select coalesce(sum(events), 0) "
        "from "
        "issue_hour h where h.project_id = s.project_id and h.issue_id = s.issue_id)",
        "select count(*) from issue_stat s where times_seen <> (select coalesce(sum(events), 0) "
        "from "
        "issue_day d where d.project_id = s.project_id and d.issue_id = s.issue_id)",
        "select count(*) from issue_stat s where users_seen <> (select count(distinct user_hash) "
        "from "
        "event e where e.project_id = s.project_id and e.issue_id = s.issue_id)",
        "select abs((select count(*) from event) - (select count(*) from event_body))",
        "select abs((select count(*) from event) - (select coalesce(sum(quantity), 0) from "
        "outcome_hour "
        "where category = 2 and outcome = 0))",
        "select abs((select coalesce(sum(quantity), 0) from outcome_day) - (select "
        "coalesce(sum(quantity), 0) from outcome_hour))",
    };
    for (int i = 0; i < COUNT_OF(wrong); i++)
        ck_assert_msg(count(wrong[i]) == 0, "%s", wrong[i]);
}

START_TEST(an_event_is_stored_with_everything_that_follows)
{
    add(record_event(
        arena, 1, day, "boom",
        ",\"release\":\"web@1.0\",\"environment\":\"production\",\"user\":{\"id\":\"7\"},"
        "\"tags\":{\"color\":\"red\"}"));
    stored();
    ck_assert_int_eq(
        count("select count(*) from event where tags ->> 'color' = 'red' and platform = "
              "'python' and release_id is not null and user_hash is not null"),
        1);
    ck_assert_text(database_text(db, arena,
                                 "select title || ' ' || short_id || ' ' || priority || ' ' "
                                 "|| status || ' ' || substatus from issue"),
                   "boom 1 75 0 7");
    ck_assert_text(
        database_text(db, arena, "select times_seen || ' ' || users_seen from issue_stat"), "1 1");
    ck_assert_text(database_text(db, arena, "select name from environment"), "production");
    ck_assert_int_eq(count("select count(*) from release join release_project on release_id = id "
                           "where version = 'web@1.0' and last_event is not null"),
                     1);
    ck_assert_int_eq(count("select count(*) from project where first_event is not null"), 1);
    ck_assert_text(database_text(db, arena, "select type from activity"), "first_seen");
    ck_assert_int_eq(count("select position from log_cursor"), position);
    check_equations();
}
END_TEST

START_TEST(a_body_can_be_read_again)
{
    add(record_event(arena, 1, day, "boom", ",\"extra\":{\"a\":[1,2,3]}"));
    stored();
    struct rows *r = pg_query_built(db, arena, S("select codec, body from event_body"), NULL, 0);
    ck_assert(rows_next(r));
    struct str json = event_body_decode(arena, (int)rows_int(r, 0), rows_bytes(r, 1, arena));
    ck_assert(str_has(json, S("[1,2,3]")));
}
END_TEST

/* Settings count from the moment they are changed, even for what was understood before. */
START_TEST(changed_settings_have_the_batch_filled_again)
{
    struct log_record *record =
        record_event(arena, 1, day, "boom", ",\"extra\":{\"password\":\"x\"}");
    int64_t first = position;
    add(record);
    ck_assert(pg_script(db, "update project set options = '{\"dataScrubber\": false}',"
                            " settings_version = 1 where id = 1"));
    ck_assert_int_eq(batch_write(batch, db, scratch), WRITE_OUTDATED);
    ck_assert_int_eq(count("select count(*) from event"), 0);
    ck_assert(batch_load_policies(batch, db, scratch));
    position = first;
    batch_begin(batch, log_id, position);
    add(record);
    stored();
    struct rows *r = pg_query_built(db, arena, S("select codec, body from event_body"), NULL, 0);
    ck_assert(rows_next(r));
    struct str json = event_body_decode(arena, (int)rows_int(r, 0), rows_bytes(r, 1, arena));
    ck_assert(str_has(json, S("\"password\":\"x\"")));
    check_equations();
}
END_TEST

/* Settings that were loaded lately will do in the end; the usual ones never do in their place. */
START_TEST(a_batch_without_end_of_changes_is_stored)
{
    static const int64_t ids[] = {1};
    int64_t begun = clock_monotonic(), first = position;
    struct log_record *record = record_event(arena, 1, day, "boom", "");
    add(record);
    ck_assert(pg_script(db, "update organization set settings_version = 1"));
    batch->settled = begun;
    ck_assert_int_eq(batch_write(batch, db, scratch), WRITE_OUTDATED);
    ck_assert(policies_load(policies, db, scratch, ids, 1));
    position = first;
    batch_begin(batch, log_id, position);
    add(record);
    ck_assert(pg_script(db, "update organization set settings_version = 2"));
    ck_assert_int_eq(batch_write(batch, db, scratch), WRITE_OUTDATED);
    batch->settled = begun;
    stored();
    ck_assert_int_eq(count("select count(*) from event"), 1);
}
END_TEST

START_TEST(what_is_filtered_is_counted)
{
    ck_assert(pg_script(db, "update project set options = '{\"sentry:releases\": [\"1.*\"]}',"
                            " settings_version = 1 where id = 1"));
    static const int64_t ids[] = {1};
    ck_assert(policies_load(policies, db, scratch, ids, 1));
    add(record_event(arena, 1, day, "boom", ",\"release\":\"1.2\""));
    add(record_event(arena, 2, day, "boom", ",\"release\":\"2.0\""));
    stored();
    ck_assert_int_eq(count("select count(*) from event"), 1);
    ck_assert_int_eq(count("select sum(quantity) from outcome_hour where outcome = 1"
                           " and reason = 'release-version'"),
                     1);
    check_equations();
}
END_TEST

START_TEST(without_a_scrubber_nothing_is_stored)
{
    ck_assert(pg_script(db, "update project set options = '{\"relayPiiConfig\": \"{\"}',"
                            " settings_version = 1 where id = 1"));
    static const int64_t ids[] = {1};
    ck_assert(policies_load(policies, db, scratch, ids, 1));
    add(record_event(arena, 1, day, "boom", ""));
    stored();
    ck_assert_int_eq(count("select count(*) from event"), 0);
    ck_assert_int_eq(count("select sum(quantity) from outcome_hour where outcome = 3"
                           " and reason = 'project_state_pii'"),
                     1);
}
END_TEST

START_TEST(a_double_counts_once)
{
    add(record_event(arena, 1, day, "boom", ""));
    add(record_event(arena, 1, day + 5, "boom", ""));
    add(record_event(arena, 2, day - CLOCK_DAY, "boom", ""));
    stored();
    add(record_event(arena, 1, day + 6, "boom", ""));
    add(record_event(arena, 2, day, "boom", ""));
    add(record_event(arena, 3, day, "boom", ""));
    stored();
    ck_assert_int_eq(count("select count(*) from event"), 3);
    ck_assert_int_eq(count("select times_seen from issue_stat"), 3);
    ck_assert_int_eq(count("select sum(quantity) from outcome_hour where outcome = 7"), 3);
    check_equations();
}
END_TEST

START_TEST(the_same_id_in_another_project_is_another_event)
{
    add(record_event(arena, 1, day, "boom", ""));
    struct log_record *other = record_event(arena, 1, day, "boom", "");
    other->project_id = 2;
    add(other);
    stored();
    ck_assert_int_eq(count("select count(*) from event"), 2);
    ck_assert_int_eq(count("select count(*) from issue where short_id = 1"), 2);
    check_equations();
}
END_TEST

START_TEST(a_batch_is_stored_once)
{
    add(record_event(arena, 1, day, "boom", ""));
    ck_assert_int_eq(batch_write(batch, db, scratch), WRITE_DONE);
    ck_assert_int_eq(batch_write(batch, db, scratch), WRITE_MOVED);
    ck_assert_int_eq(count("select times_seen from issue_stat"), 1);
    check_equations();
}
END_TEST

START_TEST(issues_are_numbered_by_their_first_events)
{
    const char *names[] = {"a", "b", "a", "c"};
    for (uint64_t i = 0; i < 4; i++)
        add(record_event(arena, i + 1, day + (int64_t)i, names[i], ""));
    stored();
    add(record_event(arena, 9, day + 9, "d", ""));
    stored();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(title || short_id, ' ' order by "
                                 "short_id) from issue"),
                   "a1 b2 c3 d4");
    check_equations();
}
END_TEST

START_TEST(users_are_counted_exactly)
{
    for (uint64_t i = 0; i < 100; i++)
        add(record_event(arena, i + 1, day + (int64_t)i, i % 2 ? "odd" : "even",
                         arena_printf(arena, ",\"user\":{\"id\":\"%d\"}", (int)(i % 10))));
    stored();
    for (uint64_t i = 0; i < 40; i++)
        add(record_event(arena, i + 201, day + (int64_t)i, "even",
                         arena_printf(arena, ",\"user\":{\"id\":\"%d\"}", (int)(i % 20))));
    stored();
    ck_assert_int_eq(
        count("select users_seen from issue_stat join issue on id = issue_id where title "
              "= 'odd'"),
        5);
    ck_assert_int_eq(
        count("select users_seen from issue_stat join issue on id = issue_id where title "
              "= 'even'"),
        20);
    ck_assert_int_eq(count("select sum(round(#users)) from issue_day"), 25);
    check_equations();
}
END_TEST

START_TEST(an_issue_looks_like_its_newest_event)
{
    add(record_event(arena, 1, day, "boom", ",\"level\":\"info\""));
    stored();
    ck_assert_int_eq(count("select level from issue"), 20);
    struct log_record *late = record_event(arena, 2, day - 100, "boom", ",\"level\":\"error\"");
    add(late);
    stored();
    ck_assert_int_eq(count("select level from issue"), 20);
    add(record_event(arena, 3, day + 100, "boom", ",\"level\":\"error\""));
    stored();
    ck_assert_int_eq(count("select level from issue"), 40);
}
END_TEST

START_TEST(an_issue_began_with_its_oldest_event)
{
    static const char began[] =
        "select (extract(epoch from i.first_seen) * 1e6)::bigint from issue i "
        "  join activity a on a.issue_id = i.id and a.date_created = i.first_seen";
    static const char *const releases[] = {"later", "first", "last"};
    static const int64_t seconds[] = {0, -100, 100};
    for (int i = 0; i < COUNT_OF(seconds); i++) {
        add(record_event(arena, (uint64_t)i + 1, day + seconds[i] * CLOCK_SECOND, "boom",
                         arena_printf(arena, ",\"release\":\"%s\"", releases[i])));
        stored();
    }
    ck_assert_int_eq(count(began), day - 100 * CLOCK_SECOND);
    ck_assert_text(
        database_text(db, arena,
                      "select version from issue join release r on r.id = first_release_id"),
        "first");
}
END_TEST

START_TEST(a_deleted_issue_leaves_no_trap)
{
    add(record_event(arena, 1, day, "boom", ""));
    stored();
    ck_assert(pg_script(db, "delete from issue"));
    add(record_event(arena, 2, day, "boom", ""));
    stored();
    ck_assert_int_eq(count("select count(*) from issue join issue_hash on issue_id = id"), 1);
    ck_assert_int_eq(count("select times_seen from issue_stat join issue on id = issue_id"), 1);
}
END_TEST

START_TEST(an_event_of_a_lost_project_is_only_counted)
{
    struct log_record *record = record_event(arena, 1, day, "boom", "");
    record->project_id = 77;
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from event"), 0);
    ck_assert_text(database_text(db, arena, "select outcome || reason from outcome_hour"),
                   "3project_id");
}
END_TEST

START_TEST(refused_items_are_counted_with_their_reason)
{
    struct log_record *record = record_event(arena, 1, day, "boom", "");
    record->items[0].verdict = OUTCOME_RATE_LIMITED;
    record->items[0].reason = S("key_quota");
    add(record);
    add(record_of(arena, ITEM_EVENT, 2, day, S("not json")));
    stored();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(outcome || reason || quantity, ' ' order "
                                 "by outcome) from outcome_hour"),
                   "2key_quota1 3invalid_json1");
    ck_assert_int_eq(count("select count(*) from event"), 0);
}
END_TEST

/* A category nobody knows is of a newer version: the type's then. */
START_TEST(refused_items_may_count_in_another_category)
{
    for (uint64_t i = 0; i < 2; i++) {
        struct log_record *record = record_event(arena, i, day, "boom", "");
        record->items[0].verdict = OUTCOME_RATE_LIMITED;
        record->items[0].category = i ? CATEGORY_COUNT : CATEGORY_SPAN;
        record->items[0].quantity = 3;
        add(record);
    }
    stored();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(category || ':' || quantity, ' ' order "
                                 "by category) from outcome_hour"),
                   "2:3 11:3 20:3");
}
END_TEST

START_TEST(what_is_no_record_is_set_aside)
{
    position += 8;
    batch_add(batch, scratch, S("nonsense"), position);
    add(record_event(arena, 1, day, "boom", ""));
    stored();
    ck_assert_text(
        database_text(db, arena, "select position || encode(record, 'escape') from poison"),
        "0nonsense");
    ck_assert_int_eq(count("select count(*) from event"), 1);
}
END_TEST

START_TEST(values_the_database_refuses_are_the_records_fault)
{
    add(record_event(arena, 1, day, "boom", ""));
    batch->events->event.title = S("bad \xff byte");
    ck_assert_int_eq(write_batch(), WRITE_REFUSED);
    ck_assert_int_eq(count("select count(*) from issue"), 0);
    ck_assert_int_eq(count("select position from log_cursor"), 0);
}
END_TEST

START_TEST(the_database_going_is_nobodys_fault)
{
    struct pg *other = pg_open(database_conninfo, "other");
    add(record_event(arena, 1, day, "boom", ""));
    ck_assert(pg_script(other, "select pg_terminate_backend(pid, 5000) from pg_stat_activity where "
                               "application_name = 'test' and datname = current_database()"));
    ck_assert_int_eq(batch_write(batch, db, scratch), WRITE_AWAY);
    usleep(1100000);
    ck_assert_int_eq(batch_write(batch, db, scratch), WRITE_DONE);
    check_equations();
    pg_close(other);
}
END_TEST

static const struct {
    const char *name, *type, *current; /* of issue_resolution; NULL: no row, null */
    int64_t after_us;                  /* receive time of the event, after the resolution */
    const char *release;
    bool back;
} regressions[] = {
    {"later", NULL, NULL, CLOCK_SECOND * 60, "", true},
    {"earlier", NULL, NULL, -CLOCK_SECOND * 60, "", false},
    {"in release, older", "0", NULL, CLOCK_SECOND * 60, "web@1.9", false},
    {"in release, same", "0", NULL, CLOCK_SECOND * 60, "web@2.0", true},
    {"in release, newer", "0", NULL, CLOCK_SECOND * 60, "web@2.1", true},
    {"in release, none", "0", NULL, CLOCK_SECOND * 60, "", false},
    {"next release, same", "1", "'web@2.0'", CLOCK_SECOND * 60, "web@2.0", false},
    {"next release, newer", "1", "'web@2.0'", CLOCK_SECOND * 60, "web@3.0", true},
};

START_TEST(a_resolved_issue_comes_back)
{
    int64_t resolved = day + 1000 * (int64_t)CLOCK_SECOND;
    const char *release = regressions[_i].release;
    add(record_event(arena, 1, day, "boom", ",\"release\":\"web@2.0\""));
    stored();
    int64_t id = count("select id from release");
    ck_assert(pg_script(db, arena_printf(arena, "update issue set status = 1, resolved_at = '%s'",
                                         pg_time(arena, resolved))));
    const char *current = regressions[_i].current;
    if (regressions[_i].type)
        ck_assert(pg_script(
            db, arena_printf(arena,
                             "insert into issue_resolution (project_id, issue_id, type, "
                             "status, release_id, current_release_version, date_created) "
                             "select project_id, id, %s, 0, %lld, %s, now() from issue",
                             regressions[_i].type, (long long)id, current ? current : "null")));
    add(record_event(arena, 2, resolved + regressions[_i].after_us, "boom",
                     *release ? arena_printf(arena, ",\"release\":\"%s\"", release) : ""));
    stored();
    ck_assert_msg(count("select status from issue") == !regressions[_i].back, "%s",
                  regressions[_i].name);
    ck_assert_int_eq(count("select count(*) from activity where type = 'set_regression'"),
                     regressions[_i].back);
    if (regressions[_i].back)
        ck_assert_int_eq(
            count("select (select count(*) from issue_resolution) * 100 + substatus from "
                  "issue"),
            6);
}
END_TEST

static const struct {
    const char *name, *condition; /* column and value of issue_snooze */
    bool back;
} snoozes[] = {
    {"until, over", "until = now() - interval '1 second'", true},
    {"until, not yet", "until = now() + interval '1 day'", false},
    {"count reached", "count = 2", true},
    {"count not reached", "count = 3", false},
    {"count in window", "count = 3, \"window\" = 100000", true},
    {"count past window", "count = 3, \"window\" = 1", false},
    {"users reached", "user_count = 2", true},
    {"users not reached", "user_count = 3", false},
    {"users in window", "user_count = 2, user_window = 100000", true},
    {"forever", "count = null", false},
};

START_TEST(an_archived_issue_comes_back_when_its_condition_is_met)
{
    int64_t old = day - 2 * CLOCK_DAY;
    add(record_event(arena, 1, old, "boom", ",\"user\":{\"id\":\"1\"}"));
    stored();
    ck_assert(pg_script(db,
                        "update issue set status = 2, substatus = 4;"
                        "insert into issue_snooze (project_id, issue_id, times_seen_before, "
                        "users_seen_before) select project_id, issue_id, 1, 0 from issue_stat"));
    ck_assert(
        pg_script(db, arena_printf(arena, "update issue_snooze set %s", snoozes[_i].condition)));
    add(record_event(arena, 2, old + 1, "boom", ",\"user\":{\"id\":\"1\"}"));
    add(record_event(arena, 3, old + 2, "boom", ",\"user\":{\"id\":\"2\"}"));
    stored();
    ck_assert_msg(count("select status from issue") == (snoozes[_i].back ? 0 : 2), "%s",
                  snoozes[_i].name);
    ck_assert_int_eq(count("select count(*) from issue_snooze"), !snoozes[_i].back);
    ck_assert_int_eq(count("select count(*) from activity where type = 'set_unresolved'"),
                     snoozes[_i].back);
}
END_TEST

static void run_jobs(void)
{
    runner_begin(db, arena);
    while (runner_step(db, scratch))
        continue;
}

START_TEST(tags_are_counted_by_a_job)
{
    for (uint64_t i = 0; i < 20; i++)
        add(record_event(arena, i + 1, day + (int64_t)i, "boom",
                         i % 2 ? ",\"tags\":{\"color\":\"red\"}"
                               : ",\"tags\":{\"color\":\"blue\"}"));
    stored();
    run_jobs();
    add(record_event(arena, 50, day, "boom", ",\"tags\":{\"color\":\"red\"}"));
    stored();
    ck_assert(pg_script(db, "update job set run_at = now()"));
    run_jobs();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(value || events, ' ' order by value) "
                                 "from issue_tag where key = 'color'"),
                   "blue10 red11");
    ck_assert_int_eq(count("select value_count from issue_tag_key where key = 'color'"), 2);
    ck_assert_int_eq(count("select count(*) from digest_batch"), 0);
}
END_TEST

START_TEST(tags_wait_for_events_but_not_for_long)
{
    add(record_event(arena, 1, day, "boom", ",\"tags\":{\"color\":\"red\"}"));
    stored();
    ck_assert(pg_script(db, "insert into digest_lag values (0, 10, 1, 1, now())"));
    run_jobs();
    ck_assert_int_eq(count("select count(*) from issue_tag"), 0);
    ck_assert_int_eq(count("select count(*) from digest_batch"), 1);
    ck_assert(pg_script(db, "update digest_batch set committed = now() - interval '31 seconds';"
                            "update job set run_at = now()"));
    run_jobs();
    ck_assert_int_eq(count("select events from issue_tag where key = 'color'"), 1);
}
END_TEST

START_TEST(a_tag_of_too_many_values_is_capped)
{
    for (uint64_t i = 0; i < 700; i++) {
        add(record_event(arena, i + 1, day + (int64_t)i, "boom",
                         arena_printf(arena, ",\"tags\":{\"order\":\"n%d\"}", (int)i % 350)));
        if (i % 100 == 99) {
            stored();
            run_jobs();
            ck_assert(pg_script(db, "update job set run_at = now()"));
        }
    }
    run_jobs();
    ck_assert_int_eq(count("select count(*) from issue_tag where key = 'order' and value <> ''"),
                     300);
    ck_assert_int_eq(count("select sum(events) from issue_tag where key = 'order'"), 700);
    ck_assert_int_eq(count("select events from issue_tag where key = 'order' and value = ''"), 100);
    ck_assert_int_eq(count("select value_count from issue_tag_key where key = 'order'"), 300);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_event_is_stored_with_everything_that_follows);
    tcase_add_test(tc, a_body_can_be_read_again);
    tcase_add_test(tc, changed_settings_have_the_batch_filled_again);
    tcase_add_test(tc, a_batch_without_end_of_changes_is_stored);
    tcase_add_test(tc, what_is_filtered_is_counted);
    tcase_add_test(tc, without_a_scrubber_nothing_is_stored);
    tcase_add_test(tc, a_double_counts_once);
    tcase_add_test(tc, the_same_id_in_another_project_is_another_event);
    tcase_add_test(tc, a_batch_is_stored_once);
    tcase_add_test(tc, issues_are_numbered_by_their_first_events);
    tcase_add_test(tc, users_are_counted_exactly);
    tcase_add_test(tc, an_issue_looks_like_its_newest_event);
    tcase_add_test(tc, an_issue_began_with_its_oldest_event);
    tcase_add_test(tc, a_deleted_issue_leaves_no_trap);
    tcase_add_test(tc, an_event_of_a_lost_project_is_only_counted);
    tcase_add_test(tc, refused_items_are_counted_with_their_reason);
    tcase_add_test(tc, refused_items_may_count_in_another_category);
    tcase_add_test(tc, what_is_no_record_is_set_aside);
    tcase_add_test(tc, values_the_database_refuses_are_the_records_fault);
    tcase_add_test(tc, the_database_going_is_nobodys_fault);
    tcase_add_loop_test(tc, a_resolved_issue_comes_back, 0, COUNT_OF(regressions));
    tcase_add_loop_test(tc, an_archived_issue_comes_back_when_its_condition_is_met, 0,
                        COUNT_OF(snoozes));
    tcase_add_test(tc, tags_are_counted_by_a_job);
    tcase_add_test(tc, tags_wait_for_events_but_not_for_long);
    tcase_add_test(tc, a_tag_of_too_many_values_is_capped);
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "digest_write", add_tests);
}
