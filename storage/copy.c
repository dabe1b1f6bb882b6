#include "storage/copy.h"

#include <endian.h>

#include "base/clock.h"

/* PostgreSQL counts from 2000-01-01. */
enum { EPOCH_DAYS = 10957 };

static void put16(struct buf *b, uint16_t v)
{
    v = htobe16(v);
    buf_put(b, &v, sizeof(v));
}

static void put32(struct buf *b, uint32_t v)
{
    v = htobe32(v);
    buf_put(b, &v, sizeof(v));
}

static void put64(struct buf *b, uint64_t v)
{
    v = htobe64(v);
    buf_put(b, &v, sizeof(v));
}

void copy_begin(struct buf *b)
{
    static const char header[] =
        "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags, extension */
    buf_put(b, header, sizeof(header));
}

void copy_end(struct buf *b)
{
    put16(b, UINT16_MAX);
}

void copy_row(struct buf *b, int columns)
{
    put16(b, (uint16_t)columns);
}

void copy_null(struct buf *b)
{
    put32(b, UINT32_MAX);
}

void copy_bool(struct buf *b, bool v)
{
    put32(b, 1);
    buf_putc(b, v);
}

void copy_int2(struct buf *b, int16_t v)
{
    put32(b, sizeof(v));
    put16(b, (uint16_t)v);
}

void copy_int4(struct buf *b, int32_t v)
{
    put32(b, sizeof(v));
    put32(b, (uint32_t)v);
}

void copy_int8(struct buf *b, int64_t v)
{
    put32(b, sizeof(v));
    put64(b, (uint64_t)v);
}

void copy_double(struct buf *b, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    put32(b, sizeof(bits));
    put64(b, bits);
}

void copy_uuid(struct buf *b, struct uuid u)
{
    put32(b, sizeof(u));
    buf_put(b, u.bytes, sizeof(u));
}

void copy_time(struct buf *b, int64_t us)
{
    copy_int8(b, us - EPOCH_DAYS * CLOCK_DAY);
}

void copy_date(struct buf *b, int64_t us)
{
    int64_t days = us / CLOCK_DAY - (us % CLOCK_DAY < 0);
    copy_int4(b, (int32_t)(days - EPOCH_DAYS));
}

void copy_text(struct buf *b, struct str s)
{
    if (!s.p) {
        copy_null(b);
        return;
    }
    put32(b, (uint32_t)s.n);
    buf_put_str(b, s);
}

void copy_jsonb(struct buf *b, struct str s)
{
    if (!s.p) {
        copy_null(b);
        return;
    }
    put32(b, (uint32_t)s.n + 1);
    buf_putc(b, 1); /* version of the wire format */
    buf_put_str(b, s);
}
