#include "base/network.h"

#include <arpa/inet.h>
#include <stdint.h>

#include "base/text.h"

enum { ADDRESS_TEXT_MAX = 64, V4_PREFIX_BITS = 96, ALL_BITS = 128 };

/* Both families as 16 bytes, IPv4 mapped into ::ffff:0:0/96. */
static bool read_address(struct str text, uint8_t out[16], bool *is_v4)
{
    char z[ADDRESS_TEXT_MAX];
    if (text.n == 0 || text.n >= sizeof(z))
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    memset(out, 0, 16);
    *is_v4 = inet_pton(AF_INET, z, out + 12) == 1;
    if (!*is_v4)
        return inet_pton(AF_INET6, z, out) == 1;
    out[10] = out[11] = 0xff;
    return true;
}

static bool read_range(struct str text, uint8_t out[16], int64_t *bits)
{
    bool is_v4;
    size_t slash = str_index(text, '/');
    if (!read_address(str_slice(text, 0, slash), out, &is_v4))
        return false;
    int64_t most = is_v4 ? ALL_BITS - V4_PREFIX_BITS : ALL_BITS;
    *bits = most;
    if (slash < text.n &&
        (!text_int64(str_slice(text, slash + 1, text.n), bits) || *bits < 0 || *bits > most))
        return false;
    *bits += is_v4 ? V4_PREFIX_BITS : 0;
    return true;
}

static bool same_prefix(const uint8_t a[16], const uint8_t b[16], int64_t bits)
{
    size_t whole = (size_t)bits / 8;
    unsigned rest = (unsigned)bits % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

static bool next_range(struct str *rest, struct str *range)
{
    while (rest->n) {
        size_t end = 0;
        while (end < rest->n && !strchr(" ,\t\r\n", rest->p[end]))
            end++;
        *range = str_slice(*rest, 0, end);
        *rest = str_slice(*rest, end + 1, rest->n);
        if (range->n)
            return true;
    }
    return false;
}

bool network_has(struct str ranges, struct str address)
{
    uint8_t host[16], range[16];
    bool is_v4;
    int64_t bits;
    struct str text;
    if (ranges.n == 0 || !read_address(address, host, &is_v4))
        return false;
    while (next_range(&ranges, &text)) {
        if (read_range(text, range, &bits) && same_prefix(host, range, bits))
            return true;
    }
    return false;
}

bool network_is_valid(struct str ranges, struct str *wrong)
{
    uint8_t range[16];
    int64_t bits;
    while (next_range(&ranges, wrong)) {
        if (!read_range(*wrong, range, &bits))
            return false;
    }
    return true;
}
