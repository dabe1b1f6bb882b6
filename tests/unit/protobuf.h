/* Writing Protocol Buffers, for tests of what reads them. */
#ifndef TESTS_UNIT_PROTOBUF_H
#define TESTS_UNIT_PROTOBUF_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/protobuf.h"

enum { PROTOBUF_TEST_MAX = 16 << 20 };

static inline void put_varint(struct buf *b, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_putc(b, (char)(v | 0x80));
    buf_putc(b, (char)v);
}

static inline void put_tag(struct buf *b, uint32_t number, enum protobuf_wire wire)
{
    put_varint(b, (uint64_t)number << 3 | wire);
}

static inline void put_number(struct buf *b, uint32_t number, uint64_t v)
{
    put_tag(b, number, PROTOBUF_VARINT);
    put_varint(b, v);
}

static inline void put_fixed(struct buf *b, uint32_t number, uint64_t v)
{
    put_tag(b, number, PROTOBUF_FIXED64);
    buf_put(b, &v, sizeof(v));
}

static inline void put_flags(struct buf *b, uint32_t number, uint32_t v)
{
    put_tag(b, number, PROTOBUF_FIXED32);
    buf_put(b, &v, sizeof(v));
}

static inline void put_bytes(struct buf *b, uint32_t number, struct str bytes)
{
    put_tag(b, number, PROTOBUF_BYTES);
    put_varint(b, bytes.n);
    buf_put_str(b, bytes);
}

/* A message that is finished: its bytes in the arena, the buffer free for the next. */
static inline struct str put_end(struct buf *b, struct arena *a)
{
    struct str bytes = arena_str(a, buf_str(b));
    buf_free(b);
    buf_init(b, PROTOBUF_TEST_MAX);
    return bytes.p ? bytes : S("");
}

#endif
