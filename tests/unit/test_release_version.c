#include "storage/release_version.h"

#include "tests/unit/suite.h"

/* Each is newer than the one before it. */
static const char *const ascending[] = {
    "web@1.0.0-alpha",
    "web@1.0.0-alpha.1",
    "web@1.0.0-alpha.beta",
    "web@1.0.0-beta",
    "web@1.0.0-beta.2",
    "web@1.0.0-beta.11",
    "web@1.0.0-rc.1",
    "web@1.0.0",
    "web@1.0.0+build.2",
    "web@1.0.0.1",
    "web@1.0.1",
    "web@1.2",
    "web@1.10.0",
    "2.0",
    "web@10.0.0",
};

START_TEST(versions_are_ordered)
{
    struct release_version a, b;
    ck_assert(release_version_parse(str_of(ascending[_i]), &a));
    ck_assert(release_version_parse(str_of(ascending[_i + 1]), &b));
    ck_assert_int_lt(release_version_compare(&a, &b), 0);
    ck_assert_int_gt(release_version_compare(&b, &a), 0);
    ck_assert_int_eq(release_version_compare(&a, &a), 0);
}
END_TEST

static const char *const unordered[] = {
    "",    "web@",   "web@1",        "1",    "1.2.3.4.5", "1..2",
    "1.x", "v1.2.3", "web@2e4f6a8c", ".1.2", "1.2.",      "99999999999999999999.1",
};

START_TEST(what_is_no_version_has_no_order)
{
    struct release_version v;
    ck_assert_msg(!release_version_parse(str_of(unordered[_i]), &v), "%s", unordered[_i]);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, versions_are_ordered, 0, COUNT_OF(ascending) - 1);
    tcase_add_loop_test(tc, what_is_no_version_has_no_order, 0, COUNT_OF(unordered));
}

int main(void)
{
    return suite_run("release_version", add_tests);
}
