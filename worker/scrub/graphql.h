/*
 * Values that a GraphQL request carries, in the request and in what came back (ingest.md §4.6).
 * One thread.
 */
#ifndef WORKER_SCRUB_GRAPHQL_H
#define WORKER_SCRUB_GRAPHQL_H

#include "base/jt.h"

/* Nothing happens unless request.api_target is "graphql". */
void graphql_scrub(struct arena *a, struct jt *event);

#endif
