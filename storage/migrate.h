/*
 * Brings a database to the schema this program knows.
 *
 * The files migrations/NNNN_name.sql are compiled in.  Each runs once, in its own transaction, in
 * the order of its number; table schema_migration remembers them.  A file whose first line begins
 * with "-- no-transaction" runs statement by statement instead (for CREATE INDEX CONCURRENTLY),
 * each ended by ";" at the end of a line, and must be repeatable, because it may stop halfway.  Two
 * programs that migrate at the same time wait for each other.  At the end the partitions of the
 * next days exist.
 */
#ifndef STORAGE_MIGRATE_H
#define STORAGE_MIGRATE_H

#include "base/buf.h"
#include "storage/pg.h"

/* Adds one line to `report` for every migration that ran and one that says where the database
 * stands.  False, and one sentence for the operator as the last line, when an extension is missing,
 * the database is of a newer version, or a migration failed (it was rolled back). */
bool migrate_run(struct pg *db, struct buf *report);

/* The number of the newest migration this program knows. */
int migrate_newest(void);

#endif
