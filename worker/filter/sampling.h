/*
 * Dynamic sampling: which transactions a project wants to keep (ingest.md §5.4).
 *
 * Rules are the project's option sentry:dynamic_sampling, {"rules": [{"id", "type",
 * "samplingValue", "condition", "timeRange", "decayingFn"}]}.  Those of type "transaction" are
 * asked with the event's id, then those of type "trace" with the trace's, as long as the trace
 * began in this project: each id has its own number in [0, 1), so that all who follow the rules
 * decide alike.  Where a rule is not understood, reservoirs among them, because nothing is counted
 * here, everything is kept.
 *
 * Pure functions: no database, no clock.  Any thread, each with its own arena.
 */
#ifndef WORKER_FILTER_SAMPLING_H
#define WORKER_FILTER_SAMPLING_H

#include "base/jt.h"
#include "base/uuid.h"

struct sampling;

/* What rules are asked about. */
struct sampling_subject {
    const struct jt *event;
    const struct jt *trace; /* the envelope's sampling context; NULL: made of a transaction */
    struct uuid event_id;
    int64_t now; /* us since 1970 */
};

/* NULL when the project's options hold no rules.  The text of the options must live as long. */
const struct sampling *sampling_read(struct arena *a, const struct jt *options);

/* Absent, or why a transaction is not kept: "Sampled:1000,0", the kinds of the rules that decided.
 */
struct str sampling_reason(struct arena *a, const struct sampling *s,
                           const struct sampling_subject *asked);

/* What the rules of traces say of an error's trace: kept or not; false when they say nothing. */
bool sampling_of_trace(struct arena *a, const struct sampling *s,
                       const struct sampling_subject *subject, bool *is_kept);

#endif
