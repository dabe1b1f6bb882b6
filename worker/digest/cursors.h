/*
 * The logs a digest child works on, and how far it is in each: shared by its two threads.
 *
 * A cursor's position is where the database's row stands.  Its epoch grows whenever reading must
 * begin again from there: batches that were filled in an older epoch are dropped.  The list only
 * grows and forgets; every function locks.
 */
#ifndef WORKER_DIGEST_CURSORS_H
#define WORKER_DIGEST_CURSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"

enum { CURSORS_MAX = 256 };

struct cursor {
    struct uuid log;
    int lane, lanes; /* of the log */
    int64_t position;
    int64_t careful_until; /* records before this position are taken one by one */
    unsigned epoch;
};

struct cursors;

struct cursors *cursors_new(void);
void cursors_free(struct cursors *c);

/* Adds a cursor unless it is there; false when there is no room for another. */
bool cursors_add(struct cursors *c, const struct cursor *cursor);
bool cursors_has_log(struct cursors *c, struct uuid log);
void cursors_remove_log(struct cursors *c, struct uuid log);

/* Copies the cursor at a place in the list; false past the end. */
bool cursors_at(struct cursors *c, size_t place, struct cursor *out);
/* Copies the cursor of a log's lane; false when it is forgotten. */
bool cursors_get(struct cursors *c, struct uuid log, int lane, struct cursor *out);

/* The batch up to `position` is stored. */
void cursors_advance(struct cursors *c, struct uuid log, int lane, int64_t position);
/* Reading begins again at `position`. */
void cursors_rewind(struct cursors *c, struct uuid log, int lane, int64_t position);
/* The same, and the records up to `end` are taken one by one. */
void cursors_rewind_carefully(struct cursors *c, struct uuid log, int lane, int64_t position,
                              int64_t end);

#endif
