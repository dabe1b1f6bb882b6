#include "base/text.h"

#include <math.h>

#include "tests/unit/suite.h"

#define U "\xEF\xBF\xBD" /* U+FFFD */

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(16 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static const struct {
    const char *bytes, *repaired;
} repairs[] = {
    {"plain", "plain"},
    {"", ""},
    {"gr\xC3\xBC\xC3\x9F, \xE2\x82\xAC, \xF0\x9F\x98\x80",
     "gr\xC3\xBC\xC3\x9F, \xE2\x82\xAC, \xF0\x9F\x98\x80"},
    {"\xFF", U},
    {"a\x80z", "a" U "z"},
    {"\xC3", U},
    {"\xE2\x82z", U "z"},
    {"\xC0\xAF", U U},
    {"\xED\xA0\x80", U U U},
    {"\xF0\x80\x80\x80", U U U U},
    {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
    {"\xF5\x80", U U},
    {"sixteen good bytes before \xFF and some after",
     "sixteen good bytes before " U " and some after"},
};

START_TEST(utf8_is_repaired)
{
    struct str s = str_of(repairs[_i].bytes);
    struct str fixed = text_utf8(arena, s);
    bool clean = str_eq(s, str_of(repairs[_i].repaired));
    ck_assert_text(fixed, repairs[_i].repaired);
    ck_assert_int_eq(text_is_utf8(s), clean);
    ck_assert_int_eq(fixed.p == s.p, clean);
    ck_assert(text_is_utf8(fixed));
}
END_TEST

START_TEST(nul_is_not_clean)
{
    ck_assert(!text_is_utf8(S("a\0b")));
    ck_assert_text(text_utf8(arena, S("\0a\0\0b\0")), "ab");
}
END_TEST

START_TEST(points_are_counted_and_cut)
{
    struct str s = S("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80z");
    ck_assert_uint_eq(text_points(s), 5);
    ck_assert_uint_eq(text_prefix(s, 0), 0);
    ck_assert_uint_eq(text_prefix(s, 3), 6);
    ck_assert_uint_eq(text_prefix(s, 5), s.n);
    ck_assert_uint_eq(text_prefix(s, 99), s.n);
    ck_assert_text(text_ellipsis(arena, s, 5), s.p);
    ck_assert_text(text_ellipsis(arena, s, 4), "a...");
    ck_assert_text(text_ellipsis(arena, s, 2), "..");
    ck_assert_text(text_ellipsis(arena, S("abcdef"), 5), "ab...");
    ck_assert_text(text_ellipsis_bytes(arena, s, s.n), s.p);
    ck_assert_text(text_ellipsis_bytes(arena, s, 10), "a\xC3\xBC\xE2\x82\xAC...");
    ck_assert_text(text_ellipsis_bytes(arena, s, 8), "a\xC3\xBC...");
    ck_assert_text(text_ellipsis_bytes(arena, s, 5), "a...");
    ck_assert_text(text_ellipsis_bytes(arena, s, 2), "..");
}
END_TEST

static const struct {
    const char *text;
    bool valid;
    int64_t value;
} ints[] = {
    {"0", true, 0},
    {"-0", true, 0},
    {"42", true, 42},
    {"007", true, 7},
    {"9223372036854775807", true, INT64_MAX},
    {"-9223372036854775808", true, INT64_MIN},
    {"9223372036854775808", false, 0},
    {"-9223372036854775809", false, 0},
    {"99999999999999999999999", false, 0},
    {"", false, 0},
    {"-", false, 0},
    {"+1", false, 0},
    {" 1", false, 0},
    {"1.0", false, 0},
    {"0x1", false, 0},
};

START_TEST(integers)
{
    int64_t value = 77;
    ck_assert_int_eq(text_int64(str_of(ints[_i].text), &value), ints[_i].valid);
    ck_assert_int_eq(value, ints[_i].valid ? ints[_i].value : 77);
}
END_TEST

START_TEST(unsigned_integers_and_doubles)
{
    uint64_t u;
    double d;
    ck_assert(text_uint64(S("18446744073709551615"), &u) && u == UINT64_MAX);
    ck_assert(!text_uint64(S("18446744073709551616"), &u) && !text_uint64(S("-1"), &u));
    ck_assert(text_double(S("-1.5e3"), &d) && d == -1500);
    ck_assert(!text_double(S("nan"), &d) && !text_double(S("0x1p3"), &d));
    ck_assert(!text_double(S(""), &d) && !text_double(S("1 "), &d) && !text_double(S("1\0"), &d));
}
END_TEST

START_TEST(hex)
{
    uint8_t bytes[4];
    uint32_t value;
    ck_assert(text_unhex(S("00fFaB12"), bytes));
    ck_assert_mem_eq(bytes, "\x00\xFF\xAB\x12", 4);
    ck_assert_text(text_hex(arena, bytes, 4), "00ffab12");
    ck_assert(!text_unhex(S("abc"), bytes) && !text_unhex(S("zz"), bytes));
    ck_assert(text_hex_value(S("fFfFfFfF"), &value) && value == 0xFFFFFFFF);
    ck_assert(!text_hex_value(S(""), &value) && !text_hex_value(S("123456789"), &value));
}
END_TEST

static const struct {
    const char *plain, *standard, *url;
} base64[] = {{"", "", ""},
              {"f", "Zg==", "Zg"},
              {"fo", "Zm8=", "Zm8"},
              {"foo", "Zm9v", "Zm9v"},
              {"\xFB\xFF\xBF", "+/+/", "-_-_"},
              {"foobar", "Zm9vYmFy", "Zm9vYmFy"}};

START_TEST(base64_both_ways)
{
    ck_assert_text(text_base64(arena, str_of(base64[_i].plain)), base64[_i].standard);
    ck_assert_text(text_base64url(arena, str_of(base64[_i].plain)), base64[_i].url);
    ck_assert_text(text_unbase64(arena, str_of(base64[_i].standard)), base64[_i].plain);
    ck_assert_text(text_unbase64(arena, str_of(base64[_i].url)), base64[_i].plain);
}
END_TEST

START_TEST(what_is_not_base64)
{
    static const char *const broken[] = {"Z", "Z===", "Zm9v!", "Zm 9v", "====="};
    for (int i = 0; i < COUNT_OF(broken); i++)
        ck_assert_ptr_null(text_unbase64(arena, str_of(broken[i])).p);
    ck_assert_text(text_unbase64(arena, S("Zg=")), "f");
}
END_TEST

static const struct {
    const char *encoded, *decoded, *as_form;
} percents[] = {{"a%20b", "a b", "a b"},     {"a+b", "a+b", "a b"}, {"%", "%", "%"},
                {"%4", "%4", "%4"},          {"%zz", "%zz", "%zz"}, {"%41%4a", "AJ", "AJ"},
                {"plain", "plain", "plain"}, {"x%2B", "x+", "x+"}};

START_TEST(percent_coding)
{
    ck_assert_text(text_percent_decode(arena, str_of(percents[_i].encoded), false),
                   percents[_i].decoded);
    ck_assert_text(text_percent_decode(arena, str_of(percents[_i].encoded), true),
                   percents[_i].as_form);
}
END_TEST

START_TEST(percent_encoding_escapes_commas)
{
    ck_assert_text(text_percent_encode(arena, S("a b,c:d/e-._~\xFF\0")),
                   "a%20b%2Cc%3Ad%2Fe-._~%FF%00");
}
END_TEST

static const struct {
    const char *name, *slug;
} slugs[] = {{"My Shop (EU)", "my-shop-eu"},
             {"  --x--  ", "x"},
             {"2024", "p-2024"},
             {"!!!", ""},
             {"snake_case", "snake_case"},
             {"\xC3\xBC", ""},
             {"01234567890123456789012345678901234567890123456789012345",
              "p-012345678901234567890123456789012345678901234567"},
             {"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi xyz",
              "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghi"}};

/* Digits with a point somewhere, of every length around what is read without strtod. */
START_TEST(decimals_are_rounded_as_the_library_does)
{
    char z[40];
    uint64_t x = 42;
    for (int i = 0; i < 200000; i++) {
        double own = -1;
        x = x * 6364136223846793005u + 1442695040888963407u;
        int digits = 1 + (int)(x >> 33) % 19, decimals = (int)(x >> 40) % (digits + 1);
        uint64_t most = digits < 19 ? (uint64_t)pow(10, digits) : UINT64_MAX;
        uint64_t whole = (x ^ x >> 29) % most;
        snprintf(z, sizeof(z), "%s%0*llu", x & 1 ? "-" : "", digits, (unsigned long long)whole);
        size_t n = strlen(z), point = n - (size_t)decimals;
        memmove(z + point + 1, z + point, (size_t)decimals + 1);
        z[point] = '.';
        ck_assert(text_double(str_of(z), &own));
        ck_assert_msg(own == strtod(z, NULL), "%s", z);
    }
    double d;
    ck_assert(text_double(S("9007199254740993"), &d) && d == 9007199254740992.0);
    ck_assert(text_double(S("-0"), &d) && signbit(d));
    ck_assert(!text_double(S("-"), &d) && !text_double(S("."), &d) && !text_double(S("1-2"), &d));
}
END_TEST

START_TEST(slugs_are_made)
{
    struct str slug = text_slug(arena, str_of(slugs[_i].name));
    ck_assert_text(slug, slugs[_i].slug);
    ck_assert_int_eq(text_is_slug(slug), slug.n > 0);
}
END_TEST

START_TEST(slugs_are_checked)
{
    ck_assert(!text_is_slug(S("Upper")) && !text_is_slug(S("123")) && !text_is_slug(S("a b")));
    ck_assert(!text_is_slug(S("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijx")));
}
END_TEST

static const struct {
    const char *text, *canonical;
} addresses[] = {{"203.0.113.7", "203.0.113.7"},
                 {"2001:DB8:0:0::1", "2001:db8::1"},
                 {"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
                 {"1.2.3", NULL},
                 {"256.1.1.1", NULL},
                 {"", NULL},
                 {"{{auto}}", NULL},
                 {"1.2.3.4 ", NULL},
                 {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL}};

START_TEST(addresses_are_read)
{
    struct str ip = text_ip(arena, str_of(addresses[_i].text));
    ck_assert_text(ip, addresses[_i].canonical);
    ck_assert_int_eq(ip.p == NULL, addresses[_i].canonical == NULL);
}
END_TEST

START_TEST(runs_and_words)
{
    ck_assert_uint_eq(text_run(S("ab12"), 2, "0123456789"), 2);
    ck_assert_uint_eq(text_run(S("ab\0"), 2, "b"), 0);
    ck_assert_uint_eq(text_run(S("ab"), 9, "b"), 0);
    ck_assert(text_is_word_byte('_') && text_is_word_byte('\xC3') && !text_is_word_byte('-'));
    ck_assert_text(text_after_last(S("/a\\b"), "/\\"), "b");
    ck_assert_text(text_after_last(S("/a/"), "/"), "");
    ck_assert_text(text_after_last(S("a"), "/"), "a");
    ck_assert_text(text_join(arena, S("a"), S(", "), S("bc")), "a, bc");
    ck_assert_text(text_join(arena, (struct str){0}, S(""), S("b")), "b");
}
END_TEST

START_TEST(lower_case_is_ascii)
{
    ck_assert_text(text_lower(arena, S("AbC[]\xC3\x9C")), "abc[]\xC3\x9C");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, utf8_is_repaired, 0, COUNT_OF(repairs));
    tcase_add_test(tc, nul_is_not_clean);
    tcase_add_test(tc, points_are_counted_and_cut);
    tcase_add_loop_test(tc, integers, 0, COUNT_OF(ints));
    tcase_add_test(tc, unsigned_integers_and_doubles);
    tcase_add_test(tc, hex);
    tcase_add_loop_test(tc, base64_both_ways, 0, COUNT_OF(base64));
    tcase_add_test(tc, what_is_not_base64);
    tcase_add_loop_test(tc, percent_coding, 0, COUNT_OF(percents));
    tcase_add_test(tc, percent_encoding_escapes_commas);
    tcase_add_test(tc, decimals_are_rounded_as_the_library_does);
    tcase_add_loop_test(tc, slugs_are_made, 0, COUNT_OF(slugs));
    tcase_add_test(tc, slugs_are_checked);
    tcase_add_loop_test(tc, addresses_are_read, 0, COUNT_OF(addresses));
    tcase_add_test(tc, runs_and_words);
    tcase_add_test(tc, lower_case_is_ascii);
}

int main(void)
{
    return suite_run("text", add_tests);
}
