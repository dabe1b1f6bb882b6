#include "ingest/limits.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)
/* Sentry has no limit for items that it ignores; this one is against bodies that are nothing else.
 */
#define UNKNOWN_MAX ((size_t)10000)
/* What SDKs put in more than one of, the digest takes one of or refuses, and counts all. */
#define COMPANIONS_MAX ((size_t)10)

/* Most items of the group, most bytes of all of them, most bytes of the average part of a container
 * (payload / item_count; 0: not a container). */
static const struct {
    size_t count, bytes, average;
} limits[LIMIT_GROUP_COUNT] = {
    [LIMIT_NONE] = {UNKNOWN_MAX, SIZE_MAX, 0},
    [LIMIT_EVENT] = {1, MIB, 0},
    [LIMIT_ATTACHMENT] = {30, 200 * MIB, 0},
    [LIMIT_SESSION] = {100, 10 * MIB, 0},
    [LIMIT_CLIENT_REPORT] = {100, 100 * KIB, 0},
    [LIMIT_PROFILE] = {COMPANIONS_MAX, 50 * MIB, 0},
    [LIMIT_REPLAY_RECORDING] = {1, 10 * MIB, 0},
    [LIMIT_REPLAY_VIDEO] = {1, 10 * MIB, 0},
    [LIMIT_CHECK_IN] = {1, 100 * KIB, 0},
    [LIMIT_LOG] = {COMPANIONS_MAX, 12 * MIB, 2 * MIB},
    [LIMIT_TRACE_METRIC] = {COMPANIONS_MAX, 12 * MIB, MIB},
    [LIMIT_SPAN] = {25, 10 * MIB, 0},
    [LIMIT_SPAN_CONTAINER] = {1, 12 * MIB, 0},
    [LIMIT_STATSD] = {1, MIB, 0},
    [LIMIT_METRIC_BUCKETS] = {1, MIB, 0},
};

static const enum limit_group groups[ITEM_TYPE_COUNT] = {
    [ITEM_EVENT] = LIMIT_EVENT,
    [ITEM_TRANSACTION] = LIMIT_EVENT,
    [ITEM_SECURITY] = LIMIT_EVENT,
    [ITEM_RAW_SECURITY] = LIMIT_EVENT,
    [ITEM_NEL] = LIMIT_EVENT,
    [ITEM_FEEDBACK] = LIMIT_EVENT,
    [ITEM_FORM_DATA] = LIMIT_EVENT,
    [ITEM_REPLAY_EVENT] = LIMIT_EVENT,
    [ITEM_UNREAL_REPORT] = LIMIT_ATTACHMENT,
    [ITEM_ATTACHMENT] = LIMIT_ATTACHMENT,
    [ITEM_USER_REPORT] = LIMIT_ATTACHMENT,
    [ITEM_SESSION] = LIMIT_SESSION,
    [ITEM_SESSIONS] = LIMIT_SESSION,
    [ITEM_CLIENT_REPORT] = LIMIT_CLIENT_REPORT,
    [ITEM_PROFILE] = LIMIT_PROFILE,
    [ITEM_PROFILE_CHUNK] = LIMIT_PROFILE,
    [ITEM_REPLAY_RECORDING] = LIMIT_REPLAY_RECORDING,
    [ITEM_REPLAY_VIDEO] = LIMIT_REPLAY_VIDEO,
    [ITEM_CHECK_IN] = LIMIT_CHECK_IN,
    [ITEM_LOG] = LIMIT_LOG,
    [ITEM_OTEL_LOG] = LIMIT_LOG,
    [ITEM_TRACE_METRIC] = LIMIT_TRACE_METRIC,
    [ITEM_SPAN] = LIMIT_SPAN,
    [ITEM_OTEL_SPAN] = LIMIT_SPAN,
    [ITEM_OTEL_TRACES_DATA] = LIMIT_SPAN_CONTAINER,
    [ITEM_STATSD] = LIMIT_STATSD,
    [ITEM_METRIC_BUCKETS] = LIMIT_METRIC_BUCKETS,
};

static enum limit_group group_of(const struct envelope_item *item)
{
    if (item->type == ITEM_SPAN &&
        str_starts(item->content_type, S("application/vnd.sentry.items.span.v2+json")))
        return LIMIT_SPAN_CONTAINER;
    return groups[item->type];
}

static size_t bytes_max(const struct tally *t, enum limit_group g)
{
    bool own = g == LIMIT_EVENT && t->event_max && t->event_max < limits[g].bytes;
    return own ? t->event_max : limits[g].bytes;
}

bool tally_add(struct tally *t, const struct envelope_item *item)
{
    enum limit_group g = group_of(item);
    size_t parts = item->item_count > 0 ? (size_t)item->item_count : 1;
    t->count[g]++;
    t->bytes[g] += item->payload.n;
    return t->count[g] <= limits[g].count && t->bytes[g] <= bytes_max(t, g) &&
           (limits[g].average == 0 || item->payload.n / parts <= limits[g].average);
}
