/*
 * The inside of a scrubber: which rules apply where, in the order in which they run.  For the files
 * of this folder only.
 */
#ifndef WORKER_SCRUB_APPLICATION_H
#define WORKER_SCRUB_APPLICATION_H

#include "worker/scrub/rule.h"
#include "worker/scrub/selector.h"

struct application {
    const struct selector *selector;
    uint64_t last_keys; /* selector_last_keys() */
    bool reaches_maybe; /* selector_reaches_maybe() */
    struct rule_list rules;
    struct rule_list by_key; /* those of them that may remove a value by its name alone */
};

struct scrubber {
    struct arena *arena;
    struct application **applications; /* of the advanced configuration first */
    size_t count, advanced;
    size_t broken;
    bool graphql; /* variables of GraphQL requests are scrubbed */
};

/* Could the application have to do with a value at this place?  Costs next to nothing. */
static inline bool application_possible(const struct application *app,
                                        const struct scrub_path *path, uint64_t key_bit)
{
    return (app->last_keys & key_bit) && (path->pii == PII_YES || app->reaches_maybe);
}

#endif
