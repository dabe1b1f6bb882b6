/*
 * What normalisation did to an event: the entries of event.errors and the remarks of event._meta,
 * noted against the path of the value that is being looked at (ingest.md §3.1, §3.17).
 *
 * meta_enter() and meta_leave() walk the path; the other calls note something about its end.  All
 * is in the arena.  The number of errors is limited, so that a hostile event cannot grow by them.
 */
#ifndef WORKER_DIGEST_META_H
#define WORKER_DIGEST_META_H

#include "base/jt.h"

enum { META_DEPTH_MAX = 16, META_ERRORS_MAX = 100 };

struct meta_step {
    struct str key; /* absent: an index */
    size_t index;
};

struct meta {
    struct arena *arena;
    size_t text_max;   /* bytes of any text, whatever its own limit is; 0: no such ceiling */
    struct jt *errors; /* JT_ARRAY, becomes event.errors */
    struct jt *tree;   /* JT_OBJECT, becomes event._meta; NULL while there is no remark */
    unsigned depth;
    struct meta_step path[META_DEPTH_MAX];
};

void meta_begin(struct meta *m, struct arena *a);

void meta_enter(struct meta *m, struct str key);
void meta_enter_index(struct meta *m, size_t index);
void meta_leave(struct meta *m);

/* The value was refused: `kind` as in §3.1 (invalid_data, value_too_long, …).  `original` may be
 * NULL; it is kept when small.  `reason` may be absent. */
void meta_error(struct meta *m, const char *kind, const struct jt *original, struct str reason);
/* As meta_error, with data of its own beside type, name and value. */
void meta_error_data(struct meta *m, const char *kind, const struct jt *original, struct jt *data);

/* The value was replaced; this is what was sent. */
void meta_original(struct meta *m, struct str text);

/* The value, a text of `length` code points, was cut; its last three bytes, up to `end`, are dots.
 */
void meta_text_cut(struct meta *m, size_t end, size_t length);
/* The value, a list or object, lost members: it had this many. */
void meta_members_cut(struct meta *m, size_t count_before);

#endif
