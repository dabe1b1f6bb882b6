/*
 * Inbound filters as settings of a project: which events are not wanted (ingest.md §5.1).
 *
 * Some are switched one by one (projects/{project}/filters/), the others are members of the
 * project's `options`.  They are kept as worker/filter/settings.h reads them.
 */
#ifndef API_INBOUND_FILTERS_H
#define API_INBOUND_FILTERS_H

#include "base/jw.h"
#include "base/request.h"

enum { FILTER_OPTIONS_MAX = 512 * 1024 };

/* The filters among the options that were sent, as members of the open object; others are passed
 * over.  False after answering 400. */
bool filter_options_put(struct request *rq, struct str options, struct jw *j);

#endif
