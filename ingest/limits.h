/*
 * How many items of a type, and how many bytes of them, one envelope may hold.  Types share a limit
 * where Sentry counts them together; the table in limits.c is ingest.md §2.4's newest column.
 *
 * A tally lives through one envelope: zero it, add every known item.  What becomes an event may be
 * limited further, by the project's own setting.
 */
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

#include "ingest/envelope.h"

enum limit_group {
    LIMIT_NONE,
    LIMIT_EVENT,
    LIMIT_ATTACHMENT,
    LIMIT_SESSION,
    LIMIT_CLIENT_REPORT,
    LIMIT_PROFILE,
    LIMIT_REPLAY_RECORDING,
    LIMIT_REPLAY_VIDEO,
    LIMIT_CHECK_IN,
    LIMIT_LOG,
    LIMIT_TRACE_METRIC,
    LIMIT_SPAN,
    LIMIT_SPAN_CONTAINER,
    LIMIT_STATSD,
    LIMIT_METRIC_BUCKETS,
    LIMIT_GROUP_COUNT
};

struct tally {
    size_t event_max; /* bytes; 0: the table's */
    size_t count[LIMIT_GROUP_COUNT], bytes[LIMIT_GROUP_COUNT];
};

/* False when the envelope is past a limit with this item. */
bool tally_add(struct tally *t, const struct envelope_item *item);

#endif
