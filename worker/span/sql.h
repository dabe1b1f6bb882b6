/*
 * Database queries without what differs from one call to the next, so that equal queries have one
 * text (ingest.md §7.6): literals and lists become %s, column lists "..", names lose qualifiers,
 * quotes and aliases.
 *
 * A query that is whole and begins like one is written anew, keywords in capitals.  Of anything
 * else (cut off, no SQL at all) only literals are replaced; where there is none, there is no text.
 * Linear in the query; any bytes are fine.
 */
#ifndef WORKER_SPAN_SQL_H
#define WORKER_SPAN_SQL_H

#include "base/arena.h"

enum { SQL_QUERY_MAX = 16384 }; /* bytes that are looked at; what is longer counts as cut off */

/* Absent when nothing can be said. */
struct str sql_description(struct arena *a, struct str query);

/* SELECT, INSERT, … in capitals; absent when it does not begin with a verb. */
struct str sql_action(struct arena *a, struct str query);

/* The tables it names, as ",one,two,", in lower case and order; absent: none. */
struct str sql_tables(struct arena *a, struct str query);

#endif
