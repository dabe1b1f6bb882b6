/* What a query's terms mean for logs and metrics of traces: SQL conditions over a row `i`. */
#ifndef STORAGE_TRACE_SEARCH_H
#define STORAGE_TRACE_SEARCH_H

#include "storage/search.h"
#include "storage/trace_columns.h"

/* Writes " and …" for each term.  False: *error is for the person who typed the query. */
bool trace_search_put(struct query *q, const struct trace_dataset *d, const struct search *search,
                      const char **error);

#endif
