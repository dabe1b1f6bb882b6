/* What rules out most rules without a search. */
#include "worker/scrub/traits.h"

#include "tests/unit/suite.h"

START_TEST(a_scan_counts)
{
    struct traits t = traits_of(S("a1 @/23"));
    ck_assert_uint_eq(t.present, HAS_DIGIT | HAS_BLANK | HAS_AT | HAS_SLASH);
    ck_assert_uint_eq(t.digits, 3);
    ck_assert_uint_eq(t.size, 7);
    ck_assert_uint_eq(traits_of(S("C:\\-.")).present, HAS_COLON | HAS_SLASH | HAS_DASH | HAS_DOT);
    ck_assert_uint_eq(traits_of(S("Bearer\xC2\xA0x")).present, HAS_BLANK);
    ck_assert_uint_eq(traits_of((struct str){0}).present, 0);
}
END_TEST

static const struct {
    const char *word, *text;
    bool hit;
} words[] = {
    {"secret", "my SECRET", true},
    {"secret", "secre", true},
    {"secret", "my socks", false},
    {"secret", "se", false},
    {"secret", "", false},
    {"ab", "zzz", true},
    {"\xC3\xA4rger", "\xC3\x84RGER", true},
    {"\xC3\xA4", "z", true},
    {"a_b", "xA_By", true},
};

START_TEST(words_are_found)
{
    static struct wordset set;
    set = (struct wordset){0};
    wordset_add(&set, str_of(words[_i].word));
    ck_assert_int_eq(wordset_hit(&set, str_of(words[_i].text)), words[_i].hit);
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    bool found;
} runs[] = {
    {"abc1", 4, true},
    {"abc1", 5, false},
    {"-abc1-", 4, true},
    {"ab-cd-ef", 3, false},
    {"a-bcD9", 4, true},
    {"abcd-", 4, true},
    {"", 1, false},
    {"--------z", 1, true},
    {"ab\xC3\xA4"
     "cd",
     3, false},
};

START_TEST(runs_are_found)
{
    ck_assert_int_eq(text_has_run(str_of(runs[_i].text), runs[_i].length), runs[_i].found);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, a_scan_counts);
    tcase_add_loop_test(tc, words_are_found, 0, COUNT_OF(words));
    tcase_add_loop_test(tc, runs_are_found, 0, COUNT_OF(runs));
}

int main(void)
{
    return suite_run("traits", add_tests);
}
