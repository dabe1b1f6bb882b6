#include "worker/digest/span_container.h"

#include "base/text.h"
#include "worker/digest/scalar.h"

enum { DEPTH_MAX = 64 };

bool span_container_is(const struct jt *header)
{
    struct str type = jt_get_str(header, S("content_type"));
    return str_starts(type, S("application/vnd.sentry.items.span.v2+json"));
}

/* Another container of spans is in the envelope. */
static bool has_twin(const struct reading *r)
{
    size_t containers = 0;
    for (size_t i = 0; i < r->record.item_count; i++) {
        const char *error;
        const struct log_item *item = &r->record.items[i];
        containers += item->type == ITEM_SPAN &&
                      span_container_is(jt_read(r->scratch, item->header, DEPTH_MAX, &error));
    }
    return containers > 1;
}

struct jt *span_container_items(struct reading *r, struct str *reason)
{
    const char *error;
    int64_t count;
    struct jt *container = jt_read(r->scratch, r->item->payload, DEPTH_MAX, &error);
    struct jt *items = jt_get(container, S("items"));
    bool counts = jt_int64(jt_get(reading_header(r), S("item_count")), &count);
    *reason = has_twin(r) ? S("duplicate_item") : (struct str){0};
    if (!items || items->kind != JT_ARRAY || !counts || count != (int64_t)items->count)
        *reason = S("invalid_span");
    return reason->p ? NULL : items;
}

static bool is_present(const struct jt *item, struct str key)
{
    const struct jt *v = jt_get(item, key);
    return v && v->kind != JT_NULL;
}

static struct str id_fault(struct arena *a, const struct jt *item)
{
    struct jt trace = {.text = jt_get_str(item, S("trace_id"))};
    struct jt span = {.text = jt_get_str(item, S("span_id"))};
    trace.kind = span.kind = JT_STRING;
    if (!is_present(item, S("trace_id")) || !is_present(item, S("span_id")) ||
        !is_present(item, S("name")))
        return S("no_data");
    bool fine = !scalar_trace_id(a, &trace) && !scalar_span_id(a, &span);
    return fine ? (struct str){0} : S("invalid_span");
}

static struct str time_fault(const struct jt *item, int64_t *microseconds)
{
    int64_t start, end;
    const struct jt *from = jt_get(item, S("start_timestamp")),
                    *to = jt_get(item, S("end_timestamp"));
    if (!from || !to || scalar_time(from, &start) || scalar_time(to, &end) || start > end)
        return S("timestamp");
    *microseconds = end - start;
    return (struct str){0};
}

static struct str rate_fault(const struct jt *data)
{
    double rate;
    const struct jt *sent = jt_get(data, S("sentry.client_sample_rate"));
    bool fine = !sent || (jt_double(sent, &rate) && rate > 0 && rate <= 1);
    return fine ? (struct str){0} : S("invalid_span");
}

/* {key: value} of {key: {type, value}}. */
static struct jt *flatten(struct arena *a, const struct jt *attributes)
{
    struct jt *data = jt_new(a, JT_OBJECT);
    const struct jt *v = attributes && attributes->kind == JT_OBJECT ? attributes->first : NULL;
    for (; v; v = v->next) {
        struct jt *value = jt_get(v, S("value"));
        if (!value || value->kind == JT_NULL)
            continue;
        struct jt *twin = arena_new_of(a, struct jt);
        *twin = *value;
        twin->key = v->key;
        jt_append(data, twin);
    }
    return data;
}

static void move(struct jt *to, struct str key, const struct jt *from, struct str old,
                 struct arena *a)
{
    const struct jt *v = jt_get(from, old);
    if (!v)
        return;
    struct jt *twin = arena_new_of(a, struct jt);
    *twin = *v;
    jt_set(to, key, twin);
}

/* What the attributes say of the work: http.client where a request was made, db where a query was.
 */
static struct str inferred_op(const struct jt *data)
{
    if (jt_get(data, S("db.system")) || jt_get(data, S("db.system.name")))
        return S("db");
    bool http = jt_get(data, S("http.request.method")) || jt_get(data, S("http.method")) ||
                jt_get(data, S("http.request_method"));
    bool server = str_eq(jt_get_str(data, S("sentry.kind")), S("server"));
    return http ? server ? S("http.server") : S("http.client") : S("default");
}

static void put_op(struct arena *a, struct jt *span, const struct jt *data)
{
    struct str op = jt_get_str(data, S("sentry.op"));
    jt_set(span, S("op"), jt_new_str(a, op.n ? op : inferred_op(data)));
}

static struct jt *convert(struct arena *a, const struct jt *item, struct jt *data, int64_t us)
{
    struct jt *span = jt_new(a, JT_OBJECT);
    bool failed = str_eq(jt_get_str(item, S("status")), S("error"));
    move(span, S("trace_id"), item, S("trace_id"), a);
    move(span, S("span_id"), item, S("span_id"), a);
    move(span, S("parent_span_id"), item, S("parent_span_id"), a);
    move(span, S("start_timestamp"), item, S("start_timestamp"), a);
    move(span, S("timestamp"), item, S("end_timestamp"), a);
    move(span, S("is_segment"), item, S("is_segment"), a);
    move(span, S("description"), item, S("name"), a);
    move(span, S("description"), data, S("sentry.description"), a);
    move(span, S("segment_id"), data, S("sentry.segment.id"), a);
    move(span, S("origin"), data, S("sentry.origin"), a);
    move(span, S("platform"), data, S("sentry.platform"), a);
    jt_set(span, S("exclusive_time"), jt_new_double(a, (double)us / 1000));
    move(span, S("exclusive_time"), data, S("sentry.exclusive_time"), a);
    jt_set(span, S("status"), jt_new_str(a, failed ? S("internal_error") : S("ok")));
    put_op(a, span, data);
    jt_set(span, S("data"), data);
    return span;
}

/* The same id twice in one container. */
static bool is_double(struct arena *a, const struct jt *item, struct map *seen)
{
    struct str id = text_lower(a, jt_get_str(item, S("span_id")));
    bool was = map_get(seen, id);
    map_set(seen, id, seen);
    return was;
}

struct jt *span_container_span(struct arena *a, struct jt *item, struct map *seen,
                               struct str *reason)
{
    int64_t us = 0;
    struct jt *data = flatten(a, jt_get(item, S("attributes")));
    *reason = item->kind == JT_OBJECT ? id_fault(a, item) : S("invalid_span");
    if (!reason->p)
        *reason = time_fault(item, &us);
    if (!reason->p)
        *reason = rate_fault(data);
    if (!reason->p && is_double(a, item, seen))
        *reason = S("duplicate");
    return reason->p ? NULL : convert(a, item, data, us);
}
