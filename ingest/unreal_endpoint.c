/* POST /api/{project}/unreal/{key}/: a crash of Unreal Engine, packed by its reporter. */
#include "base/xml.h"
#include "ingest/attachment.h"
#include "ingest/crash.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "ingest/unreal_crash.h"

enum { USER_ID_MAX = 4096, CONTEXT_BYTES_MAX = 1 << 20 };

/* What a file is, by the ends of names and beginnings of contents; the first row that fits. */
static const struct {
    struct str suffix, magic, type;
} kinds[] = {
    {{".dmp", 4}, {"MDMP", 4}, {"event.minidump", 14}},
    {{".dmp", 4}, {"Incident Identifier", 19}, {"event.applecrashreport", 22}},
    {{"CrashContext.runtime-xml", 24}, {"", 0}, {"unreal.context", 14}},
    {{".log", 4}, {"", 0}, {"unreal.logs", 11}},
};

static struct str type_of(const struct unreal_file *file)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (str_ends(file->name, kinds[i].suffix) && str_starts(file->bytes, kinds[i].magic))
            return kinds[i].type;
    return S("event.attachment");
}

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

static struct str json_of_report(struct submission *s, struct str comments)
{
    struct buf text;
    struct jw j;
    char hex[33];
    uuid_put(s->record.event_id, hex);
    buf_init(&text, 6 * comments.n + 1000);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "event_id", str_of(hex));
    jw_str_k(&j, "name", S(""));
    jw_str_k(&j, "email", S(""));
    jw_str_k(&j, "comments", comments);
    jw_close(&j, '}');
    struct str json = arena_str(s->rq->arena, buf_str(&text));
    buf_free(&text);
    return json;
}

/* What the user wrote into the reporter's window stands in the crash's context. */
static bool add_user_report(struct submission *s, struct str context)
{
    struct xml x;
    struct xml_leaf leaf;
    xml_begin(&x, s->rq->arena, str_slice(context, 0, CONTEXT_BYTES_MAX));
    while (xml_next(&x, &leaf)) {
        if (!str_eq(leaf.name, S("UserDescription")) || !str_trim(leaf.text).n)
            continue;
        const struct envelope_item item = {.type = ITEM_USER_REPORT,
                                           .header = S("{\"type\":\"user_report\"}"),
                                           .payload = json_of_report(s, leaf.text)};
        return submission_add(s, &item);
    }
    return true;
}

/* False after answering, or when it is broken. */
static bool add_files(struct submission *s, struct unreal_crash *crash)
{
    struct unreal_file file;
    while (unreal_crash_next(crash, &file)) {
        const struct attachment attachment = {
            .type = type_of(&file), .filename = file.name, .bytes = file.bytes};
        if (!attachment_add(s, &attachment))
            return false;
        if (str_eq(attachment.type, S("unreal.context")) && !add_user_report(s, file.bytes))
            return false;
    }
    return !crash->is_broken;
}

static int keep(struct request *rq, struct str bytes)
{
    struct submission s;
    struct unreal_crash crash;
    const struct envelope_item event = {
        .type = ITEM_EVENT, .header = S("{\"type\":\"event\"}"), .payload = S("{}")};
    submission_begin_part(&s, rq, 0);
    s.record.envelope_header = user_header(rq);
    unreal_crash_begin(&crash, rq->arena, bytes);
    if (!add_files(&s, &crash) || !submission_add(&s, &event))
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
