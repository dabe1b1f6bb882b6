#include "ingest/quotas.h"

#include "base/clock.h"
#include "tests/unit/database.h"

/* 2026-11-21 12:00:00 */
#define NOON (INT64_C(1795262400) * CLOCK_SECOND)

static struct arena *arena;
static struct pg *db;
static struct quotas *quotas;
static struct rates *rates;

static void set_up(void)
{
    arena = arena_new(64 << 20);
    db = database_migrated();
    clock_pin(NOON);
    rates = rates_new();
    quotas = quotas_new(rates);
    ck_assert(pg_script(
        db, "insert into organization (slug, name, date_created) values ('one', 'One', now());"
            "insert into project (organization_id, slug, name, date_created) values"
            " (1, 'web', 'Web', now()), (1, 'api', 'Api', now())"));
}

static void tear_down(void)
{
    clock_pin(0);
    quotas_free(quotas);
    rates_free(rates);
    pg_close(db);
    arena_free(arena);
}

static void refresh(void)
{
    quotas_refresh(quotas, db, arena);
    ck_assert_int_eq(pg_failed(db), PG_OK);
}

/* `project` is "null" or a number. */
static void add(const char *project, const char *categories, const char *period, int64_t most)
{
    ck_assert(pg_script(db, arena_printf(arena,
                                         "insert into quota (organization_id, project_id, "
                                         "categories, period, most, date_created) values (1, %s, "
                                         "'{%s}', '%s', %lld, now())",
                                         project, categories, period, (long long)most)));
    refresh();
}

static struct quota_verdict take(int64_t project, enum category category, int64_t quantity)
{
    struct quota_demand one = {.category = category, .quantity = quantity};
    return quotas_take(quotas, arena, project, &one, 1);
}

/* One settles no more often than twice a second. */
static void settle(void)
{
    usleep(510 * 1000);
    refresh();
}

static int64_t used(void)
{
    settle();
    return database_int(db, arena, "select coalesce(sum(used), 0) from quota_usage");
}

START_TEST(without_quotas_everything_passes)
{
    refresh();
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 1000000).retry, 0);
}
END_TEST

START_TEST(errors_are_everything_that_becomes_an_issue)
{
    add("1", "error", "minute", 2);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 1).retry, 0);
    ck_assert_int_eq(take(1, CATEGORY_SECURITY, 1).retry, 0);
    struct quota_verdict v = take(1, CATEGORY_DEFAULT, 1);
    ck_assert_int_eq(v.retry, 60);
    ck_assert_text(v.header, "60:default;error;security:project:project_quota");
    ck_assert_int_eq(take(1, CATEGORY_TRANSACTION, 1).retry, 0);
    ck_assert_int_eq(take(2, CATEGORY_ERROR, 1).retry, 0);
}
END_TEST

START_TEST(projects_share_what_their_organization_has)
{
    add("null", "", "day", 3);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 2).retry, 0);
    ck_assert_int_eq(take(2, CATEGORY_SESSION, 1).retry, 0);
    ck_assert_text(take(1, CATEGORY_LOG_ITEM, 1).header, "300::organization:organization_quota");
    ck_assert_int_eq(used(), 3);
}
END_TEST

/* All are asked, all that are exhausted are told, and nothing is taken from those that are not. */
START_TEST(an_exhausted_quota_takes_nothing_from_another)
{
    add("1", "error", "minute", 1);
    add("null", "error", "hour", 10);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 1).retry, 0);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 1).retry, 60);
    ck_assert_int_eq(take(2, CATEGORY_ERROR, 9).retry, 0);
    ck_assert_text(take(1, CATEGORY_ERROR, 1).header,
                   "60:default;error;security:project:project_quota, "
                   "300:default;error;security:organization:organization_quota");
    ck_assert_int_eq(used(), 11);
}
END_TEST

START_TEST(demands_are_refused_one_by_one)
{
    add("1", "attachment", "minute", 10);
    struct quota_demand both[] = {{.category = CATEGORY_ERROR, .quantity = 1},
                                  {.category = CATEGORY_ATTACHMENT, .quantity = 11}};
    ck_assert_int_eq(quotas_take(quotas, arena, 1, both, 2).retry, 60);
    ck_assert(!both[0].reason.p);
    ck_assert_text(both[1].reason, "project_quota");
    ck_assert_int_eq(take(1, CATEGORY_ATTACHMENT, 10).retry, 0);
}
END_TEST

/* It is a project's quota of an hour, with a reason of its own, for as long as it is switched on.
 */
START_TEST(spike_protection_is_a_quota_that_can_be_switched_off)
{
    add("1", "error", "hour", 2);
    ck_assert(pg_script(db, "update quota set is_spike_protection = true"));
    refresh();
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 10).retry, 0);
    ck_assert(pg_script(db, "update project set options = '{\"spikeProtection\": true}'"));
    refresh();
    struct quota_demand three = {.category = CATEGORY_SECURITY, .quantity = 3};
    ck_assert_text(quotas_take(quotas, arena, 1, &three, 1).header,
                   "300:default;error;security:project:spike_protection");
    ck_assert_text(three.reason, "spike_protection");
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 2).retry, 0);
    ck_assert_int_eq(take(2, CATEGORY_ERROR, 10).retry, 0);
    ck_assert(pg_script(db, "update project set options = '{\"spikeProtection\": false}'"));
    refresh();
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 10).retry, 0);
}
END_TEST

START_TEST(nothing_asks_whether_there_is_anything_left)
{
    add("1", "profile_duration", "hour", 1);
    add("null", "profile_duration", "hour", 2);
    ck_assert_int_eq(take(1, CATEGORY_PROFILE_DURATION, 0).retry, 0);
    ck_assert_int_eq(take(1, CATEGORY_PROFILE_DURATION, 1).retry, 0);
    ck_assert_int_gt(take(1, CATEGORY_PROFILE_DURATION, 0).retry, 0);
    ck_assert_int_eq(take(2, CATEGORY_PROFILE_DURATION, 1).retry, 0);
    ck_assert_text(take(1, CATEGORY_PROFILE_DURATION, 0).header,
                   "300:profile_duration:project:project_quota, "
                   "300:profile_duration:organization:organization_quota");
}
END_TEST

START_TEST(nothing_allowed_is_said_to_last_a_minute)
{
    add("1", "monitor", "month", 0);
    ck_assert_text(take(1, CATEGORY_MONITOR, 1).header, "60:monitor:project:project_quota");
}
END_TEST

static const struct {
    enum quota_period period;
    int64_t later; /* seconds until the period is surely another */
} periods[] = {
    {QUOTA_MINUTE, 60}, {QUOTA_HOUR, 3600}, {QUOTA_DAY, 43200}, {QUOTA_MONTH, 823 * 1000}};

START_TEST(a_new_period_begins_anew)
{
    struct str name = quota_period_name(periods[_i].period);
    struct quota_slot slot = quota_slot_of(periods[_i].period, NOON);
    add("1", "error", arena_strdup(arena, name), 1);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 1).retry, 0);
    clock_pin(slot.ends - 1);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 1).retry, 1);
    clock_pin(slot.ends);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 1).retry, 0);
    ck_assert_int_le(slot.ends, NOON + periods[_i].later * CLOCK_SECOND);
    ck_assert_int_eq(quota_slot_of(periods[_i].period, slot.ends).number, slot.number + 1);
}
END_TEST

/* Two hosts with memory of their own: each hears of the other when it settles. */
START_TEST(hosts_share_a_quota)
{
    struct rates *other_rates = rates_new();
    struct quotas *other = quotas_new(other_rates);
    struct quota_demand ten = {.category = CATEGORY_ERROR, .quantity = 10};
    add("1", "error", "day", 25);
    quotas_refresh(other, db, arena);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 10).retry, 0);
    ck_assert_int_eq(quotas_take(other, arena, 1, &ten, 1).retry, 0);
    settle();
    quotas_refresh(other, db, arena);
    ck_assert_int_gt(quotas_take(other, arena, 1, &ten, 1).retry, 0);
    settle();
    ck_assert_int_gt(take(1, CATEGORY_ERROR, 6).retry, 0);
    ck_assert_int_eq(take(1, CATEGORY_ERROR, 5).retry, 0);
    ck_assert_int_eq(used(), 25);
    quotas_free(other);
    rates_free(other_rates);
}
END_TEST

START_TEST(a_restart_forgets_nothing)
{
    add("1", "error", "day", 3);
    take(1, CATEGORY_ERROR, 2);
    settle();
    struct rates *fresh = rates_new();
    struct quotas *again = quotas_new(fresh);
    struct quota_demand two = {.category = CATEGORY_ERROR, .quantity = 2};
    quotas_refresh(again, db, arena);
    ck_assert_int_gt(quotas_take(again, arena, 1, &two, 1).retry, 0);
    quotas_free(again);
    rates_free(fresh);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, without_quotas_everything_passes);
    tcase_add_test(tc, errors_are_everything_that_becomes_an_issue);
    tcase_add_test(tc, projects_share_what_their_organization_has);
    tcase_add_test(tc, an_exhausted_quota_takes_nothing_from_another);
    tcase_add_test(tc, demands_are_refused_one_by_one);
    tcase_add_test(tc, spike_protection_is_a_quota_that_can_be_switched_off);
    tcase_add_test(tc, nothing_asks_whether_there_is_anything_left);
    tcase_add_test(tc, nothing_allowed_is_said_to_last_a_minute);
    tcase_add_loop_test(tc, a_new_period_begins_anew, 0, COUNT_OF(periods));
    tcase_add_test(tc, hosts_share_a_quota);
    tcase_add_test(tc, a_restart_forgets_nothing);
}

int main(int argc, char **argv)
{
    (void)argc;
    return database_suite_run(argv[0], "quotas", add_tests);
}
