#include "base/map.h"

#include "tests/unit/suite.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(64 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

START_TEST(keeps_what_was_set)
{
    struct map *m = map_new(arena, 0);
    char *keys[5000];
    for (int i = 0; i < 5000; i++) {
        keys[i] = arena_printf(arena, "key %d", i);
        map_set(m, str_of(keys[i]), keys[i]);
    }
    ck_assert_uint_eq(map_count(m), 5000);
    for (int i = 0; i < 5000; i++)
        ck_assert_ptr_eq(map_get(m, str_of(keys[i])), keys[i]);
    ck_assert_ptr_null(map_get(m, S("key 5000")));
    map_set(m, S("key 7"), keys[8]);
    ck_assert_uint_eq(map_count(m), 5000);
    ck_assert_ptr_eq(map_get(m, S("key 7")), keys[8]);
}
END_TEST

START_TEST(empty_keys_are_keys)
{
    struct map *m = map_new(arena, 1);
    int value;
    ck_assert_ptr_null(map_get(m, S("")));
    map_set(m, S(""), &value);
    ck_assert_ptr_eq(map_get(m, (struct str){0}), &value);
}
END_TEST

START_TEST(visits_each_entry_once)
{
    struct map *m = map_new(arena, 10);
    int sum = 0, numbers[100];
    for (int i = 0; i < 100; i++) {
        numbers[i] = i;
        map_set(m, str_of(arena_printf(arena, "%d", i)), &numbers[i]);
    }
    struct str key;
    void *value;
    for (size_t at = 0; map_next(m, &at, &key, &value);)
        sum += *(int *)value;
    ck_assert_int_eq(sum, 4950);
}
END_TEST

START_TEST(hashes_every_byte)
{
    char key[40] = {0};
    for (size_t n = 0; n < sizeof(key); n++) {
        uint64_t hash = map_hash((struct str){key, n});
        ck_assert_uint_eq(hash, map_hash((struct str){key, n}));
        ck_assert_uint_ne(hash, map_hash((struct str){key, n + 1}));
        for (size_t i = 0; i < n; i++) {
            key[i] = 1;
            ck_assert_uint_ne(hash, map_hash((struct str){key, n}));
            key[i] = 0;
        }
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, keeps_what_was_set);
    tcase_add_test(tc, empty_keys_are_keys);
    tcase_add_test(tc, visits_each_entry_once);
    tcase_add_test(tc, hashes_every_byte);
}

int main(void)
{
    return suite_run("map", add_tests);
}
