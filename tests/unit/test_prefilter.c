/* What a text must contain for an expression to match it. */
#include "worker/digest/prefilter.h"

#include "tests/unit/suite.h"

/* May the expression match the text, as far as the prefilter sees? */
static const struct {
    const char *expression, *text;
    bool allowed;
} cases[] = {
    {"Chrome", "a Chrome b", true},
    {"Chrome", "a Chrom b", false},
    {"Chrome", "CHROME", true},
    {"Chrome", "", false},
    {"", "", true},
    {"\\d+", "x", true},
    {"ab", "xaby", true},
    {"ab", "ba", false},
    {"a.c", "zzz", true},
    /* Every run counts. */
    {"Version/(\\d+).+Safari/", "Version/1 Safari/", true},
    {"Version/(\\d+).+Safari/", "Version/1", false},
    {"Version/(\\d+).+Safari/", "Safari/", false},
    {"^abc$", "abc", true},
    {"abc\\.def", "abc.def", true},
    {"abc\\.def", "abcxdef", false},
    {"abcdefghijklmnop", "abcdefghijklmnop", true},
    {"abcdefghijklmnop", "abcdefgh", false},
    /* What may be missing is not needed. */
    {"abcd?", "abc", true},
    {"abcd*e", "abce", true},
    {"abcd{0,3}e", "abce", true},
    {"abcd{,3}e", "abce", true},
    {"abcd{1,3}e", "abce", false},
    {"abcd+", "abcd", true},
    {"abcd+", "abc", false},
    {"ab(cde)?", "ab", true},
    {"ab(?:cde)*fg", "abfg", true},
    {"ab(?:cde){2}", "ab", false},
    {"abcd+?e", "abce", false},
    {"abcd??e", "abce", true},
    /* Groups and alternatives: one of them. */
    {"(?:(Chrome))/", "Chrome/", true},
    {"(?:(Chrome))/", "Chrom/", false},
    {"(Chrome|Chromium)/", "Chromium/", true},
    {"(Chrome|Chromium)/", "Safari/", false},
    {"Chrome|Chromium", "Chromium", true},
    {"Chrome|Chromium", "Safari", false},
    {"Chrome|", "Safari", true},
    {"(?:\\.(\\d+)|)Safari", "Safari", true},
    {"(?:\\.(\\d+)|)Safari", "Chrome", false},
    {"(abc|\\d)", "xyz", true},
    {"((abc|def)|ghi)", "def", true},
    {"(?:x(abc|def)y|ghi)", "xdefy", true},
    {"(abc|def)(?:ghi|jkl)", "abcjkl", true},
    {"(abc|def)(?:ghi|jkl)", "abcdef", false},
    /* Classes. */
    {"ab[^]x]cd", "ab-cd", true},
    {"ab[\\]x]cd", "abxcd", true},
    {"ab[\\]x]cd", "cd", false},
    {"[Cc]hrome", "chrome", true},
    {"[Cc]hrome", "hrom", false},
    {"[Bb][Oo][Tt]", "robot", true},
    {"[Bb][Oo][Tt]", "bat", false},
    {"[Bb][-M][Tt]", "xxx", true},
    {"x[Ab]y", "xby", true},
    /* What is not understood is always allowed. */
    {"(?=abc)", "x", true},
    {"(?i)abc", "x", true},
    {"(abc)\\1", "x", true},
    {"\\x41bcd", "x", true},
    {"abc)", "x", true},
    {"(abc", "x", true},
    {"[abc", "x", true},
    {"a{b", "x", true},
    {"\xC3\xA9?abc", "abc", true},
};

START_TEST(allows)
{
    struct prefilter set;
    uint16_t needs[PREFILTER_NEEDS_MAX];
    prefilter_read(&set, str_of(cases[_i].text));
    size_t n = prefilter_needs(str_of(cases[_i].expression), needs);
    ck_assert(n >= 1 && n <= PREFILTER_NEEDS_MAX && needs[n - 1] == 0);
    ck_assert_msg(prefilter_allows(&set, needs) == cases[_i].allowed, "\"%s\" on \"%s\"",
                  cases[_i].expression, cases[_i].text);
}
END_TEST

static const struct {
    const char *text, *part;
    bool may;
} parts[] = {
    {"Mozilla/5.0", "zilla", true},  {"Mozilla/5.0", "MOZ", true},
    {"Mozilla/5.0", "gecko", false}, {"Mozilla/5.0", "5.", true},
    {"Mozilla/5.0", "6.", false},    {"Mozilla/5.0", "x", true},
    {"Mozilla/5.0", "", true},       {"", "ab", false},
};

START_TEST(may_have)
{
    struct prefilter set;
    prefilter_read(&set, str_of(parts[_i].text));
    ck_assert(prefilter_may_have(&set, str_of(parts[_i].part)) == parts[_i].may);
}
END_TEST

/* However long an expression is, its program fits. */
START_TEST(bounds_the_program)
{
    enum { SIZE = 200000 };
    static char expression[SIZE];
    uint16_t needs[PREFILTER_NEEDS_MAX];
    static const char *const pieces[] = {"abcdefgh.", "(abc|def)", "abc|", "(", "(?:ab|cd)+x"};
    for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
        size_t piece = strlen(pieces[p]), whole = SIZE / piece * piece;
        for (size_t i = 0; i < whole; i++)
            expression[i] = pieces[p][i % piece];
        size_t n = prefilter_needs((struct str){expression, whole}, needs);
        ck_assert(n >= 1 && n <= PREFILTER_NEEDS_MAX && needs[n - 1] == 0);
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, allows, 0, COUNT_OF(cases));
    tcase_add_loop_test(tc, may_have, 0, COUNT_OF(parts));
    tcase_add_test(tc, bounds_the_program);
}

int main(void)
{
    return suite_run("prefilter", add_tests);
}
