/*
 * A JSON tree in an arena, for the digest, which must look at an event's fields in an order of its
 * own and change them.  Built from jr, written back through jw.
 *
 * Nodes and text belong to the arena (text may be borrowed from the input).  Members keep their
 * order; of equal keys the last one counts.  Looking into a value of the wrong kind is not an
 * error: it finds nothing, so a chain of jt_get() needs one test at its end.  No recursion on
 * reading; depth is bounded by the reader's limit.
 */
#ifndef BASE_JT_H
#define BASE_JT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/jr.h"
#include "base/jw.h"

enum jt_kind { JT_NULL, JT_FALSE, JT_TRUE, JT_NUMBER, JT_STRING, JT_ARRAY, JT_OBJECT };

struct jt {
    enum jt_kind kind;
    struct str key;          /* member of an object: its name */
    struct str text;         /* JT_STRING: the text; JT_NUMBER: as written */
    struct jt *first, *last; /* JT_ARRAY, JT_OBJECT: children */
    struct jt *next;         /* sibling */
    size_t count;            /* number of children */
};

/* NULL when the input is not one JSON value (*error then says why, static text).  Containers nested
 * past the limit become null. */
struct jt *jt_read(struct arena *a, struct str input, unsigned depth_limit, const char **error);

void jt_write(struct jw *w, const struct jt *v); /* NULL writes null */

struct jt *jt_get(const struct jt *object, struct str key); /* NULL when absent or not an object */
struct jt *jt_at(const struct jt *array, size_t index);
struct str jt_str(const struct jt *v); /* absent unless a string */
struct str jt_get_str(const struct jt *object, struct str key);
bool jt_int64(const struct jt *v, int64_t *out); /* a number without fraction, in range */
bool jt_double(const struct jt *v, double *out);

/* Builders.  A node belongs to one parent at a time. */
struct jt *jt_new(struct arena *a, enum jt_kind kind);
struct jt *jt_new_str(struct arena *a, struct str text);
struct jt *jt_new_int(struct arena *a, int64_t number);
struct jt *jt_new_double(struct arena *a, double number); /* null when it is not finite */
struct jt *jt_new_bool(struct arena *a, bool value);
void jt_set(struct jt *object, struct str key, struct jt *value); /* replaces or appends */
void jt_append(struct jt *parent, struct jt *value);
bool jt_remove(struct jt *parent, const struct jt *child);
/* Calls `keep` for each child in turn and takes out those it does not want; one walk, whatever
 * their number.  `keep` may change the child and add members to other parents. */
void jt_filter(struct jt *parent, bool (*keep)(struct jt *child, void *arg), void *arg);

#endif
