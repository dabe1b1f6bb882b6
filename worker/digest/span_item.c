#include "worker/digest/span_item.h"

#include "base/map.h"
#include "base/text.h"
#include "worker/digest/interfaces.h"
#include "worker/digest/measurements.h"
#include "worker/digest/release.h"
#include "worker/digest/span_container.h"
#include "worker/digest/span_rows.h"
#include "worker/digest/times.h"
#include "worker/digest/transaction.h"
#include "worker/digest/trim.h"
#include "worker/digest/user_agent.h"
#include "worker/digest/web_score.h"
#include "worker/span/description.h"
#include "worker/span/tags.h"

enum { DEPTH_MAX = 64 };

/* One span, on its way from what was sent to its row. */
struct arrival {
    struct reading *r;
    struct normalizer n; /* of an event made up around the span, for what events have too */
    struct event out;
    struct jt *span;
    struct user_agent client;
    struct str reason; /* why it is refused; absent: it is not */
    enum outcome verdict;
};

static bool refuse(struct arrival *s, struct str reason)
{
    s->verdict = OUTCOME_INVALID;
    s->reason = reason;
    return false;
}

/* ---- checks */

static bool has_all(const struct jt *span)
{
    static const struct str needed[] = {{"trace_id", 8},
                                        {"span_id", 7},
                                        {"start_timestamp", 15},
                                        {"timestamp", 9},
                                        {"exclusive_time", 14}};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (!jt_get(span, needed[i]))
            return false;
    return true;
}

static bool check(struct arrival *s)
{
    int64_t start = 0, end = 0;
    if (!has_all(s->span) || !transaction_time(s->span, S("start_timestamp"), &start) ||
        !transaction_time(s->span, S("timestamp"), &end) || start < 0 || end < start)
        return refuse(s, S("invalid_span"));
    return times_in_trace_range(&s->r->record, end) || refuse(s, S("timestamp"));
}

/* ---- normalisation */

/* Work that a person began in a browser belongs to no segment. */
static bool is_of_page(struct str op)
{
    return str_starts(op, S("ui.interaction.")) || str_starts(op, S("ui.webvital."));
}

static void drop(struct jt *object, struct str key)
{
    struct jt *member = jt_get(object, key);
    if (member)
        jt_remove(object, member);
}

static void settle_segment(struct arena *a, struct jt *span)
{
    struct str id = jt_get_str(span, S("span_id")), segment = jt_get_str(span, S("segment_id"));
    bool given = jt_get(span, S("is_segment"));
    if (is_of_page(jt_get_str(span, S("op")))) {
        drop(span, S("segment_id"));
        drop(span, S("is_segment"));
        drop(span, S("parent_span_id"));
        return;
    }
    bool first = str_eq(id, segment) || !jt_get(span, S("parent_span_id"));
    if (!given)
        jt_set(span, S("is_segment"), jt_new_bool(a, first));
    if (!segment.n && first)
        jt_set(span, S("segment_id"), jt_new_str(a, id));
}

/* "{{auto}}" asks for the address that the span came from. */
static void settle_address(struct arrival *s, struct str key)
{
    struct jt *data = jt_get(s->span, S("data"));
    if (!str_eq(jt_get_str(data, key), S("{{auto}}")))
        return;
    struct str ip = s->r->record.client_ip;
    if (ip.n)
        jt_set(data, key, jt_new_str(s->r->scratch, ip));
    else
        drop(data, key);
}

static void take_release(struct arrival *s, struct str key, struct str from)
{
    struct str value = span_data(s->span, from);
    if (value.n)
        jt_set(s->n.event, key, jt_new_str(s->r->scratch, value));
}

static void set_context(struct arrival *s, struct str name, struct str value)
{
    struct arena *a = s->r->scratch;
    struct jt *contexts = jt_get(s->n.event, S("contexts")), *context = jt_new(a, JT_OBJECT);
    jt_set(context, S("name"), jt_new_str(a, value));
    jt_set(contexts, name, context);
}

/* The event that the span would have come with. */
static void make_event(struct arrival *s)
{
    struct arena *a = s->r->scratch;
    struct jt *spans = jt_new(a, JT_ARRAY);
    jt_append(spans, s->span);
    jt_set(s->n.event, S("contexts"), jt_new(a, JT_OBJECT));
    if (s->client.browser.n)
        set_context(s, S("browser"), s->client.browser);
    take_release(s, S("release"), S("sentry.release"));
    take_release(s, S("environment"), S("sentry.environment"));
    take_release(s, S("transaction"), S("sentry.segment.name"));
    release_normalize(&s->n);
    jt_set(s->n.event, S("spans"), spans);
}

static void normalize(struct arrival *s)
{
    struct arena *a = s->r->scratch;
    struct normalizer *n = &s->n;
    schema_object(&n->schema, s->span, &shape_span);
    times_settle(&n->schema, times_drift(&s->r->record));
    transaction_complete_span(a, s->span);
    trim_texts(&n->meta, s->span);
}

static void finish(struct arrival *s)
{
    struct span_scene scene;
    struct arena *a = s->r->scratch;
    user_agent_parse(a, text_utf8(a, s->r->record.user_agent), &s->client);
    settle_segment(a, s->span);
    settle_address(s, S("client.address"));
    settle_address(s, S("user.ip_address"));
    make_event(s);
    measurements_normalize(&s->n.meta, s->span, MEASUREMENTS_OF_SPAN);
    if (jt_get(s->span, S("measurements")))
        web_score_interaction(a, s->span, s->client.browser);
    span_scene_of(a, s->n.event, &scene);
    span_tags(a, s->span, &scene);
}

static bool is_wanted(struct arrival *s)
{
    const struct policy *policy = s->r->policy;
    const struct filter_subject subject = {
        .event = s->n.event, .category = CATEGORY_SPAN, .client_ip = s->r->record.client_ip};
    if (policy->filters)
        s->reason = filter_event(s->r->scratch, policy->filters, &subject);
    s->verdict = OUTCOME_FILTERED;
    return !s->reason.p;
}

static void scrub(struct arrival *s)
{
    struct scrub_notes notes = {.meta = s->n.meta.tree, .errors = s->n.meta.errors};
    if (s->r->policy->scrubber)
        scrub_event(s->r->policy->scrubber, s->r->scratch, s->n.event, &notes);
}

static void store(struct arrival *s)
{
    const struct span_place place = {.platform = S("other")};
    struct batch_row *row = span_row_add(s->r, s->span, &place);
    if (!row) {
        refuse(s, S("invalid_span"));
        return;
    }
    row->environment = s->out.environment.p ? reading_keep(s->r, s->out.environment) : S("");
    row->release = reading_keep(s->r, s->out.release);
}

/* Refused, with the reason, or stored. */
static void arrive(struct reading *r, struct jt *span, struct arrival *s)
{
    *s = (struct arrival){.r = r, .span = span};
    s->n = (struct normalizer){
        .arena = r->scratch, .record = &r->record, .item_type = ITEM_SPAN, .out = &s->out};
    s->n.event = jt_new(r->scratch, JT_OBJECT);
    meta_begin(&s->n.meta, r->scratch);
    s->n.meta.text_max = r->policy->max_field_bytes;
    s->n.schema = (struct schema){.meta = &s->n.meta};
    normalize(s);
    if (!check(s))
        return;
    finish(s);
    if (!is_wanted(s) || (r->policy->broken && !refuse(s, S("project_state_pii"))))
        return;
    scrub(s);
    store(s);
}

/* ---- items */

static void digest_one(struct reading *r, struct jt *span)
{
    struct arrival s;
    arrive(r, span, &s);
    if (s.reason.p)
        reading_refuse(r, s.verdict, s.reason);
    else
        reading_count(r, CATEGORY_SPAN_INDEXED, 1);
}

static void refuse_one(struct reading *r, const struct arrival *s)
{
    reading_count_refused(r, CATEGORY_SPAN, 1, s->verdict, s->reason);
    reading_count_refused(r, CATEGORY_SPAN_INDEXED, 1, s->verdict, s->reason);
}

/* What is refused is counted by itself; the item is what is left. */
static void digest_all(struct reading *r, struct jt *items)
{
    struct map *seen = map_new(r->scratch, items->count);
    int64_t stored = 0;
    size_t left = SPAN_CONTAINER_MAX;
    for (struct jt *item = items->first; item; item = item->next) {
        struct arrival s = {.verdict = OUTCOME_INVALID};
        struct jt *span = span_container_span(r->scratch, item, seen, &s.reason);
        if (!left)
            s.reason = S("too_large");
        else if (span)
            arrive(r, span, &s);
        left -= left > 0;
        if (s.reason.p)
            refuse_one(r, &s);
        stored += !s.reason.p;
    }
    r->to->quantity = stored;
    if (stored)
        reading_count(r, CATEGORY_SPAN_INDEXED, stored);
}

void span_digest(struct reading *r)
{
    const char *error;
    struct str reason = {0};
    struct jt *items = NULL;
    if (span_container_is(reading_header(r))) {
        items = span_container_items(r, &reason);
        if (items)
            digest_all(r, items);
        else
            reading_refuse(r, OUTCOME_INVALID, reason);
        return;
    }
    struct jt *span = jt_read(r->scratch, r->item->payload, DEPTH_MAX, &error);
    if (span && span->kind == JT_OBJECT)
        digest_one(r, span);
    else
        reading_refuse(r, OUTCOME_INVALID, r->item->payload.n ? S("invalid_json") : S("no_data"));
}
