#include "base/buf.h"

#include "tests/unit/suite.h"

START_TEST(grows_to_its_ceiling)
{
    struct buf b;
    buf_init(&b, 1000);
    for (int i = 0; i < 1000; i++)
        buf_putc(&b, (char)('a' + i % 26));
    ck_assert(buf_ok(&b));
    ck_assert_uint_eq(b.len, 1000);
    ck_assert_uint_le(b.cap, 1000);
    ck_assert_int_eq(b.data[999], 'a' + 999 % 26);
    buf_free(&b);
}
END_TEST

START_TEST(turns_bad_past_its_ceiling_and_stays_bad)
{
    struct buf b;
    buf_init(&b, 4);
    buf_puts(&b, "abc");
    buf_puts(&b, "de");
    ck_assert(!buf_ok(&b));
    buf_putc(&b, 'x');
    ck_assert_text(buf_str(&b), "abc");
    buf_clear(&b);
    buf_puts(&b, "abcd");
    ck_assert(buf_ok(&b));
    buf_free(&b);
}
END_TEST

START_TEST(prints)
{
    struct buf b;
    buf_init(&b, 100);
    buf_printf(&b, "%d/%s", 42, "x");
    buf_put_str(&b, S("!"));
    buf_put_str(&b, (struct str){0});
    ck_assert_text(buf_str(&b), "42/x!");
    buf_printf(&b, "%200d", 1);
    ck_assert(!buf_ok(&b));
    buf_free(&b);
}
END_TEST

START_TEST(reserves_room)
{
    struct buf b;
    buf_init(&b, 600);
    char *room = buf_reserve(&b, 600);
    ck_assert_ptr_nonnull(room);
    memset(room, 'x', 600);
    b.len += 600;
    ck_assert_ptr_null(buf_reserve(&b, 1));
    ck_assert(!buf_ok(&b));
    buf_free(&b);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_test(tc, grows_to_its_ceiling);
    tcase_add_test(tc, turns_bad_past_its_ceiling_and_stays_bad);
    tcase_add_test(tc, prints);
    tcase_add_test(tc, reserves_room);
}

int main(void)
{
    return suite_run("buf", add_tests);
}
