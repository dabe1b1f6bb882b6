#include "auth/gate.h"

#include <stdatomic.h>

#include "auth/csrf.h"
#include "auth/ratelimit.h"
#include "auth/scope.h"
#include "auth/session.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"
#include "storage/pg.h"
#include "storage/reply.h"

/* Requests being answered by this process at the moment. */
static atomic_int in_flight;

/* What the request shows of its caller, before anything is looked up. */
struct credentials {
    bool has_token;
    struct str token_hash; /* absent although has_token: no token has this shape */
    struct str session_secret;
};

/* The place the path names, as text; absent where it names none. */
struct place {
    struct str organization, project, team;
    struct str issue_slug; /* of a short id */
    int64_t issue;         /* id, or number of a short id */
    bool has_issue;
};

static bool refuse(struct request *rq, int status, const char *detail)
{
    reply_error(rq, status, detail);
    return false;
}

static bool refuse_unknown(struct request *rq)
{
    reply_not_found(rq);
    return false;
}

static bool is_unsafe(const struct request *rq)
{
    return rq->method != METHOD_GET && rq->method != METHOD_OPTIONS;
}

static bool is_public(const struct request *rq)
{
    return (rq->route->access & ACCESS_PUBLIC) != 0;
}

/* Other sites may read what a token in their hands may read; cookies are for our own pages. */
static void put_cors(struct request *rq)
{
    struct str origin = request_header(rq, "HTTP_ORIGIN");
    if (!origin.n)
        return;
    reply_header(rq, "Access-Control-Allow-Origin", origin);
    reply_header(rq, "Vary", S("Origin"));
    reply_header(rq, "Access-Control-Expose-Headers",
                 S("X-Sentry-Error, X-Sentry-Direct-Hit, X-Hits, X-Max-Hits, Endpoint, "
                   "Retry-After, Link"));
    if (str_eq(origin, str_of(settings()->public_url)))
        reply_header(rq, "Access-Control-Allow-Credentials", S("true"));
}

static void answer_options(struct request *rq, struct str allowed)
{
    reply_header(rq, "Allow", allowed);
    reply_header(rq, "Access-Control-Allow-Methods", allowed);
    reply_header(rq, "Access-Control-Allow-Headers",
                 S("X-Sentry-Auth, X-Requested-With, Origin, Accept, Content-Type, Authentication, "
                   "Authorization, Content-Encoding, sentry-trace, baggage, X-CSRFToken"));
    reply_header(rq, "Access-Control-Max-Age", S("3600"));
    reply_empty(rq, 200);
}

static void answer_unknown_path(struct request *rq)
{
    struct jw j = reply_json(rq, 404);
    jw_open(&j, '{');
    jw_str_k(&j, "detail", S("The requested resource does not exist"));
    jw_str_k(&j, "info", S("Route not found, did you forget a trailing slash?"));
    jw_close(&j, '}');
}

static struct str reply_header_value(const struct request *rq, const char *name)
{
    for (int i = 0; i < rq->header_count; i++) {
        if (strcmp(rq->headers[i].name, name) == 0)
            return rq->headers[i].value;
    }
    return (struct str){0};
}

/* Finds the route; false after answering for a path or method that is none. */
static bool find_route(const struct routes *routes, struct request *rq)
{
    int status = routes_match(routes, rq);
    if (status == 404) {
        answer_unknown_path(rq);
    } else if (status == 405) {
        const char *allowed =
            arena_printf(rq->arena, "%.*s, OPTIONS", STR_ARG(reply_header_value(rq, "Allow")));
        reply_header(rq, "Allow", str_of(allowed));
        if (rq->method == METHOD_OPTIONS)
            answer_options(rq, str_of(allowed));
        else
            reply_error(rq, 405, "This method is not allowed here.");
    }
    return status == 0;
}

static struct credentials read_credentials(const struct request *rq)
{
    struct credentials c = {0};
    struct str header = str_trim(request_header(rq, "HTTP_AUTHORIZATION"));
    size_t blank = str_index(header, ' ');
    if (str_case_eq(str_slice(header, 0, blank), S("Bearer"))) {
        c.has_token = true;
        c.token_hash = token_hash(rq->arena, str_trim(str_slice(header, blank, header.n)));
    } else {
        c.session_secret = session_secret(rq);
    }
    return c;
}

/* Crockford's base 32, as short ids are written: I and L are 1, O is 0, U is none. */
static int base32_digit(char c)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char upper = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    upper = (char)(upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper);
    const char *at = upper ? strchr(digits, upper) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool read_base32(struct str text, int64_t *out)
{
    enum { DIGITS_MAX = 12 };
    int64_t value = 0;
    if (text.n == 0 || text.n > DIGITS_MAX)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        int digit = base32_digit(text.p[i]);
        if (digit < 0)
            return false;
        value = value * 32 + digit;
    }
    *out = value;
    return true;
}

/* "123", or "SHOP-1A": the project's slug and its count of issues. */
static bool read_issue(struct request *rq, struct str text, struct place *place)
{
    place->has_issue = true;
    if (text_int64(text, &place->issue))
        return place->issue > 0;
    size_t dash = text.n;
    while (dash > 0 && text.p[dash - 1] != '-')
        dash--;
    if (dash < 2 || !read_base32(str_slice(text, dash, text.n), &place->issue))
        return false;
    place->issue_slug = text_lower(rq->arena, str_slice(text, 0, dash - 1));
    return true;
}

static bool read_place(struct request *rq, struct place *place)
{
    struct str issue = request_param(rq, S("issue"));
    place->organization = request_param(rq, S("organization"));
    place->project = request_param(rq, S("project"));
    place->team = request_param(rq, S("team"));
    return !issue.p || read_issue(rq, issue, place);
}

static struct param optional_int(bool given, int64_t v)
{
    return given ? param_int(v) : param_str((struct str){0});
}

static struct rows *find_caller(struct request *rq, const struct credentials *c,
                                const struct place *place)
{
    bool is_short = place->issue_slug.p != NULL;
    struct str session =
        c->session_secret.p ? session_hash(rq->arena, c->session_secret) : (struct str){0};
    return pg_query(rq->db, rq->arena, &SQL_caller_find, param_bytes(session),
                    param_bytes(c->token_hash), pg_time(rq->arena, clock_now()),
                    place->organization, place->project, place->team,
                    optional_int(place->has_issue && !is_short, place->issue), place->issue_slug,
                    optional_int(is_short, place->issue));
}

static struct str column_str(const struct rows *r, const char *name)
{
    return rows_str(r, rows_column(r, name));
}

static int64_t column_int(const struct rows *r, const char *name)
{
    return rows_int(r, rows_column(r, name));
}

static uint32_t scopes_of_names(struct str names)
{
    uint32_t scopes = 0;
    for (struct str rest = names; rest.p;)
        scopes |= scope_of(str_split(&rest, ' '));
    return scope_closure(scopes);
}

static void fill_identity(struct request *rq, const struct rows *r, const struct credentials *c)
{
    struct identity *who = rq->identity;
    who->kind = c->has_token ? IDENTITY_TOKEN : IDENTITY_SESSION;
    who->user_id = column_int(r, "user_id");
    who->token_id = column_int(r, "token_id");
    who->organization_id = column_int(r, "token_organization_id");
    who->token_scopes =
        c->has_token ? scopes_of_names(column_str(r, "scopes")) : (UINT32_C(1) << SCOPE_COUNT) - 1;
    who->is_superuser = rows_bool(r, rows_column(r, "is_superuser"));
    who->email = column_str(r, "email");
    who->name = column_str(r, "name");
    if (c->session_secret.p)
        who->session_hash = session_hash(rq->arena, c->session_secret);
}

/* An organization's own token has no member's role behind it. */
static void fill_tenant(struct request *rq, const struct rows *r)
{
    struct identity *who = rq->identity;
    uint32_t role = scope_of_role(column_str(r, "role"));
    rq->tenant = (struct tenant){
        .organization_id = column_int(r, "organization_id"),
        .project_id = column_int(r, "project_id"),
        .team_id = column_int(r, "team_id"),
        .issue_id = column_int(r, "issue_id"),
        .organization_slug = column_str(r, "organization_slug"),
        .project_slug = column_str(r, "project_slug"),
    };
    who->scopes = who->user_id ? role & who->token_scopes : who->token_scopes;
}

static void touch(struct request *rq, const struct rows *r)
{
    const char *now = pg_time(rq->arena, clock_now());
    if (!rows_bool(r, rows_column(r, "stale")))
        return;
    if (rq->identity->kind == IDENTITY_TOKEN)
        pg_query(rq->db, rq->arena, &SQL_token_touch, rq->identity->token_id, now);
    else
        pg_query(rq->db, rq->arena, &SQL_session_touch, param_bytes(rq->identity->session_hash),
                 now);
}

static bool refuse_nobody(struct request *rq)
{
    return is_public(rq) || refuse(rq, 401, "Authentication credentials were not provided.");
}

/* A public page is shown without the database too, to nobody in particular. */
static bool refuse_away(struct request *rq, const struct credentials *c)
{
    if (is_public(rq) && !c->has_token)
        return true;
    reply_if_failed(rq);
    return false;
}

/* Fills identity and tenant; false after answering for a caller who is nobody. */
static bool identify(struct request *rq, const struct credentials *c, const struct place *place)
{
    if (c->has_token && !c->token_hash.p)
        return refuse(rq, 401, "Invalid token");
    if (!c->has_token && !c->session_secret.p)
        return refuse_nobody(rq);
    struct rows *r = find_caller(rq, c, place);
    if (pg_failed(rq->db))
        return refuse_away(rq, c);
    if (!rows_next(r))
        return c->has_token ? refuse(rq, 401, "Invalid token") : refuse_nobody(rq);
    if (rows_bool(r, rows_column(r, "expired")))
        return refuse(rq, 401, "Token expired");
    fill_identity(rq, r, c);
    fill_tenant(rq, r);
    touch(rq, r);
    return true;
}

static bool check_csrf(struct request *rq, const struct credentials *c)
{
    if (c->has_token || !is_unsafe(rq))
        return true;
    bool signed_in = rq->identity->kind == IDENTITY_SESSION;
    struct str expected =
        signed_in ? csrf_of_session(rq->arena, c->session_secret) : session_csrf_cookie(rq);
    return csrf_equal(request_header(rq, "HTTP_X_CSRFTOKEN"), expected) ||
           refuse(rq, 403, "The CSRF token is missing or incorrect. Reload the page.");
}

static const char *limit_key(const struct request *rq)
{
    const struct identity *who = rq->identity;
    if (who->kind == IDENTITY_TOKEN)
        return arena_printf(rq->arena, "api-token:%lld", (long long)who->token_id);
    if (who->kind == IDENTITY_SESSION)
        return arena_printf(rq->arena, "api-user:%lld", (long long)who->user_id);
    return arena_printf(rq->arena, "api-address:%.*s", STR_ARG(rq->client_ip));
}

static bool check_rate(struct request *rq)
{
    int64_t rate = settings()->api_requests_per_second;
    const struct ratelimit_rule rule = {rate, CLOCK_SECOND / rate};
    struct ratelimit_verdict v = ratelimit_take(str_of(limit_key(rq)), &rule);
    long long threads = settings()->api_threads;
    reply_headerf(rq, "X-Sentry-Rate-Limit-Limit", "%lld", (long long)rate);
    reply_headerf(rq, "X-Sentry-Rate-Limit-Remaining", "%lld", (long long)v.remaining);
    reply_headerf(rq, "X-Sentry-Rate-Limit-Reset", "%lld",
                  (long long)((clock_now() + v.reset_us + CLOCK_SECOND - 1) / CLOCK_SECOND));
    reply_headerf(rq, "X-Sentry-Rate-Limit-ConcurrentLimit", "%lld", threads);
    reply_headerf(rq, "X-Sentry-Rate-Limit-ConcurrentRemaining", "%lld",
                  threads - atomic_load(&in_flight));
    if (v.allowed)
        return true;
    reply_header(rq, "Retry-After", S("1"));
    return refuse(rq, 429, "Too many requests. Wait a second.");
}

/* Whether what the path names was found among the caller's own. */
static bool check_place(struct request *rq, const struct place *place)
{
    const struct tenant *t = &rq->tenant;
    bool missing = ((place->organization.p || place->has_issue) && !t->organization_id) ||
                   (place->project.p && !t->project_id) || (place->team.p && !t->team_id) ||
                   (place->has_issue && !t->issue_id);
    return !missing || refuse_unknown(rq);
}

static bool may_call(const struct request *rq)
{
    const struct identity *who = rq->identity;
    uint32_t access = rq->route->access;
    uint32_t held = rq->tenant.organization_id ? who->scopes : who->token_scopes;
    return (access & ACCESS_PUBLIC) || (access & ACCESS_USER && who->user_id) ||
           (access & ACCESS_SESSION && who->kind == IDENTITY_SESSION) || (access & held);
}

static bool check_access(struct request *rq)
{
    return may_call(rq) || refuse(rq, 403, "You do not have permission to perform this action.");
}

/* Everything between the route and its handler; false after answering. */
static bool admit(struct request *rq)
{
    struct place place = {0};
    struct credentials c = read_credentials(rq);
    bool is_readable = read_place(rq, &place);
    return identify(rq, &c, &place) && check_rate(rq) && check_csrf(rq, &c) &&
           (is_readable || refuse_unknown(rq)) && check_place(rq, &place) && check_access(rq);
}

static void serve(const struct routes *routes, struct request *rq)
{
    if (!find_route(routes, rq))
        return;
    pg_reset(rq->db);
    if (!admit(rq))
        return;
    rq->route->handle(rq);
    /* No handler may say that something was done when the database said otherwise. */
    if (rq->status < 400 && !is_public(rq))
        reply_if_failed(rq);
}

void gate_serve(const struct routes *routes, struct request *rq)
{
    rq->identity = arena_new_of(rq->arena, struct identity);
    reply_header(rq, "X-Request-Id", rq->id);
    reply_header(rq, "Cache-Control", S("private, no-store"));
    put_cors(rq);
    atomic_fetch_add(&in_flight, 1);
    serve(routes, rq);
    atomic_fetch_sub(&in_flight, 1);
}

/* Whether the query's project= names this project: its id, its slug, or all. */
static bool is_asked_for(const struct request *rq, struct str id, struct str slug)
{
    size_t at = 0;
    struct str value;
    bool any = false;
    while (request_query_next(rq, S("project"), &at, &value)) {
        any |= value.n > 0;
        if (str_eq(value, S("-1")) || str_eq(value, id) || str_eq(value, slug))
            return true;
    }
    return !any;
}

/* Every project= must name one that was found, or nothing would tell a typing error from silence.
 */
static bool all_found(const struct request *rq, const struct gate_projects *out,
                      const struct str *slugs)
{
    size_t at = 0;
    struct str value;
    while (request_query_next(rq, S("project"), &at, &value)) {
        int64_t id = 0;
        bool found = value.n == 0 || str_eq(value, S("-1"));
        text_int64(value, &id);
        for (size_t i = 0; i < out->count && !found; i++)
            found = out->ids[i] == id || str_eq(slugs[i], value);
        if (!found)
            return false;
    }
    return true;
}

bool gate_projects(struct request *rq, struct gate_projects *out)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_gate_projects, rq->tenant.organization_id);
    size_t most = (size_t)rows_count(r);
    struct str *slugs = arena_alloc(rq->arena, (most + 1) * sizeof(*slugs));
    *out = (struct gate_projects){arena_alloc(rq->arena, (most + 1) * sizeof(int64_t)), 0};
    while (rows_next(r)) {
        if (rq->tenant.project_id && rows_int(r, 0) != rq->tenant.project_id)
            continue;
        if (is_asked_for(rq, rows_str(r, 0), rows_str(r, 1))) {
            slugs[out->count] = rows_str(r, 1);
            out->ids[out->count++] = rows_int(r, 0);
        }
    }
    if (reply_if_failed(rq))
        return false;
    return all_found(rq, out, slugs) ||
           refuse(rq, 403, "You do not have permission to perform this action.");
}
