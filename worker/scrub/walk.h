/*
 * Visits every value of an event that may hold personal data, with what its place says about it:
 * pair lists as objects, free-form values under the mark of their container (ingest.md §4.6).
 *
 * Containers come before what is in them; what the visitor makes null is not entered.  Recursion
 * ends where DEPTH_MAX is: what is deeper becomes null.  One thread.
 */
#ifndef WORKER_SCRUB_WALK_H
#define WORKER_SCRUB_WALK_H

#include "worker/scrub/fields.h"
#include "worker/scrub/remark.h"

enum { WALK_DEPTH_MAX = 160 };

/* A value on the way.  `at` is NULL where no remarks are kept. */
struct walk_node {
    struct jt *value;
    struct scrub_field field;
    struct scrub_path path;
    struct remark_place *at;
};

struct walk {
    struct arena *arena;
    void (*look)(void *visitor, struct walk_node *n); /* never at PII_NONE */
    void *visitor;
};

/* The whole event; `at` may be NULL. */
struct walk_node walk_event(struct jt *event, struct remark_place *at);
/* The same for something else of this shape. */
struct walk_node walk_root(struct jt *value, const struct scrub_shape *shape,
                           struct remark_place *at);
void walk_visit(struct walk *w, struct walk_node *n);

/* The step from a value to one in it, whose name or index the caller adds. */
struct scrub_path walk_step(const struct scrub_path *parent, const struct scrub_field *field,
                            const struct jt *v);
/* Nothing in a field like this is ever scrubbed. */
bool walk_is_inert(const struct scrub_field *field);

#endif
