/*
 * Stores a batch: one transaction that advances the log's cursor and does everything that follows
 * from the batch's events, exactly once (architecture.md §2).
 *
 * Nothing is remembered between batches: issues, releases and environments are looked up each time,
 * which costs a millisecond a batch and leaves nothing that a merge or a deletion could make wrong.
 * The events stored already are found by asking before anything is counted, and event rows are then
 * copied straight into their tables: half the work of staging them.  Should another process store
 * one of them meanwhile, the unique key refuses the batch, and it is tried again.
 */
#ifndef WORKER_DIGEST_WRITE_H
#define WORKER_DIGEST_WRITE_H

#include "storage/pg.h"
#include "worker/digest/batch.h"

enum write_result {
    WRITE_DONE,
    WRITE_MOVED,    /* the cursor stands elsewhere: somebody else did it, or an earlier COMMIT */
    WRITE_OUTDATED, /* settings have changed since it was filled: it must be filled again */
    WRITE_AGAIN,    /* lost a race; the same batch may be tried at once */
    WRITE_AWAY,     /* the database is; the cursor must be read before the next try */
    WRITE_REFUSED,  /* a value was not accepted: some record of the batch is at fault */
    WRITE_BROKEN,   /* a statement does not fit the schema: no record is at fault */
};

/* One try.  `scratch` is reset.  After anything but WRITE_DONE nothing was changed, except that
 * after WRITE_AWAY only the cursor knows. */
enum write_result batch_write(struct batch *b, struct pg *db, struct arena *scratch);

/* The same for events that the worker made itself, which no log holds: they are stored once, by
 * their ids, and nobody is told that they were accepted.  The day's partitions must be there. */
enum write_result batch_write_made(struct batch *b, struct pg *db, struct arena *scratch);

#endif
