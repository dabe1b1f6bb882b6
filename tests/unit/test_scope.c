#include "auth/scope.h"

#include "tests/unit/suite.h"

static const struct {
    uint32_t given, all;
} closures[] = {
    {0, 0},
    {SCOPE_ORG_WRITE, SCOPE_ORG_WRITE | SCOPE_ORG_READ},
    {SCOPE_ORG_ADMIN, SCOPE_ORG_ADMIN | SCOPE_ORG_WRITE | SCOPE_ORG_READ | SCOPE_ORG_INTEGRATIONS},
    {SCOPE_EVENT_ADMIN, SCOPE_EVENT_ADMIN | SCOPE_EVENT_WRITE | SCOPE_EVENT_READ},
    {SCOPE_PROJECT_ADMIN, SCOPE_PROJECT_ADMIN | SCOPE_PROJECT_WRITE | SCOPE_PROJECT_READ},
    {SCOPE_ALERTS_WRITE, SCOPE_ALERTS_WRITE | SCOPE_ALERTS_READ},
    {SCOPE_PROJECT_RELEASES, SCOPE_PROJECT_RELEASES},
    {SCOPE_PROJECT_DISTRIBUTION, SCOPE_PROJECT_DISTRIBUTION},
    {SCOPE_ORG_CI, SCOPE_ORG_CI},
    {SCOPE_MEMBER_INVITE, SCOPE_MEMBER_INVITE},
};

START_TEST(scopes_imply_others)
{
    ck_assert_uint_eq(scope_closure(closures[_i].given), closures[_i].all);
}
END_TEST

START_TEST(names_and_bits_agree)
{
    for (unsigned i = 0; i < SCOPE_COUNT; i++)
        ck_assert_uint_eq(scope_of(str_of(scope_name(i))), UINT32_C(1) << i);
    ck_assert_uint_eq(scope_of(S("org:read")), SCOPE_ORG_READ);
    ck_assert_uint_eq(scope_of(S("org:rea")), 0);
    ck_assert_uint_eq(scope_of(S("")), 0);
}
END_TEST

static const struct {
    const char *role;
    uint32_t may, may_not;
} roles[] = {
    {"owner", SCOPE_ORG_ADMIN | SCOPE_MEMBER_ADMIN | SCOPE_EVENT_ADMIN, 0},
    {"manager", SCOPE_ORG_WRITE | SCOPE_MEMBER_ADMIN, SCOPE_ORG_ADMIN},
    {"admin", SCOPE_PROJECT_ADMIN | SCOPE_TEAM_ADMIN, SCOPE_ORG_WRITE | SCOPE_MEMBER_WRITE},
    {"member", SCOPE_EVENT_WRITE | SCOPE_PROJECT_READ, SCOPE_PROJECT_WRITE | SCOPE_TEAM_WRITE},
    {"billing", SCOPE_ORG_READ, SCOPE_PROJECT_READ | SCOPE_EVENT_READ},
    {"", 0, UINT32_MAX},
    {"root", 0, UINT32_MAX},
};

START_TEST(roles_hold_scopes)
{
    uint32_t scopes = scope_of_role(str_of(roles[_i].role));
    ck_assert_uint_eq(scopes & roles[_i].may, roles[_i].may);
    ck_assert_uint_eq(scopes & roles[_i].may_not, 0);
}
END_TEST

START_TEST(each_role_holds_what_the_lower_ones_hold)
{
    static const char *const ranks[] = {"billing", "member", "admin", "manager", "owner"};
    for (int i = 1; i < COUNT_OF(ranks); i++) {
        uint32_t lower = scope_of_role(str_of(ranks[i - 1]));
        ck_assert_uint_eq(scope_of_role(str_of(ranks[i])) & lower, lower);
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, scopes_imply_others, 0, COUNT_OF(closures));
    tcase_add_test(tc, names_and_bits_agree);
    tcase_add_loop_test(tc, roles_hold_scopes, 0, COUNT_OF(roles));
    tcase_add_test(tc, each_role_holds_what_the_lower_ones_hold);
}

int main(void)
{
    return suite_run("scope", add_tests);
}
