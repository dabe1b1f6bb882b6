/*
 * The remarks in event._meta about one value: where in the tree they stand, what they say, and the
 * stretches of a text that were redacted before (ingest.md §3.17).
 *
 * A place is a chain on the stack, from the value up to the event.  Nothing is added to the tree
 * until there is something to say.  All in the arena; one thread.
 */
#ifndef WORKER_SCRUB_REMARK_H
#define WORKER_SCRUB_REMARK_H

#include "base/jt.h"
#include "base/map.h"

struct remark_place {
    struct remark_place *parent; /* NULL: the event itself */
    struct str key;              /* absent: an index */
    size_t index;
    struct jt *node;      /* in _meta; NULL while there is none */
    struct jt *notes;     /* annotations added by us */
    size_t known;         /* members of the node before we added any */
    struct map *children; /* these, where they are many */
};

/* The place of the event: `tree` is its _meta or NULL. */
struct remark_place remark_root(struct arena *a, struct jt *tree);
struct remark_place remark_of_key(struct arena *a, struct remark_place *parent, struct str key);
struct remark_place remark_of_index(struct arena *a, struct remark_place *parent, size_t index);

/* "The value was removed."  A NULL place keeps no remarks, here and below. */
void remark_removed(struct arena *a, struct remark_place *at, struct str rule);

/* A stretch of a text; rule absent: nobody changed it. */
struct stretch {
    struct str text, rule;
    char type; /* of the remark */
};

/* A text in stretches, in order. */
struct stretches {
    size_t count, room;
    struct stretch *list;
};

void stretches_add(struct arena *a, struct stretches *s, struct stretch stretch);
struct str stretches_text(struct arena *a, const struct stretches *s);

/* The text as the remarks of the place divide it. */
struct stretches remark_stretches(struct arena *a, const struct remark_place *at, struct str text);

/* The remarks of a text that is now these stretches and had `length` code points before. */
void remark_redacted(struct arena *a, struct remark_place *at, const struct stretches *s,
                     size_t length);

#endif
