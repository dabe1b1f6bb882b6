/*
 * Items that earlier versions kept in table pending_item, because they had no place for them: they
 * are digested before anything else, each once, and then the table is dropped, at this start or, if
 * somebody reads it just then, at a later one.
 *
 * The table is read as if it were an event log, named by the nil uuid, whose positions are the ids
 * of its rows: a batch's transaction advances that log's cursor, so that a death at any moment
 * loses and doubles nothing, and what kills the digest or is refused by the database is set aside
 * as any other record (worker/progress.h).  Rows of one request are neighbours and become one
 * record again. They were counted as accepted when they came; only what is refused now is counted.
 */
#ifndef WORKER_DIGEST_KEPT_H
#define WORKER_DIGEST_KEPT_H

#include <stdatomic.h>

#include "storage/pg.h"
#include "worker/digest/policies.h"
#include "worker/progress.h"

struct kept_items {
    struct pg *db;
    struct policies *policies;
    struct progress *progress; /* of a child whose other work has not begun */
    atomic_bool *stop;
};

/* Returns when nothing is left to digest, or `stop` is set. */
void kept_digest(const struct kept_items *k);

#endif
