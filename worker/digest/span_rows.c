#include "worker/digest/span_rows.h"

#include "base/text.h"
#include "storage/copy.h"
#include "storage/span_status.h"
#include "worker/digest/flat_json.h"
#include "worker/digest/transaction.h"

enum { WORD_MAX = 200, TEXT_MAX = 4096 };

struct optional_id {
    bool given;
    int64_t id;
};

struct span_row {
    struct uuid trace_id, transaction_id;
    int64_t id, span_id;
    struct optional_id parent, segment, group;
    bool is_segment;
    int64_t start, end;
    double exclusive;
    int status;
    struct str op, category, action, domain, status_code, system, grouped, description, transaction;
    struct str platform, measurements, attributes;
};

static void copy_optional(struct buf *b, struct optional_id id)
{
    if (id.given)
        copy_int8(b, id.id);
    else
        copy_null(b);
}

static void copy_times(struct buf *b, const struct span_row *s)
{
    copy_time(b, s->start);
    copy_time(b, s->end);
    copy_double(b, (double)(s->end - s->start) / 1000);
    copy_double(b, s->exclusive);
}

static void copy_words(struct buf *b, const struct span_row *s)
{
    copy_text(b, s->op);
    copy_text(b, s->category);
    copy_text(b, s->action);
    copy_text(b, s->domain);
    if (s->status == SPAN_STATUS_NONE)
        copy_null(b);
    else
        copy_int2(b, (int16_t)s->status);
    copy_text(b, s->status_code);
    copy_text(b, s->system);
    copy_optional(b, s->group);
    copy_text(b, s->grouped);
    copy_text(b, s->description);
    copy_text(b, s->transaction);
    copy_text(b, s->platform);
}

/* Environment and release are those of the row that the item is. */
static void put(struct buf *b, const struct batch_row *row)
{
    const struct span_row *s = row->data;
    const struct batch_row *named = row->item->row ? row->item->row : row;
    copy_row(b, 29);
    copy_int8(b, row->record->head.project_id);
    copy_uuid(b, s->trace_id);
    copy_int8(b, s->id);
    copy_date(b, row->record->head.received);
    copy_int8(b, s->span_id);
    copy_optional(b, s->parent);
    copy_optional(b, s->segment);
    if (uuid_is_nil(s->transaction_id))
        copy_null(b);
    else
        copy_uuid(b, s->transaction_id);
    copy_bool(b, s->is_segment);
    copy_times(b, s);
    copy_words(b, s);
    copy_int8(b, named->environment_id);
    copy_optional(b, (struct optional_id){named->release_id != 0, named->release_id});
    copy_jsonb(b, s->measurements);
    copy_jsonb(b, s->attributes);
}

const struct row_kind span_rows = {
    .copy = "copy span (project_id, trace_id, id, received_day, span_id, parent_span_id, "
            "segment_id, transaction_id, is_segment, start_timestamp, \"timestamp\", duration, "
            "exclusive_time, op, category, action, domain, status, status_code, system, "
            "group_hash, grouped, description, transaction, platform, environment_id, release_id, "
            "measurements, attributes) from stdin (format binary)",
    .put = put,
};

/* ---- from a span to its row */

static int64_t number_of(const uint8_t bytes[8])
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | bytes[i];
    return (int64_t)number;
}

bool span_id_of(struct str text, int64_t *id)
{
    uint8_t bytes[8];
    if (text.n != 2 * sizeof(bytes) || !text_unhex(text, bytes))
        return false;
    *id = number_of(bytes);
    return true;
}

static struct optional_id optional(struct str text)
{
    struct optional_id out = {0};
    out.given = span_id_of(text, &out.id);
    return out;
}

static bool read_place(const struct jt *span, struct span_row *s)
{
    return uuid_parse(jt_get_str(span, S("trace_id")), &s->trace_id) &&
           span_id_of(jt_get_str(span, S("span_id")), &s->span_id) &&
           transaction_time(span, S("start_timestamp"), &s->start) &&
           transaction_time(span, S("timestamp"), &s->end);
}

static struct str word(struct reading *r, const struct jt *of, struct str key)
{
    struct str text = jt_get_str(of, key);
    return text.n ? reading_keep_cut(r, text, WORD_MAX) : (struct str){0};
}

static struct str text(struct reading *r, const struct jt *of, struct str key)
{
    struct str all = jt_get_str(of, key);
    return all.n ? reading_keep_cut(r, all, TEXT_MAX) : (struct str){0};
}

static void read_tags(struct reading *r, const struct jt *span, struct span_row *s)
{
    const struct jt *tags = jt_get(span, S("sentry_tags"));
    s->op = word(r, span, S("op"));
    s->op = s->op.p ? s->op : S("default");
    s->category = word(r, tags, S("category"));
    s->action = word(r, tags, S("action"));
    s->domain = text(r, tags, S("domain"));
    s->status_code = word(r, tags, S("status_code"));
    s->system = word(r, tags, S("system"));
    s->grouped = word(r, tags, S("description"));
    s->transaction = word(r, tags, S("transaction"));
    s->group = optional(jt_get_str(tags, S("group")));
    s->description = text(r, span, S("description"));
    s->platform = word(r, span, S("platform"));
}

static void read_numbers(struct reading *r, const struct jt *span, struct span_row *s)
{
    const struct jt *objects[] = {jt_get(span, S("data")), jt_get(span, S("tags"))};
    jt_double(jt_get(span, S("exclusive_time")), &s->exclusive);
    s->status = span_status_named(jt_get_str(span, S("status")));
    s->measurements = flat_json_measurements(r->batch->arena, jt_get(span, S("measurements")));
    s->attributes = flat_json(r->batch->arena, objects, 2);
}

static int64_t random_id(void)
{
    struct uuid random = uuid_random();
    return number_of(random.bytes + 8);
}

struct batch_row *span_row_add(struct reading *r, const struct jt *span,
                               const struct span_place *place)
{
    struct span_row s = {.id = random_id(), .transaction_id = place->transaction};
    if (!read_place(span, &s))
        return NULL;
    read_tags(r, span, &s);
    read_numbers(r, span, &s);
    s.parent = optional(jt_get_str(span, S("parent_span_id")));
    s.segment = optional(jt_get_str(span, S("segment_id")));
    if (!s.segment.given)
        s.segment = optional(place->segment_id);
    const struct jt *is_segment = jt_get(span, S("is_segment"));
    s.is_segment = place->is_segment || (is_segment && is_segment->kind == JT_TRUE);
    if (!s.transaction.p)
        s.transaction = place->name;
    if (!s.platform.p)
        s.platform = place->platform;
    return reading_row(r, ROW_SPAN, &s, sizeof(s));
}
