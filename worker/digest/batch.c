#include "worker/digest/batch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/map.h"
#include "worker/digest/expansion.h"
#include "worker/digest/item_digest.h"
#include "worker/digest/transaction_item.h"

/* A batch holds at most digest_batch_records records of what ingest lets through inline; lane.c
 * stops filling long before this. */
#define BATCH_LIMIT ((size_t)1 << 30)
enum { POISON_BYTES_MAX = 16 << 20 };

struct batch *batch_new(struct policies *known)
{
    struct batch *b = calloc(1, sizeof(*b));
    if (!b)
        abort();
    b->arena = arena_new(BATCH_LIMIT);
    b->known = known;
    b->lanes = 1;
    return b;
}

static void release_policies(struct batch *b)
{
    for (struct batch_policy *p = b->policies; p; p = p->next)
        policies_release(b->known, p->policy);
    b->policies = NULL;
}

void batch_free(struct batch *b)
{
    release_policies(b);
    arena_free(b->arena);
    free(b);
}

void batch_begin(struct batch *b, struct uuid log, int64_t position)
{
    release_policies(b);
    arena_reset(b->arena);
    *b = (struct batch){.arena = b->arena,
                        .known = b->known,
                        .log = log,
                        .lane = b->lane,
                        .lanes = b->lanes,
                        .epoch = b->epoch,
                        .range = b->range,
                        .first = position,
                        .next = position};
}

/* ---- policies */

static const struct policy *policy_of(struct batch *b, int64_t project_id)
{
    struct str key = {(const char *)&project_id, sizeof(project_id)};
    struct batch_policy *p;
    if (!b->policy_of)
        b->policy_of = map_new(b->arena, 16);
    if ((p = map_get(b->policy_of, key)))
        return p->policy;
    p = arena_new_of(b->arena, struct batch_policy);
    *p = (struct batch_policy){b->policies, project_id, policies_take(b->known, project_id)};
    b->policies = p;
    map_set(b->policy_of, (struct str){(const char *)&p->project_id, sizeof(p->project_id)}, p);
    return p->policy;
}

bool batch_load_policies(const struct batch *b, struct pg *db, struct arena *scratch)
{
    size_t count = 0;
    int64_t *ids = arena_take(scratch, (b->record_count + 1) * sizeof(*ids));
    for (const struct batch_policy *p = b->policies; p; p = p->next)
        ids[count++] = p->project_id;
    return policies_load(b->known, db, scratch, ids, count);
}

void batch_span_day(struct batch *b, int64_t received)
{
    if (!b->first_day || received < b->first_day)
        b->first_day = received;
    if (received > b->last_day)
        b->last_day = received;
}

/* ---- records */

static void fall(struct reading *r, const struct batch_item *lead)
{
    enum category beside = item_digest(r->item->type)->beside;
    reading_refuse(r, lead->verdict, lead->reason);
    if (beside != CATEGORY_NONE)
        reading_count_refused(r, beside, 1, lead->verdict, lead->reason);
}

/* What follows an event goes where the event goes. */
static bool follow(struct reading *r)
{
    const struct batch_item *lead = r->kept->lead;
    if (!lead || !item_digest(r->item->type)->follows_event)
        return true;
    if (lead->verdict == OUTCOME_ACCEPTED)
        r->to->lead = lead;
    else
        fall(r, lead);
    return lead->verdict == OUTCOME_ACCEPTED;
}

static void digest(struct reading *r)
{
    const struct item_digest *how = item_digest(r->item->type);
    if (!follow(r))
        return;
    if (how->needs_payload && !reading_load(r))
        reading_refuse(r, OUTCOME_INVALID, S("internal"));
    else
        how->digest(r);
}

/* A repeat of its request is the only way to know it again. */
static bool is_nameless(const struct batch_item *item)
{
    return !item->event && !item->row && !item->lead;
}

static enum category category_of(const struct log_item *item)
{
    bool is_known = item->category != CATEGORY_NONE && item->category < CATEGORY_COUNT;
    return is_known ? item->category : item_type_category(item->type);
}

static void add_item(struct reading *r, struct log_item *item)
{
    r->item = item;
    r->to = reading_count(r, category_of(item), (int64_t)item->quantity);
    r->to->lead = NULL;
    r->to->is_taken = item->verdict == OUTCOME_ACCEPTED && item < r->record.items + r->sent_count;
    if (item->verdict == OUTCOME_ACCEPTED)
        digest(r);
    else if (item_digest(item->type)->is_silent)
        reading_drop(r);
    else
        reading_refuse(r, item->verdict, item->reason);
    if (is_nameless(r->to))
        r->kept->has_nameless = true;
    if (!r->kept->lead && item_type_creates_event(item->type))
        r->kept->lead = r->to;
}

static void add_items(struct reading *r, bool creating)
{
    for (size_t i = 0; i < r->record.item_count; i++)
        if (item_type_creates_event(r->record.items[i].type) == creating)
            add_item(r, &r->record.items[i]);
}

static void keep_record(struct reading *r)
{
    struct batch *b = r->batch;
    const struct log_record *from = &r->record;
    r->policy = policy_of(b, from->project_id);
    r->kept = arena_new_of(b->arena, struct batch_record);
    r->kept->head = (struct log_record){
        .request_id = from->request_id,
        .received = from->received,
        .project_id = from->project_id,
        .key_id = from->key_id,
        .has_event_id = from->has_event_id,
        .event_id = from->event_id,
    };
    r->kept->was_counted = r->was_counted;
    add_items(r, true);
    add_items(r, false);
    transaction_complete(r);
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

/* With the records that its items stand for. */
static void take_record(struct reading *r)
{
    struct batch *b = r->batch;
    note_received(b, r->record.received);
    b->record_count++;
    if (!is_ours(b, &r->record))
        return;
    r->sent_count = r->was_counted ? 0 : r->record.item_count;
    struct expansion more = expansion_apply(r);
    keep_record(r);
    for (size_t i = 0; i < more.count; i++) {
        *r = (struct reading){.batch = b,
                              .scratch = r->scratch,
                              .record = more.records[i],
                              .was_counted = r->was_counted,
                              .blob_lost = r->blob_lost};
        keep_record(r);
        b->record_count++;
    }
}

static const char *const lost_blob =
    "a payload could not be read from, or put into, the blob store";

void batch_add(struct batch *b, struct arena *scratch, struct str payload, int64_t next)
{
    struct reading r = {.batch = b, .scratch = scratch};
    arena_reset(scratch);
    if (!log_record_decode(scratch, payload, &r.record)) {
        batch_set_aside(b, "it is no record of this version", payload, next);
        return;
    }
    take_record(&r);
    if (r.blob_lost)
        batch_set_aside(b, lost_blob, payload, next);
    b->bytes += payload.n;
    b->next = next;
}

void batch_add_kept(struct batch *b, struct arena *scratch, const struct log_record *record,
                    int64_t next)
{
    struct reading r = {.batch = b, .scratch = scratch, .record = *record, .was_counted = true};
    take_record(&r);
    if (r.blob_lost)
        batch_set_aside(b, lost_blob, log_record_encode(scratch, record), next);
    b->next = next;
}
