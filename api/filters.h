/*
 * What most lists take alike: projects, environments and a period of time (api.md §3).
 */
#ifndef API_FILTERS_H
#define API_FILTERS_H

#include "base/request.h"
#include "storage/issue_search.h"

struct period {
    int64_t start, end; /* us */
    bool given;         /* the request named one */
    bool until_now;
};

/* statsPeriod=14d, or start= and end= together; without either the last `fallback` us.  False after
 * answering 400. */
bool period_read(struct request *rq, int64_t fallback, struct period *out);

/* "30m", "1h", "86400" (seconds) in seconds; 0 when it is none or out of all proportion. */
int64_t period_seconds(struct str text);

/* Ids of the environments named; *given says whether any was.  False after answering 404. */
bool filters_environments(struct request *rq, bool *given, int64_t **ids, size_t *count);

/* All three, and who asks.  False after answering 400, 403 or 404. */
bool filters_read(struct request *rq, int64_t fallback_period, struct issue_filter *out);

/* The environments as a parameter: null when none was named. */
struct param filters_environment_param(struct arena *a, const struct issue_filter *f);

#endif
