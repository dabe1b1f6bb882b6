/*
 * What a segment of a replay says of itself and of its user: the item replay_event, normalised,
 * filtered and scrubbed as an event is (ingest.md §8.1).
 */
#ifndef WORKER_DIGEST_REPLAY_EVENT_H
#define WORKER_DIGEST_REPLAY_EVENT_H

#include "worker/digest/event.h"

enum { REPLAY_LIST_MAX = 100 };

struct replay_event {
    struct uuid replay_id;
    int64_t segment_id;
    int64_t started, finished; /* us since 1970, of the sender's clock after correction; started 0:
                                  only the first segment says it */
    struct str type, platform, dist;       /* type: session, buffer; absent when unknown */
    struct str release, environment;       /* absent when unset or invalid */
    struct str urls, error_ids, trace_ids; /* JSON arrays of at most REPLAY_LIST_MAX texts */
    struct str details; /* JSON object of texts: user, geo, tags, sdk, os, browser, device */
};

/* source->item is the replay_event; all texts live in the arena.  False when it is refused. */
bool replay_event_understand(struct arena *a, const struct event_source *source,
                             struct replay_event *out, struct event_refusal *refusal);

#endif
