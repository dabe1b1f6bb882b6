/*
 * What logs and metrics of traces have in common: a moment, a place in a trace, attributes
 * (ingest.md §8.4).
 */
#ifndef WORKER_DIGEST_TRACE_ITEM_H
#define WORKER_DIGEST_TRACE_ITEM_H

#include "storage/copy.h"
#include "storage/retention.h"
#include "worker/digest/container.h"
#include "worker/scrub/fields.h"

/* Texts live in the batch's arena. */
struct trace_item {
    struct uuid id, trace_id;
    int64_t nanoseconds; /* since 1970 */
    int64_t span_id;
    bool has_span_id;
    struct str release, environment; /* absent: none that may be one */
    struct str attributes, meta;     /* JSON objects; meta may be absent */
};

/*
 * Reads the item and scrubs all of it, in place.  False when it lacks a trace or a time.  Members
 * of its own must be looked at and kept by the caller afterwards; `shape` says which of them hold
 * personal data, `kind` how old it may be.
 */
bool trace_item_read(const struct container_item *item, enum retention_kind kind,
                     const struct scrub_shape *shape, struct trace_item *out);

/* The columns that every such table begins with: project_id, received_day, nanoseconds, id,
 * trace_id, span_id, environment_id. */
enum { TRACE_ITEM_COLUMNS = 7 };
void trace_item_put(struct buf *b, const struct batch_row *row, const struct trace_item *item);

#endif
