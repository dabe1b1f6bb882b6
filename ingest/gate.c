#include "ingest/gate.h"

#include "base/settings.h"
#include "base/text.h"
#include "ingest/origin.h"
#include "ingest/refuse.h"

#define REJECTED "event submission rejected with_reason: "

static void put_headers(struct request *rq)
{
    reply_header(rq, "Access-Control-Allow-Origin", S("*"));
    reply_header(rq, "Access-Control-Expose-Headers",
                 S("x-sentry-error,x-sentry-rate-limits,retry-after"));
    reply_header(rq, "Cross-Origin-Resource-Policy", S("cross-origin"));
    reply_header(rq, "Vary",
                 S("origin, access-control-request-method, access-control-request-headers"));
}

static void answer_preflight(struct request *rq)
{
    reply_header(rq, "Access-Control-Allow-Methods", S("POST"));
    reply_header(rq, "Access-Control-Allow-Headers",
                 S("x-sentry-auth,x-requested-with,x-forwarded-for,origin,referer,accept,"
                   "content-type,authentication,authorization,content-encoding,transfer-encoding"));
    reply_header(rq, "Access-Control-Max-Age", S("3600"));
    reply_empty(rq, 200);
}

/* True when the request goes on to its handler. */
static bool match(struct request *rq)
{
    int status = routes_match(visit_of(rq)->ingest->routes, rq);
    if (status == 405 && rq->method == METHOD_OPTIONS)
        answer_preflight(rq);
    else if (status)
        reply_empty(rq, status);
    return status == 0;
}

static const struct endpoint *endpoint_of(const struct request *rq)
{
    return rq->route->detail;
}

size_t gate_body_max(const struct request *rq)
{
    size_t max = endpoint_of(rq)->body_max;
    return max ? max : (size_t)settings()->max_envelope_bytes;
}

bool gate_hides_limits(const struct request *rq)
{
    return endpoint_of(rq)->hides_limits;
}

int64_t gate_project(const struct request *rq)
{
    int64_t id;
    struct str text = request_param(rq, S("project"));
    return text.p && text_int64(text, &id) && id > 0 ? id : 0;
}

/* A path that names a project names it by a positive number. */
static bool project_is_readable(struct request *rq)
{
    if (!request_param(rq, S("project")).p || gate_project(rq))
        return true;
    refuse(rq, 400, "bad project path parameter");
    return false;
}

static bool reject(struct request *rq, const char *why, struct str reason)
{
    struct visit *visit = visit_of(rq);
    struct refused what = {.project_id = visit->key.project_id,
                           .key_id = visit->key.id,
                           .type = ITEM_EVENT,
                           .verdict = OUTCOME_INVALID,
                           .reason = reason,
                           .quantity = 1};
    if (visit->identified)
        outcomes_count(visit->ingest->outcomes, &what);
    refuse(rq, 403, arena_printf(rq->arena, REJECTED "%s", why));
    return false;
}

static bool find_key(struct request *rq, struct str public_key)
{
    struct visit *visit = visit_of(rq);
    switch (keys_find(visit->ingest->keys, public_key, rq->arena, &visit->key)) {
    case KEY_FOUND:
        return visit->identified = true;
    case KEY_UNKNOWN:
        return reject(rq, "ProjectId", S("project_id"));
    default:
        refuse_overloaded(rq, "the key cannot be looked up right now");
        return false;
    }
}

bool gate_identify(struct request *rq, const struct credentials *credentials, int64_t project_id)
{
    struct visit *visit = visit_of(rq);
    visit->credentials = *credentials;
    if (!find_key(rq, credentials->key))
        return false;
    if (!visit->key.enabled || (project_id && visit->key.project_id != project_id))
        return reject(rq, "ProjectId", S("project_id"));
    visit->origin = origin_of(rq);
    if (visit->origin.p && !origin_allowed(visit->origin, visit->key.allowed_domains))
        return reject(rq, "Cors", S("cors"));
    return true;
}

static bool admit_dsn(struct request *rq)
{
    struct credentials credentials;
    struct str header = request_header(rq, "HTTP_AUTHORIZATION");
    if (str_case_eq(str_slice(header, 0, 4), S("DSN ")) &&
        credentials_of_dsn(str_trim(str_slice(header, 4, header.n)), &credentials))
        return gate_identify(rq, &credentials, credentials.project_id);
    refuse(rq, 401, "missing authorization information");
    return false;
}

/* Who sends, as far as headers, query and path tell. */
static bool admit_sender(struct request *rq)
{
    struct credentials credentials;
    switch (credentials_read(rq, &credentials)) {
    case CREDENTIALS_FOUND:
        return gate_identify(rq, &credentials, gate_project(rq));
    case CREDENTIALS_NONE:
        if (endpoint_of(rq)->auth == AUTH_ENVELOPE)
            return true;
        refuse(rq, 401, "missing authorization information");
        return false;
    default:
        return false;
    }
}

static bool admit(struct request *rq)
{
    enum endpoint_auth auth = endpoint_of(rq)->auth;
    if (auth == AUTH_NONE)
        return true;
    if (!project_is_readable(rq))
        return false;
    if (visit_of(rq)->ingest->full) {
        refuse_overloaded(rq, "failed to queue envelope");
        return false;
    }
    if (auth == AUTH_DSN)
        return admit_dsn(rq);
    return auth == AUTH_HANDLER || admit_sender(rq);
}

void ingest_gate_serve(struct request *rq)
{
    struct visit *visit = visit_of(rq);
    visit->identified = false;
    put_headers(rq);
    if (match(rq) && admit(rq))
        rq->route->handle(rq);
    body_release(&visit->body);
    body_release(&visit->unpacked);
}
