#include "ingest/rates.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/unit/suite.h"

enum { CHILDREN = 4, TRIES = 500, LIMIT = 1000 };

static const int64_t noon = 1800000000 * (int64_t)CLOCK_SECOND;

static int64_t take(struct rates *r, int64_t key, int64_t count, int64_t now)
{
    const struct rate_limit limit = {.key_id = key, .count = count, .window_seconds = 60};
    return rates_take(r, &limit, now);
}

START_TEST(a_window_gives_its_count_and_no_more)
{
    struct rates *r = rates_new();
    ck_assert_int_eq(take(r, 7, 2, noon), 0);
    ck_assert_int_eq(take(r, 7, 2, noon + CLOCK_SECOND), 0);
    ck_assert_int_eq(take(r, 7, 2, noon + 20 * CLOCK_SECOND), 40);
    ck_assert_int_eq(take(r, 7, 2, noon + 60 * CLOCK_SECOND), 0);
    rates_free(r);
}
END_TEST

START_TEST(keys_take_from_limits_of_their_own)
{
    struct rates *r = rates_new();
    /* The same place in the table, were each not looked for. */
    for (int64_t key = 1; key <= 3; key++)
        ck_assert_int_eq(take(r, key * 65536, 1, noon), 0);
    for (int64_t key = 1; key <= 3; key++)
        ck_assert_int_gt(take(r, key * 65536, 1, noon), 0);
    rates_free(r);
}
END_TEST

START_TEST(no_window_is_no_limit)
{
    struct rates *r = rates_new();
    const struct rate_limit none = {.key_id = 1, .count = 0};
    ck_assert_int_eq(rates_take(r, &none, noon), 0);
    rates_free(r);
}
END_TEST

/* What all children got goes through the table as well: another key without an end. */
static _Noreturn void take_many(struct rates *r)
{
    for (int i = 0; i < TRIES; i++) {
        if (take(r, 1, LIMIT, noon) == 0)
            take(r, 2, INT32_MAX, noon);
    }
    _exit(0);
}

static int still_left(struct rates *r, int64_t key, int64_t count)
{
    int left = 0;
    while (take(r, key, count, noon) == 0)
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
    tcase_add_test(tc, keys_take_from_limits_of_their_own);
    tcase_add_test(tc, no_window_is_no_limit);
    tcase_add_test(tc, processes_share_a_limit_exactly);
}

int main(void)
{
    return suite_run("rates", add_tests);
}
