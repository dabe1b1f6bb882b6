/*
 * Containers of spans of the newer form, whose spans have a name and typed attributes (ingest.md
 * §2.7, §7.7), and how one of these becomes a span of the older form.
 */
#ifndef WORKER_DIGEST_SPAN_CONTAINER_H
#define WORKER_DIGEST_SPAN_CONTAINER_H

#include "base/map.h"
#include "worker/digest/reading.h"

enum { SPAN_CONTAINER_MAX = 1000 };

/* By the header of an item. */
bool span_container_is(const struct jt *header);

/* The list of spans in the item's payload; NULL, with a reason, when the container is refused. */
struct jt *span_container_items(struct reading *r, struct str *reason);

/* NULL, with a reason, when the span is refused.  `seen` remembers the ids of the container. */
struct jt *span_container_span(struct arena *a, struct jt *item, struct map *seen,
                               struct str *reason);

#endif
