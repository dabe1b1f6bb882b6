/*
 * Times of a transaction's spans (ingest.md §7.3, §7.4): what each had for itself, and how much
 * went into which kind of work.
 */
#ifndef WORKER_DIGEST_SPAN_TIMES_H
#define WORKER_DIGEST_SPAN_TIMES_H

#include "base/jt.h"

/* Sets exclusive_time (ms) of every span, and of the trace context unless it was sent, and the
 * breakdown span_ops of the event.  Spans have ids and times. */
void span_times_set(struct arena *a, struct jt *event);

#endif
