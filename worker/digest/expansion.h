/*
 * Items that stand for others: what they hold takes their place before a record is digested.
 *
 * A crash of Unreal Engine becomes the items that its endpoint would have made of it.  An item of
 * OpenTelemetry becomes containers of spans or logs, each in a record of its own, because an
 * envelope holds no more than one.  What cannot be read stays as it is, for its digest to refuse.
 */
#ifndef WORKER_DIGEST_EXPANSION_H
#define WORKER_DIGEST_EXPANSION_H

#include "worker/digest/reading.h"

struct expansion {
    struct log_record *records; /* beside r->record, in scratch */
    size_t count;
};

/* Changes r->record and its sent_count. */
struct expansion expansion_apply(struct reading *r);

#endif
