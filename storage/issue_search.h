/*
 * What a query's terms mean for issues: SQL conditions over issue `i` and issue_stat `t`, answered
 * from those rows and the rollups, never from single events (api.md §4.2).
 *
 * issue_search_begin() writes the statement's first words and its fixed parameters, which the
 * conditions refer to by number: $1 project ids, $2 start, $3 end, $4 organization, $5 user,
 * $6 environment ids.
 */
#ifndef STORAGE_ISSUE_SEARCH_H
#define STORAGE_ISSUE_SEARCH_H

#include "storage/query.h"
#include "storage/search.h"

struct issue_filter {
    const int64_t *projects;
    size_t project_count;
    const int64_t *environments; /* ids; used when by_environment */
    size_t environment_count;
    bool by_environment;
    bool until_now; /* end is the present */
    int64_t organization_id, user_id;
    int64_t start, end; /* us; the issue has events in [start, end) */
    struct search search;
};

/* "with input as (…)", which the caller goes on from with ", name as (…)" or "select …". */
void issue_search_begin(struct query *q, const struct issue_filter *f);

/* Writes "true and …": every condition of the filter but that of the projects, which the caller
 * joins in its own way.  False: *error is for the person who typed the query. */
bool issue_search_put(struct query *q, const struct issue_filter *f, const char **error);

#endif
