/*
 * Lists of issues.
 *
 * A page is found by its sort key and id (keyset), never by counting rows, so a page stays where it
 * is while events arrive.  Database failures are the connection's: ask pg_failed().
 */
#ifndef STORAGE_ISSUES_H
#define STORAGE_ISSUES_H

#include "storage/issue_search.h"

enum issue_sort {
    ISSUE_SORT_DATE,   /* last seen, to the minute */
    ISSUE_SORT_NEW,    /* first seen */
    ISSUE_SORT_FREQ,   /* events in the period */
    ISSUE_SORT_USER,   /* users ever affected */
    ISSUE_SORT_TRENDS, /* growth: events in the period's second half less those in its first */
    ISSUE_SORTS,
};

/* Where an issue stands in a sorted list. */
struct issue_place {
    int64_t key, id;
};

struct issue_list {
    struct issue_filter filter;
    enum issue_sort sort;
    bool has_place, backward; /* the page lies behind (backward: before) this place */
    struct issue_place place;
    int limit;
    const char *error; /* out: why the query means nothing for issues */
};

struct issue_page {
    int64_t *ids; /* in the order to show */
    size_t count;
    bool more;                      /* there are others in the direction of reading */
    struct issue_place first, last; /* of the page's ends */
};

enum { ISSUE_HITS_MAX = 1000 };

/* False with list->error set; otherwise the page, empty when the database failed. */
bool issues_find(struct pg *db, struct arena *a, struct issue_list *list, struct issue_page *page);

/* How many issues match, counted up to ISSUE_HITS_MAX; sets list->error likewise. */
bool issues_count(struct pg *db, struct arena *a, struct issue_list *list, int64_t *count);

/* Rows (bar, events) over all matching issues: unix seconds of the bar's start, bars of `step`
 * seconds; NULL with list->error set.  Steps below an hour read single events. */
struct rows *issues_chart(struct pg *db, struct arena *a, struct issue_list *list, int64_t step);

#endif
