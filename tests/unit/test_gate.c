#include "auth/gate.h"

#include <sodium.h>

#include "auth/ratelimit.h"
#include "auth/scope.h"
#include "base/settings.h"
#include "tests/unit/callers.h"

static struct arena *arena;
static struct pg *db;
static struct routes *routes;

static int show(struct request *rq)
{
    const struct tenant *t = &rq->tenant;
    const char *text = arena_printf(
        rq->arena,
        "user %lld organization %lld %.*s project %lld %.*s team %lld issue %lld scopes %x",
        (long long)rq->identity->user_id, (long long)t->organization_id,
        STR_ARG(t->organization_slug), (long long)t->project_id, STR_ARG(t->project_slug),
        (long long)t->team_id, (long long)t->issue_id, rq->identity->scopes);
    return reply_bytes(rq, 200, "text/plain", str_of(text));
}

static int list(struct request *rq)
{
    struct gate_projects projects;
    const char *text = "";
    if (!gate_projects(rq, &projects))
        return rq->status;
    for (size_t i = 0; i < projects.count; i++)
        text = arena_printf(rq->arena, "%s %lld", text, (long long)projects.ids[i]);
    return reply_bytes(rq, 200, "text/plain", str_of(text));
}

static int divide_by_zero(struct request *rq)
{
    pg_query_built(rq->db, rq->arena, S("select 1 / 0"), NULL, 0);
    return reply_bytes(rq, 200, "text/plain", S("all is well"));
}

static const struct route table[] = {
    {METHOD_GET, "/public/", ACCESS_PUBLIC, show},
    {METHOD_POST, "/public/", ACCESS_PUBLIC, show},
    {METHOD_GET, "/user/", ACCESS_USER, show},
    {METHOD_PUT, "/user/", ACCESS_USER, show},
    {METHOD_GET, "/session/", ACCESS_SESSION, show},
    {METHOD_GET, "/any/", SCOPE_ORG_READ, show},
    {METHOD_GET, "/fail/", ACCESS_USER, divide_by_zero},
    {METHOD_GET, "/o/{organization}/", SCOPE_ORG_READ, show},
    {METHOD_PUT, "/o/{organization}/", SCOPE_ORG_WRITE, show},
    {METHOD_GET, "/o/{organization}/list/", SCOPE_PROJECT_READ, list},
    {METHOD_GET, "/o/{organization}/i/{issue}/", SCOPE_EVENT_READ, show},
    {METHOD_GET, "/p/{organization}/{project}/", SCOPE_PROJECT_READ | SCOPE_PROJECT_RELEASES, show},
    {METHOD_GET, "/p/{organization}/{project}/list/", SCOPE_PROJECT_READ, list},
    {METHOD_GET, "/p/{organization}/{project}/i/{issue}/", SCOPE_EVENT_READ, show},
    {METHOD_GET, "/t/{organization}/{team}/", SCOPE_TEAM_READ, show},
    {METHOD_GET, "/i/{issue}/", SCOPE_EVENT_READ, show},
    {0},
};
static const struct route *const tables[] = {table, NULL};

static void fill_database(void)
{
    arena = arena_new(16 << 20);
    db = database_migrated();
    ck_assert(pg_script(db, callers_seed));
    add_session(db, arena, (struct session_row){'o', 1, "0 s", "10 days", true});
    add_session(db, arena, (struct session_row){'m', 2, "0 s", "1 day", false});
    add_session(db, arena, (struct session_row){'f', 3, "0 s", "1 day", false});
    add_session(db, arena,
                (struct session_row){'g', 4, "0 s", "1 day", false}); /* of an inactive user */
    add_session(db, arena, (struct session_row){'x', 1, "-2 days", "-1 s", true}); /* run out */
    add_session(db, arena,
                (struct session_row){'i', 1, "-13 hours", "1 day", false}); /* idle too long */
    add_session(
        db, arena,
        (struct session_row){'r', 1, "-13 hours", "1 day", true}); /* idle, but remembered */
    add_token(db, arena, (struct token_row){'a', "1", "null", "org:read,project:releases", "null"});
    add_token(db, arena, (struct token_row){'b', "2", "null", "org:admin,event:read", "null"});
    add_token(db, arena, (struct token_row){'c', "null", "1", "org:read", "null"});
    add_token(db, arena,
              (struct token_row){'d', "1", "null", "org:admin", "now() - interval '1 s'"});
    add_token(db, arena, (struct token_row){'e', "4", "null", "org:admin", "null"});
    pg_close(db);
    arena_free(arena);
}

static void set_up(void)
{
    arena = arena_new(64 << 20);
    db = pg_open(database_conninfo, "test");
    routes = routes_compile(tables);
}

static void tear_down(void)
{
    routes_free(routes);
    pg_close(db);
    arena_free(arena);
}

static struct request *serve(struct ask *q)
{
    struct request *rq = ask_begin(q, arena);
    rq->db = db;
    gate_serve(routes, rq);
    return rq;
}

static struct request *ask(const char *who, const char *method, const char *uri)
{
    struct ask *q = arena_new_of(arena, struct ask);
    q->method = method;
    q->uri = uri;
    put_caller(q, arena, who);
    return serve(q);
}

#define ABSENT "{\"detail\":\"The requested resource does not exist\"}"
#define NOBODY "{\"detail\":\"Authentication credentials were not provided.\"}"
#define FORBIDDEN "{\"detail\":\"You do not have permission to perform this action.\"}"

static const struct {
    const char *who, *method, *uri;
    int status;
    const char *reply; /* its beginning */
} cases[] = {
    /* who may call */
    {"", "GET", "/public/", 200, "user 0 "},
    {"o", "GET", "/public/", 200, "user 1 "},
    {"x", "GET", "/public/", 200, "user 0 "},
    {"", "GET", "/user/", 401, NOBODY},
    {"o", "GET", "/user/", 200, "user 1 "},
    {"r", "GET", "/user/", 200, "user 1 "},
    {"m", "GET", "/user/", 200, "user 2 "},
    {"x", "GET", "/user/", 401, NOBODY},
    {"i", "GET", "/user/", 401, NOBODY},
    {"g", "GET", "/user/", 401, NOBODY},
    {"z", "GET", "/user/", 401, NOBODY},
    {"token a", "GET", "/user/", 200, "user 1 "},
    {"token a", "GET", "/session/", 403, FORBIDDEN},
    {"o", "GET", "/session/", 200, "user 1 "},
    {"token c", "GET", "/user/", 403, FORBIDDEN},
    {"token d", "GET", "/user/", 401, "{\"detail\":\"Token expired\"}"},
    {"token e", "GET", "/user/", 401, "{\"detail\":\"Invalid token\"}"},
    {"token f", "GET", "/user/", 401, "{\"detail\":\"Invalid token\"}"},
    {"token f", "GET", "/public/", 401, "{\"detail\":\"Invalid token\"}"},
    {"token d", "GET", "/public/", 401, "{\"detail\":\"Token expired\"}"},
    /* scopes without an organization are the token's */
    {"o", "GET", "/any/", 200, "user 1 "},
    {"token a", "GET", "/any/", 200, "user 1 "},
    {"token b", "GET", "/any/", 200, "user 2 "},
    /* organizations */
    {"o", "GET", "/o/acme/", 200, "user 1 organization 1 acme project 0  team 0 issue 0"},
    {"o", "GET", "/o/1/", 200, "user 1 organization 1 acme "},
    {"o", "HEAD", "/o/acme/", 200, "user 1 "},
    {"", "GET", "/o/acme/", 401, NOBODY},
    {"", "GET", "/o/absent/", 401, NOBODY},
    {"o", "GET", "/o/absent/", 404, ABSENT},
    {"o", "GET", "/o/globex/", 404, ABSENT},
    {"o", "GET", "/o/2/", 404, ABSENT},
    {"o", "GET", "/o/99999999999999999999/", 404, ABSENT},
    {"o", "GET", "/o/acme'--/", 404, ABSENT},
    {"o", "GET", "/o/%ff/", 404, ABSENT},
    {"f", "GET", "/o/globex/", 200, "user 3 organization 2 globex "},
    {"m", "GET", "/o/acme/", 200, "user 2 organization 1 "},
    {"m", "PUT", "/o/acme/", 403, FORBIDDEN},
    {"m", "PUT", "/o/globex/", 404, ABSENT},
    {"o", "PUT", "/o/acme/", 200, "user 1 organization 1 "},
    /* a token may do what it and its user may */
    {"token a", "GET", "/o/acme/", 200, "user 1 organization 1 "},
    {"token a", "PUT", "/o/acme/", 403, FORBIDDEN},
    {"token b", "PUT", "/o/acme/", 403, FORBIDDEN},
    {"token a", "GET", "/p/acme/shop/", 200, "user 1 organization 1 acme project 11 shop "},
    {"token a", "GET", "/p/acme/shop/list/", 403, FORBIDDEN},
    {"token a", "GET", "/o/globex/", 404, ABSENT},
    {"token c", "GET", "/o/acme/", 200, "user 0 organization 1 acme "},
    {"token c", "GET", "/o/globex/", 404, ABSENT},
    {"token c", "PUT", "/o/acme/", 403, FORBIDDEN},
    /* projects */
    {"o", "GET", "/p/acme/shop/", 200, "user 1 organization 1 acme project 11 shop "},
    {"o", "GET", "/p/1/11/", 200, "user 1 organization 1 acme project 11 shop "},
    {"o", "GET", "/p/acme/api/", 200, "user 1 organization 1 acme project 12 api "},
    {"o", "GET", "/p/acme/old/", 404, ABSENT},
    {"o", "GET", "/p/acme/13/", 404, ABSENT},
    {"o", "GET", "/p/acme/21/", 404, ABSENT},
    {"o", "GET", "/p/acme/secret/", 404, ABSENT},
    {"o", "GET", "/p/globex/shop/", 404, ABSENT},
    {"f", "GET", "/p/globex/shop/", 200, "user 3 organization 2 globex project 21 shop "},
    {"o", "GET", "/p/acme/absent/", 404, ABSENT},
    /* teams */
    {"o", "GET", "/t/acme/web/", 200, "user 1 organization 1 acme project 0  team 1 "},
    {"o", "GET", "/t/acme/1/", 200, "user 1 organization 1 acme project 0  team 1 "},
    {"o", "GET", "/t/acme/2/", 404, ABSENT},
    {"o", "GET", "/t/acme/ops/", 404, ABSENT},
    /* issues, by number and by short id (42 is 1A) */
    {"o", "GET", "/i/101/", 200, "user 1 organization 1 acme project 11 shop team 0 issue 101 "},
    {"o", "GET", "/i/SHOP-1A/", 200,
     "user 1 organization 1 acme project 11 shop team 0 issue 101 "},
    {"o", "GET", "/i/shop-1a/", 200,
     "user 1 organization 1 acme project 11 shop team 0 issue 101 "},
    {"f", "GET", "/i/SHOP-1A/", 200,
     "user 3 organization 2 globex project 21 shop team 0 issue 201 "},
    {"o", "GET", "/i/201/", 404, ABSENT},
    {"o", "GET", "/i/103/", 404, ABSENT},
    {"o", "GET", "/i/OLD-1A/", 404, ABSENT},
    {"o", "GET", "/i/999/", 404, ABSENT},
    {"o", "GET", "/i/SHOP-1B/", 404, ABSENT},
    {"o", "GET", "/i/SHOP-U/", 404, ABSENT},
    {"o", "GET", "/i/SHOP-/", 404, ABSENT},
    {"o", "GET", "/i/-1A/", 404, ABSENT},
    {"o", "GET", "/i/0/", 404, ABSENT},
    {"o", "GET", "/i/-5/", 404, ABSENT},
    {"o", "GET", "/i/SHOP-ZZZZZZZZZZZZZZZZZZ/", 404, ABSENT},
    {"", "GET", "/i/SHOP-/", 401, NOBODY},
    {"o", "GET", "/o/acme/i/101/", 200,
     "user 1 organization 1 acme project 11 shop team 0 issue 101 "},
    {"o", "GET", "/o/acme/i/API-1A/", 200,
     "user 1 organization 1 acme project 12 api team 0 issue 102 "},
    {"o", "GET", "/o/acme/i/201/", 404, ABSENT},
    {"f", "GET", "/o/acme/i/101/", 404, ABSENT},
    {"f", "GET", "/o/globex/i/101/", 404, ABSENT},
    {"o", "GET", "/p/acme/shop/i/101/", 200,
     "user 1 organization 1 acme project 11 shop team 0 issue 101 "},
    {"o", "GET", "/p/acme/shop/i/102/", 404, ABSENT},
    {"o", "GET", "/p/acme/api/i/SHOP-1A/", 404, ABSENT},
    {"token a", "GET", "/i/101/", 403, FORBIDDEN},
    {"token b", "GET", "/i/101/", 200, "user 2 organization 1 "},
    /* the caller's projects */
    {"o", "GET", "/o/acme/list/", 200, " 11 12"},
    {"o", "GET", "/o/acme/list/?project=-1", 200, " 11 12"},
    {"o", "GET", "/o/acme/list/?project=", 200, " 11 12"},
    {"o", "GET", "/o/acme/list/?project=shop", 200, " 11"},
    {"o", "GET", "/o/acme/list/?project=12&project=shop", 200, " 11 12"},
    {"o", "GET", "/o/acme/list/?project=12&project=absent", 403, FORBIDDEN},
    {"o", "GET", "/o/acme/list/?project=21", 403, FORBIDDEN},
    {"o", "GET", "/o/acme/list/?project=13", 403, FORBIDDEN},
    {"o", "GET", "/p/acme/api/list/", 200, " 12"},
    /* paths and methods */
    {"", "GET", "/absent/", 404,
     "{\"detail\":\"The requested resource does not exist\",\"info\":\"Route not found,"},
    {"", "POST", "/user/", 405, "{\"detail\":"},
    {"", "OPTIONS", "/user/", 200, ""},
    {"", "OPTIONS", "/absent/", 404, "{\"detail\":"},
    /* what failed in the database cannot have gone well */
    {"o", "GET", "/fail/", 400, "{\"detail\":"},
};

START_TEST(gate_answers)
{
    const struct request *rq = ask(cases[_i].who, cases[_i].method, cases[_i].uri);
    ck_assert_int_eq(rq->status, cases[_i].status);
    ck_assert_msg(str_starts(ask_body(rq), str_of(cases[_i].reply)), "got %.*s",
                  STR_ARG(ask_body(rq)));
}
END_TEST

/* Not even a header may tell a foreign place from one that does not exist. */
START_TEST(foreign_and_absent_are_the_same_bytes)
{
    static const char *const pairs[][2] = {
        {"/o/globex/", "/o/absent/"},
        {"/p/acme/secret/", "/p/acme/absent/"},
        {"/p/globex/shop/", "/p/absent/shop/"},
        {"/i/201/", "/i/999/"},
        {"/t/acme/ops/", "/t/acme/absent/"},
        {"/o/acme/list/?project=21", "/o/acme/list/?project=99"},
    };
    for (int i = 0; i < COUNT_OF(pairs); i++) {
        const struct request *foreign = ask("o", "GET", pairs[i][0]);
        const struct request *absent = ask("o", "GET", pairs[i][1]);
        ck_assert_int_eq(foreign->status, absent->status);
        ck_assert(str_eq(ask_body(foreign), ask_body(absent)));
        ck_assert_int_eq(foreign->header_count, absent->header_count);
        for (int h = 0; h < foreign->header_count; h++) {
            ck_assert_str_eq(foreign->headers[h].name, absent->headers[h].name);
            if (!str_has(str_of(foreign->headers[h].name), S("Rate-Limit")))
                ck_assert(str_eq(foreign->headers[h].value, absent->headers[h].value));
        }
    }
}
END_TEST

#define PLANTED "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *method, *uri;
    int session; /* 0: none */
    int status;
    const char *cookie; /* of csrf */
    const char *header; /* "right": the session's; NULL: none */
} forgeries[] = {
    {"PUT", "/user/", 'o', 200, NULL, "right"},
    {"PUT", "/user/", 'o', 403, NULL, NULL},
    {"PUT", "/user/", 'o', 403, NULL, ""},
    {"PUT", "/user/", 'o', 403, NULL, PLANTED},
    /* a cookie planted together with the header does not help against a session */
    {"PUT", "/user/", 'o', 403, PLANTED, PLANTED},
    {"GET", "/user/", 'o', 200, NULL, NULL},
    /* without a session cookie and header are compared */
    {"POST", "/public/", 0, 200, PLANTED, PLANTED},
    {"POST", "/public/", 0, 403, PLANTED, OTHER},
    {"POST", "/public/", 0, 403, NULL, NULL},
    {"POST", "/public/", 0, 403, "", ""},
    {"GET", "/public/", 0, 200, NULL, NULL},
};

START_TEST(unsafe_methods_need_the_csrf_token)
{
    struct ask q = {.method = forgeries[_i].method, .uri = forgeries[_i].uri};
    struct str secret = secret_of(arena, (char)forgeries[_i].session);
    const char *cookies = "";
    if (forgeries[_i].session)
        cookies = arena_printf(arena, "vedette_session=%.*s; ",
                               STR_ARG(text_hex(arena, secret.p, secret.n)));
    if (forgeries[_i].cookie)
        cookies = arena_printf(arena, "%scsrf=%s", cookies, forgeries[_i].cookie);
    ask_header(&q, "HTTP_COOKIE", cookies);
    if (forgeries[_i].header)
        ask_header(&q, "HTTP_X_CSRFTOKEN",
                   strcmp(forgeries[_i].header, "right") == 0
                       ? arena_strdup(arena, csrf_of_session(arena, secret))
                       : forgeries[_i].header);
    ck_assert_int_eq(serve(&q)->status, forgeries[_i].status);
}
END_TEST

START_TEST(tokens_need_no_csrf_token)
{
    ck_assert_int_eq(ask("token a", "PUT", "/user/")->status, 200);
}
END_TEST

static const struct {
    const char *header;
    int status;
} authorizations[] = {
    {"Bearer ", 401},
    {"Bearer", 401},
    {"bearer sntryu_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 200},
    {"  Bearer   sntryu_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  ", 200},
    {"Bearer sntryu_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 401},
    {"Bearer x' or '1'='1", 401},
    {"Basic b2xnYTpwYXNz", 401},
    {"", 401},
};

START_TEST(authorization_is_read)
{
    struct ask q = {.uri = "/user/"};
    ask_header(&q, "HTTP_AUTHORIZATION", authorizations[_i].header);
    ck_assert_int_eq(serve(&q)->status, authorizations[_i].status);
}
END_TEST

START_TEST(basic_authorization_of_a_proxy_does_not_hide_the_session)
{
    struct ask q = {.uri = "/user/"};
    ask_header(&q, "HTTP_AUTHORIZATION", "Basic b2xnYTpwYXNz");
    put_caller(&q, arena, "o");
    ck_assert_int_eq(serve(&q)->status, 200);
}
END_TEST

START_TEST(use_is_noted_once_a_minute)
{
    static const char seen[] = "select extract(epoch from now() - last_seen)::bigint from session"
                               " where remember and expires > now() order by last_seen limit 1";
    ck_assert(pg_script(db, "update session set last_seen = now() - interval '10 minutes'"
                            " where remember; update api_token set last_used = null"));
    ask("r", "GET", "/user/");
    ask("o", "GET", "/user/");
    ck_assert_int_lt(database_int(db, arena, seen), 600);
    ck_assert(pg_script(db, "update session set last_seen = now() - interval '30 seconds'"
                            " where remember"));
    ask("r", "GET", "/user/");
    ask("o", "GET", "/user/");
    ck_assert_int_ge(database_int(db, arena, seen), 30);
    ask("token a", "GET", "/user/");
    ck_assert_int_eq(
        database_int(db, arena, "select count(*) from api_token where last_used is not null"), 1);
}
END_TEST

/* Nothing is remembered about a caller: what is taken away is gone with the next request. */
START_TEST(changes_count_at_once)
{
    ck_assert_int_eq(ask("m", "GET", "/o/acme/")->status, 200);
    ck_assert(pg_script(db, "update member set role = 'billing' where user_id = 2"));
    ck_assert_int_eq(ask("m", "GET", "/p/acme/shop/")->status, 403);
    ck_assert(pg_script(db, "delete from member where user_id = 2"));
    ck_assert_int_eq(ask("m", "GET", "/o/acme/")->status, 404);
    ck_assert(pg_script(db, "update app_user set is_active = false where id = 2"));
    ck_assert_int_eq(ask("m", "GET", "/user/")->status, 401);
    ck_assert(pg_script(db, "update app_user set is_active = true where id = 2;"
                            "insert into member (organization_id, user_id, role, date_created)"
                            " values (1, 2, 'member', now())"));
    ck_assert_int_eq(ask("m", "GET", "/o/acme/")->status, 200);
}
END_TEST

START_TEST(every_answer_has_headers)
{
    const struct request *rq = ask("o", "GET", "/o/acme/");
    ck_assert_text(ask_reply_header(rq, "X-Request-Id"), "0123456789abcdef0123456789abcdef");
    ck_assert_text(ask_reply_header(rq, "Cache-Control"), "private, no-store");
    ck_assert_text(ask_reply_header(rq, "X-Sentry-Rate-Limit-Limit"), "20");
    ck_assert_ptr_nonnull(ask_reply_header(rq, "X-Sentry-Rate-Limit-Remaining").p);
    ck_assert_ptr_nonnull(ask_reply_header(rq, "X-Sentry-Rate-Limit-Reset").p);
    ck_assert_text(ask_reply_header(rq, "X-Sentry-Rate-Limit-ConcurrentLimit"), "8");
    ck_assert_text(ask_reply_header(rq, "X-Sentry-Rate-Limit-ConcurrentRemaining"), "7");
    ck_assert_ptr_null(ask_reply_header(rq, "Access-Control-Allow-Origin").p);
}
END_TEST

START_TEST(guessing_tokens_is_limited_by_address)
{
    const struct request *rq = NULL;
    ratelimit_start();
    for (int i = 0; i < 400; i++) {
        rq = ask("token f", "GET", "/user/");
        if (rq->status != 401)
            break;
    }
    ck_assert_int_eq(rq->status, 429);
    ck_assert_int_eq(ask("token a", "GET", "/user/")->status, 200);
}
END_TEST

START_TEST(too_many_requests_are_refused)
{
    const struct request *rq = NULL;
    ratelimit_start();
    for (int i = 0; i < 400; i++) {
        rq = ask("token a", "GET", "/user/");
        if (rq->status != 200)
            break;
    }
    ck_assert_int_eq(rq->status, 429);
    ck_assert_text(ask_reply_header(rq, "Retry-After"), "1");
    ck_assert_text(ask_reply_header(rq, "X-Sentry-Rate-Limit-Remaining"), "0");
    ck_assert(str_starts(ask_body(rq), S("{\"detail\":")));
    ck_assert_int_eq(ask("o", "GET", "/user/")->status, 200);
}
END_TEST

static struct request *ask_from(const char *origin, const char *method)
{
    struct ask *q = arena_new_of(arena, struct ask);
    q->method = method;
    q->uri = "/o/acme/";
    ask_header(q, "HTTP_ORIGIN", origin);
    return serve(q);
}

START_TEST(other_sites_are_told_what_they_may)
{
    const struct request *rq = ask_from("https://tool.example", "OPTIONS");
    ck_assert_int_eq(rq->status, 200);
    ck_assert_text(ask_reply_header(rq, "Allow"), "GET, HEAD, PUT, OPTIONS");
    ck_assert_text(ask_reply_header(rq, "Access-Control-Allow-Methods"), "GET, HEAD, PUT, OPTIONS");
    ck_assert_text(ask_reply_header(rq, "Access-Control-Allow-Origin"), "https://tool.example");
    ck_assert_text(ask_reply_header(rq, "Access-Control-Max-Age"), "3600");
    ck_assert(str_has(ask_reply_header(rq, "Access-Control-Allow-Headers"), S("Authorization")));
    ck_assert_text(ask_reply_header(rq, "Vary"), "Origin");
    ck_assert_ptr_null(ask_reply_header(rq, "Access-Control-Allow-Credentials").p);
    rq = ask_from("https://tool.example", "GET");
    ck_assert_int_eq(rq->status, 401);
    ck_assert_text(ask_reply_header(rq, "Access-Control-Allow-Origin"), "https://tool.example");
    ck_assert(str_has(ask_reply_header(rq, "Access-Control-Expose-Headers"), S("Link")));
    rq = ask_from("http://localhost:8900", "GET");
    ck_assert_text(ask_reply_header(rq, "Access-Control-Allow-Credentials"), "true");
}
END_TEST

START_TEST(without_the_database_pages_say_so)
{
    pg_close(db);
    db = pg_open("host=/nonexistent dbname=none", "test");
    const struct request *rq = ask("o", "GET", "/user/");
    ck_assert_int_eq(rq->status, 503);
    ck_assert_text(ask_body(rq), "{\"detail\":\"The database is not reachable. Vedette keeps "
                                 "accepting events; this page will work again by itself.\"}");
    ck_assert_text(ask_reply_header(rq, "Retry-After"), "5");
    ck_assert_int_eq(ask("", "GET", "/user/")->status, 401);
    ck_assert_int_eq(ask("", "GET", "/public/")->status, 200);
    ck_assert_int_eq(ask("o", "GET", "/public/")->status, 200);
    ck_assert_int_eq(ask("token a", "GET", "/public/")->status, 503);
}
END_TEST

START_TEST(a_lost_connection_comes_back)
{
    struct pg *other = pg_open(database_conninfo, "other");
    ck_assert_int_eq(ask("o", "GET", "/user/")->status, 200);
    ck_assert(pg_script(other,
                        "select pg_terminate_backend(pid) from pg_stat_activity"
                        " where application_name = 'test' and datname = current_database()"));
    pg_close(other);
    const struct request *rq = NULL;
    for (int i = 0; i < 30; i++) {
        rq = ask("o", "GET", "/user/");
        ck_assert(rq->status == 503 || rq->status == 200);
        if (rq->status == 200)
            break;
        usleep(100 * 1000);
    }
    ck_assert_int_eq(rq->status, 200);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill_database, NULL);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 30);
    tcase_add_loop_test(tc, gate_answers, 0, COUNT_OF(cases));
    tcase_add_test(tc, foreign_and_absent_are_the_same_bytes);
    tcase_add_loop_test(tc, unsafe_methods_need_the_csrf_token, 0, COUNT_OF(forgeries));
    tcase_add_test(tc, tokens_need_no_csrf_token);
    tcase_add_loop_test(tc, authorization_is_read, 0, COUNT_OF(authorizations));
    tcase_add_test(tc, basic_authorization_of_a_proxy_does_not_hide_the_session);
    tcase_add_test(tc, use_is_noted_once_a_minute);
    tcase_add_test(tc, changes_count_at_once);
    tcase_add_test(tc, every_answer_has_headers);
    tcase_add_test(tc, guessing_tokens_is_limited_by_address);
    tcase_add_test(tc, too_many_requests_are_refused);
    tcase_add_test(tc, other_sites_are_told_what_they_may);
    tcase_add_test(tc, without_the_database_pages_say_so);
    tcase_add_test(tc, a_lost_connection_comes_back);
}

int main(int count, char **words)
{
    (void)count;
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_API_REQUESTS_PER_SECOND", "20", 1);
    settings_load();
    return database_suite_run(words[0], "gate", add_tests);
}
