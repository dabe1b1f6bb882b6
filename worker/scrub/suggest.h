/*
 * Which selectors would reach the values of an event: what the settings page offers while somebody
 * types one (ingest.md §4.5).  All in the arena; any thread may call.
 */
#ifndef WORKER_SCRUB_SUGGEST_H
#define WORKER_SCRUB_SUGGEST_H

#include "base/jt.h"

enum { SUGGESTIONS_MAX = 2000 };

struct suggestion {
    struct str selector;
    struct str value; /* the text it would reach; absent when it is none */
};

struct suggestions {
    size_t count;
    struct suggestion *list;
};

/* Sorted, none twice; what goes beyond SUGGESTIONS_MAX is left out. */
struct suggestions suggest_selectors(struct arena *a, struct jt *event);

#endif
