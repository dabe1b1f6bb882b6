#include "base/network.h"

#include "tests/unit/suite.h"

static const struct {
    const char *ranges, *address;
    bool inside;
} cases[] = {
    {"", "10.0.0.1", false},
    {"10.0.0.0/8", "10.255.0.1", true},
    {"10.0.0.0/8", "11.0.0.1", false},
    {"192.0.2.7", "192.0.2.7", true},
    {"192.0.2.7", "192.0.2.8", false},
    {"192.0.2.0/25", "192.0.2.127", true},
    {"192.0.2.0/25", "192.0.2.128", false},
    {"0.0.0.0/0", "203.0.113.9", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"::/0", "2001:db8::1", true},
    {"2001:db8::/33", "2001:db8:7fff::1", true},
    {"2001:db8::/33", "2001:db8:8000::1", false},
    {"fe80::1, 10.0.0.0/8", "10.1.1.1", true},
    {"  fe80::1\t10.0.0.0/8  ", "fe80::1", true},
    {"127.0.0.0/8", "::ffff:127.0.0.1", true},
    {"10.0.0.0/33 nonsense 10.0.0.0/-1 10.0.0.0/", "10.0.0.0", false},
    {"10.0.0.0/8", "10.0.0.1 ", false},
    {"10.0.0.0/8", "", false},
    {"10.0.0.0/8", "not an address at all, and far longer than any address could ever be", false},
};

START_TEST(network_knows_its_addresses)
{
    ck_assert_int_eq(network_has(str_of(cases[_i].ranges), str_of(cases[_i].address)),
                     cases[_i].inside);
}
END_TEST

START_TEST(wrong_ranges_are_named)
{
    struct str wrong;
    ck_assert(network_is_valid(S("10.0.0.0/8 ::1,192.0.2.1/32"), &wrong));
    ck_assert(!network_is_valid(S("10.0.0.0/8 10.0.0.0/40 ::1"), &wrong));
    ck_assert_text(wrong, "10.0.0.0/40");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, network_knows_its_addresses, 0, COUNT_OF(cases));
    tcase_add_test(tc, wrong_ranges_are_named);
}

int main(void)
{
    return suite_run("network", add_tests);
}
