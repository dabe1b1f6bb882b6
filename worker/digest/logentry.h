/* The message of an event: its template, its parameters and the text they make (ingest.md §3.8). */
#ifndef WORKER_DIGEST_LOGENTRY_H
#define WORKER_DIGEST_LOGENTRY_H

#include "worker/digest/normalize.h"

void logentry_normalize(struct normalizer *n);

/* "Hello, %s" or "Hello, {name}" with its parameters; absent when they do not fit the template. */
struct str logentry_format(struct arena *a, struct str message, const struct jt *params);

#endif
