/*
 * The event's times: parsed, corrected by the SDK's clock drift, kept in the range that is stored
 * (ingest.md §3.3).
 */
#ifndef WORKER_DIGEST_TIMES_H
#define WORKER_DIGEST_TIMES_H

#include "base/clock.h"
#include "worker/digest/normalize.h"

enum { TIMES_FUTURE_MOST = 60 * CLOCK_SECOND }; /* us that a sender's clock may run ahead */

/* us to add to every time in a record's items: how far the sender's clock is off, when that is 55
 * minutes or more, else 0. */
int64_t times_drift(const struct log_record *record);

/* Sets out->timestamp and writes every time of the event as unix seconds. */
void times_normalize(struct normalizer *n);

#endif
