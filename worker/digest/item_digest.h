/*
 * What becomes of an accepted item, by its type.
 *
 * Items that create an event come first; what follows one (its attachments, its user report) shares
 * its fate: refused for the same reason, or a duplicate when it is.
 */
#ifndef WORKER_DIGEST_ITEM_DIGEST_H
#define WORKER_DIGEST_ITEM_DIGEST_H

#include "worker/digest/reading.h"

struct item_digest {
    void (*digest)(struct reading *r); /* NULL: kept as it arrived until its tables come */
    bool follows_event;
    bool needs_payload;   /* in memory, also when it is in a blob */
    bool is_silent;       /* refused by ingest, it is dropped without an outcome */
    enum category beside; /* counted as one under this besides, when it falls with its event */
};

const struct item_digest *item_digest(enum item_type type);

#endif
