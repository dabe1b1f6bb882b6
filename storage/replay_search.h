/*
 * Lists of replays: which, in what order (api.md §4.1).
 *
 * A term asks one of the replay's columns, or a tag of its own.
 */
#ifndef STORAGE_REPLAY_SEARCH_H
#define STORAGE_REPLAY_SEARCH_H

#include "storage/issue_search.h"

struct replay_list {
    struct issue_filter filter; /* replays that began in [start, end) */
    struct str sort;            /* a field of Sentry's, "-" in front: downwards; absent: newest */
    int limit;
    int64_t skip;
    const char *error; /* out: why the query means nothing for replays */
};

/* Rows of project id and replay id; NULL with list->error set. */
struct rows *replays_find(struct pg *db, struct arena *a, struct replay_list *list);

#endif
