#include "base/protobuf.h"

enum { VARINT_BYTES = 10, NUMBER_SHIFT = 3, WIRE_MASK = 7, NUMBER_MAX = (1 << 29) - 1 };

static bool fail(struct protobuf *r)
{
    r->broken = true;
    return false;
}

/* Seven bits a byte, least first; bits past the 64th are cut, as everybody does. */
static bool take_varint(struct protobuf *r, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < VARINT_BYTES && i < r->rest.n; i++) {
        uint64_t byte = (unsigned char)r->rest.p[i];
        *out |= (byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            r->rest = str_from(r->rest, i + 1);
            return true;
        }
    }
    return fail(r);
}

static bool take_fixed(struct protobuf *r, size_t n, uint64_t *out)
{
    if (r->rest.n < n)
        return fail(r);
    *out = 0;
    for (size_t i = 0; i < n; i++)
        *out |= (uint64_t)(unsigned char)r->rest.p[i] << (8 * i);
    r->rest = str_from(r->rest, n);
    return true;
}

static bool take_bytes(struct protobuf *r, struct str *out)
{
    uint64_t n;
    if (!take_varint(r, &n))
        return false;
    if (n > r->rest.n)
        return fail(r);
    *out = str_slice(r->rest, 0, (size_t)n);
    r->rest = str_from(r->rest, (size_t)n);
    return true;
}

bool protobuf_next(struct protobuf *r, struct protobuf_field *field)
{
    uint64_t tag;
    if (r->broken || r->rest.n == 0 || !take_varint(r, &tag))
        return false;
    if (tag >> NUMBER_SHIFT == 0 || tag >> NUMBER_SHIFT > NUMBER_MAX)
        return fail(r);
    *field = (struct protobuf_field){.number = (uint32_t)(tag >> NUMBER_SHIFT),
                                     .wire = (enum protobuf_wire)(tag & WIRE_MASK)};
    switch (field->wire) {
    case PROTOBUF_VARINT:
        return take_varint(r, &field->value);
    case PROTOBUF_FIXED64:
        return take_fixed(r, 8, &field->value);
    case PROTOBUF_BYTES:
        return take_bytes(r, &field->bytes);
    case PROTOBUF_FIXED32:
        return take_fixed(r, 4, &field->value);
    default:
        return fail(r);
    }
}
