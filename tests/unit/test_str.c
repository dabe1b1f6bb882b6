#include "base/str.h"

#include "tests/unit/suite.h"

START_TEST(compares)
{
    ck_assert(str_eq(S("a"), S("a")));
    ck_assert(!str_eq(S("a"), S("b")));
    ck_assert(str_eq(S(""), (struct str){0}));
    ck_assert(str_case_eq(S("Content-TYPE"), S("content-type")));
    ck_assert(!str_case_eq(S("[]"), S("{}")));
    ck_assert(!str_case_eq(S("abc"), S("ab")));
    ck_assert(str_starts(S("abc"), S("ab")) && !str_starts(S("a"), S("ab")));
    ck_assert(str_ends(S("abc"), S("bc")) && !str_ends(S("c"), S("bc")));
}
END_TEST

static const struct {
    const char *text, *pieces[5];
} splits[] = {
    {"a,b,c", {"a", "b", "c"}}, {"a", {"a"}},    {"a,", {"a", ""}},
    {",a", {"", "a"}},          {",", {"", ""}}, {"", {""}},
};

START_TEST(orders_by_bytes)
{
    ck_assert_int_eq(str_compare(S("ab"), S("ab")), 0);
    ck_assert_int_lt(str_compare(S("a"), S("ab")), 0);
    ck_assert_int_gt(str_compare(S("b"), S("ab")), 0);
    ck_assert_int_lt(str_compare(S("z"), S("\xC3\xA9")), 0);
    ck_assert_int_lt(str_compare((struct str){0}, S("a")), 0);
    ck_assert_int_eq(str_compare((struct str){0}, S("")), 0);
}
END_TEST

START_TEST(splits_at_the_separator)
{
    struct str rest = str_of(splits[_i].text);
    int n = 0;
    for (; rest.p; n++)
        ck_assert_text(str_split(&rest, ','), splits[_i].pieces[n]);
    ck_assert_ptr_null(splits[_i].pieces[n]);
}
END_TEST

static const struct {
    const char *text, *part;
    size_t at;
} finds[] = {{"hello", "l", 2}, {"hello", "lo", 3}, {"hello", "x", 5},
             {"hello", "", 0},  {"", "x", 0},       {"aab", "ab", 1}};

START_TEST(finds_parts)
{
    ck_assert_uint_eq(str_find(str_of(finds[_i].text), str_of(finds[_i].part)), finds[_i].at);
}
END_TEST

START_TEST(slices_and_trims)
{
    ck_assert_text(str_slice(S("hello"), 1, 3), "el");
    ck_assert_text(str_slice(S("hello"), 3, 99), "lo");
    ck_assert_text(str_slice(S("hello"), 9, 3), "");
    ck_assert_text(str_trim(S(" \t a b\r\n")), "a b");
    ck_assert_uint_eq(str_trim(S("  ")).n, 0);
    ck_assert_ptr_null(str_slice((struct str){0}, 0, 4).p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, compares);
    tcase_add_test(tc, orders_by_bytes);
    tcase_add_loop_test(tc, splits_at_the_separator, 0, COUNT_OF(splits));
    tcase_add_loop_test(tc, finds_parts, 0, COUNT_OF(finds));
    tcase_add_test(tc, slices_and_trims);
}

int main(void)
{
    return suite_run("str", add_tests);
}
