/*
 * Conditions over events, as generic filters and sampling rules write them (ingest.md §5.4):
 *
 *   {"op":"glob","name":"event.release","value":["1.*"]}
 *   eq gt gte lt lte glob and or not any all
 *
 * Names are paths: event.X into the event's tree (event.tags.KEY, event.request.headers.KEY,
 * event.exceptions, event.duration in milliseconds), trace.X into the sampling context of its
 * envelope; inside any and all the path starts at the list's member.  Compiled once, evaluated
 * without allocation but for folded texts.  Any thread may evaluate.
 */
#ifndef WORKER_FILTER_CONDITION_H
#define WORKER_FILTER_CONDITION_H

#include "base/jt.h"

enum { CONDITION_DEPTH_MAX = 10 };

struct condition;

/* NULL when it is no condition, nested too deep, or holds an operator that is not known: what is
 * not understood must neither filter everything nor nothing.  Borrows the tree. */
const struct condition *condition_compile(struct arena *a, const struct jt *tree);

/* `trace` may be NULL. */
bool condition_matches(struct arena *a, const struct condition *c, const struct jt *event,
                       const struct jt *trace);

#endif
