#include "auth/token.h"

#include <sodium.h>

#include "tests/unit/suite.h"

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(1 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

START_TEST(fresh_token_is_found_by_its_hash)
{
    struct token t = token_create(), other = token_create();
    struct str hash = token_hash(arena, str_of(t.text));
    ck_assert_uint_eq(strlen(t.text), 7 + 64);
    ck_assert(str_starts(str_of(t.text), S("sntryu_")));
    ck_assert_uint_eq(hash.n, TOKEN_HASH_BYTES);
    ck_assert_int_eq(memcmp(hash.p, t.hash, TOKEN_HASH_BYTES), 0);
    ck_assert_str_eq(t.last_characters, t.text + 7 + 60);
    ck_assert_str_ne(t.text, other.text);
}
END_TEST

START_TEST(hash_is_blake2b_of_the_text)
{
    uint8_t expected[32];
    crypto_generichash(expected, 32, (const unsigned char *)"sntryu_" DIGITS, 71, NULL, 0);
    struct str hash = token_hash(arena, S("sntryu_" DIGITS));
    ck_assert_int_eq(memcmp(hash.p, expected, 32), 0);
}
END_TEST

static const struct {
    const char *text;
    bool is_token;
} shapes[] = {
    {"sntryu_" DIGITS, true},
    {"sntrya_" DIGITS, true},
    {"sntryi_" DIGITS, true},
    {DIGITS, true},
    {"sntryx_" DIGITS, false},
    {"sntryu_" DIGITS "0", false},
    {"", false},
    {"sntryu_", false},
    {"sntryu_g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", false},
    {"sntryu_sntryu_" DIGITS, false},
};

START_TEST(shapes_are_told_apart)
{
    ck_assert_int_eq(token_hash(arena, str_of(shapes[_i].text)).p != NULL, shapes[_i].is_token);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, fresh_token_is_found_by_its_hash);
    tcase_add_test(tc, hash_is_blake2b_of_the_text);
    tcase_add_loop_test(tc, shapes_are_told_apart, 0, COUNT_OF(shapes));
}

int main(void)
{
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    return suite_run("token", add_tests);
}
