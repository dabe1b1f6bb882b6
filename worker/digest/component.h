/*
 * The tree of what an event is grouped by: components with names, at the leaves the texts that are
 * hashed (grouping-symbolication.md §1.3).  A component contributes when a leaf below it does,
 * unless it was told not to.  All in the arena.
 */
#ifndef WORKER_DIGEST_COMPONENT_H
#define WORKER_DIGEST_COMPONENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "worker/digest/event.h"

struct component {
    const char *id;
    bool contributes;
    struct str value; /* of a leaf; absent in inner nodes and empty leaves */
    struct component *first, *last, *next;
};

struct component *component_new(struct arena *a, const char *id);
/* A leaf; contributes unless the value is absent. */
struct component *component_leaf(struct arena *a, const char *id, struct str value);
/* The parent contributes from the first child on that does. */
void component_add(struct component *parent, struct component *child);

/* Another parent with the same children, which must not be added to any more. */
struct component *component_twin(struct arena *a, const struct component *of);

/* Appends all values that contribute, in order. */
void component_values(const struct component *c, struct buf *to);
/* MD5 of those values; false when the component does not contribute. */
bool component_hash(const struct component *c, struct grouping_hash *out);

/* A contributing component of that id below c. */
bool component_has(const struct component *c, const char *id);
bool component_eq(const struct component *a, const struct component *b);

#endif
