/*
 * What the digest knows of one event: the seam between understanding it (parse, normalise, filter,
 * group — pure functions, no database) and writing it (one transaction per batch).
 *
 * All strings live in the event's arena.  Normalisation follows ingest.md §3 and
 * grouping-symbolication.md §1; no event is ever rejected for a bad field.
 */
#ifndef WORKER_DIGEST_EVENT_H
#define WORKER_DIGEST_EVENT_H

#include "base/arena.h"
#include "base/jt.h"
#include "base/uuid.h"
#include "storage/eventlog.h"

enum event_level {
    LEVEL_DEBUG = 10,
    LEVEL_INFO = 20,
    LEVEL_WARNING = 30,
    LEVEL_ERROR = 40,
    LEVEL_FATAL = 50,
};

enum { EVENT_HASHES_MAX = 8 };

struct tag {
    struct str key, value;
};

struct grouping_hash {
    uint8_t bytes[16]; /* md5 */
};

struct event {
    struct uuid id;
    int64_t project_id, key_id;
    int64_t received, timestamp; /* us since 1970; timestamp after clock-drift correction */
    struct str type;             /* error, default, csp, … (ingest.md §3.2) */
    enum category category;
    enum event_level level;
    struct str platform, logger;
    struct str release, dist, environment, transaction; /* absent when unset or invalid */
    struct str title, culprit;
    struct str metadata; /* JSON object */
    bool has_user;
    uint64_t user_hash; /* of the user tag "id:…", stable across processes and hosts */
    bool has_trace;
    struct uuid trace_id;
    int handled; /* of the last exception's mechanism: 1 yes, 0 no, -1 unknown */
    struct tag *tags;
    size_t tag_count;
    struct grouping_hash hashes[EVENT_HASHES_MAX]; /* app first, system last */
    size_t hash_count;
    const struct jt *tree; /* the normalised payload, in the arena of the call */
    struct str body; /* the normalised payload, JSON, what the API's event detail is made from */
};

/* Why there is nothing to store: the outcome, and its reason (invalid_json, no_data, a filter's
 * name …). */
struct event_refusal {
    enum outcome verdict;
    struct str reason;
    bool is_sampled; /* it is counted, and not kept; the event's tree says of what */
};

/* What an event is made from; all of it outlives the call. */
struct policy; /* worker/digest/policy.h */

struct event_source {
    const struct log_record *record;
    const struct log_item *item; /* of the record, with its payload */
    const struct policy *policy; /* of the record's project */
};

/* Understands an item of a record that becomes an event: event, security, raw_security, nel,
 * feedback; false when it is refused. */
bool event_understand(struct arena *a, const struct event_source *source, struct event *out,
                      struct event_refusal *refusal);

#endif
