#include "base/uuid.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/text.h"

struct uuid uuid_random(void)
{
    struct uuid u;
    /* Up to 256 bytes getrandom neither blocks after boot nor returns less. */
    if (getrandom(u.bytes, sizeof(u.bytes), 0) != (ssize_t)sizeof(u.bytes))
        abort();
    u.bytes[6] = (uint8_t)((u.bytes[6] & 0x0F) | 0x40);
    u.bytes[8] = (uint8_t)((u.bytes[8] & 0x3F) | 0x80);
    return u;
}

static struct str unwrap(struct str s)
{
    if (s.n == 45 && str_case_eq(str_slice(s, 0, 9), S("urn:uuid:")))
        return str_slice(s, 9, 45);
    if (s.n == 38 && s.p[0] == '{' && s.p[37] == '}')
        return str_slice(s, 1, 37);
    return s;
}

bool uuid_parse(struct str s, struct uuid *out)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    struct uuid u;
    s = unwrap(s);
    if (s.n == 32) {
        if (!text_unhex(s, u.bytes))
            return false;
        *out = u;
        return true;
    }
    size_t filled = 0;
    for (size_t i = 0; i < 5; i++) {
        struct str group = str_split(&s, '-');
        if (group.n != groups[i] || !text_unhex(group, u.bytes + filled))
            return false;
        filled += groups[i] / 2;
    }
    if (s.p)
        return false;
    *out = u;
    return true;
}

bool uuid_is_nil(struct uuid u)
{
    return uuid_eq(u, (struct uuid){0});
}

bool uuid_eq(struct uuid a, struct uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}

void uuid_put(struct uuid u, char hex[33])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof(u.bytes); i++) {
        hex[2 * i] = digits[u.bytes[i] >> 4];
        hex[2 * i + 1] = digits[u.bytes[i] & 15];
    }
    hex[32] = '\0';
}

struct str uuid_text(struct arena *a, struct uuid u)
{
    char *hex = arena_take(a, 33);
    uuid_put(u, hex);
    return (struct str){hex, 32};
}

void uuid_mark(struct uuid *u, size_t at, uint32_t number)
{
    for (size_t i = 4; i-- > 0; number >>= 8)
        u->bytes[at + i] ^= (uint8_t)number;
}
