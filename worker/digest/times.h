/*
 * The event's times: parsed, corrected by the SDK's clock drift, kept in the range that is stored
 * (ingest.md §3.3).
 */
#ifndef WORKER_DIGEST_TIMES_H
#define WORKER_DIGEST_TIMES_H

#include "base/clock.h"
#include "worker/digest/normalize.h"

enum { TIMES_FUTURE_MOST = 60 * CLOCK_SECOND }; /* us that a sender's clock may run ahead */

enum { TIMES_TRACE_DAYS = 5 }; /* older transactions and spans are refused (ingest.md §7.2) */

/* us to add to every time in a record's items: how far the sender's clock is off, when that is 55
 * minutes or more, else 0. */
int64_t times_drift(const struct log_record *record);

/* Whether something that ended then is still taken. */
bool times_in_trace_range(const struct log_record *record, int64_t us);

/* Moves every time that a schema has seen and writes it as unix seconds. */
void times_settle(struct schema *s, int64_t by);

/* Sets out->timestamp and writes every time of the event as unix seconds.  A transaction that is
 * out of range is not moved to now, but n->invalid. */
void times_normalize(struct normalizer *n);

#endif
