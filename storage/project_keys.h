/*
 * Project keys as ingest needs them: from PostgreSQL, and from the snapshot file that serves while
 * PostgreSQL is away.  The snapshot is JSON, one array of columns for each key; it is replaced in
 * one rename, mode 0600, and never trusted further than its syntax.
 */
#ifndef STORAGE_PROJECT_KEYS_H
#define STORAGE_PROJECT_KEYS_H

#include "storage/pg.h"

enum { PUBLIC_KEY_LENGTH = 32 };

struct project_key {
    struct str public_key;
    int64_t id, project_id;
    bool enabled;                                /* the key is, and so is its project */
    int64_t rate_limit_count, rate_limit_window; /* events in so many seconds; window 0: no limit */
    struct str allowed_domains; /* patterns separated by line ends; see ingest/origin.h */
    struct str organization_slug, project_slug;
    struct str loader_options; /* dynamicSdkLoaderOptions, JSON; see ingest/loader_endpoint.c */
    int64_t max_event_bytes;   /* of project and organization the smaller; 0: neither has one */
};

struct project_keys {
    struct project_key *list;
    size_t count;
};

/* All keys, or those of the given public keys.  Ask pg_failed() before believing the result. */
struct project_keys project_keys_load(struct pg *db, struct arena *a);
struct project_keys project_keys_find(struct pg *db, struct arena *a, const struct str *public_keys,
                                      size_t count);

/* "https://KEY@host": a DSN as far as the slash and the number of its project. */
struct str project_key_dsn(struct arena *a, struct str public_key);

/* The snapshot's text, for comparing; and writing it to `path`, synced.  False after logging why.
 */
struct str project_keys_text(struct arena *a, struct project_keys keys);
bool project_keys_save(const char *path, struct str text);

/* False when the file is missing or broken (logged). */
bool project_keys_read(struct arena *a, const char *path, struct project_keys *out);

#endif
