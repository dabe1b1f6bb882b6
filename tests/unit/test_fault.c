#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fault.h"
#include "tests/unit/suite.h"

static void teardown(void)
{
    fault_set(NULL);
    unsetenv("VEDETTE_FAULT_ONCE");
}

START_TEST(nothing_fires_unarmed)
{
    fault_set(NULL);
    ck_assert(!fault_armed && !fault_here("after_append"));
    fault_set("");
    ck_assert(!fault_armed);
}
END_TEST

START_TEST(fires_at_its_visit_and_only_then)
{
    fault_set("other,after_append:3");
    ck_assert(fault_armed);
    ck_assert(!fault_here("after_append"));
    ck_assert(!fault_here("after_append"));
    ck_assert(!fault_here("after"));
    ck_assert(fault_here("after_append"));
    ck_assert(!fault_here("after_append"));
    ck_assert(fault_here("other"));
}
END_TEST

START_TEST(fires_at_every_sight_of_its_text)
{
    fault_set("digest@poisonous");
    ck_assert(!fault_on("digest", S("harmless")));
    ck_assert(fault_on("digest", S("a poisonous event")));
    ck_assert(fault_on("digest", S("poisonous")));
    ck_assert(!fault_here("digest"));
}
END_TEST

START_TEST(once_means_as_long_as_the_file_is_there)
{
    char path[] = "/tmp/vedette-fault-XXXXXX";
    close(mkstemp(path));
    setenv("VEDETTE_FAULT_ONCE", path, 1);
    fault_set("digest@x");
    ck_assert(fault_on("digest", S("x")));
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert(!fault_on("digest", S("x")));
}
END_TEST

START_TEST(kills_the_process)
{
    fault_set("after_sync");
    fault_kill("after_append");
    fault_kill("after_sync");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, NULL, teardown);
    tcase_add_test(tc, nothing_fires_unarmed);
    tcase_add_test(tc, fires_at_its_visit_and_only_then);
    tcase_add_test(tc, fires_at_every_sight_of_its_text);
    tcase_add_test(tc, once_means_as_long_as_the_file_is_there);
    tcase_add_test_raise_signal(tc, kills_the_process, SIGKILL);
}

int main(void)
{
    return suite_run("fault", add_tests);
}
