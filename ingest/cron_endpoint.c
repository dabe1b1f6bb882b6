/* Check-ins of monitors by URL, for jobs that have curl and no SDK (ingest.md §8.3). */
#include <math.h>

#include "base/jt.h"
#include "base/text.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "ingest/submission.h"

enum { CHECK_IN_MAX = 1 << 20, CHECK_IN_DEPTH = 32 };

static bool content_is_json(const struct request *rq)
{
    struct str type = request_header(rq, "CONTENT_TYPE");
    return str_case_eq(str_trim(str_slice(type, 0, str_index(type, ';'))), S("application/json"));
}

/* NULL after answering. */
static struct jt *check_in_of_body(struct request *rq)
{
    const char *error = NULL;
    struct visit *visit = visit_of(rq);
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return NULL;
    struct jt *sent = jt_read(rq->arena, visit->body.bytes, CHECK_IN_DEPTH, &error);
    if (sent && sent->kind == JT_OBJECT)
        return sent;
    error = error ? error : "expected an object";
    refuse(rq, 400, arena_printf(rq->arena, "invalid JSON data: %s", error));
    return NULL;
}

static void set_text(const struct request *rq, struct jt *check_in, struct str name)
{
    struct str value = request_query(rq, name);
    if (value.n)
        jt_set(check_in, name, jt_new_str(rq->arena, value));
}

static struct jt *refuse_parameter(struct request *rq, const char *name)
{
    refuse(rq, 400, arena_printf(rq->arena, "invalid query parameter %s", name));
    return NULL;
}

/* NULL after answering. */
static struct jt *check_in_of_query(struct request *rq)
{
    struct uuid id;
    double seconds;
    struct jt *check_in = jt_new(rq->arena, JT_OBJECT);
    struct str duration = request_query(rq, S("duration"));
    struct str check_in_id = request_query(rq, S("check_in_id"));
    if (!request_query(rq, S("status")).n)
        return refuse_parameter(rq, "status");
    if (check_in_id.n && !uuid_parse(check_in_id, &id))
        return refuse_parameter(rq, "check_in_id");
    if (duration.n && (!text_double(duration, &seconds) || !isfinite(seconds)))
        return refuse_parameter(rq, "duration");
    set_text(rq, check_in, S("check_in_id"));
    set_text(rq, check_in, S("status"));
    set_text(rq, check_in, S("environment"));
    if (duration.n) {
        struct jt *number = jt_new(rq->arena, JT_NUMBER);
        number->text = str_of(arena_printf(rq->arena, "%.17g", seconds));
        jt_set(check_in, S("duration"), number);
    }
    return check_in;
}

/* In the arena. */
static struct str json_of(struct arena *a, const struct jt *check_in)
{
    struct buf text;
    struct jw j;
    buf_init(&text, 2 * (size_t)CHECK_IN_MAX);
    jw_begin(&j, &text);
    jt_write(&j, check_in);
    struct str json = arena_str(a, buf_str(&text));
    buf_free(&text);
    return json;
}

static int cron_check_in(struct request *rq)
{
    struct submission s;
    struct jt *check_in = content_is_json(rq) ? check_in_of_body(rq) : check_in_of_query(rq);
    if (!check_in)
        return rq->status;
    jt_set(check_in, S("monitor_slug"), jt_new_str(rq->arena, request_param(rq, S("slug"))));
    struct envelope_item item = {.type = ITEM_CHECK_IN,
                                 .type_name = item_type_name(ITEM_CHECK_IN),
                                 .payload = json_of(rq->arena, check_in)};
    submission_begin(&s, rq);
    if (!s.record.client.n)
        s.record.client = S("relay-http");
    if (!submission_add(&s, &item) || submission_accept(&s))
        return rq->status;
    reply_empty(rq, 202);
    return submission_keep(&s);
}

static const struct endpoint endpoint = {AUTH_REQUEST, CHECK_IN_MAX, true};

const struct route cron_routes[] = {
    {METHOD_GET, "/api/{project}/cron/{slug}/", 0, cron_check_in, &endpoint},
    {METHOD_POST, "/api/{project}/cron/{slug}/", 0, cron_check_in, &endpoint},
    {METHOD_GET, "/api/{project}/cron/{slug}/{key}/", 0, cron_check_in, &endpoint},
    {METHOD_POST, "/api/{project}/cron/{slug}/{key}/", 0, cron_check_in, &endpoint},
    {0},
};
