/* The legacy store endpoints: one event as JSON, in the body or in the query. */
#include "base/inflate.h"
#include "base/jr.h"
#include "base/text.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "ingest/submission.h"

enum { STORE_MAX = 1 << 20 };

/* What the answer needs to know of the event. */
struct skimmed {
    bool has_event_id;
    struct uuid event_id;
    struct str type;
};

static const char *skim_member(struct jr *r, struct arena *a, struct skimmed *out)
{
    bool is_id = jr_is(r, S("event_id")), is_type = jr_is(r, S("type"));
    enum jr_kind kind = jr_next(r);
    if (is_type && kind == JR_STRING)
        out->type = jr_text(r, a);
    if (is_id && kind != JR_NULL) {
        out->has_event_id = kind == JR_STRING && uuid_parse(jr_text(r, a), &out->event_id);
        if (!out->has_event_id)
            return "event_id is not a valid identifier";
    }
    return jr_skip(r, kind) ? NULL : jr_error(r);
}

/* NULL, or what is wrong with the JSON. */
static const char *skim(struct str json, struct arena *a, struct skimmed *out)
{
    struct jr r;
    enum jr_kind kind;
    jr_begin(&r, json, JR_DEPTH_MAX);
    if (jr_next(&r) != JR_OBJECT)
        return r.error ? jr_error(&r) : "expected an object";
    while ((kind = jr_next(&r)) == JR_KEY) {
        const char *wrong = skim_member(&r, a, out);
        if (wrong)
            return wrong;
    }
    return kind == JR_OBJECT_END && jr_next(&r) == JR_END ? NULL : jr_error(&r);
}

static enum item_type type_of(struct str type)
{
    static const struct {
        struct str name;
        enum item_type type;
    } types[] = {
        {{"transaction", 11}, ITEM_TRANSACTION},
        {{"csp", 3}, ITEM_SECURITY},
        {{"hpkp", 4}, ITEM_SECURITY},
        {{"expectct", 8}, ITEM_SECURITY},
        {{"expectstaple", 12}, ITEM_SECURITY},
        {{"feedback", 8}, ITEM_FEEDBACK},
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (str_eq(types[i].name, type))
            return types[i].type;
    return ITEM_EVENT;
}

static bool begins_object(struct str text)
{
    if (str_starts(text, S("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.n);
    return str_starts(str_trim(text), S("{"));
}

/* Plain JSON, or what raven-node and others made of it: base64, of zlib or plain.  Absent when it
 * is none of these. */
static struct str unwrap(struct request *rq, struct str body)
{
    if (begins_object(body))
        return body;
    struct str bytes = text_unbase64(rq->arena, str_trim(body));
    if (!bytes.p || begins_object(bytes))
        return bytes;
    struct buf *to = &visit_of(rq)->body.decoded;
    buf_clear(to);
    to->max = STORE_MAX;
    return inflate_zlib(rq->arena, bytes, to) == INFLATE_OK ? buf_str(to) : (struct str){0};
}

static int refuse_json(struct request *rq, const char *wrong)
{
    struct visit *visit = visit_of(rq);
    struct refused what = {.project_id = visit->key.project_id,
                           .key_id = visit->key.id,
                           .type = ITEM_EVENT,
                           .verdict = OUTCOME_INVALID,
                           .reason = S("invalid_json"),
                           .quantity = 1};
    outcomes_count(visit->ingest->outcomes, &what);
    return refuse(rq, 400, arena_printf(rq->arena, "invalid JSON data: %s", wrong));
}

/* 0 when the event may be kept; else the status the request was answered with. */
static int store(struct submission *s, struct request *rq, struct str body)
{
    struct skimmed skimmed = {0};
    if (body.n == 0)
        return refuse(rq, 400, "empty request body");
    struct str json = unwrap(rq, body);
    if (!json.p)
        return refuse(rq, 400, "invalid request body");
    const char *wrong = skim(json, rq->arena, &skimmed);
    if (wrong)
        return refuse_json(rq, wrong);
    struct envelope_item item = {.type = type_of(skimmed.type), .payload = json};
    submission_begin(s, rq);
    s->record.has_event_id = skimmed.has_event_id;
    s->record.event_id = skimmed.event_id;
    return submission_add(s, &item) ? submission_accept(s) : rq->status;
}

static int store_post(struct request *rq)
{
    struct submission s;
    struct visit *visit = visit_of(rq);
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    struct str type = request_header(rq, "CONTENT_TYPE");
    if (str_starts(type, S("application/x-sentry-envelope")))
        return envelope_submit(rq);
    int refused = store(&s, rq, visit->body.bytes);
    if (refused)
        return refused;
    submission_reply(&s);
    return submission_keep(&s);
}

/* In a query a plus sign stands for a blank, and nobody escapes base64's. */
static struct str plus_for_blanks(struct arena *a, struct str text)
{
    char *copy = arena_strdup(a, text);
    for (size_t i = 0; i < text.n; i++)
        copy[i] = copy[i] == ' ' ? '+' : copy[i];
    return (struct str){copy, text.n};
}

/* raven-js asks for an image whose address is the event. */
static int store_pixel(struct request *rq)
{
    static const char pixel[] = "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\0\0\0!\xF9\x04\x01\0\0\0\0,\0\0"
                                "\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;";
    struct submission s;
    struct str data = request_query(rq, S("sentry_data"));
    if (!begins_object(data))
        data = plus_for_blanks(rq->arena, data);
    int refused = store(&s, rq, data);
    if (refused)
        return refused;
    reply_bytes(rq, 200, "image/gif", (struct str){pixel, sizeof(pixel) - 1});
    return submission_keep(&s);
}

static const struct endpoint endpoint = {AUTH_REQUEST, STORE_MAX, false};

const struct route store_routes[] = {
    {METHOD_POST, "/api/{project}/store/", 0, store_post, &endpoint},
    {METHOD_GET, "/api/{project}/store/", 0, store_pixel, &endpoint},
    {METHOD_POST, "/api/store/", 0, store_post, &endpoint},
    {METHOD_GET, "/api/store/", 0, store_pixel, &endpoint},
    {0},
};
