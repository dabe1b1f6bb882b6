/*
 * The decoded body of a request, under a ceiling (ingest.md §1.5).
 *
 * Bodies up to 1 MiB, compressed and decoded, stay in the thread's memory.  A larger one takes one
 * of a few slots and is decoded into an unlinked file under the data directory, mapped: so memory
 * stays small whatever is sent, the kernel writes the pages back under pressure, and a full disk is
 * noticed before the first byte.  Without a free slot the answer is 503.
 */
#ifndef INGEST_BODY_H
#define INGEST_BODY_H

#include <stdatomic.h>

#include "base/inflate.h"
#include "base/request.h"

enum { BODY_SMALL = 1 << 20 };

struct large_slots {
    atomic_int free;
    const char *dir; /* of the unlinked files */
};

struct body {
    struct str bytes; /* the decoded body; valid until body_release() */
    struct buf decoded;
    struct large_slots *slot; /* that is held; NULL when none */
    bool shares_slot;         /* the slot of the body it was packed in is enough */
    char *map;
    size_t map_size;
};

/* False after answering 400, 413, 415 or 503. */
bool body_read(struct request *rq, struct body *b, struct large_slots *slots, size_t ceiling);

/* Bytes that came packed inside a body. */
struct packed {
    struct str bytes;
    struct str encoding; /* as in Content-Encoding; absent: inflate_new_file() knows the bytes */
    const struct body *beside;
    struct large_slots *slots;
    size_t ceiling; /* of what they open to */
};

/* Unpacks into another body; false after answering 503. */
bool body_unpack(struct request *rq, struct body *b, const struct packed *what,
                 enum inflate_result *result);

/* Gives back the slot and memory beyond what a usual body needs.  After every request. */
void body_release(struct body *b);

#endif
