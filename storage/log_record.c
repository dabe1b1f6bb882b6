/*
 * The payload of a log record: a fixed head, one fixed entry for each item, then the bytes of all
 * strings in the order in which their lengths were written.  All numbers little endian.
 */
#include <endian.h>

#include "base/text.h"
#include "storage/eventlog_files.h"

enum {
    RECORD_VERSION = 1,
    RECORD_STRINGS = 5,
    HEAD_SIZE = 4 + 4 + 16 + 16 + 4 * 8 + RECORD_STRINGS * 4,
    ENTRY_SIZE = 1 + 1 + 2 + 4 + 4 + 4 + 8,
    BLOB_BYTES = 32,
    BLOB_DIGITS = 64,
    FLAG_EVENT_ID = 1,
    FLAG_BLOB = 1,
    CATEGORY_SHIFT = 8, /* above the flags of an entry; 0: the type's */
    CATEGORY_MASK = 0xff,
};
#define ABSENT UINT32_MAX

struct cursor {
    char *at;
};

static void put(struct cursor *c, const void *bytes, size_t n)
{
    if (n)
        memcpy(c->at, bytes, n);
    c->at += n;
}

static void put_u16(struct cursor *c, size_t v)
{
    uint16_t le = htole16((uint16_t)v);
    put(c, &le, sizeof(le));
}

static void put_u32(struct cursor *c, size_t v)
{
    uint32_t le = htole32((uint32_t)v);
    put(c, &le, sizeof(le));
}

static void put_u64(struct cursor *c, uint64_t v)
{
    uint64_t le = htole64(v);
    put(c, &le, sizeof(le));
}

static void put_length(struct cursor *c, struct str s)
{
    put_u32(c, s.p ? s.n : ABSENT);
}

static void put_str(struct cursor *c, struct str s)
{
    put(c, s.p, s.n);
}

static size_t item_size(const struct log_item *item)
{
    return ENTRY_SIZE + item->reason.n + item->header.n + item->payload.n +
           (item->blob.n ? BLOB_BYTES : 0);
}

static size_t record_size(const struct log_record *r)
{
    size_t size = HEAD_SIZE + r->envelope_header.n + r->client_ip.n + r->user_agent.n +
                  r->origin.n + r->client.n;
    for (size_t i = 0; i < r->item_count; i++)
        size += item_size(&r->items[i]);
    return size;
}

static void put_head(struct cursor *c, const struct log_record *r)
{
    put_u16(c, RECORD_VERSION);
    put_u16(c, r->has_event_id ? FLAG_EVENT_ID : 0);
    put_u32(c, r->item_count);
    put(c, r->request_id.bytes, sizeof(r->request_id.bytes));
    put(c, r->event_id.bytes, sizeof(r->event_id.bytes));
    put_u64(c, (uint64_t)r->received);
    put_u64(c, (uint64_t)r->sent_at);
    put_u64(c, (uint64_t)r->project_id);
    put_u64(c, (uint64_t)r->key_id);
    put_length(c, r->envelope_header);
    put_length(c, r->client_ip);
    put_length(c, r->user_agent);
    put_length(c, r->origin);
    put_length(c, r->client);
}

static void put_entry(struct cursor *c, const struct log_item *item)
{
    unsigned char kinds[2] = {(unsigned char)item->type, (unsigned char)item->verdict};
    put(c, kinds, sizeof(kinds));
    put_u16(c, item->reason.n);
    put_length(c, item->header);
    put_length(c, item->payload);
    put_u32(c, (item->blob.n ? FLAG_BLOB : 0) | (size_t)item->category << CATEGORY_SHIFT);
    put_u64(c, item->quantity);
}

static void put_item_bytes(struct cursor *c, const struct log_item *item)
{
    put_str(c, item->reason);
    put_str(c, item->header);
    put_str(c, item->payload);
    if (!item->blob.n)
        return;
    uint8_t name[BLOB_BYTES] = {0};
    text_unhex(str_slice(item->blob, 0, BLOB_DIGITS), name);
    put(c, name, sizeof(name));
}

char *log_record_frame(struct arena *a, const struct log_record *r, size_t *payload_size)
{
    *payload_size = record_size(r);
    char *frame = arena_alloc(a, (size_t)frame_padded(FRAME_SIZE + (int64_t)*payload_size));
    struct cursor c = {frame + FRAME_SIZE};
    put_head(&c, r);
    for (size_t i = 0; i < r->item_count; i++)
        put_entry(&c, &r->items[i]);
    put_str(&c, r->envelope_header);
    put_str(&c, r->client_ip);
    put_str(&c, r->user_agent);
    put_str(&c, r->origin);
    put_str(&c, r->client);
    for (size_t i = 0; i < r->item_count; i++)
        put_item_bytes(&c, &r->items[i]);
    return frame;
}

struct str log_record_encode(struct arena *a, const struct log_record *r)
{
    size_t size;
    const char *frame = log_record_frame(a, r, &size);
    return (struct str){frame + FRAME_SIZE, size};
}

/* Sticky: a take past the end yields zeros and marks the source short. */
struct source {
    struct str rest;
    bool is_short;
};

static const char *take(struct source *s, size_t n)
{
    if (n > s->rest.n) {
        s->is_short = true;
        return NULL;
    }
    const char *p = s->rest.p;
    s->rest = str_slice(s->rest, n, s->rest.n);
    return p;
}

static void take_bytes(struct source *s, void *to, size_t n)
{
    const char *p = take(s, n);
    if (p)
        memcpy(to, p, n);
}

static uint16_t take_u16(struct source *s)
{
    uint16_t le = 0;
    take_bytes(s, &le, sizeof(le));
    return le16toh(le);
}

static uint32_t take_u32(struct source *s)
{
    uint32_t le = 0;
    take_bytes(s, &le, sizeof(le));
    return le32toh(le);
}

static int64_t take_i64(struct source *s)
{
    uint64_t le = 0;
    take_bytes(s, &le, sizeof(le));
    return (int64_t)le64toh(le);
}

/* Until the bytes are reached a str holds only its length; ABSENT stays apart from empty. */
static struct str take_length(struct source *s)
{
    return (struct str){NULL, take_u32(s)};
}

static void take_str(struct source *s, struct str *out)
{
    size_t n = out->n;
    *out = (struct str){0};
    if (n == ABSENT)
        return;
    const char *p = take(s, n);
    if (p)
        *out = (struct str){p, n};
}

static void take_head(struct source *s, struct log_record *r)
{
    r->has_event_id = take_u16(s) & FLAG_EVENT_ID;
    r->item_count = take_u32(s);
    take_bytes(s, r->request_id.bytes, sizeof(r->request_id.bytes));
    take_bytes(s, r->event_id.bytes, sizeof(r->event_id.bytes));
    r->received = take_i64(s);
    r->sent_at = take_i64(s);
    r->project_id = take_i64(s);
    r->key_id = take_i64(s);
    r->envelope_header = take_length(s);
    r->client_ip = take_length(s);
    r->user_agent = take_length(s);
    r->origin = take_length(s);
    r->client = take_length(s);
}

static void take_entry(struct source *s, struct log_item *item)
{
    unsigned char kinds[2] = {0};
    take_bytes(s, kinds, sizeof(kinds));
    item->type = kinds[0] < ITEM_TYPE_COUNT ? (enum item_type)kinds[0] : ITEM_UNKNOWN;
    item->verdict = (enum outcome)kinds[1];
    item->reason.n = take_u16(s);
    item->header = take_length(s);
    item->payload = take_length(s);
    uint32_t flags = take_u32(s);
    item->blob.n = flags & FLAG_BLOB;
    item->category = (enum category)(flags >> CATEGORY_SHIFT & CATEGORY_MASK);
    item->quantity = (uint64_t)take_i64(s);
}

static void take_item_bytes(struct arena *a, struct source *s, struct log_item *item)
{
    take_str(s, &item->reason);
    take_str(s, &item->header);
    take_str(s, &item->payload);
    if (!item->blob.n)
        return;
    const char *name = take(s, BLOB_BYTES);
    item->blob = name ? text_hex(a, name, BLOB_BYTES) : (struct str){0};
    if (name)
        memcpy(item->blob_id.bytes, name, sizeof(item->blob_id.bytes));
}

bool log_record_decode(struct arena *a, struct str bytes, struct log_record *out)
{
    struct source s = {bytes, false};
    *out = (struct log_record){0};
    if (take_u16(&s) != RECORD_VERSION)
        return false;
    take_head(&s, out);
    if (s.is_short || out->item_count > LOG_ITEMS_MAX)
        return false;
    out->items = arena_alloc(a, out->item_count * sizeof(*out->items));
    for (size_t i = 0; i < out->item_count; i++)
        take_entry(&s, &out->items[i]);
    take_str(&s, &out->envelope_header);
    take_str(&s, &out->client_ip);
    take_str(&s, &out->user_agent);
    take_str(&s, &out->origin);
    take_str(&s, &out->client);
    for (size_t i = 0; i < out->item_count; i++)
        take_item_bytes(a, &s, &out->items[i]);
    return !s.is_short && s.rest.n == 0;
}
