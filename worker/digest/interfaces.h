/*
 * The shapes of an event and of the interfaces in it: every key, its type and its limits, as
 * ingest.md appendix A lists them.
 */
#ifndef WORKER_DIGEST_INTERFACES_H
#define WORKER_DIGEST_INTERFACES_H

#include "worker/digest/schema.h"

extern const struct shape shape_event;
extern const struct shape shape_user;
extern const struct shape shape_trace_context;
extern const struct shape shape_span;

bool shape_has(const struct shape *shape, struct str name);

#endif
