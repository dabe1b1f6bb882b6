/*
 * Day partitions of the event tables, named <table>_pYYYYMMDD by the UTC day of receipt.
 *
 * Made by CREATE and ATTACH, which lock out nobody; dropped with a short lock timeout, so that a
 * drop never queues up in front of the digest; what their rows refer to in the blob store is given
 * back with them.  There is no default partition: who writes a day asks for it first.
 */
#ifndef STORAGE_PARTITIONS_H
#define STORAGE_PARTITIONS_H

#include "storage/retention.h"

enum { PARTITIONS_AHEAD = 3 };

/* Makes the missing partitions of `days` days from the one that holds `from` (us since 1970), in a
 * transaction of its own. */
bool partitions_make(struct pg *db, struct arena *a, int64_t from, int days);

/* Drops the partitions of a kind of data that hold days before the one that holds `before`.  False
 * when one was in use (PG_RETRY) or the database failed; the rest waits for the next call. */
bool partitions_drop(struct pg *db, struct arena *a, enum retention_kind kind, int64_t before,
                     int *dropped);

/* The names of a table's partitions of days before the one that holds `before`, oldest first. */
struct rows *partitions_before(struct pg *db, struct arena *a, const struct retention_table *table,
                               int64_t before);

#endif
