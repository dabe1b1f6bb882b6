/* What every unit test program needs around its cases: one suite, run, exit status. */
#ifndef TESTS_UNIT_SUITE_H
#define TESTS_UNIT_SUITE_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define COUNT_OF(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

/* How many times as long as usual anything may take in this program. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { SUITE_SLOWNESS = 10 };
#else
enum { SUITE_SLOWNESS = 1 };
#endif

#define ck_assert_text(actual, expected)                                                           \
    do {                                                                                           \
        struct str actual_text = (actual);                                                         \
        struct str expected_text = str_of(expected);                                               \
        ck_assert_msg(str_eq(actual_text, expected_text), "got \"%.*s\", expected \"%.*s\"",       \
                      STR_ARG(actual_text), STR_ARG(expected_text));                               \
    } while (0)

static inline int suite_run(const char *name, void (*add_tests)(TCase *tc))
{
    Suite *suite = suite_create(name);
    TCase *tc = tcase_create(name);
    add_tests(tc);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
