/*
 * Tags: what SDKs sent, made valid, and what the server adds from other fields (ingest.md §3.6).
 */
#ifndef WORKER_DIGEST_TAGS_H
#define WORKER_DIGEST_TAGS_H

#include "worker/digest/normalize.h"

enum { TAGS_MAX = 200 };

/* Checks the SDK's tags; takes the environment out of them.  Before release_normalize(). */
void tags_normalize(struct normalizer *n);

/* Adds the server's tags; sets out->tags, sorted by key.  After the other columns are set.  Parts
 * of a user that the tag user does not name (user.email beside "id:7") are in out->tags alone, for
 * searching. */
void tags_finish(struct normalizer *n);

struct str event_level_name(enum event_level level);

#endif
