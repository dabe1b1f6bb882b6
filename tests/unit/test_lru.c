#include "base/lru.h"

#include <pthread.h>
#include <stdio.h>

#include "base/clock.h"
#include "tests/unit/suite.h"

enum { LONG = CLOCK_SECOND * 1000 };

static bool has(struct lru *c, const char *key, int expected)
{
    int value = 0;
    return lru_get(c, str_of(key), &value) && value == expected;
}

static void put(struct lru *c, const char *key, int value, int64_t lives)
{
    lru_put(c, str_of(key), &value, lives);
}

START_TEST(the_least_recently_used_leaves)
{
    struct lru *c = lru_new(3, sizeof(int));
    put(c, "a", 1, LONG);
    put(c, "b", 2, LONG);
    put(c, "c", 3, LONG);
    ck_assert(has(c, "a", 1));
    put(c, "b", 20, LONG);
    put(c, "d", 4, LONG);
    ck_assert(!has(c, "c", 3));
    ck_assert(has(c, "a", 1) && has(c, "b", 20) && has(c, "d", 4));
    lru_clear(c);
    ck_assert(!has(c, "a", 1));
    put(c, "a", 5, LONG);
    ck_assert(has(c, "a", 5));
    lru_free(c);
}
END_TEST

START_TEST(the_expired_is_absent)
{
    struct lru *c = lru_new(3, sizeof(int));
    put(c, "a", 1, -1);
    ck_assert(!has(c, "a", 1));
    put(c, "a", 2, LONG);
    ck_assert(has(c, "a", 2));
    lru_free(c);
}
END_TEST

START_TEST(odd_keys_are_not_kept)
{
    char key[200];
    memset(key, 'k', sizeof(key));
    key[199] = '\0';
    struct lru *c = lru_new(1, sizeof(int));
    put(c, key, 1, LONG);
    put(c, "", 1, LONG);
    ck_assert(!has(c, key, 1) && !has(c, "", 1));
    key[128] = '\0';
    put(c, key, 1, LONG);
    ck_assert(has(c, key, 1));
    lru_free(c);
}
END_TEST

static void *hammer(void *cache)
{
    char key[16];
    for (int i = 0; i < 20000; i++) {
        int value = i % 97;
        snprintf(key, sizeof(key), "%d", value);
        put(cache, key, value, LONG);
        lru_get(cache, str_of(key), &value);
        if (value != i % 97)
            return cache;
    }
    return NULL;
}

START_TEST(threads_share_it)
{
    struct lru *c = lru_new(50, sizeof(int));
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, hammer, c), 0);
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        ck_assert_ptr_null(wrong);
    }
    lru_free(c);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, the_least_recently_used_leaves);
    tcase_add_test(tc, the_expired_is_absent);
    tcase_add_test(tc, odd_keys_are_not_kept);
    tcase_add_test(tc, threads_share_it);
}

int main(void)
{
    return suite_run("lru", add_tests);
}
