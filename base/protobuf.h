/*
 * The wire format of Protocol Buffers, one field at a time: number, wire type, value.  What a
 * number means is its caller's business.
 *
 * Nothing is copied: bytes point into the message, which must outlive the reader.  A message inside
 * a message is its field's bytes, read by a reader of its own.  Groups, which nobody writes any
 * more, count as broken.  Any thread, one per reader.
 */
#ifndef BASE_PROTOBUF_H
#define BASE_PROTOBUF_H

#include <stdint.h>

#include "base/str.h"

enum protobuf_wire {
    PROTOBUF_VARINT = 0,
    PROTOBUF_FIXED64 = 1,
    PROTOBUF_BYTES = 2,
    PROTOBUF_FIXED32 = 5,
};

struct protobuf_field {
    uint32_t number;
    enum protobuf_wire wire;
    uint64_t value;   /* of all wire types but PROTOBUF_BYTES */
    struct str bytes; /* of PROTOBUF_BYTES; never absent there */
};

struct protobuf {
    struct str rest;
    bool broken; /* sticky */
};

static inline void protobuf_begin(struct protobuf *r, struct str message)
{
    *r = (struct protobuf){.rest = message};
}

/* False at the end, and when the message is broken: then r->broken is set. */
bool protobuf_next(struct protobuf *r, struct protobuf_field *field);

#endif
