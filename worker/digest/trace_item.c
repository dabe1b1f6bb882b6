#include "worker/digest/trace_item.h"

#include <endian.h>

#include "base/text.h"
#include "worker/digest/attributes.h"
#include "worker/digest/release.h"
#include "worker/digest/scalar.h"
#include "worker/digest/times.h"
#include "worker/digest/trim.h"
#include "worker/digest/user_agent.h"

enum { NANOSECONDS = 1000, FRACTION_DIGITS = 9, JSON_MAX = 64 << 20 };

/* ---- time */

/* The digits behind the microseconds of "1795252031.8758514"; 0 for any other form. */
static int64_t rest_of(const struct jt *time)
{
    size_t point = str_index(time->text, '.');
    struct str digits = str_slice(time->text, point + 1, point + 1 + FRACTION_DIGITS);
    int64_t rest = 0;
    for (size_t i = 0; i < FRACTION_DIGITS; i++) {
        char c = i < digits.n ? digits.p[i] : '0';
        if (c < '0' || c > '9')
            return 0;
        rest = rest % (NANOSECONDS / 10) * 10 + (c - '0');
    }
    return time->kind == JT_NUMBER ? rest : 0;
}

/* A time that was rounded up when its nanoseconds were dropped is a microsecond too late. */
static int64_t whole_nanoseconds(int64_t us, int64_t rest)
{
    return (us - (rest >= NANOSECONDS / 2)) * NANOSECONDS + rest;
}

/* Corrected by the SDK's drift; what is older than anything that is kept, or in the future, has
 * come now. */
static bool read_time(const struct reading *r, const struct jt *time, enum retention_kind kind,
                      int64_t *nanoseconds)
{
    int64_t us, received = r->record.received;
    if (!time || scalar_time(time, &us))
        return false;
    us += times_drift(&r->record);
    if (us < retention_oldest(kind, received) || us > received + TIMES_FUTURE_MOST)
        *nanoseconds = received * NANOSECONDS;
    else
        *nanoseconds = whole_nanoseconds(us, rest_of(time));
    return true;
}

/* ---- identity */

/* The same for the same request, and rising with the place in it. */
static struct uuid make_id(const struct container_item *item)
{
    struct uuid id = item->r->record.request_id;
    uint32_t index = htobe32((uint32_t)item->index);
    uint16_t place = htobe16((uint16_t)(item->r->item - item->r->record.items));
    memcpy(id.bytes + 10, &place, sizeof(place));
    memcpy(id.bytes + 12, &index, sizeof(index));
    return id;
}

static bool read_trace(const struct container_item *item, struct trace_item *out)
{
    struct jt *trace = jt_get(item->json, S("trace_id"));
    struct jt *span = jt_get(item->json, S("span_id"));
    uint64_t bits;
    if (!trace || scalar_trace_id(item->arena, trace) || !uuid_parse(trace->text, &out->trace_id))
        return false;
    out->has_span_id =
        span && !scalar_span_id(item->arena, span) && text_unhex(span->text, (uint8_t *)&bits);
    out->span_id = out->has_span_id ? (int64_t)be64toh(bits) : 0;
    return true;
}

/* ---- what the request tells of the client */

static void infer_browser(const struct container_item *item, struct jt *attributes)
{
    struct arena *a = item->arena;
    struct user_agent agent;
    if (!item->infer_user_agent || jt_get(attributes, S("browser.name")) ||
        jt_get(attributes, S("sentry.browser.name")))
        return;
    user_agent_parse(a, text_utf8(a, item->r->record.user_agent), &agent);
    if (agent.browser.n)
        jt_set(attributes, S("browser.name"), jt_new_str(a, agent.browser));
    if (agent.browser_version.n)
        jt_set(attributes, S("browser.version"), jt_new_str(a, agent.browser_version));
}

/* {{auto}} stands for the address the request came from. */
static void infer_address(const struct container_item *item, struct jt *attributes)
{
    struct jt *address = jt_get(attributes, S("client.address"));
    struct str client = item->r->record.client_ip;
    bool is_auto = address && str_eq(jt_str(address), S("{{auto}}"));
    bool wanted = is_auto || (!address && item->infer_address);
    if (wanted && client.n)
        jt_set(attributes, S("client.address"), jt_new_str(item->arena, client));
    else if (is_auto)
        jt_remove(attributes, address);
}

/* ---- attributes */

static struct jt *take_attributes(const struct container_item *item, struct meta *m)
{
    struct jt *attributes = jt_get(item->json, S("attributes"));
    if (!attributes || attributes->kind != JT_OBJECT) {
        attributes = jt_new(item->arena, JT_OBJECT);
        jt_set(item->json, S("attributes"), attributes);
    }
    meta_enter(m, S("attributes"));
    attributes_normalize(m, attributes);
    meta_leave(m);
    infer_browser(item, attributes);
    infer_address(item, attributes);
    return attributes;
}

static struct str json_of(struct reading *r, const struct jt *v)
{
    struct buf text;
    struct jw j;
    buf_init(&text, JSON_MAX);
    jw_begin(&j, &text);
    jt_write(&j, v);
    struct str json = reading_keep(r, buf_ok(&text) ? buf_str(&text) : S("{}"));
    buf_free(&text);
    return json;
}

static struct str name_of(struct reading *r, const struct jt *attributes, struct str key,
                          bool (*may_be)(struct str name))
{
    struct str name = str_trim(jt_get_str(attributes, key));
    return name.n && may_be(name) ? reading_keep(r, name) : (struct str){0};
}

bool trace_item_read(const struct container_item *item, enum retention_kind kind,
                     const struct scrub_shape *shape, struct trace_item *out)
{
    struct reading *r = item->r;
    struct meta m;
    *out = (struct trace_item){.id = make_id(item)};
    if (!read_trace(item, out) ||
        !read_time(r, jt_get(item->json, S("timestamp")), kind, &out->nanoseconds))
        return false;
    meta_begin(&m, item->arena);
    m.text_max = r->policy->max_field_bytes;
    struct jt *attributes = take_attributes(item, &m);
    trim_texts(&m, item->json);
    struct scrub_notes notes = {m.tree, m.errors};
    if (r->policy->scrubber && !scrubber_is_idle(r->policy->scrubber))
        scrub_trace_item(r->policy->scrubber, item->arena, item->json, shape, &notes);
    out->release = name_of(r, attributes, S("sentry.release"), release_is_version);
    out->environment = name_of(r, attributes, S("sentry.environment"), release_is_environment);
    out->attributes = json_of(r, attributes);
    if (notes.meta)
        out->meta = json_of(r, notes.meta);
    return true;
}

void trace_item_put(struct buf *b, const struct batch_row *row, const struct trace_item *item)
{
    copy_int8(b, row->record->head.project_id);
    copy_date(b, row->record->head.received);
    copy_int8(b, item->nanoseconds);
    copy_uuid(b, item->id);
    copy_uuid(b, item->trace_id);
    if (item->has_span_id)
        copy_int8(b, item->span_id);
    else
        copy_null(b);
    if (row->environment_id)
        copy_int8(b, row->environment_id);
    else
        copy_null(b);
}
