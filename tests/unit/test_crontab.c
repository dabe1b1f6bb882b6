#include "base/crontab.h"

#include "base/clock.h"
#include "tests/unit/suite.h"

static struct arena *arena;

static void begin(void)
{
    arena = arena_new((size_t)1 << 20);
}

static void end(void)
{
    arena_free(arena);
}

static int64_t us(const char *text)
{
    int64_t out = 0;
    ck_assert(clock_parse(str_of(text), &out));
    return out;
}

static const struct {
    const char *crontab, *after, *next;
} nexts[] = {
    {"* * * * *", "2026-11-21T10:00:00", "2026-11-21T10:01:00"},
    {"* * * * *", "2026-11-21T10:00:59.999999", "2026-11-21T10:01:00"},
    {"0 * * * *", "2026-11-21T10:00:00", "2026-11-21T11:00:00"},
    {"*/15 * * * *", "2026-11-21T23:46:00", "2026-11-22T00:00:00"},
    {"5-20/7 3,4 * * *", "2026-11-21T04:19:00", "2026-11-22T03:05:00"},
    {"50/5 * * * *", "2026-11-21T04:49:00", "2026-11-21T04:50:00"},
    {"50/5 * * * *", "2026-11-21T04:56:00", "2026-11-21T05:50:00"},
    {"@daily", "2026-12-31T12:00:00", "2027-01-01T00:00:00"},
    {"@YEARLY", "2026-01-01T00:00:00", "2027-01-01T00:00:00"},
    {"@weekly", "2026-11-21T12:00:00", "2026-11-22T00:00:00"},
    {"0 12 29 2 *", "2026-11-21T12:00:00", "2028-02-29T12:00:00"},
    {"0 12 29 feb *", "2096-03-01T00:00:00", "2104-02-29T12:00:00"},
    {"0 0 L * *", "2027-02-01T00:00:00", "2027-02-28T00:00:00"},
    {"0 0 * * 7", "2026-11-21T12:00:00", "2026-11-22T00:00:00"},
    {"0 0 * * Mon-FRI", "2026-11-20T12:00:00", "2026-11-23T00:00:00"},
    {"0 0 * * 5-7", "2026-11-21T12:00:00", "2026-11-22T00:00:00"},
    {"0 0 13 * 5", "2026-11-21T12:00:00", "2026-11-27T00:00:00"},
    {"0 0 13 * 5", "2026-12-11T12:00:00", "2026-12-13T00:00:00"},
    {"0 0 */2 * 1", "2026-11-21T12:00:00", "2026-11-23T00:00:00"},
    {"0 0 1 jan *", "1950-06-01T00:00:00", "1951-01-01T00:00:00"},
};

START_TEST(the_next_time_is_found)
{
    struct crontab c;
    ck_assert(crontab_parse(arena, str_of(nexts[_i].crontab), &c));
    int64_t next = crontab_next(&c, us(nexts[_i].after));
    ck_assert_int_eq(next, us(nexts[_i].next));
    ck_assert(crontab_matches(&c, next));
    ck_assert(!crontab_matches(&c, next - (int64_t)60 * CLOCK_SECOND) ||
              next - (int64_t)60 * CLOCK_SECOND <= us(nexts[_i].after));
}
END_TEST

static const char *const bad[] = {
    "",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * 32 * *",
    "* * * 13 *",
    "* * * * 8",
    "*/0 * * * *",
    "5-1 * * * *",
    "@reboot",
    "a * * * *",
    "1, * * * *",
    ",1 * * * *",
    "1-2-3 * * * *",
    "-1 * * * *",
    "+1 * * * *",
    "1/-2 * * * *",
    "* * 31 2 *",
    "* * 31 feb,apr *",
    "** * * * *",
    "*/1/1 * * * *",
    "L * * * *",
    "0x1 * * * *",
    "1//2 * * * *",
    "* * L-3 * *",
    "/5 * * * *",
    "*/99999999999999999999 * * * *",
};

START_TEST(what_is_none_is_refused)
{
    struct crontab c;
    ck_assert_msg(!crontab_parse(arena, str_of(bad[_i]), &c), "%s", bad[_i]);
}
END_TEST

START_TEST(names_and_blanks_become_the_plain_form)
{
    struct crontab c;
    ck_assert(crontab_parse(arena, S("@daily"), &c));
    ck_assert(str_eq(c.text, S("0 0 * * *")));
    ck_assert(crontab_parse(arena, S(" 1  2\t* * mon\n"), &c));
    ck_assert(str_eq(c.text, S("1 2 * * mon")));
}
END_TEST

/* An endless text costs no more than a long one. */
START_TEST(a_long_text_is_refused)
{
    struct crontab c;
    enum { SIZE = 500000 };
    char *text = arena_take(arena, SIZE);
    memset(text, '1', SIZE);
    ck_assert(!crontab_parse(arena, (struct str){text, SIZE}, &c));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_loop_test(tc, the_next_time_is_found, 0, COUNT_OF(nexts));
    tcase_add_loop_test(tc, what_is_none_is_refused, 0, COUNT_OF(bad));
    tcase_add_test(tc, names_and_blanks_become_the_plain_form);
    tcase_add_test(tc, a_long_text_is_refused);
}

int main(void)
{
    return suite_run("crontab", add_tests);
}
