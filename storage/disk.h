/*
 * How much of the disk the data takes, by kind and by UTC day of receipt, and what goes first when
 * that is more than it may.
 *
 * A job measures, because that reads every row that refers to a blob; everybody else reads what it
 * found (table disk_usage).  Each row that refers to a blob counts for its share of it.
 */
#ifndef STORAGE_DISK_H
#define STORAGE_DISK_H

#include "storage/retention.h"

/* Replaces the figures by those of now, in a transaction of its own. */
bool disk_measure(struct pg *db, struct arena *a, int64_t now);

/* All partitions of a kind that hold this day. */
struct disk_day {
    enum retention_kind kind;
    int64_t start; /* us since 1970 */
    int64_t bytes;
};

/* What has to go when all together take more than `most` bytes: the oldest day of the kind whose
 * days take most.  False when they do not, or when nothing is left but today. */
bool disk_next_to_drop(struct pg *db, struct arena *a, int64_t most, int64_t now,
                       struct disk_day *out);
/* Keeps in mind that it was dropped, for those who look, and takes it from the figures. */
bool disk_dropped(struct pg *db, struct arena *a, const struct disk_day *day, int64_t now);

#endif
