#include "base/arena.h"

#include <signal.h>
#include <stdint.h>

#include "tests/unit/suite.h"

static int released[4], release_count;

static void note_release(void *number)
{
    released[release_count++] = *(int *)number;
}

START_TEST(gives_zeroed_aligned_memory)
{
    struct arena *a = arena_new(1 << 20);
    memset(arena_take(a, 100), 0xFF, 100);
    arena_reset(a);
    for (size_t size = 1; size < 200; size += 7) {
        unsigned char *p = arena_alloc(a, size);
        ck_assert_uint_eq((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            ck_assert_uint_eq(p[i], 0);
    }
    arena_free(a);
}
END_TEST

START_TEST(keeps_everything_until_reset)
{
    struct arena *a = arena_new(64 << 20);
    unsigned char *blocks[1000];
    for (size_t i = 0; i < 1000; i++) {
        blocks[i] = arena_take(a, i * 13 + 1);
        memset(blocks[i], (int)(i & 255), i * 13 + 1);
    }
    size_t spoiled = 0;
    for (size_t i = 0; i < 1000; i++)
        for (size_t k = 0; k < i * 13 + 1; k++)
            spoiled += blocks[i][k] != (i & 255);
    ck_assert_uint_eq(spoiled, 0);
    arena_reset(a);
    ck_assert_uint_le(arena_total(a), 16384);
    arena_free(a);
}
END_TEST

START_TEST(copies_text)
{
    struct arena *a = arena_new(1 << 20);
    ck_assert_str_eq(arena_strdup(a, S("abc")), "abc");
    ck_assert_str_eq(arena_strdup(a, (struct str){0}), "");
    ck_assert_str_eq(arena_printf(a, "%s-%d", "x", 7), "x-7");
    ck_assert_ptr_null(arena_str(a, (struct str){0}).p);
    ck_assert_text(arena_str(a, S("z")), "z");
    arena_free(a);
}
END_TEST

START_TEST(releases_newest_first)
{
    static int numbers[] = {1, 2, 3};
    struct arena *a = arena_new(1 << 20);
    for (int i = 0; i < 3; i++)
        arena_defer(a, note_release, &numbers[i]);
    arena_reset(a);
    ck_assert_int_eq(release_count, 3);
    ck_assert_int_eq(released[0], 3);
    ck_assert_int_eq(released[2], 1);
    arena_free(a);
    ck_assert_int_eq(release_count, 3);
}
END_TEST

START_TEST(uses_its_limit_to_the_last_byte)
{
    struct arena *a = arena_new(65536);
    for (int i = 0; i < 15; i++)
        arena_take(a, 4096);
    ck_assert_uint_le(arena_total(a), 65536);
    arena_free(a);
}
END_TEST

START_TEST(dies_past_its_limit)
{
    struct arena *a = arena_new(65536);
    for (int i = 0; i < 17; i++)
        arena_take(a, 4096);
}
END_TEST

START_TEST(dies_of_absurd_sizes)
{
    arena_take(arena_new(65536), SIZE_MAX - 3);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, gives_zeroed_aligned_memory);
    tcase_add_test(tc, keeps_everything_until_reset);
    tcase_add_test(tc, copies_text);
    tcase_add_test(tc, releases_newest_first);
    tcase_add_test(tc, uses_its_limit_to_the_last_byte);
    tcase_add_test_raise_signal(tc, dies_past_its_limit, SIGABRT);
    tcase_add_test_raise_signal(tc, dies_of_absurd_sizes, SIGABRT);
}

int main(void)
{
    return suite_run("arena", add_tests);
}
