#include "base/route.h"

#include <signal.h>

#include "tests/unit/ask.h"

static struct arena *arena;
static struct routes *routes;

static int nothing(struct request *rq)
{
    return rq->status = 200;
}

static const struct route first[] = {
    {METHOD_GET, "/api/0/", 1, nothing},
    {METHOD_GET, "/api/0/organizations/", 2, nothing},
    {METHOD_GET, "/api/0/organizations/{organization}/", 3, nothing},
    {METHOD_PUT, "/api/0/organizations/{organization}/", 4, nothing},
    {METHOD_GET, "/api/0/issues/{issue}/events/latest/", 5, nothing},
    {METHOD_GET, "/api/0/issues/{issue}/events/{event}/", 6, nothing},
    {METHOD_DELETE, "/api/0/issues/{issue}/events/{event}/", 7, nothing},
    {METHOD_GET, "/api/0/teams/mine/projects/", 8, nothing},
    {0},
};
static const struct route second[] = {
    {METHOD_POST, "/api/0/teams/{organization}/{team}/", 9, nothing},
    {METHOD_GET, "/scim/v2/Users", 10, nothing},
    {0},
};
static const struct route *const tables[] = {first, second, NULL};

static void set_up(void)
{
    arena = arena_new(16 << 20);
    routes = routes_compile(tables);
}

static void tear_down(void)
{
    routes_free(routes);
    arena_free(arena);
}

static const struct {
    const char *method, *uri;
    int status;
    unsigned route; /* its access column */
    const char *param, *allow;
} cases[] = {
    {"GET", "/api/0/", 0, 1, NULL, NULL},
    {"GET", "/api/0", 0, 1, NULL, NULL},
    {"HEAD", "/api/0/", 0, 1, NULL, NULL},
    {"GET", "/api//0//", 0, 1, NULL, NULL},
    {"GET", "/api/0/organizations/", 0, 2, NULL, NULL},
    {"GET", "/api/0/organizations/acme/", 0, 3, "acme", NULL},
    {"GET", "/api/0/organizations/acme", 0, 3, "acme", NULL},
    {"PUT", "/api/0/organizations/acme?x=/y", 0, 4, "acme", NULL},
    {"GET", "/api/0/organizations/a%2Fb%20%C3%A9/", 0, 3, "a/b \xc3\xa9", NULL},
    {"GET", "/api/0/organizations/a%00b/", 0, 3, "ab", NULL},
    {"GET", "/api/0/organizations/%ff/", 0, 3, "\xef\xbf\xbd", NULL},
    {"GET", "/api/0/organizations/%00/", 404, 0, NULL, NULL},
    {"GET", "/%61pi/0/organizations/", 0, 2, NULL, NULL},
    {"GET", "/api/0/issues/7/events/latest/", 0, 5, "7", NULL},
    {"GET", "/api/0/issues/7/events/abc/", 0, 6, "7", NULL},
    {"DELETE", "/api/0/issues/7/events/latest/", 0, 7, "7", NULL},
    {"PUT", "/api/0/issues/7/events/latest/", 405, 0, NULL, "GET, HEAD, DELETE"},
    {"PUT", "/api/0/issues/7/events/abc/", 405, 0, NULL, "GET, HEAD, DELETE"},
    {"GET", "/api/0/teams/mine/projects/", 0, 8, NULL, NULL},
    {"POST", "/api/0/teams/mine/projects/", 0, 9, "mine", NULL},
    {"POST", "/api/0/teams/acme/backend/", 0, 9, "acme", NULL},
    {"GET", "/api/0/teams/acme/backend/", 405, 0, NULL, "POST"},
    {"PROPFIND", "/api/0/", 405, 0, NULL, "GET, HEAD"},
    {"OPTIONS", "/api/0/organizations/acme/", 405, 0, NULL, "GET, HEAD, PUT"},
    {"GET", "/scim/v2/Users", 0, 10, NULL, NULL},
    {"GET", "/scim/v2/Users/", 0, 10, NULL, NULL},
    {"GET", "/api/0/unknown/", 404, 0, NULL, NULL},
    {"GET", "/api/", 404, 0, NULL, NULL},
    {"GET", "/", 404, 0, NULL, NULL},
    {"GET", "", 404, 0, NULL, NULL},
    {"GET", "*", 404, 0, NULL, NULL},
    {"GET", "/api/0/organizations/acme/more/", 404, 0, NULL, NULL},
    {"GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/", 404, 0, NULL, NULL},
};

START_TEST(path_finds_its_route)
{
    struct ask q = {.method = cases[_i].method, .uri = cases[_i].uri};
    struct request *rq = ask_begin(&q, arena);
    ck_assert_int_eq(routes_match(routes, rq), cases[_i].status);
    if (!cases[_i].status)
        ck_assert_uint_eq(rq->route->access, cases[_i].route);
    ck_assert_text(cases[_i].status ? (struct str){0} : rq->params[0], cases[_i].param);
    ck_assert_text(ask_reply_header(rq, "Allow"), cases[_i].allow);
}
END_TEST

START_TEST(all_params_are_kept)
{
    struct ask q = {.uri = "/api/0/issues/WEB-1/events/abc/"};
    struct request *rq = ask_begin(&q, arena);
    ck_assert_int_eq(routes_match(routes, rq), 0);
    ck_assert_text(request_param(rq, S("issue")), "WEB-1");
    ck_assert_text(request_param(rq, S("event")), "abc");
}
END_TEST

START_TEST(every_route_is_printed)
{
    struct buf text;
    buf_init(&text, 65536);
    routes_print(routes, &text);
    ck_assert(str_starts(buf_str(&text), S("GET     /api/0/ 00000001\n")));
    ck_assert(
        str_has(buf_str(&text), S("\nPUT     /api/0/organizations/{organization}/ 00000004\n")));
    ck_assert(str_ends(buf_str(&text), S("GET     /scim/v2/Users 0000000a\n")));
    buf_free(&text);
}
END_TEST

START_TEST(a_repeated_route_aborts)
{
    static const struct route twice[] = {
        {METHOD_GET, "/api/0/issues/{other}/events/latest/", 0, nothing}, {0}};
    static const struct route *const both[] = {first, twice, NULL};
    routes_compile(both);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, path_finds_its_route, 0, COUNT_OF(cases));
    tcase_add_test(tc, all_params_are_kept);
    tcase_add_test(tc, every_route_is_printed);
    tcase_add_test_raise_signal(tc, a_repeated_route_aborts, SIGABRT);
}

int main(void)
{
    return suite_run("route", add_tests);
}
