/*
 * Every route of the web API against everybody who may not call it: what is foreign must answer
 * byte for byte as what does not exist, and a role without the scope is refused.  New routes are
 * walked without a change here.
 */
#include <sodium.h>

#include "api/tables.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/bind.h"
#include "base/settings.h"
#include "tests/unit/callers.h"

static struct arena *arena;
static struct pg *db;
static struct routes *routes;

/* What stands for the {names} of a path. */
struct names {
    const char *organization, *project, *team, *issue;
};

static const struct names own = {"acme", "shop", "web", "101"};

static const struct {
    const char *name;
    struct names foreign, absent;
} places[] = {
    {"organization", {"globex", "shop", "web", "101"}, {"absent", "shop", "web", "101"}},
    {"organization", {"2", "21", "2", "201"}, {"99", "21", "2", "201"}},
    {"project", {"acme", "secret", "web", "101"}, {"acme", "absent", "web", "101"}},
    {"project", {"acme", "21", "web", "101"}, {"acme", "999", "web", "101"}},
    {"project", {"acme", "old", "web", "101"}, {"acme", "absent", "web", "101"}},
    {"team", {"acme", "shop", "ops", "101"}, {"acme", "shop", "absent", "101"}},
    {"team", {"acme", "shop", "2", "101"}, {"acme", "shop", "999", "101"}},
    {"issue", {"acme", "shop", "web", "201"}, {"acme", "shop", "web", "999"}},
    {"issue", {"acme", "shop", "web", "103"}, {"acme", "shop", "web", "999"}},
    {"issue", {"acme", "shop", "web", "OLD-1A"}, {"acme", "shop", "web", "ABSENT-1A"}},
};

static const char *const roles[] = {"billing", "member", "admin", "manager", "owner"};

static void fill_database(void)
{
    arena = arena_new(16 << 20);
    db = database_migrated();
    ck_assert(pg_script(db, callers_seed));
    add_session(db, arena, (struct session_row){'o', 1, "0 s", "1 day", false});
    add_session(db, arena, (struct session_row){'m', 2, "0 s", "1 day", false});
    add_token(db, arena, (struct token_row){'a', "1", "null", "project:distribution", "null"});
    pg_close(db);
    arena_free(arena);
}

static void set_up(void)
{
    arena = arena_new(256 << 20);
    db = pg_open(database_conninfo, "test");
    routes = routes_compile(api_tables);
}

static void tear_down(void)
{
    routes_free(routes);
    pg_close(db);
    arena_free(arena);
}

static const char *name_of(const struct names *names, struct str name)
{
    if (str_eq(name, S("organization")))
        return names->organization;
    if (str_eq(name, S("project")))
        return names->project;
    if (str_eq(name, S("team")))
        return names->team;
    return str_eq(name, S("issue")) ? names->issue : "1";
}

/* The route's path with its {names} filled in. */
static const char *path_of(const struct route *route, const struct names *names)
{
    struct str rest = str_of(route->path);
    const char *path = "";
    while (rest.n) {
        size_t open = str_index(rest, '{'), end = str_index(rest, '}');
        path = arena_printf(arena, "%s%.*s", path, (int)open, rest.p);
        if (open < rest.n)
            path =
                arena_printf(arena, "%s%s", path, name_of(names, str_slice(rest, open + 1, end)));
        rest = str_slice(rest, end + 1, rest.n);
    }
    return path;
}

static struct request *ask(const char *who, const struct route *route, const char *uri)
{
    static const char *const methods[] = {
        [METHOD_GET] = "GET",     [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
        [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
    };
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = methods[route->method], .uri = uri, .body = S("{}")};
    put_caller(q, arena, who);
    struct request *rq = ask_begin(q, arena);
    rq->db = db;
    gate_serve(routes, rq);
    return rq;
}

static void check_same(const struct route *route, const struct request *foreign,
                       const struct request *absent)
{
    ck_assert_msg(foreign->status == absent->status &&
                      str_eq(ask_body(foreign), ask_body(absent)) &&
                      foreign->header_count == absent->header_count,
                  "%s tells foreign (%d %.*s) from absent (%d %.*s)", route->path, foreign->status,
                  STR_ARG(ask_body(foreign)), absent->status, STR_ARG(ask_body(absent)));
}

static bool names_place(const struct route *route, const char *name)
{
    return strstr(route->path, arena_printf(arena, "{%s}", name)) != NULL;
}

static bool names_any_place(const struct route *route)
{
    return names_place(route, "organization") || names_place(route, "issue");
}

static int for_every_route(void (*check)(const struct route *route))
{
    int count = 0;
    for (const struct route *const *table = api_tables; *table; table++) {
        for (const struct route *route = *table; route->path; route++) {
            check(route);
            count++;
        }
    }
    return count;
}

static void check_nobody(const struct route *route)
{
    if (route->access & ACCESS_PUBLIC)
        return;
    const struct request *rq = ask("", route, path_of(route, &own));
    ck_assert_msg(rq->status == 401, "%s answers nobody with %d", route->path, rq->status);
    check_same(route, rq, ask("", route, path_of(route, &places[0].absent)));
}

START_TEST(nobody_is_refused_before_anything_is_looked_up)
{
    ck_assert_int_gt(for_every_route(check_nobody), 20);
}
END_TEST

static void check_foreign(const struct route *route)
{
    for (int i = 0; i < COUNT_OF(places); i++) {
        if (!names_place(route, places[i].name))
            continue;
        const struct request *absent = ask("o", route, path_of(route, &places[i].absent));
        ck_assert_msg(absent->status == 404, "%s has an absent %s: %d", route->path, places[i].name,
                      absent->status);
        check_same(route, ask("o", route, path_of(route, &places[i].foreign)), absent);
    }
}

START_TEST(foreign_places_do_not_exist)
{
    for_every_route(check_foreign);
}
END_TEST

static const char *current_role;

static void check_role(const struct route *route)
{
    uint32_t held = scope_of_role(str_of(current_role));
    uint32_t open = ACCESS_PUBLIC | ACCESS_USER | ACCESS_SESSION;
    if (!names_any_place(route) || (route->access & (open | held)))
        return;
    const struct request *rq = ask("m", route, path_of(route, &own));
    ck_assert_msg(rq->status == 403, "%s lets a %s in: %d", route->path, current_role, rq->status);
}

START_TEST(roles_without_the_scope_are_refused)
{
    current_role = roles[_i];
    ck_assert(pg_script(
        db, arena_printf(arena, "update member set role = '%s' where user_id = 2", current_role)));
    for_every_route(check_role);
}
END_TEST

static void check_token(const struct route *route)
{
    uint32_t open = ACCESS_PUBLIC | ACCESS_USER | SCOPE_PROJECT_DISTRIBUTION;
    if (route->access & open)
        return;
    const struct request *rq = ask("token a", route, path_of(route, &own));
    ck_assert_msg(rq->status == 403, "%s lets a token without its scope in: %d", route->path,
                  rq->status);
}

START_TEST(tokens_without_the_scope_are_refused)
{
    for_every_route(check_token);
}
END_TEST

/* Lists that can be narrowed by project=. */
static void check_query(const struct route *route)
{
    if (route->method != METHOD_GET || !names_any_place(route))
        return;
    const char *path = path_of(route, &own);
    check_same(route, ask("o", route, arena_printf(arena, "%s?project=21", path)),
               ask("o", route, arena_printf(arena, "%s?project=99", path)));
    check_same(route, ask("o", route, arena_printf(arena, "%s?project=secret", path)),
               ask("o", route, arena_printf(arena, "%s?project=absent", path)));
}

START_TEST(foreign_projects_in_a_query_do_not_exist)
{
    for_every_route(check_query);
}
END_TEST

static void check_access(const struct route *route)
{
    ck_assert_msg(route->access != 0, "%s may be called by nobody", route->path);
    ck_assert_msg(str_ends(str_of(route->path), S("/")), "%s does not end in a slash", route->path);
}

START_TEST(every_route_says_who_may_call_it)
{
    for_every_route(check_access);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill_database, NULL);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, nobody_is_refused_before_anything_is_looked_up);
    tcase_add_test(tc, foreign_places_do_not_exist);
    tcase_add_loop_test(tc, roles_without_the_scope_are_refused, 0, COUNT_OF(roles));
    tcase_add_test(tc, tokens_without_the_scope_are_refused);
    tcase_add_test(tc, foreign_projects_in_a_query_do_not_exist);
    tcase_add_test(tc, every_route_says_who_may_call_it);
}

int main(int count, char **words)
{
    (void)count;
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    bind_start();
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(words[0], "tenants", add_tests);
}
