/* Exceptions and how they were caught (ingest.md §3.10). */
#ifndef WORKER_DIGEST_EXCEPTIONS_H
#define WORKER_DIGEST_EXCEPTIONS_H

#include "worker/digest/normalize.h"

/* Sets out->handled. */
void exceptions_normalize(struct normalizer *n);

/* The exception thrown last; NULL when there is none. */
struct jt *exceptions_last(const struct jt *event);
bool exception_is_synthetic(const struct jt *exception);

#endif
