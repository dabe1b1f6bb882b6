#include "auth/ratelimit.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/unit/suite.h"

/* So slow that nothing comes back while a test runs. */
static const struct ratelimit_rule slow = {5, 3600 * (int64_t)CLOCK_SECOND};

START_TEST(burst_is_allowed_and_no_more)
{
    for (int i = 0; i < 5; i++) {
        struct ratelimit_verdict v = ratelimit_take(S("a"), &slow);
        ck_assert(v.allowed);
        ck_assert_int_eq(v.remaining, 4 - i);
    }
    struct ratelimit_verdict v = ratelimit_take(S("a"), &slow);
    ck_assert(!v.allowed);
    ck_assert_int_eq(v.remaining, 0);
    ck_assert_int_gt(v.retry_us, 3590 * (int64_t)CLOCK_SECOND);
    ck_assert_int_le(v.retry_us, slow.refill_us);
    ck_assert_int_gt(v.reset_us, 4 * slow.refill_us);
}
END_TEST

START_TEST(keys_have_buckets_of_their_own)
{
    for (int i = 0; i < 5; i++)
        ck_assert(ratelimit_take(S("b"), &slow).allowed);
    ck_assert(!ratelimit_take(S("b"), &slow).allowed);
    ck_assert(ratelimit_take(S("c"), &slow).allowed);
}
END_TEST

START_TEST(a_return_is_one_more)
{
    for (int i = 0; i < 5; i++)
        ck_assert(ratelimit_take(S("d"), &slow).allowed);
    ratelimit_return(S("d"), &slow);
    ck_assert(ratelimit_take(S("d"), &slow).allowed);
    ck_assert(!ratelimit_take(S("d"), &slow).allowed);
}
END_TEST

START_TEST(time_refills)
{
    const struct ratelimit_rule fast = {2, 20000};
    ck_assert(ratelimit_take(S("e"), &fast).allowed);
    ck_assert(ratelimit_take(S("e"), &fast).allowed);
    struct ratelimit_verdict v = ratelimit_take(S("e"), &fast);
    ck_assert(!v.allowed);
    usleep((useconds_t)v.retry_us + 1000);
    ck_assert(ratelimit_take(S("e"), &fast).allowed);
}
END_TEST

static atomic_int allowed;

static void *take_many(void *key)
{
    for (int i = 0; i < 1000; i++)
        atomic_fetch_add(&allowed, ratelimit_take(str_of(key), &slow).allowed);
    return NULL;
}

START_TEST(threads_share_a_bucket)
{
    pthread_t threads[4];
    char key[] = "threads";
    ck_assert(ratelimit_take(str_of(key), &slow).allowed);
    for (int i = 0; i < COUNT_OF(threads); i++)
        pthread_create(&threads[i], NULL, take_many, key);
    for (int i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(atomic_load(&allowed), 4);
}
END_TEST

START_TEST(children_share_a_bucket)
{
    int status;
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(ratelimit_take(S("children"), &slow).allowed ? 0 : 1);
        waitpid(child, &status, 0);
        ck_assert_int_eq(status, 0);
    }
    ck_assert(!ratelimit_take(S("children"), &slow).allowed);
}
END_TEST

START_TEST(many_keys_push_out_the_least_used)
{
    char key[32];
    for (int i = 0; i < 5; i++)
        ratelimit_take(S("spender"), &slow);
    for (int i = 0; i < 8192; i++) {
        snprintf(key, sizeof(key), "passer-by %d", i);
        ck_assert(ratelimit_take(str_of(key), &slow).allowed);
    }
    ck_assert(!ratelimit_take(S("spender"), &slow).allowed);
}
END_TEST

static void start(void)
{
    ratelimit_start();
}

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, start, NULL);
    tcase_add_test(tc, burst_is_allowed_and_no_more);
    tcase_add_test(tc, keys_have_buckets_of_their_own);
    tcase_add_test(tc, a_return_is_one_more);
    tcase_add_test(tc, time_refills);
    tcase_add_test(tc, threads_share_a_bucket);
    tcase_add_test(tc, children_share_a_bucket);
    tcase_add_test(tc, many_keys_push_out_the_least_used);
}

int main(void)
{
    if (sodium_init() < 0 ||
        !ratelimit_take(S("not started"), &(struct ratelimit_rule){0, 1}).allowed)
        return EXIT_FAILURE;
    return suite_run("ratelimit", add_tests);
}
