#include "worker/digest/event.h"

#include "worker/crash/crash.h"
#include "worker/digest/feedback.h"
#include "worker/digest/grouping.h"
#include "worker/digest/in_app.h"
#include "worker/digest/nel_report.h"
#include "worker/digest/normalize.h"
#include "worker/digest/policy.h"
#include "worker/digest/security_report.h"
#include "worker/digest/tags.h"
#include "worker/digest/title.h"

/* Deeper nesting is an error of the whole payload, as it is for Sentry. */
enum { DEPTH_MAX = 128 };

/* Normalisation adds names, titles and tags, and repairs bytes; nothing makes of one byte more than
 * this many. */
enum { GROWTH_MAX = 8 };

static const size_t body_extra = (size_t)1 << 20;

static bool refuse(struct event_refusal *refusal, enum outcome verdict, struct str reason)
{
    refusal->verdict = verdict;
    refusal->reason = reason;
    return false;
}

/* ---- reading: an item's payload as the event that an SDK would have sent; NULL when refused */

static struct jt *read_event(struct arena *a, const struct event_source *source,
                             struct event_refusal *refusal)
{
    const char *error = NULL;
    struct str payload = source->item->payload;
    struct jt *event = payload.n ? jt_read(a, payload, DEPTH_MAX, &error) : NULL;
    if (event && event->kind == JT_OBJECT) {
        if (crash_is_in(source->record))
            crash_complete(a, source->record, event);
        return event;
    }
    refuse(refusal, OUTCOME_INVALID, payload.n ? S("invalid_json") : S("no_data"));
    return NULL;
}

static struct jt *read_feedback(struct arena *a, const struct event_source *source,
                                struct event_refusal *refusal)
{
    struct jt *event = read_event(a, source, refusal);
    return event && feedback_complete(a, source, event, refusal) ? event : NULL;
}

static struct jt *(*const readers[ITEM_TYPE_COUNT])(struct arena *a,
                                                    const struct event_source *source,
                                                    struct event_refusal *refusal) = {
    [ITEM_EVENT] = read_event,    [ITEM_TRANSACTION] = read_event,
    [ITEM_SECURITY] = read_event, [ITEM_RAW_SECURITY] = security_report_read,
    [ITEM_NEL] = nel_report_read, [ITEM_FEEDBACK] = read_feedback,
};

static void set_server_fields(struct normalizer *n)
{
    struct arena *a = n->arena;
    struct jt *config = jt_new(a, JT_OBJECT);
    jt_set(config, S("id"), jt_new_str(a, S(GROUPING_CONFIG)));
    jt_set(n->event, S("grouping_config"), config);
    jt_set(n->event, S("event_id"), jt_new_str(a, uuid_text(a, n->record->event_id)));
    jt_set(n->event, S("project"), jt_new_int(a, n->record->project_id));
    jt_set(n->event, S("key_id"), jt_new_str(a, jt_new_int(a, n->record->key_id)->text));
    jt_set(n->event, S("errors"), n->meta.errors);
    if (n->meta.tree)
        jt_set(n->event, S("_meta"), n->meta.tree);
}

/* Absent when it grew past all reason. */
static struct str write_body(struct normalizer *n, size_t payload_size)
{
    struct buf out;
    struct jw w;
    buf_init(&out, payload_size * GROWTH_MAX + body_extra);
    jw_begin(&w, &out);
    jt_write(&w, n->event);
    struct str body = buf_ok(&out) ? arena_str(n->arena, buf_str(&out)) : (struct str){0};
    buf_free(&out);
    return body;
}

/* What a rule decided for the trace of an error, which is kept in any case. */
static void note_trace(struct normalizer *n, const struct sampling *sampling,
                       const struct sampling_subject *subject)
{
    bool is_kept;
    if (!subject->trace || !sampling_of_trace(n->arena, sampling, subject, &is_kept))
        return;
    struct jt *contexts = jt_get(n->event, S("contexts"));
    if (!contexts)
        jt_set(n->event, S("contexts"), contexts = jt_new(n->arena, JT_OBJECT));
    struct jt *trace = jt_get(contexts, S("trace"));
    if (!trace) {
        jt_set(contexts, S("trace"), trace = jt_new(n->arena, JT_OBJECT));
        jt_set(trace, S("type"), jt_new_str(n->arena, S("trace")));
    }
    jt_set(trace, S("sampled"), jt_new_bool(n->arena, is_kept));
}

/* Whether the rules of sampling keep it; *refusal says why not. */
static bool sample(struct normalizer *n, const struct sampling *sampling, const struct jt *trace,
                   struct event_refusal *refusal)
{
    const struct sampling_subject subject = {.event = n->event,
                                             .trace = trace,
                                             .event_id = n->record->event_id,
                                             .now = n->record->received};
    if (n->item_type != ITEM_TRANSACTION) {
        note_trace(n, sampling, &subject);
        return true;
    }
    struct str reason = sampling_reason(n->arena, sampling, &subject);
    refusal->is_sampled = reason.n > 0;
    return !reason.n || refuse(refusal, OUTCOME_FILTERED, reason);
}

/* Whether the project wants it; *refusal says why not. */
static bool filter(struct normalizer *n, const struct policy *policy, struct event_refusal *refusal)
{
    const struct filter_settings *filters = policy->filters;
    if (!filters)
        return true;
    const struct filter_subject subject = {.event = n->event,
                                           .trace =
                                               filters->needs_trace ? normalize_trace(n) : NULL,
                                           .category = n->out->category,
                                           .client_ip = n->record->client_ip};
    struct str reason = filter_event(n->arena, filters, &subject);
    if (reason.p)
        return refuse(refusal, OUTCOME_FILTERED, reason);
    return !filters->sampling || sample(n, filters->sampling, subject.trace, refusal);
}

static void scrub(struct normalizer *n, const struct policy *policy)
{
    if (!policy->scrubber || scrubber_is_idle(policy->scrubber))
        return;
    struct scrub_notes notes = {.meta = n->meta.tree, .errors = n->meta.errors};
    scrub_event(policy->scrubber, n->arena, n->event, &notes);
    n->meta.tree = notes.meta;
    n->meta.errors = notes.errors;
}

/* A transaction belongs to no issue: it is not grouped. */
static void finish(struct normalizer *n)
{
    bool is_grouped = n->item_type != ITEM_TRANSACTION;
    if (is_grouped)
        in_app_classify(n);
    tags_finish(n);
    if (is_grouped)
        grouping_finish(n);
    title_finish(n);
    set_server_fields(n);
}

bool event_understand(struct arena *a, const struct event_source *source, struct event *out,
                      struct event_refusal *refusal)
{
    const struct log_record *record = source->record;
    const struct log_item *item = source->item;
    struct jt *event = readers[item->type](a, source, refusal);
    if (!event)
        return false;
    *out = (struct event){
        .id = record->event_id,
        .project_id = record->project_id,
        .key_id = record->key_id,
        .received = record->received,
    };
    struct normalizer n = {.arena = a,
                           .record = record,
                           .item_type = item->type,
                           .max_field_bytes = source->policy->max_field_bytes,
                           .event = event,
                           .out = out};
    normalize_event(&n);
    if (n.invalid.p)
        return refuse(refusal, OUTCOME_INVALID, n.invalid);
    out->tree = event;
    if (!filter(&n, source->policy, refusal))
        return false;
    if (source->policy->broken)
        return refuse(refusal, OUTCOME_INVALID, S("project_state_pii"));
    scrub(&n, source->policy);
    finish(&n);
    out->body = write_body(&n, item->payload.n);
    return out->body.p || refuse(refusal, OUTCOME_INVALID, S("too_large"));
}
