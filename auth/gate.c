#include "auth/gate.h"

#include <stdatomic.h>

#include "auth/caller.h"
#include "auth/csrf.h"
#include "auth/ratelimit.h"
#include "auth/session.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"
#include "storage/pg.h"
#include "storage/reply.h"

/* Requests being answered by this process at the moment. */
static atomic_int in_flight;

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

/* Everything between the route and its handler; false after answering.  Who could not be identified
 * is counted by address. */
static bool admit(struct request *rq)
{
    struct place place = {0};
    struct credentials c = caller_credentials(rq);
    bool is_readable = caller_place(rq, &place);
    bool is_identified = caller_identify(rq, &c, &place);
    return check_rate(rq) && is_identified && check_csrf(rq, &c) &&
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

static void log_answer(const struct request *rq)
{
    enum log_level level = rq->status >= 500 ? LOG_WARN : LOG_DEBUG;
    LOG_AT(level, "answered", LOG_STR("path", rq->path), LOG_INT("status", rq->status),
           LOG_INT("user", rq->identity->user_id), LOG_INT("us", clock_monotonic() - rq->started));
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
    log_answer(rq);
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
