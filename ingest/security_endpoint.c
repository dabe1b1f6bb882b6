/*
 * Reports of browsers: security policies and network errors (ingest.md §1.7).
 *
 * A list becomes an event of each of its members.  What a report says is the digest's business; the
 * endpoint only cuts, and notes in the items' headers what the request told beside the body.
 */
#include "base/jr.h"
#include "base/text.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "ingest/submission.h"

enum { REPORTS_BYTES_MAX = 1 << 20, REPORTS_MAX = 1000, HINT_MAX = 1024 };

static const struct str security_types[] = {
    {"application/json", 16},
    {"application/csp-report", 22},
    {"application/expect-ct-report", 28},
    {"application/expect-ct-report+json", 33},
    {"application/expect-staple-report", 32},
    {"application/reports+json", 24},
};

static const struct str network_types[] = {
    {"application/json", 16},
    {"application/reports+json", 24},
};

static bool has_type(const struct request *rq, const struct str *types, size_t count)
{
    struct str type = request_header(rq, "CONTENT_TYPE");
    type = str_trim(str_slice(type, 0, str_index(type, ';')));
    for (size_t i = 0; i < count; i++)
        if (str_case_eq(type, types[i]))
            return true;
    return false;
}
#define HAS_TYPE(rq, types) has_type((rq), (types), sizeof(types) / sizeof((types)[0]))

/* ---- what the request says beside its body */

static void put_hints(struct request *rq, struct jw *j)
{
    static const struct {
        const char *variable;
        struct str name;
    } hints[] = {
        {"HTTP_SEC_CH_UA", {"Sec-Ch-Ua", 9}},
        {"HTTP_SEC_CH_UA_MODEL", {"Sec-Ch-Ua-Model", 15}},
        {"HTTP_SEC_CH_UA_PLATFORM", {"Sec-Ch-Ua-Platform", 18}},
        {"HTTP_SEC_CH_UA_PLATFORM_VERSION", {"Sec-Ch-Ua-Platform-Version", 26}},
    };
    jw_open_k(j, "client_hints", '{');
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        struct str value = str_slice(request_header(rq, hints[i].variable), 0, HINT_MAX);
        if (!value.n)
            continue;
        jw_name(j, hints[i].name);
        jw_str(j, text_utf8(rq->arena, value));
    }
    jw_close(j, '}');
}

static struct str item_header(struct request *rq, enum item_type type)
{
    struct buf text;
    struct jw j;
    buf_init(&text, 64 << 10);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "type", item_type_name(type));
    jw_opt_str_k(&j, "sentry_release", request_query(rq, S("sentry_release")));
    jw_opt_str_k(&j, "sentry_environment", request_query(rq, S("sentry_environment")));
    put_hints(rq, &j);
    jw_close(&j, '}');
    struct str header = buf_ok(&text) ? arena_str(rq->arena, buf_str(&text)) : (struct str){0};
    buf_free(&text);
    return header;
}

/* ---- cutting */

struct reports {
    struct str list[REPORTS_MAX];
    size_t count;
};

/* Where the member that was just read begins: behind blanks and the comma. */
static struct str without_comma(struct str text)
{
    text = str_trim(text);
    return str_starts(text, S(",")) ? str_trim(str_from(text, 1)) : text;
}

/* The members of a JSON list; NULL, or why it is none. */
static const char *split(struct str body, struct reports *out)
{
    struct jr r;
    enum jr_kind kind;
    jr_begin_folding(&r, body, JR_DEPTH_MAX);
    if (jr_next(&r) != JR_ARRAY)
        return jr_error(&r) ? jr_error(&r) : "expected a list";
    for (size_t from = jr_offset(&r); (kind = jr_next(&r)) != JR_ARRAY_END; from = jr_offset(&r)) {
        if (kind == JR_ERROR || !jr_skip(&r, kind))
            return jr_error(&r);
        if (out->count == REPORTS_MAX)
            return "too many reports";
        out->list[out->count++] = without_comma(str_slice(body, from, jr_offset(&r)));
    }
    return jr_next(&r) == JR_END ? NULL : jr_error(&r);
}

/* ---- keeping */

/* One report on its way; false when it is over a limit. */
static bool begin(struct submission *s, struct request *rq, uint32_t index,
                  const struct envelope_item *item)
{
    submission_begin_part(s, rq, index);
    return submission_add(s, item) && submission_accept(s) == 0;
}

/* As long as one report is within its limits the answer is 200. */
static int keep(struct request *rq, const struct reports *reports, enum item_type type)
{
    struct submission *list = arena_alloc(rq->arena, (reports->count + 1) * sizeof(*list));
    struct envelope_item item = {.type = type, .header = item_header(rq, type)};
    size_t kept = 0;
    for (size_t i = 0; i < reports->count; i++) {
        item.payload = reports->list[i];
        kept += begin(&list[kept], rq, (uint32_t)i, &item);
    }
    if (reports->count && !kept)
        return rq->status;
    reply_empty(rq, 200);
    return kept ? submission_keep_all(list, kept) : rq->status;
}

/* Cuts the body; *wrong says why it is no list.  False after answering. */
static bool read_reports(struct request *rq, struct reports *reports, const char **wrong)
{
    struct visit *visit = visit_of(rq);
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return false;
    if (!str_trim(visit->body.bytes).n) {
        refuse(rq, 400, "empty request body");
        return false;
    }
    *wrong = split(visit->body.bytes, reports);
    if (*wrong && reports->count == REPORTS_MAX)
        refuse(rq, 413, "length limit exceeded");
    return !reply_was_sent(rq);
}

/* What is no list of reports is one report, whatever it is. */
static int security_post(struct request *rq)
{
    const char *wrong;
    struct reports *reports = arena_new_of(rq->arena, struct reports);
    if (!HAS_TYPE(rq, security_types))
        return reply_empty(rq, 415);
    if (!read_reports(rq, reports, &wrong))
        return rq->status;
    if (wrong) {
        reports->list[0] = visit_of(rq)->body.bytes;
        reports->count = 1;
    }
    return keep(rq, reports, ITEM_RAW_SECURITY);
}

static int network_error_post(struct request *rq)
{
    const char *wrong;
    struct reports *reports = arena_new_of(rq->arena, struct reports);
    if (!HAS_TYPE(rq, network_types))
        return reply_empty(rq, 415);
    if (!read_reports(rq, reports, &wrong))
        return rq->status;
    if (wrong)
        return refuse(rq, 400, arena_printf(rq->arena, "invalid JSON data: %s", wrong));
    return keep(rq, reports, ITEM_NEL);
}

static const struct endpoint endpoint = {AUTH_REQUEST, REPORTS_BYTES_MAX, false};

const struct route security_routes[] = {
    {METHOD_POST, "/api/{project}/security/", 0, security_post, &endpoint},
    {METHOD_POST, "/api/{project}/csp-report/", 0, security_post, &endpoint},
    {METHOD_POST, "/api/{project}/nel/", 0, network_error_post, &endpoint},
    {0},
};
