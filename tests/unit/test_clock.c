#include "base/clock.h"

#include <unistd.h>

#include "tests/unit/suite.h"

static const struct {
    const char *text;
    bool valid;
    int64_t us;
} times[] = {
    {"1970-01-01T00:00:00Z", true, 0},
    {"2026-11-21T09:15:24.693131Z", true, 1795252524693131},
    {"2026-11-21 09:15:24.693131", true, 1795252524693131},
    {"2026-11-21T11:15:24.693131+02:00", true, 1795252524693131},
    {"2026-11-21T11:15:24.693131+0200", true, 1795252524693131},
    {"2026-11-21T03:45:24.693131-05:30", true, 1795252524693131},
    {"2026-11-21T10:15:24.693131+01", true, 1795252524693131},
    {"2026-11-21T09:15:24.693131999Z", true, 1795252524693131},
    {"2026-11-21T09:15:24,5Z", true, 1795252524500000},
    {"2026-11-21T09:15Z", true, 1795252500000000},
    {"2026-11-21", true, 1795219200000000},
    {" 2026-11-21 ", true, 1795219200000000},
    {"2024-02-29T00:00:00Z", true, 1709164800000000},
    {"2000-02-29", true, 951782400000000},
    {"1969-12-31T23:59:59.999999Z", true, -1},
    {"0001-01-01", true, CLOCK_LEAST},
    {"9999-12-31T23:59:59.999999Z", true, CLOCK_MOST},
    {"2016-12-31T23:59:60Z", true, 1483228800000000},
    {"0000-01-01", false, 0},
    {"2023-02-29", false, 0},
    {"1900-02-29", false, 0},
    {"2026-13-01", false, 0},
    {"2026-00-01", false, 0},
    {"2026-11-31", false, 0},
    {"2026-11-21T24:00:00Z", false, 0},
    {"2026-11-21T09:60:00Z", false, 0},
    {"2026-11-21T09:15:24.Z", false, 0},
    {"2026-11-21T09:15:24.1234567890Z", false, 0},
    {"2026-11-21T09:15:24Zx", false, 0},
    {"2026-11-21T09:15:24+", false, 0},
    {"2026-11-21T09:15:24+02:", false, 0},
    {"2026-11-21T", false, 0},
    {"20261121", false, 0},
    {"yesterday", false, 0},
    {"", false, 0},
};

START_TEST(parses)
{
    int64_t us = 77;
    ck_assert_int_eq(clock_parse(str_of(times[_i].text), &us), times[_i].valid);
    ck_assert_int_eq(us, times[_i].valid ? times[_i].us : 77);
}
END_TEST

START_TEST(every_day_comes_back)
{
    char iso[CLOCK_ISO_MAX];
    for (int64_t us = CLOCK_LEAST; us < CLOCK_MOST; us += 11 * CLOCK_DAY + 12345678901) {
        int64_t back;
        size_t n = clock_put(us, iso);
        if (!clock_parse((struct str){iso, n}, &back) || back != us)
            ck_abort_msg("%s read back wrong", iso);
    }
}
END_TEST

START_TEST(writes)
{
    struct arena *a = arena_new(65536);
    ck_assert_text(clock_iso(a, 1795252524693131), "2026-11-21T09:15:24.693131Z");
    ck_assert_text(clock_iso(a, -1), "1969-12-31T23:59:59.999999Z");
    ck_assert_text(clock_iso(a, INT64_MIN), "0001-01-01T00:00:00.000000Z");
    ck_assert_text(clock_iso(a, INT64_MAX), "9999-12-31T23:59:59.999999Z");
    arena_free(a);
}
END_TEST

START_TEST(can_be_pinned)
{
    clock_pin(42);
    ck_assert_int_eq(clock_now(), 42);
    clock_pin(0);
    ck_assert_int_gt(clock_now(), INT64_C(1700000000) * CLOCK_SECOND);
    int64_t before = clock_monotonic();
    ck_assert_int_ge(clock_monotonic(), before);
}
END_TEST

static void move_to(int fd, int64_t us)
{
    ck_assert_int_eq(pwrite(fd, &us, sizeof(us), 0), sizeof(us));
}

START_TEST(can_be_moved)
{
    char path[] = "/tmp/vedette-clock.XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert(!clock_follow("/nowhere/at/all"));
    ck_assert(!clock_follow(path)); /* too short */
    move_to(fd, 0);
    ck_assert(clock_follow(path));
    int64_t now = clock_now(), monotonic = clock_monotonic();
    move_to(fd, 3600 * (int64_t)CLOCK_SECOND);
    ck_assert_int_ge(clock_now(), now + 3600 * (int64_t)CLOCK_SECOND);
    ck_assert_int_lt(clock_monotonic(), monotonic + 60 * (int64_t)CLOCK_SECOND);
    move_to(fd, -3600 * (int64_t)CLOCK_SECOND);
    ck_assert_int_lt(clock_now(), now);
    move_to(fd, 0);
    unlink(path);
    close(fd);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, parses, 0, COUNT_OF(times));
    tcase_add_test(tc, every_day_comes_back);
    tcase_add_test(tc, writes);
    tcase_add_test(tc, can_be_pinned);
    tcase_add_test(tc, can_be_moved);
}

int main(void)
{
    return suite_run("clock", add_tests);
}
