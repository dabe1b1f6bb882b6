/*
 * An issue as Sentry shows it, from a row of the statement issue_rows.
 */
#ifndef API_ISSUE_VIEW_H
#define API_ISSUE_VIEW_H

#include "api/series.h"
#include "base/request.h"
#include "storage/pg.h"

/* Parts that collapse= leaves out. */
enum issue_collapse {
    COLLAPSE_BASE = 1,
    COLLAPSE_STATS = 2,
    COLLAPSE_LIFETIME = 4,
    COLLAPSE_FILTERED = 8,
    COLLAPSE_UNHANDLED = 16,
};

/* Rows of these issues, in this order, counted over the filter's period, or over all time. */
struct rows *issue_view_rows(struct request *rq, const struct issue_filter *f, bool all_time,
                             const int64_t *ids, size_t count);

/* What every answer with an issue has, as members of an open object. */
void issue_view_put(struct request *rq, struct jw *j, const struct rows *r, unsigned collapse);
/* What items of lists have beside it. */
void issue_view_put_list(struct jw *j, const struct rows *r, unsigned collapse,
                         const struct series *series);

unsigned issue_view_collapse(const struct request *rq);

/* "unresolved", "resolved", …; "new", "ongoing", …; "low", … by their numbers. */
struct str issue_status_name(int64_t status);
struct str issue_substatus_name(int64_t substatus);
struct str issue_level_name(int64_t level);

#endif
