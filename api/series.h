/*
 * Bars of little charts: one row of counts for each issue of a page, zeros where nothing happened.
 */
#ifndef API_SERIES_H
#define API_SERIES_H

#include "base/request.h"
#include "storage/issue_search.h"

struct series {
    struct str name; /* "24h", "14d", "30d", "auto": the key in stats */
    const int64_t *issues;
    size_t issue_count;
    int64_t first, step; /* unix seconds */
    size_t bars;
    int64_t *counts; /* issue_count rows of bars */
};

/* Bars that fit this period: whole hours or days, at most about thirty. */
int64_t series_step(int64_t seconds);

/* Reads the bars of out->issues; the name says over which time: 24h, 14d, 30d, else the filter's
 * own period, as "auto". */
void series_read(struct request *rq, const struct issue_filter *f, struct str name,
                 struct series *out);

/* "24h": [[unix seconds, events], …] as a member, for the issue at this place of out->issues. */
void series_put(struct jw *j, const struct series *series, size_t at);

#endif
