/*
 * What is special to events of type transaction: whether they can be, their name, their spans and
 * what is measured of them (ingest.md §7.1–7.6).
 *
 * A transaction that cannot be, by itself or by one of its spans, has n->invalid set and is not
 * stored at all.
 */
#ifndef WORKER_DIGEST_TRANSACTION_H
#define WORKER_DIGEST_TRANSACTION_H

#include "worker/digest/normalize.h"

/* Before times_normalize(), which would make up a time that is missing. */
bool transaction_has_times(struct normalizer *n);

/* After everything that errors have too. */
void transaction_normalize(struct normalizer *n);

/* A time of a normalised event or span: us since 1970; false when it has none. */
bool transaction_time(const struct jt *of, struct str key, int64_t *us);

/* What an SDK leaves out of a span: its op, its status when it never ended. */
void transaction_complete_span(struct arena *a, struct jt *span);

#endif
