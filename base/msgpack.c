#include "base/msgpack.h"

#include <math.h>

#include "base/text.h"

/* NODES_MAX: a byte can be a node, and a node takes a hundred. */
enum { DEPTH_MAX = 64, NODES_MAX = 128 << 10, EXTENSION_TIME = -1 };

/* Sticky: a take past the end yields zeros and marks the source broken. */
struct source {
    struct arena *arena;
    struct str rest;
    bool is_broken;
    unsigned depth, nodes;
};

static struct str take(struct source *s, uint64_t n)
{
    if (n > s->rest.n)
        s->is_broken = true;
    if (s->is_broken)
        return (struct str){0};
    struct str bytes = str_slice(s->rest, 0, (size_t)n);
    s->rest = str_from(s->rest, (size_t)n);
    return bytes;
}

/* A number of so many bytes, the most significant first. */
static uint64_t take_number(struct source *s, unsigned bytes)
{
    uint64_t number = 0;
    struct str digits = take(s, bytes);
    for (size_t i = 0; i < digits.n; i++)
        number = number << 8 | (unsigned char)digits.p[i];
    return number;
}

static struct jt *number_node(struct source *s, const char *text)
{
    struct jt *v = jt_new(s->arena, JT_NUMBER);
    v->text = str_of(text);
    return v;
}

static struct jt *unsigned_node(struct source *s, uint64_t number)
{
    return number_node(s, arena_printf(s->arena, "%llu", (unsigned long long)number));
}

static struct jt *float_node(struct source *s, double number)
{
    if (!isfinite(number))
        return jt_new(s->arena, JT_NULL);
    return number_node(s, arena_printf(s->arena, "%.17g", number));
}

static struct jt *text_node(struct source *s, uint64_t length)
{
    return jt_new_str(s->arena, text_utf8(s->arena, take(s, length)));
}

static struct jt *read_value(struct source *s);

static struct jt *list_node(struct source *s, uint64_t count)
{
    struct jt *list = jt_new(s->arena, JT_ARRAY);
    while (!s->is_broken && count--)
        jt_append(list, read_value(s));
    return list;
}

static struct str key_text(const struct jt *key)
{
    return key->text.p ? key->text : S("");
}

static struct jt *object_node(struct source *s, uint64_t count)
{
    struct jt *object = jt_new(s->arena, JT_OBJECT);
    while (!s->is_broken && count--) {
        struct str key = key_text(read_value(s));
        struct jt *value = read_value(s);
        value->key = key;
        jt_append(object, value);
    }
    return object;
}

static struct jt *time_node(struct source *s, struct str bytes)
{
    struct source t = {.arena = s->arena, .rest = bytes};
    uint64_t nanoseconds = 0, seconds;
    if (bytes.n == 4)
        return unsigned_node(s, take_number(&t, 4));
    if (bytes.n == 8) {
        uint64_t both = take_number(&t, 8);
        nanoseconds = both >> 34;
        seconds = both & 0x3ffffffff;
    } else {
        nanoseconds = take_number(&t, 4);
        seconds = take_number(&t, 8);
    }
    return float_node(s, (double)(int64_t)seconds + (double)nanoseconds / 1e9);
}

static struct jt *extension_node(struct source *s, uint64_t length)
{
    int8_t type = (int8_t)take_number(s, 1);
    struct str bytes = take(s, length);
    bool is_time = type == EXTENSION_TIME && (length == 4 || length == 8 || length == 12);
    return is_time && bytes.p ? time_node(s, bytes) : jt_new(s->arena, JT_NULL);
}

static struct jt *float32_node(struct source *s)
{
    uint32_t bits = (uint32_t)take_number(s, 4);
    float number;
    memcpy(&number, &bits, sizeof(number));
    return float_node(s, (double)number);
}

static struct jt *float64_node(struct source *s)
{
    uint64_t bits = take_number(s, 8);
    double number;
    memcpy(&number, &bits, sizeof(number));
    return float_node(s, number);
}

static struct jt *signed_node(struct source *s, unsigned bytes)
{
    unsigned unused = 64 - 8 * bytes;
    int64_t number = (int64_t)(take_number(s, bytes) << unused) >> unused;
    return jt_new_int(s->arena, number);
}

/* ---- tags from 0xc0 to 0xdf: what follows each, by its distance from the first of its kind */

static struct jt *nothing(struct source *s, unsigned nth)
{
    (void)nth;
    return jt_new(s->arena, JT_NULL);
}

static struct jt *broken(struct source *s, unsigned nth)
{
    s->is_broken = true;
    return nothing(s, nth);
}

static struct jt *boolean(struct source *s, unsigned nth)
{
    return jt_new_bool(s->arena, nth == 1);
}

static struct jt *sized_text(struct source *s, unsigned nth)
{
    return text_node(s, take_number(s, 1u << nth));
}

static struct jt *sized_extension(struct source *s, unsigned nth)
{
    return extension_node(s, take_number(s, 1u << nth));
}

static struct jt *floating(struct source *s, unsigned nth)
{
    return nth ? float64_node(s) : float32_node(s);
}

static struct jt *unsigned_number(struct source *s, unsigned nth)
{
    return unsigned_node(s, take_number(s, 1u << nth));
}

static struct jt *signed_number(struct source *s, unsigned nth)
{
    return signed_node(s, 1u << nth);
}

static struct jt *fixed_extension(struct source *s, unsigned nth)
{
    return extension_node(s, UINT64_C(1) << nth);
}

static struct jt *sized_list(struct source *s, unsigned nth)
{
    return list_node(s, take_number(s, 2u << nth));
}

static struct jt *sized_object(struct source *s, unsigned nth)
{
    return object_node(s, take_number(s, 2u << nth));
}

static const struct {
    unsigned first, last;
    struct jt *(*read)(struct source *s, unsigned nth);
} tagged[] = {
    {0xc0, 0xc0, nothing},         {0xc1, 0xc1, broken},          {0xc2, 0xc3, boolean},
    {0xc4, 0xc6, sized_text},      {0xc7, 0xc9, sized_extension}, {0xca, 0xcb, floating},
    {0xcc, 0xcf, unsigned_number}, {0xd0, 0xd3, signed_number},   {0xd4, 0xd8, fixed_extension},
    {0xd9, 0xdb, sized_text},      {0xdc, 0xdd, sized_list},      {0xde, 0xdf, sized_object},
};

static struct jt *read_tagged(struct source *s, unsigned tag)
{
    size_t i = 0;
    while (tag > tagged[i].last)
        i++;
    return tagged[i].read(s, tag - tagged[i].first);
}

static struct jt *read_plain(struct source *s)
{
    unsigned tag = (unsigned)take_number(s, 1);
    if (tag < 0x80)
        return unsigned_node(s, tag);
    if (tag < 0x90)
        return object_node(s, tag & 15);
    if (tag < 0xa0)
        return list_node(s, tag & 15);
    if (tag < 0xc0)
        return text_node(s, tag & 31);
    if (tag >= 0xe0)
        return jt_new_int(s->arena, (int64_t)tag - 256);
    return read_tagged(s, tag);
}

/* Recursion ends at DEPTH_MAX. */
static struct jt *read_value(struct source *s)
{
    s->is_broken |= s->depth == DEPTH_MAX || s->nodes++ == NODES_MAX;
    if (s->is_broken)
        return jt_new(s->arena, JT_NULL);
    s->depth++;
    struct jt *v = read_plain(s);
    s->depth--;
    return v;
}

struct jt *msgpack_read(struct arena *a, struct str *bytes)
{
    struct source s = {.arena = a, .rest = *bytes};
    struct jt *v = bytes->n ? read_value(&s) : NULL;
    *bytes = s.is_broken ? (struct str){0} : s.rest;
    return s.is_broken ? NULL : v;
}
