/*
 * Rows that are older than their kind is kept, where no whole partition can go: those of tables
 * without partitions, and those of organizations that keep a kind for less than others.
 */
#ifndef STORAGE_OLD_ROWS_H
#define STORAGE_OLD_ROWS_H

#include "storage/retention.h"

enum { OLD_ROWS_BATCH = 5000 };

/*
 * Deletes about OLD_ROWS_BATCH such rows of a table, and gives back what they refer to in the blob
 * store.  How many; less than OLD_ROWS_BATCH when there are no more; -1 after a failure.  A table
 * with partitions needs a rule of some projects: everybody's days are dropped whole.
 */
int64_t old_rows_delete(struct pg *db, struct arena *a, const struct retention_table *table,
                        const struct retention_rule *rule);

#endif
