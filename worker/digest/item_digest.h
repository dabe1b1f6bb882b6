/*
 * What becomes of an accepted item, by its type.
 *
 * Types that stand for others (worker/digest/expansion.h) come here only when they cannot be read.
 * What means nothing by itself is dropped in silence: the form of a crash, without the crash's own
 * endpoint, and metrics, which Sentry has ended (ingest.md §2.4).
 *
 * Items that create an event come first; what follows one (its attachments, its user report) shares
 * its fate: refused for the same reason, or a duplicate when it is.
 */
#ifndef WORKER_DIGEST_ITEM_DIGEST_H
#define WORKER_DIGEST_ITEM_DIGEST_H

#include "worker/digest/reading.h"

struct item_digest {
    void (*digest)(struct reading *r);
    bool follows_event;
    bool needs_payload;   /* in memory, also when it is in a blob */
    bool is_silent;       /* refused by ingest, it is dropped without an outcome */
    enum category beside; /* counted as one under this besides, when it falls with its event */
};

const struct item_digest *item_digest(enum item_type type);

#endif
