/* What an hour may bring before it is a spike; each figure is worked out beside its series. */
#include "worker/jobs/spike_threshold.h"

#include "tests/unit/suite.h"

enum { LEAST = 50 };

static struct spike_hour hours[SPIKE_HOURS];

static void set_up(void)
{
    memset(hours, 0, sizeof(hours));
}

static void accept(int from, int to, int64_t quantity)
{
    for (int age = from; age <= to; age++)
        hours[age - 1].accepted = quantity;
}

START_TEST(nothing_known_is_the_minimum)
{
    ck_assert_int_eq(spike_threshold(hours, LEAST), LEAST);
    accept(1, SPIKE_HOURS, 10); /* average 10, times 3 */
    ck_assert_int_eq(spike_threshold(hours, LEAST), LEAST);
}
END_TEST

/* No deviation: three times the average, whatever the hours weigh. */
START_TEST(a_calm_week_allows_three_times_as_much)
{
    accept(1, SPIKE_HOURS, 200);
    ck_assert_int_eq(spike_threshold(hours, LEAST), 600);
}
END_TEST

/* 300 an hour ago, then nothing: average 150, deviation 150, 5 * 150 / 150 = 5. */
START_TEST(the_factor_is_five_deviations)
{
    accept(2, 2, 300);
    ck_assert_int_eq(spike_threshold(hours, LEAST), 750);
}
END_TEST

/* 400 in one of four hours: average 100, deviation sqrt(30000) = 173, 8.7 is cut to 6. */
START_TEST(the_factor_is_six_at_most)
{
    accept(4, 4, 400);
    ck_assert_int_eq(spike_threshold(hours, LEAST), 600);
}
END_TEST

/* Two hours, 300 and 100: average 200, deviation 100, 2.5 is raised to 3; the week before them, in
 * which nothing was known, counts nothing. */
START_TEST(a_young_project_is_measured_by_its_own_hours)
{
    accept(1, 1, 300);
    accept(2, 2, 100);
    ck_assert_int_eq(spike_threshold(hours, LEAST), 600);
}
END_TEST

/* 23 hours of 10 and one of 360, which weighs 12: average (230 + 4320) / 35 = 130, deviation
 * sqrt((23 * 120^2 + 12 * 230^2) / 35) = 166, 6.4 is cut to 6.  An hour later the same is one of
 * 25 hours, of which the 24th is 10 and weighs 12: (23 * 10 + 120 + 360) / 36, times 6. */
START_TEST(the_same_hour_of_yesterday_weighs_more)
{
    accept(1, 23, 10);
    accept(24, 24, 360);
    ck_assert_int_eq(spike_threshold(hours, LEAST), 780);
    accept(24, 24, 10);
    accept(25, 25, 360);
    ck_assert_int_eq(spike_threshold(hours, LEAST), 118); /* 6 * 710 / 36 */
}
END_TEST

/* A week of 10 but for the hour a week ago: weights 161 + 6 * 12 + 24 = 257, average
 * (233 * 10 + 24 * 2580) / 257 = 250, times 6. */
START_TEST(the_same_hour_of_the_week_weighs_most)
{
    accept(1, SPIKE_HOURS, 10);
    accept(SPIKE_HOURS, SPIKE_HOURS, 2580);
    ck_assert_int_eq(spike_threshold(hours, LEAST), 1500);
}
END_TEST

/* What was dropped an hour ago counts 1 - 0.9 / 24 = 0.9625 of itself, 12 hours ago 0.55, from 24
 * hours on 0.1; here so much each time that the hours are alike: three times 1,100. */
START_TEST(what_was_dropped_fades)
{
    accept(1, 48, 1100);
    hours[0] = (struct spike_hour){330, 800};    /* 330 + 770 */
    hours[11] = (struct spike_hour){0, 2000};    /* 1100 */
    hours[23] = (struct spike_hour){100, 10000}; /* 100 + 1000 */
    hours[47] = (struct spike_hour){0, 11000};   /* 1100 */
    ck_assert_int_eq(spike_threshold(hours, LEAST), 3300);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, NULL);
    tcase_add_test(tc, nothing_known_is_the_minimum);
    tcase_add_test(tc, a_calm_week_allows_three_times_as_much);
    tcase_add_test(tc, the_factor_is_five_deviations);
    tcase_add_test(tc, the_factor_is_six_at_most);
    tcase_add_test(tc, a_young_project_is_measured_by_its_own_hours);
    tcase_add_test(tc, the_same_hour_of_yesterday_weighs_more);
    tcase_add_test(tc, the_same_hour_of_the_week_weighs_most);
    tcase_add_test(tc, what_was_dropped_fades);
}

int main(void)
{
    return suite_run("spike_threshold", add_tests);
}
