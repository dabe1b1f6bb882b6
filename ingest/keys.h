/*
 * The keys that ingest accepts, in memory.  A thread of their own loads them from PostgreSQL every
 * second and looks up unknown ones at once, all that wait together in one statement; what it
 * does not find is remembered as unknown for five seconds.
 *
 * A snapshot file serves a start while PostgreSQL is away: keys in it are known, of others nobody
 * can say anything, so they get 503 and never 403.  Any thread may call keys_find().
 */
#ifndef INGEST_KEYS_H
#define INGEST_KEYS_H

#include "ingest/quotas.h"
#include "storage/project_keys.h"

struct keys;

/* Starts the thread; never NULL.  `snapshot` is the file's path, conninfo as for pg_open().  The
 * thread keeps `quotas` up to date as well; NULL: there are none. */
struct keys *keys_open(const char *conninfo, const char *snapshot, struct quotas *quotas);
void keys_close(struct keys *k);

enum key_result {
    KEY_FOUND,
    KEY_UNKNOWN,
    KEY_UNSURE, /* the database is away or busy: nobody knows */
};

/* Waits for the database when the key is new, at most two seconds.  Strings of *out lie in the
 * arena. */
enum key_result keys_find(struct keys *k, struct str public_key, struct arena *a,
                          struct project_key *out);

/* Whether any keys are known, from wherever. */
bool keys_ready(struct keys *k);

#endif
