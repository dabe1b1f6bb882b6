/*
 * The event's times: parsed, corrected by the SDK's clock drift, kept in the range that is stored
 * (ingest.md §3.3).
 */
#ifndef WORKER_DIGEST_TIMES_H
#define WORKER_DIGEST_TIMES_H

#include "worker/digest/normalize.h"

/* Sets out->timestamp and writes every time of the event as unix seconds. */
void times_normalize(struct normalizer *n);

#endif
