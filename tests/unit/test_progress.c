#include "worker/progress.h"

#include <signal.h>

#include "base/settings.h"
#include "tests/unit/suite.h"

/* Wait statuses as waitpid() gives them. */
enum { EXITED_WELL = 0, EXITED_BADLY = 1 << 8 };

static struct progress *slots;
static const struct uuid log_a = {{1}}, log_b = {{2}};

static void set_up(void)
{
    slots = progress_new(2);
}

/* A child that dies with one record alone in hand. */
static void die_alone(int64_t position, int status)
{
    struct progress_range *range = progress_begin(&slots[1], log_a, 0, position);
    progress_alone(&slots[1], log_a, position);
    progress_extend(range, position + 8);
    progress_died(1, status, slots);
}

START_TEST(a_death_makes_the_next_child_careful)
{
    struct progress_range *done = progress_begin(&slots[1], log_b, 0, 0);
    progress_extend(done, 800);
    progress_end(done);
    progress_extend(progress_begin(&slots[1], log_a, 3, 100), 500);
    progress_died(1, SIGSEGV, slots);
    ck_assert_int_eq(progress_careful_until(&slots[1], log_a, 3), 500);
    ck_assert_int_eq(progress_careful_until(&slots[1], log_a, 0), 0);
    ck_assert_int_eq(progress_careful_until(&slots[1], log_b, 0), 0);
    ck_assert_int_eq(progress_careful_until(&slots[0], log_a, 3), 0);
}
END_TEST

static const int orderly[] = {EXITED_WELL, SIGTERM, SIGINT};

START_TEST(an_orderly_end_is_no_death)
{
    die_alone(100, orderly[_i]);
    die_alone(100, orderly[_i]);
    die_alone(100, orderly[_i]);
    ck_assert(!progress_verdict(&slots[1], log_a, 100));
    ck_assert_int_eq(progress_careful_until(&slots[1], log_a, 0), 0);
}
END_TEST

static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, EXITED_BADLY};

/* The first death was that of the child which had it among others. */
START_TEST(the_third_crash_condemns_a_record)
{
    die_alone(100, crashes[_i]);
    ck_assert(!progress_verdict(&slots[1], log_a, 100));
    die_alone(100, crashes[_i]);
    ck_assert(progress_verdict(&slots[1], log_a, 100));
    ck_assert(!progress_verdict(&slots[1], log_a, 108));
    ck_assert(!progress_verdict(&slots[1], log_b, 100));
}
END_TEST

START_TEST(another_record_begins_anew)
{
    die_alone(100, SIGSEGV);
    die_alone(108, SIGSEGV);
    die_alone(100, SIGSEGV);
    ck_assert(!progress_verdict(&slots[1], log_a, 100));
}
END_TEST

START_TEST(kills_from_outside_hardly_count)
{
    for (int i = 0; i < 8; i++)
        die_alone(100, SIGKILL);
    ck_assert(!progress_verdict(&slots[1], log_a, 100));
    die_alone(100, SIGKILL);
    ck_assert(progress_verdict(&slots[1], log_a, 100));
}
END_TEST

START_TEST(a_hang_is_a_crash)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_DIGEST_HANG_SECONDS", "1", 1);
    settings_load();
    ck_assert_int_eq(progress_watch(1, 77, slots), 0);
    for (int death = 0; death < 2; death++) {
        progress_alone(&slots[1], log_a, 100);
        progress_busy(&slots[1]);
        ck_assert_int_eq(progress_watch(1, 77, slots), 0);
        slots[1].busy_since -= 1100000;
        ck_assert_int_eq(progress_watch(1, 77, slots), 77);
        progress_died(1, SIGKILL, slots);
    }
    ck_assert(progress_verdict(&slots[1], log_a, 100));
    progress_busy(&slots[1]);
    progress_idle(&slots[1]);
    slots[1].busy_since -= slots[1].busy_since ? 1100000 : 0;
    ck_assert_int_eq(progress_watch(1, 77, slots), 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, NULL);
    tcase_add_test(tc, a_death_makes_the_next_child_careful);
    tcase_add_loop_test(tc, an_orderly_end_is_no_death, 0, COUNT_OF(orderly));
    tcase_add_loop_test(tc, the_third_crash_condemns_a_record, 0, COUNT_OF(crashes));
    tcase_add_test(tc, another_record_begins_anew);
    tcase_add_test(tc, kills_from_outside_hardly_count);
    tcase_add_test(tc, a_hang_is_a_crash);
}

int main(void)
{
    return suite_run("progress", add_tests);
}
