#include "ingest/rates.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/unit/suite.h"

enum { CHILDREN = 4, TRIES = 500, LIMIT = 1000 };

static const int64_t noon = 1800000000 * (int64_t)CLOCK_SECOND;

static struct rate_limit minute(int64_t id, int64_t most, int64_t now)
{
    return (struct rate_limit){id, most, rate_window_of(60, now)};
}

static bool take(struct rates *r, int64_t id, int64_t most, int64_t now)
{
    struct rate_limit limit = minute(id, most, now);
    return rates_take(r, &limit, 1);
}

START_TEST(a_window_gives_its_count_and_no_more)
{
    struct rates *r = rates_new();
    struct rate_window window = rate_window_of(60, noon);
    ck_assert(take(r, 7, 2, noon));
    ck_assert(take(r, 7, 2, noon + CLOCK_SECOND));
    ck_assert(!take(r, 7, 2, noon + 20 * CLOCK_SECOND));
    ck_assert_int_eq(rate_window_left(&window, noon + 20 * CLOCK_SECOND), 40);
    ck_assert_int_eq(rate_window_left(&window, noon + 20 * CLOCK_SECOND + 1), 40);
    ck_assert(take(r, 7, 2, noon + 60 * CLOCK_SECOND));
    rates_free(r);
}
END_TEST

START_TEST(ids_take_from_limits_of_their_own)
{
    struct rates *r = rates_new();
    /* The same place in the table, were each not looked for. */
    for (int64_t id = 1; id <= 3; id++)
        ck_assert(take(r, id * 65536, 1, noon));
    for (int64_t id = 1; id <= 3; id++)
        ck_assert(!take(r, id * 65536, 1, noon));
    rates_free(r);
}
END_TEST

START_TEST(a_quantity_is_taken_whole_or_not_at_all)
{
    struct rates *r = rates_new();
    struct rate_limit limit = minute(1, 100, noon);
    ck_assert(rates_take(r, &limit, 90));
    ck_assert(!rates_take(r, &limit, 20));
    ck_assert(rates_take(r, &limit, 10));
    ck_assert_int_eq(rates_used(r, &limit), 100);
    rates_give_back(r, &limit, 30);
    ck_assert_int_eq(rates_used(r, &limit), 70);
    rates_give_back(r, &limit, 300);
    ck_assert_int_eq(rates_used(r, &limit), 0);
    ck_assert(!rates_take(r, &limit, INT64_MAX));
    rates_free(r);
}
END_TEST

START_TEST(other_hosts_add_to_what_is_used)
{
    struct rates *r = rates_new();
    struct rate_limit limit = minute(1, 100, noon);
    rates_take(r, &limit, 10);
    ck_assert_int_eq(rates_unsettled(r, &limit), 10);
    rates_settle(r, &limit, 10, 35); /* 25 elsewhere */
    ck_assert_int_eq(rates_used(r, &limit), 35);
    ck_assert_int_eq(rates_unsettled(r, &limit), 0);
    rates_take(r, &limit, 5);
    ck_assert_int_eq(rates_unsettled(r, &limit), 5);
    rates_settle(r, &limit, 5, 30); /* ten were given back elsewhere */
    ck_assert_int_eq(rates_used(r, &limit), 30);
    rates_free(r);
}
END_TEST

START_TEST(one_of_all_leads)
{
    struct rates *r = rates_new();
    ck_assert(rates_lead(r, noon, 1000));
    ck_assert(!rates_lead(r, noon + 999, 1000));
    ck_assert(rates_lead(r, noon + 1000, 1000));
    ck_assert(rates_lead(r, noon - CLOCK_SECOND, 1000)); /* the clock was set back */
    rates_free(r);
}
END_TEST

/* What all children got goes through the table as well: another key without an end. */
static _Noreturn void take_many(struct rates *r)
{
    for (int i = 0; i < TRIES; i++) {
        if (take(r, 1, LIMIT, noon))
            take(r, 2, INT32_MAX, noon);
    }
    _exit(0);
}

static int still_left(struct rates *r, int64_t key, int64_t count)
{
    int left = 0;
    while (take(r, key, count, noon))
        left++;
    return left;
}

START_TEST(processes_share_a_limit_exactly)
{
    struct rates *r = rates_new();
    pid_t children[CHILDREN];
    int status;
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        if (children[i] == 0)
            take_many(r);
    }
    for (int i = 0; i < CHILDREN; i++) {
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_int_eq(still_left(r, 1, LIMIT + 10), 10);
    /* No child was given more than the limit, all together neither. */
    ck_assert_int_eq(still_left(r, 2, LIMIT + 10), 10);
    rates_free(r);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, a_window_gives_its_count_and_no_more);
    tcase_add_test(tc, ids_take_from_limits_of_their_own);
    tcase_add_test(tc, a_quantity_is_taken_whole_or_not_at_all);
    tcase_add_test(tc, other_hosts_add_to_what_is_used);
    tcase_add_test(tc, one_of_all_leads);
    tcase_add_test(tc, processes_share_a_limit_exactly);
}

int main(void)
{
    return suite_run("rates", add_tests);
}
