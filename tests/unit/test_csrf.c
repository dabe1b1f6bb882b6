#include "auth/csrf.h"

#include <sodium.h>

#include "tests/unit/suite.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

START_TEST(value_belongs_to_one_session)
{
    struct str a = csrf_of_session(arena, S("0123456789abcdef0123456789abcdef"));
    struct str again = csrf_of_session(arena, S("0123456789abcdef0123456789abcdef"));
    struct str b = csrf_of_session(arena, S("1123456789abcdef0123456789abcdef"));
    ck_assert_uint_eq(a.n, 64);
    ck_assert(csrf_equal(a, again));
    ck_assert(!csrf_equal(a, b));
}
END_TEST

START_TEST(value_is_not_what_the_session_is_stored_under)
{
    uint8_t hash[32];
    char hex[65];
    crypto_generichash(hash, 32, (const unsigned char *)"0123456789abcdef0123456789abcdef", 32,
                       NULL, 0);
    sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    ck_assert(
        !csrf_equal(csrf_of_session(arena, S("0123456789abcdef0123456789abcdef")), str_of(hex)));
}
END_TEST

START_TEST(only_whole_values_are_equal)
{
    struct str value = csrf_random(arena);
    struct str nothing = {0};
    ck_assert(csrf_equal(value, value));
    ck_assert(!csrf_equal(value, csrf_random(arena)));
    ck_assert(!csrf_equal(str_slice(value, 0, 63), str_slice(value, 0, 63)));
    ck_assert(!csrf_equal(value, nothing));
    ck_assert(!csrf_equal(nothing, nothing));
    ck_assert(!csrf_equal(S(""), S("")));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, value_belongs_to_one_session);
    tcase_add_test(tc, value_is_not_what_the_session_is_stored_under);
    tcase_add_test(tc, only_whole_values_are_equal);
}

int main(void)
{
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    return suite_run("csrf", add_tests);
}
