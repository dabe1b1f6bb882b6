/*
 * Measurements of transactions and spans: names, units and limits (ingest.md §7.4).
 */
#ifndef WORKER_DIGEST_MEASUREMENTS_H
#define WORKER_DIGEST_MEASUREMENTS_H

#include "worker/digest/normalize.h"

enum measurements_of { MEASUREMENTS_OF_TRANSACTION, MEASUREMENTS_OF_SPAN };

/* Makes the member "measurements" of an event or span valid, or takes it out.  What is refused is
 * noted against the path of `meta`, which stands at the object. */
void measurements_normalize(struct meta *meta, struct jt *object, enum measurements_of what);

/* Rates of frames and stalls, from what was sent. */
void measurements_compute(struct arena *a, struct jt *event, int64_t duration_us);

/* Errors have none. */
void measurements_drop(struct normalizer *n);

bool measurements_get(const struct jt *object, struct str name, double *value);
void measurements_set(struct arena *a, struct jt *object, struct str name, double value);

#endif
