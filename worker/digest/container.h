/*
 * Items that carry many small ones as {"items": […]}: logs and metrics of traces (ingest.md §2.7).
 *
 * The payload is scanned once as a whole, so that a broken one, or one that holds another number of
 * items than its header says, is refused before anything was made of it; then its items are read
 * one after the other, each into memory that the next one reuses.
 */
#ifndef WORKER_DIGEST_CONTAINER_H
#define WORKER_DIGEST_CONTAINER_H

#include "worker/digest/reading.h"

/* One of its items, while that is in hand. */
struct container_item {
    struct reading *r;
    struct arena *arena; /* gone with the item */
    struct jt *json;     /* an object, in that arena */
    size_t index, bytes; /* its place in the container; its size as sent */
    bool infer_address,
        infer_user_agent; /* the SDK asks for what the request tells of the client */
};

struct container_type {
    struct str content_type;
    struct str fault;    /* the reason when the container or one of its items is invalid */
    enum category bytes; /* counts the size of items, beside their number; CATEGORY_NONE: not */
    size_t item_most;    /* bytes of one item */
    /* Makes the item's row; false: it is invalid. */
    bool (*digest)(const struct container_item *item);
};

void container_digest(struct reading *r, const struct container_type *type);

#endif
