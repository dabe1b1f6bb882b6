/*
 * What the settings of a project make of its events: which are not wanted (worker/filter), how long
 * a field may be (worker/digest/trim.h) and what is taken out (worker/scrub).  Compiled once, never
 * changed: any thread may use it.
 *
 * policy_usual() is that of a project nobody has set anything for; ingest.md §4.1 and §5.1 have the
 * values.  Policies of the others come from worker/digest/policies.h.
 */
#ifndef WORKER_DIGEST_POLICY_H
#define WORKER_DIGEST_POLICY_H

#include "worker/filter/filter.h"
#include "worker/scrub/scrubber.h"

struct policy {
    struct arena *arena;                   /* the filters lie in it */
    const struct filter_settings *filters; /* NULL: everything is wanted */
    const struct scrubber *scrubber;       /* NULL: nothing is taken out */
    size_t max_field_bytes; /* of any text in an item; 0: only the fields' own limits */
    bool broken;            /* the scrubbing settings make no scrubber: nothing may be stored */
    int64_t version;        /* of the settings; 0: the usual ones */
    int64_t loaded;         /* clock_monotonic(); 0: the usual ones */
    struct known *owner;    /* who releases it (worker/digest/policies.c); NULL: it stays */
};

const struct policy *policy_usual(void);

#endif
