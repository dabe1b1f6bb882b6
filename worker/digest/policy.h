/*
 * What the settings of a project make of its events: which are not wanted (worker/filter) and what
 * is taken out of the others (worker/scrub).  Compiled once, never changed: any thread may use it.
 *
 * There is one for all projects, that of a project nobody has set anything for; ingest.md §4.1 and
 * §5.1 have the values.
 */
#ifndef WORKER_DIGEST_POLICY_H
#define WORKER_DIGEST_POLICY_H

#include "worker/filter/filter.h"
#include "worker/scrub/scrubber.h"

struct policy {
    struct arena *arena;                   /* the filters lie in it */
    const struct filter_settings *filters; /* NULL: everything is wanted */
    const struct scrubber *scrubber;       /* NULL: nothing is taken out */
};

const struct policy *policy_usual(void);

#endif
