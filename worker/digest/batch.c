#include "worker/digest/batch.h"
#include "worker/digest/policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/settings.h"
#include "base/text.h"
#include "storage/blobs.h"
#include "storage/event_body.h"

/* A batch holds at most digest_batch_records records of what ingest lets through inline; lane.c
 * stops filling long before this. */
#define BATCH_LIMIT ((size_t)1 << 30)
#define BLOB_MAX ((size_t)16 << 20) /* of an event's payload; ingest refuses larger ones */
enum { POISON_BYTES_MAX = 16 << 20 };

struct batch *batch_new(void)
{
    struct batch *b = calloc(1, sizeof(*b));
    if (!b)
        abort();
    b->arena = arena_new(BATCH_LIMIT);
    b->lanes = 1;
    return b;
}

void batch_free(struct batch *b)
{
    arena_free(b->arena);
    free(b);
}

void batch_begin(struct batch *b, struct uuid log, int64_t position)
{
    arena_reset(b->arena);
    *b = (struct batch){.arena = b->arena,
                        .log = log,
                        .lane = b->lane,
                        .lanes = b->lanes,
                        .epoch = b->epoch,
                        .range = b->range,
                        .first = position,
                        .next = position};
}

/* ---- events */

static struct str tags_json(struct arena *a, const struct event *e)
{
    struct buf text;
    struct jw j;
    buf_init(&text, (size_t)4 << 20);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    for (size_t i = 0; i < e->tag_count; i++) {
        jw_name(&j, e->tags[i].key);
        jw_str(&j, e->tags[i].value);
    }
    jw_close(&j, '}');
    struct str json = arena_str(a, buf_ok(&text) ? buf_str(&text) : S("{}"));
    buf_free(&text);
    return json;
}

/* The texts that are stored; everything else dies with the scratch arena. */
static struct batch_event *keep_event(struct batch *b, const struct event *e)
{
    struct batch_event *kept = arena_new_of(b->arena, struct batch_event);
    kept->event = *e;
    struct str *texts[] = {&kept->event.type,        &kept->event.platform,
                           &kept->event.logger,      &kept->event.release,
                           &kept->event.dist,        &kept->event.environment,
                           &kept->event.transaction, &kept->event.title,
                           &kept->event.culprit,     &kept->event.metadata};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        *texts[i] = arena_str(b->arena, *texts[i]);
    kept->tags = tags_json(b->arena, e);
    kept->body = event_body_encode(b->arena, e->body, &kept->codec);
    kept->event.body = (struct str){0};
    kept->event.tags = NULL;
    kept->event.tag_count = 0;
    return kept;
}

static void append_event(struct batch *b, struct batch_event *e)
{
    int64_t received = e->event.received;
    *(b->last_event ? &b->last_event->next : &b->events) = e;
    b->last_event = e;
    b->event_count++;
    if (b->event_count == 1 || received < b->first_day)
        b->first_day = received;
    if (b->event_count == 1 || received > b->last_day)
        b->last_day = received;
}

static bool load_blob(struct arena *scratch, struct log_item *item)
{
    if (!item->blob.p)
        return true;
    const char *dir = arena_printf(scratch, "%s/blobs", settings()->data_dir);
    item->payload = blob_get(scratch, dir, item->blob, BLOB_MAX);
    return item->payload.p != NULL;
}

/* For the tests of crash, hang and what follows: a record whose payload shows a mark. */
static void visit_faults(struct str payload)
{
    if (fault_on("record_crashes", payload))
        abort();
    if (fault_on("record_hangs", payload))
        fault_hang();
}

/* ---- records */

struct reading {
    struct batch *batch;
    struct arena *scratch;
    struct log_record record;
    struct batch_record *kept;
    bool blob_lost;
};

static bool is_event(const struct log_item *item)
{
    return item->type == ITEM_EVENT && item->verdict == OUTCOME_ACCEPTED;
}

static void count_item(struct batch_item *to, enum outcome verdict, struct str reason)
{
    to->kind = BATCH_COUNTED;
    to->verdict = verdict;
    to->reason = reason;
}

static void understand(struct reading *r, struct batch_item *to, struct log_item *item)
{
    struct event event;
    struct event_refusal refusal;
    if (!load_blob(r->scratch, item)) {
        r->blob_lost = true;
        count_item(to, OUTCOME_INVALID, S("internal"));
        return;
    }
    visit_faults(item->payload);
    const struct event_source source = {&r->record, item, policy_usual()};
    if (!event_understand(r->scratch, &source, &event, &refusal)) {
        count_item(to, refusal.verdict, arena_str(r->batch->arena, refusal.reason));
        return;
    }
    to->kind = BATCH_EVENT;
    to->event = keep_event(r->batch, &event);
    append_event(r->batch, to->event);
}

static void keep_pending(struct reading *r, struct batch_item *to, const struct log_item *item)
{
    struct arena *a = r->batch->arena;
    struct log_record *head = &r->kept->head;
    to->kind = BATCH_PENDING;
    to->item = *item;
    to->item.header = arena_str(a, item->header);
    to->item.payload = arena_str(a, item->payload);
    to->item.blob = arena_str(a, item->blob);
    if (head->envelope_header.p || head->client_ip.p)
        return;
    head->envelope_header = arena_str(a, r->record.envelope_header);
    head->client_ip = arena_str(a, r->record.client_ip);
    head->user_agent = arena_str(a, text_utf8(r->scratch, r->record.user_agent));
}

static void add_item(struct reading *r, struct log_item *item)
{
    struct batch_item *to = arena_new_of(r->batch->arena, struct batch_item);
    to->category = item_type_category(item->type);
    to->quantity = (int64_t)item->quantity;
    if (item->verdict != OUTCOME_ACCEPTED)
        count_item(to, item->verdict, arena_str(r->batch->arena, item->reason));
    else if (is_event(item))
        understand(r, to, item);
    else
        keep_pending(r, to, item);
    if (to->kind != BATCH_EVENT)
        r->kept->has_nameless = true;
    *(r->kept->last_item ? &r->kept->last_item->next : &r->kept->items) = to;
    r->kept->last_item = to;
}

static void keep_record(struct reading *r)
{
    struct batch *b = r->batch;
    const struct log_record *from = &r->record;
    r->kept = arena_new_of(b->arena, struct batch_record);
    r->kept->head = (struct log_record){
        .request_id = from->request_id,
        .received = from->received,
        .project_id = from->project_id,
        .key_id = from->key_id,
        .has_event_id = from->has_event_id,
        .event_id = from->event_id,
    };
    for (size_t i = 0; i < from->item_count; i++)
        add_item(r, &r->record.items[i]);
    *(b->last_record ? &b->last_record->next : &b->records) = r->kept;
    b->last_record = r->kept;
}

static void note_received(struct batch *b, int64_t received)
{
    if (!b->oldest)
        b->oldest = received;
    if (!b->filled_since)
        b->filled_since = clock_monotonic();
}

void batch_set_aside(struct batch *b, const char *reason, struct str bytes, int64_t next)
{
    struct batch_poison *p = arena_new_of(b->arena, struct batch_poison);
    note_received(b, 0);
    *p = (struct batch_poison){.next = b->poisons, .position = b->next, .reason = reason};
    p->bytes = arena_str(b->arena, str_slice(bytes, 0, POISON_BYTES_MAX));
    b->poisons = p;
    b->record_count++;
    b->next = next;
}

static bool is_ours(const struct batch *b, const struct log_record *record)
{
    return (int)((uint64_t)record->project_id % (uint64_t)b->lanes) == b->lane;
}

void batch_add(struct batch *b, struct arena *scratch, struct str payload, int64_t next)
{
    struct reading r = {.batch = b, .scratch = scratch};
    arena_reset(scratch);
    if (!log_record_decode(scratch, payload, &r.record)) {
        batch_set_aside(b, "it is no record of this version", payload, next);
        return;
    }
    note_received(b, r.record.received);
    if (is_ours(b, &r.record))
        keep_record(&r);
    if (r.blob_lost)
        batch_set_aside(b, "a payload is missing in the blob store", payload, next);
    b->record_count++;
    b->bytes += payload.n;
    b->next = next;
}
