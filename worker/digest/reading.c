#include "worker/digest/reading.h"

#include "base/settings.h"
#include "base/text.h"
#include "storage/blobs.h"
#include "storage/event_body.h"

enum { DEPTH_MAX = 64 };
#define BLOB_MAX ((size_t)16 << 20) /* of a payload that is read; ingest refuses larger ones */

static const char *blob_dir(struct reading *r)
{
    return arena_printf(r->scratch, "%s/blobs", settings()->data_dir);
}

bool reading_load_item(struct reading *r, struct log_item *item)
{
    if (!item->blob.p || item->payload.p)
        return true;
    item->payload = blob_get(r->scratch, blob_dir(r), item->blob, BLOB_MAX);
    r->blob_lost |= !item->payload.p;
    return item->payload.p != NULL;
}

bool reading_load(struct reading *r)
{
    return reading_load_item(r, r->item);
}

struct str reading_get_blob(struct reading *r, struct arena *a)
{
    struct str bytes =
        blob_get(a, blob_dir(r), r->item->blob, (size_t)settings()->max_envelope_bytes);
    r->blob_lost |= !bytes.p;
    return bytes;
}

struct str reading_put_blob(struct reading *r, struct str bytes)
{
    struct str name = blob_put(r->scratch, blob_dir(r), bytes);
    r->blob_lost |= !name.p;
    return reading_keep(r, name);
}

struct str reading_keep(struct reading *r, struct str text)
{
    return arena_str(r->batch->arena, text);
}

struct str reading_keep_cut(struct reading *r, struct str text, size_t points)
{
    return reading_keep(r, text.n > points ? str_slice(text, 0, text_prefix(text, points)) : text);
}

const struct jt *reading_header(struct reading *r)
{
    const char *error;
    const struct jt *header = jt_read(r->scratch, r->item->header, DEPTH_MAX, &error);
    return header ? header : jt_new(r->scratch, JT_OBJECT);
}

struct jt *reading_object(struct reading *r, struct str reason)
{
    const char *error;
    struct jt *object = jt_read(r->scratch, r->item->payload, DEPTH_MAX, &error);
    if (object && object->kind == JT_OBJECT)
        return object;
    reading_refuse(r, OUTCOME_INVALID, reason);
    return NULL;
}

void reading_drop(struct reading *r)
{
    r->to->kind = BATCH_COUNTED;
    r->to->category = CATEGORY_NONE;
}

static void append_item(struct batch_record *to, struct batch_item *item)
{
    *(to->last_item ? &to->last_item->next : &to->items) = item;
    to->last_item = item;
}

struct batch_item *reading_count(struct reading *r, enum category category, int64_t quantity)
{
    struct batch_item *item = arena_new_of(r->batch->arena, struct batch_item);
    *item = (struct batch_item){
        .kind = BATCH_DIGESTED, .category = category, .quantity = quantity, .lead = r->to};
    append_item(r->kept, item);
    return item;
}

/* Under what each of a category counts besides, NONE if nothing (ingest.md §2.4). */
static const enum category indexed[CATEGORY_COUNT] = {
    [CATEGORY_TRANSACTION] = CATEGORY_TRANSACTION_INDEXED,
    [CATEGORY_PROFILE] = CATEGORY_PROFILE_INDEXED,
    [CATEGORY_SPAN] = CATEGORY_SPAN_INDEXED,
};

struct batch_item *reading_count_refused(struct reading *r, enum category category,
                                         int64_t quantity, enum outcome verdict, struct str reason)
{
    struct batch_item *item = reading_count(r, category, quantity);
    item->kind = BATCH_COUNTED;
    item->lead = NULL;
    item->verdict = verdict;
    item->reason = reading_keep(r, reason);
    r->kept->has_nameless = true;
    return item;
}

void reading_refuse(struct reading *r, enum outcome verdict, struct str reason)
{
    enum category besides = indexed[r->to->category];
    r->to->kind = BATCH_COUNTED;
    r->to->verdict = verdict;
    r->to->reason = reading_keep(r, reason);
    if (besides != CATEGORY_NONE)
        reading_count_refused(r, besides, r->to->quantity, verdict, reason);
}

struct batch_row *reading_row(struct reading *r, enum row_kind_id kind, const void *data,
                              size_t size)
{
    struct batch *b = r->batch;
    struct batch_rows *rows = &b->rows[kind];
    struct batch_row *row = arena_new_of(b->arena, struct batch_row);
    void *kept = arena_take(b->arena, size);
    memcpy(kept, data, size);
    *row = (struct batch_row){.record = r->kept, .item = r->to, .data = kept};
    *(rows->last ? &rows->last->next : &rows->first) = row;
    rows->last = row;
    rows->count++;
    b->row_count++;
    batch_span_day(b, r->record.received);
    return row;
}

void reading_name(struct reading *r, struct batch_row *row, struct uuid id)
{
    row->id = id;
    row->has_id = true;
    r->to->row = row;
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

struct str reading_tags_json(struct reading *r, const struct event *e)
{
    return tags_json(r->batch->arena, e);
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
    kept->event.tree = NULL;
    kept->event.tags = NULL;
    kept->event.tag_count = 0;
    return kept;
}

void reading_event(struct reading *r, const struct event *e)
{
    struct batch *b = r->batch;
    struct batch_event *kept = r->to->event = keep_event(b, e);
    *(b->last_event ? &b->last_event->next : &b->events) = kept;
    b->last_event = kept;
    b->event_count++;
    batch_span_day(b, e->received);
}
