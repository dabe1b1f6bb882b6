/* Explore: rows and sums of logs and metrics of traces by the fields that are asked for. */
#ifndef API_TRACE_ITEMS_H
#define API_TRACE_ITEMS_H

#include "base/request.h"

/* The datasets of storage/trace_items.h; the route is api/explore.c's. */
int trace_items_list(struct request *rq);

#endif
