/* POST /api/{project}/unreal/{key}/: a crash of Unreal Engine, packed by its reporter. */
#include "ingest/crash.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "storage/unreal_report.h"

enum { USER_ID_MAX = 4096 };

static void count_refused(struct request *rq, struct str reason)
{
    struct visit *visit = visit_of(rq);
    struct refused what = {.project_id = visit->key.project_id,
                           .key_id = visit->key.id,
                           .type = ITEM_UNREAL_REPORT,
                           .verdict = OUTCOME_INVALID,
                           .reason = reason,
                           .quantity = 1};
    outcomes_count(visit->ingest->outcomes, &what);
}

/* The reporter is told that all is well, and would not know what to do otherwise. */
static int drop(struct request *rq)
{
    count_refused(rq, S("process_unreal"));
    return crash_reply(rq, uuid_random());
}

/* LOGIN|EPIC ACCOUNT|MACHINE, as the engine adds it to the address. */
static struct str user_header(struct request *rq)
{
    struct buf text;
    struct jw j;
    struct str user = request_query(rq, S("UserID"));
    if (!user.n || user.n > USER_ID_MAX)
        return (struct str){0};
    buf_init(&text, 64 << 10);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "unreal_user_id", user);
    jw_close(&j, '}');
    struct str header = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return header;
}

/* False after answering, or when it is broken. */
static bool add_items(struct submission *s, struct str bytes)
{
    struct unreal_report report;
    struct unreal_item part;
    unreal_report_begin(&report, s->rq->arena, bytes, s->record.event_id);
    while (unreal_report_next(&report, &part)) {
        const struct envelope_item item = {.type = part.type,
                                           .header = part.header,
                                           .payload = part.payload,
                                           .attachment_type = part.attachment_type};
        if (!submission_add(s, &item))
            return false;
    }
    return !report.crash.is_broken;
}

static int keep(struct request *rq, struct str bytes)
{
    struct submission s;
    submission_begin_part(&s, rq, 0);
    s.record.envelope_header = user_header(rq);
    if (!add_items(&s, bytes))
        return reply_was_sent(rq) ? rq->status : drop(rq);
    return crash_keep(&s);
}

static int unreal_post(struct request *rq)
{
    struct visit *visit = visit_of(rq);
    enum inflate_result result;
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    if (!visit->body.bytes.n)
        return refuse(rq, 400, "empty request body");
    const struct packed packed = {.bytes = visit->body.bytes,
                                  .encoding = S("deflate"),
                                  .beside = &visit->body,
                                  .slots = &visit->ingest->large,
                                  .ceiling = gate_body_max(rq)};
    if (!body_unpack(rq, &visit->unpacked, &packed, &result))
        return rq->status;
    if (result == INFLATE_CORRUPT)
        return drop(rq);
    if (result == INFLATE_OK)
        return keep(rq, visit->unpacked.bytes);
    count_refused(rq, S("too_large:unreal_report"));
    return refuse(rq, 413, "length limit exceeded");
}

static const struct endpoint endpoint = {AUTH_REQUEST, 0, true};

const struct route unreal_routes[] = {
    {METHOD_POST, "/api/{project}/unreal/{key}/", 0, unreal_post, &endpoint},
    {0},
};
