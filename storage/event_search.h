/*
 * What a query's terms mean for single events of a known issue or project: conditions over `e`, a
 * row of event.  Tags carry level, environment, release, dist, transaction and user too.
 */
#ifndef STORAGE_EVENT_SEARCH_H
#define STORAGE_EVENT_SEARCH_H

#include "storage/query.h"
#include "storage/search.h"

/* Writes " and …" for each term.  False: *error is for the person who typed the query. */
bool event_search_put(struct query *q, const struct search *search, const char **error);

#endif
