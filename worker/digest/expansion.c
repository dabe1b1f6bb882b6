#include "worker/digest/expansion.h"

#include "base/inflate.h"
#include "storage/otlp.h"
#include "storage/unreal_report.h"

#define UNPACKED_MAX ((size_t)128 << 20)

struct expanding {
    struct reading *r;
    struct log_item *items; /* of the record from now on */
    size_t item_count;
    struct expansion more;
};

/* Room for one more: lists double. */
static void *grown(struct arena *a, void *list, size_t count, size_t size)
{
    if (count & (count - 1))
        return list;
    void *more = arena_take(a, (count ? 2 * count : 1) * size);
    if (count)
        memcpy(more, list, count * size);
    return more;
}

static void push_item(struct expanding *e, struct log_item item)
{
    e->items = grown(e->r->scratch, e->items, e->item_count, sizeof(item));
    e->items[e->item_count++] = item;
}

/* ---- OpenTelemetry */

/* A single record is put where a request of the protocol would have it. */
static const struct {
    const struct otlp_signal *signal;
    enum otlp_format format;
    const char *before, *after;
} otel[ITEM_TYPE_COUNT] = {
    [ITEM_OTEL_SPAN] = {&otlp_signal_traces, OTLP_JSON,
                        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[", "]}]}]}"},
    [ITEM_OTEL_LOG] = {&otlp_signal_logs, OTLP_JSON,
                       "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[", "]}]}]}"},
    [ITEM_OTEL_TRACES_DATA] = {&otlp_signal_traces, OTLP_PROTOBUF, "", ""},
};

static struct otlp_request otel_request(const struct expanding *e, const struct log_item *item)
{
    struct str payload = str_trim(item->payload);
    const char *whole = arena_printf(e->r->scratch, "%s%.*s%s", otel[item->type].before,
                                     STR_ARG(payload), otel[item->type].after);
    struct otlp_request request = {.signal = otel[item->type].signal,
                                   .format = otel[item->type].format,
                                   .body = str_of(whole),
                                   .received = e->r->record.received};
    if (request.format == OTLP_PROTOBUF) {
        bool is_json = str_starts(payload, S("{")); /* which begins no message of ours */
        request.format = is_json ? OTLP_JSON : OTLP_PROTOBUF;
        request.body = item->payload;
    }
    return request;
}

static void push_container(struct expanding *e, const struct otlp_signal *signal,
                           const struct otlp_container *container)
{
    struct arena *a = e->r->scratch;
    struct log_item *item = arena_new_of(a, struct log_item);
    *item = (struct log_item){.type = otlp_item_type(signal),
                              .header = container->header,
                              .payload = container->payload,
                              .quantity = container->count};
    e->more.records = grown(a, e->more.records, e->more.count, sizeof(struct log_record));
    struct log_record *record = &e->more.records[e->more.count++];
    *record = e->r->record;
    record->items = item;
    record->item_count = 1;
    uuid_mark(&record->request_id, LOG_PART_AT, (uint32_t)e->more.count);
}

static bool expand_otel(struct expanding *e, struct log_item *item)
{
    const char *error;
    struct otlp_converted converted;
    if (!reading_load_item(e->r, item))
        return false;
    struct otlp_request request = otel_request(e, item);
    if (otlp_convert(e->r->scratch, &request, &converted, &error) != OTLP_CONVERTED ||
        !converted.count)
        return false;
    for (const struct otlp_container *c = converted.first; c; c = c->next)
        push_container(e, request.signal, c);
    if (converted.too_large)
        push_item(e, (struct log_item){.type = otlp_item_type(request.signal),
                                       .verdict = OUTCOME_INVALID,
                                       .reason = otlp_too_large(request.signal),
                                       .quantity = converted.too_large});
    return true;
}

/* ---- Unreal Engine */

static void release(void *unpacked)
{
    buf_free(unpacked);
}

/* Absent when the item cannot be unpacked. */
static struct str unpack(struct reading *r, struct str packed)
{
    struct buf *to = arena_new_of(r->scratch, struct buf);
    buf_init(to, UNPACKED_MAX);
    arena_defer(r->scratch, release, to);
    struct inflate *z = inflate_new(r->scratch, S("deflate"), to);
    bool whole = inflate_feed(z, packed) == INFLATE_OK && inflate_finish(z) == INFLATE_OK;
    return whole ? buf_str(to) : (struct str){0};
}

static bool push_unreal_item(struct expanding *e, const struct unreal_item *part)
{
    bool is_file = part->type == ITEM_ATTACHMENT;
    struct log_item item = {.type = part->type,
                            .header = part->header,
                            .payload = part->payload,
                            .quantity = is_file && part->payload.n ? part->payload.n : 1};
    if (part->payload.n > LOG_ITEM_INLINE_MAX) {
        item.blob = reading_put_blob(e->r, part->payload);
        item.payload = (struct str){0};
    }
    push_item(e, item);
    return !e->r->blob_lost;
}

static bool expand_unreal(struct expanding *e, struct log_item *item)
{
    struct reading *r = e->r;
    struct unreal_report report;
    struct unreal_item part;
    size_t before = e->item_count;
    r->item = item;
    struct str bytes = unpack(r, item->blob.p ? reading_get_blob(r, r->scratch) : item->payload);
    if (!bytes.p)
        return false;
    if (!r->record.has_event_id)
        r->record.event_id = r->record.request_id;
    r->record.has_event_id = true;
    unreal_report_begin(&report, r->scratch, bytes, r->record.event_id);
    while (unreal_report_next(&report, &part) && push_unreal_item(e, &part))
        ;
    if (report.is_told && !r->blob_lost)
        return true;
    e->item_count = before;
    return false;
}

/* ---- all */

static bool (*const expanders[ITEM_TYPE_COUNT])(struct expanding *e, struct log_item *item) = {
    [ITEM_OTEL_SPAN] = expand_otel,
    [ITEM_OTEL_LOG] = expand_otel,
    [ITEM_OTEL_TRACES_DATA] = expand_otel,
    [ITEM_UNREAL_REPORT] = expand_unreal,
};

static bool stands_for_others(const struct log_item *item)
{
    return item->verdict == OUTCOME_ACCEPTED && expanders[item->type];
}

struct expansion expansion_apply(struct reading *r)
{
    struct expanding e = {.r = r};
    struct log_item *sent = r->record.items;
    size_t count = r->record.item_count, expanded = 0;
    for (size_t i = 0; i < count; i++)
        expanded += stands_for_others(&sent[i]);
    if (!expanded)
        return e.more;
    for (size_t i = 0; i < count; i++)
        if (!stands_for_others(&sent[i]))
            push_item(&e, sent[i]);
    r->sent_count = e.item_count;
    for (size_t i = 0; i < count; i++)
        if (stands_for_others(&sent[i]) && !expanders[sent[i].type](&e, &sent[i]))
            push_item(&e, sent[i]);
    r->record.items = e.items;
    r->record.item_count = e.item_count;
    return e.more;
}
