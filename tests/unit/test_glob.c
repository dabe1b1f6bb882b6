/* Patterns over whole texts, and folding for those that ignore case. */
#include "base/glob.h"

#include "base/text.h"
#include "tests/unit/suite.h"

static struct arena *arena;

static void begin(void)
{
    arena = arena_new(64 << 20);
}

static void end(void)
{
    arena_free(arena);
}

static const struct {
    const char *pattern, *text;
    bool matches;
} cases[] = {
    {"", "", true},
    {"", "a", false},
    {"*", "", true},
    {"*", "anything", true},
    {"**", "x", true},
    {"abc", "abc", true},
    {"abc", "abcd", false},
    {"abc", "xabc", false},
    {"abc", "ABC", false},
    {"1*", "1.2.3", true},
    {"1*", "2.1", false},
    {"*.js", "a.js", true},
    {"*.js", "a.jsx", false},
    {"*.js", ".js", true},
    {"*a*b*", "xxaxxbxx", true},
    {"*a*b*", "xxbxxaxx", false},
    {"a*a", "a", false},
    {"a*a", "aa", true},
    {"a*a*a", "aa", false},
    {"*ab", "aab", true},
    {"*aab*", "aaab", true},
    {"a*c*e", "abcde", true},
    {"a*c*e", "abcd", false},
    /* One character, not one byte. */
    {"a?c", "abc", true},
    {"a?c", "ac", false},
    {"a?c",
     "a\xC3\xA9"
     "c",
     true},
    {"*?", "", false},
    {"*??", "\xC3\xA9", false},
    {"*??", "a\xC3\xA9", true},
    {"*?c*", "abc", true},
    {"?*?", "ab", true},
    {"?*?", "a", false},
    /* Braces. */
    {"a{b,c}d", "abd", true},
    {"a{b,c}d", "acd", true},
    {"a{b,c}d", "abcd", false},
    {"{a,b}{c,d}", "bd", true},
    {"{a,b}{c,d}", "ba", false},
    {"{a*,?b}x", "ax", true},
    {"{a*,?b}x", "cbx", true},
    {"{a,{b,c}d}", "cd", true},
    {"{a,{b,c}d}", "c", false},
    {"a{,b}", "a", true},
    {"{}", "", true},
    {"a{b", "a{b", true},
    {"a}b,c", "a}b,c", true},
    {"\\{a,b\\}", "{a,b}", true},
    {"{\\,,a}", ",", true},
    {"*invariant={418,423}*", "see ?invariant=423&x", true},
    {"*invariant={418,423}*", "see ?invariant=421&x", false},
    /* Classes. */
    {"[ab]x", "bx", true},
    {"[ab]x", "cx", false},
    {"[a-c]", "b", true},
    {"[a-c]", "d", false},
    {"[a-]", "-", true},
    {"[!a]", "b", true},
    {"[!a]", "a", false},
    {"[^a]", "b", true},
    {"[]]", "]", true},
    {"[\\]]", "]", true},
    {"[\xC3\xA0-\xC3\xBF]", "\xC3\xA9", true},
    {"[\xC3\xA0-\xC3\xBF]", "e", false},
    {"[ab", "[ab", true},
    {"*[0-9]x*", "ab5xy", true},
    {"*[0-9]", "ab5", true},
    /* Escapes. */
    {"a\\*", "a*", true},
    {"a\\*", "ab", false},
    {"\\?", "a", false},
    {"a\\", "a\\", true},
    {"\\\\", "\\", true},
    {"*/\\[_health\\]", "/[_health]", true},
};

START_TEST(matches)
{
    const struct glob *g = glob_compile(arena, str_of(cases[_i].pattern));
    ck_assert_ptr_nonnull(g);
    ck_assert_msg(glob_matches(g, str_of(cases[_i].text)) == cases[_i].matches, "%s on %s",
                  cases[_i].pattern, cases[_i].text);
}
END_TEST

static struct str repeated(const char *piece, size_t times)
{
    size_t n = strlen(piece);
    char *out = arena_take(arena, n * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * n, piece, n);
    return (struct str){out, n * times};
}

START_TEST(refuses_what_is_too_much)
{
    ck_assert_ptr_nonnull(glob_compile(arena, repeated("a", GLOB_BYTES_MAX)));
    ck_assert_ptr_null(glob_compile(arena, repeated("a", GLOB_BYTES_MAX + 1)));
    ck_assert_ptr_nonnull(glob_compile(arena, repeated("{a,b}", 6)));
    ck_assert_ptr_null(glob_compile(arena, repeated("{a,b}", 7)));
    ck_assert_ptr_null(glob_compile(arena, repeated("{a}", 340)));
    ck_assert_ptr_nonnull(glob_compile(arena, repeated("{", 1000)));
}
END_TEST

/* A backtracking matcher would not return from these. */
START_TEST(does_not_backtrack)
{
    struct str text = repeated("a", 1 << 20);
    ck_assert(!glob_matches(glob_compile(arena, repeated("*a", 500)), S("b")));
    struct str pattern = text_join(arena, repeated("*a", 500), S(""), S("*b"));
    ck_assert(!glob_matches(glob_compile(arena, pattern), text));
    pattern = text_join(arena, repeated("*?", 500), S(""), S("b"));
    ck_assert(!glob_matches(glob_compile(arena, pattern), text));
}
END_TEST

static const struct {
    const char *text, *folded;
} folds[] = {
    {"", ""},
    {"WARNING: x", "warning: x"},
    {"\xD0\x9E\xD1\x88\xD0\xB8\xD0\xB1\xD0\xBA\xD0\xB0",
     "\xD0\xBE\xD1\x88\xD0\xB8\xD0\xB1\xD0\xBA\xD0\xB0"}, /* Cyrillic */
    {"\xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
    {"\xC8\xBA", "\xE2\xB1\xA5"}, /* takes more room */
    {"A\xE2\x84\xAA", "ak"},      /* takes less */
    {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
};

START_TEST(folds_case)
{
    ck_assert_text(text_fold(arena, str_of(folds[_i].text)), folds[_i].folded);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_loop_test(tc, matches, 0, COUNT_OF(cases));
    tcase_add_test(tc, refuses_what_is_too_much);
    tcase_add_test(tc, does_not_backtrack);
    tcase_add_loop_test(tc, folds_case, 0, COUNT_OF(folds));
}

int main(void)
{
    return suite_run("glob", add_tests);
}
