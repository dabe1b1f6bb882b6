#include "worker/digest/transaction.h"

#include <math.h>

#include "base/clock.h"
#include "worker/digest/measurements.h"
#include "worker/digest/span_times.h"
#include "worker/digest/transaction_name.h"
#include "worker/digest/trim.h"
#include "worker/digest/web_score.h"
#include "worker/span/tags.h"

enum { SPANS_DEPTH = 7, SPANS_BYTES = 819200 };

bool transaction_has_times(struct normalizer *n)
{
    if (!jt_get(n->event, S("timestamp")) || !jt_get(n->event, S("start_timestamp")))
        n->invalid = S("invalid_transaction");
    return !n->invalid.p;
}

bool transaction_time(const struct jt *of, struct str key, int64_t *us)
{
    double seconds;
    if (!jt_double(jt_get(of, key), &seconds))
        return false;
    *us = (int64_t)llround(seconds * CLOCK_SECOND);
    return true;
}

/* It has begun after 1970 and before it ended. */
static bool is_ordered(const struct jt *of)
{
    int64_t start, end;
    return transaction_time(of, S("start_timestamp"), &start) &&
           transaction_time(of, S("timestamp"), &end) && start >= 0 && end >= start;
}

static bool has_ids(const struct jt *of)
{
    return jt_get(of, S("trace_id")) && jt_get(of, S("span_id"));
}

static void set_text(struct normalizer *n, struct jt *of, struct str key, struct str text)
{
    if (!jt_get_str(of, key).n)
        jt_set(of, key, jt_new_str(n->arena, text));
}

/* ---- spans */

void transaction_complete_span(struct arena *a, struct jt *span)
{
    if (!jt_get_str(span, S("op")).n)
        jt_set(span, S("op"), jt_new_str(a, S("default")));
}

/* A span that never ended did so with its transaction. */
static void end_span(struct normalizer *n, struct jt *span)
{
    if (jt_get(span, S("timestamp")))
        return;
    struct jt *end = jt_new(n->arena, JT_NUMBER);
    end->text = jt_get(n->event, S("timestamp"))->text;
    jt_set(span, S("timestamp"), end);
    jt_set(span, S("status"), jt_new_str(n->arena, S("deadline_exceeded")));
}

static bool check_spans(struct normalizer *n, struct jt *spans)
{
    for (struct jt *span = spans ? spans->first : NULL; span; span = span->next) {
        if (span->kind != JT_OBJECT)
            return false;
        end_span(n, span);
        if (!has_ids(span) || !is_ordered(span))
            return false;
        transaction_complete_span(n->arena, span);
    }
    return true;
}

static void finish_spans(struct normalizer *n, struct jt *spans)
{
    struct span_scene scene;
    size_t index = 0;
    if (!spans)
        return;
    meta_enter(&n->meta, spans->key);
    trim_value(&n->meta, spans, SPANS_DEPTH, SPANS_BYTES);
    span_scene_of(n->arena, n->event, &scene);
    for (struct jt *span = spans->first; span; span = span->next) {
        if (span->kind != JT_OBJECT)
            continue;
        meta_enter_index(&n->meta, index++);
        measurements_normalize(&n->meta, span, MEASUREMENTS_OF_SPAN);
        meta_leave(&n->meta);
        span_tags(n->arena, span, &scene);
    }
    meta_leave(&n->meta);
}

/* ---- the trace context */

/* The rate at which the client keeps traces, as the envelope's sampling context has it. */
static void take_sample_rate(struct normalizer *n, struct jt *trace)
{
    double rate;
    struct jt *sent = jt_get(normalize_trace(n), S("sample_rate"));
    if (!sent || (sent->kind != JT_STRING && sent->kind != JT_NUMBER))
        return;
    struct jt number = {.kind = JT_NUMBER, .text = str_trim(sent->text)};
    if (jt_double(&number, &rate) && rate > 0 && rate <= 1)
        jt_set(trace, S("client_sample_rate"), jt_new_double(n->arena, rate));
}

static void finish_trace(struct normalizer *n, struct jt *trace)
{
    set_text(n, trace, S("op"), S("default"));
    set_text(n, trace, S("status"), S("unknown"));
    take_sample_rate(n, trace);
}

static void measure(struct normalizer *n)
{
    int64_t start = 0, end = 0;
    transaction_time(n->event, S("start_timestamp"), &start);
    transaction_time(n->event, S("timestamp"), &end);
    measurements_normalize(&n->meta, n->event, MEASUREMENTS_OF_TRANSACTION);
    measurements_compute(n->arena, n->event, end - start);
    web_score_page(n->arena, n->event);
}

void transaction_normalize(struct normalizer *n)
{
    struct jt *trace = jt_get(jt_get(n->event, S("contexts")), S("trace"));
    struct jt *spans = jt_get(n->event, S("spans"));
    if (n->invalid.p)
        return;
    n->invalid = S("invalid_transaction");
    if (!trace || !has_ids(trace) || !is_ordered(n->event) || !check_spans(n, spans))
        return;
    n->invalid = (struct str){0};
    transaction_name_normalize(n);
    finish_trace(n, trace);
    span_times_set(n->arena, n->event);
    measure(n);
    finish_spans(n, spans);
}
