#include "ingest/envelope.h"

#include "base/clock.h"
#include "base/jr.h"
#include "base/text.h"

enum { HEADER_MAX = 1 << 20, ITEM_HEADER_MAX = 64 << 10, HEADER_DEPTH = 64 };
/* Of one item's decoded texts: a broken byte grows to three, the shortest text takes sixteen. */
#define ITEM_ARENA_MAX ((size_t)1 << 20)

/* Reads the value after a key that a table names; false when it is not what it has to be. */
struct header_key {
    struct str name;
    bool (*read)(struct jr *r, enum jr_kind kind, struct arena *a, void *into);
};

static bool read_member(struct jr *r, const struct header_key *keys, struct arena *a, void *into)
{
    const struct header_key *key = keys;
    while (key->read && !jr_is(r, key->name))
        key++;
    enum jr_kind kind = jr_next(r);
    if (key->read && kind != JR_NULL)
        return key->read(r, kind, a, into);
    return jr_skip(r, kind);
}

/* The object at the beginning of `text`, its known members read; absent when there is none. */
static struct str read_header(struct str text, const struct header_key *keys, struct arena *a,
                              void *into)
{
    struct jr r;
    jr_begin_prefix(&r, text, HEADER_DEPTH);
    if (jr_next(&r) != JR_OBJECT)
        return (struct str){0};
    enum jr_kind kind;
    while ((kind = jr_next(&r)) == JR_KEY)
        if (!read_member(&r, keys, a, into))
            return (struct str){0};
    if (kind != JR_OBJECT_END)
        return (struct str){0};
    return str_slice(text, 0, jr_offset(&r));
}

static bool read_text(struct jr *r, enum jr_kind kind, struct arena *a, struct str *out)
{
    if (kind != JR_STRING)
        return false;
    *out = jr_text(r, a);
    return true;
}

/* Of no meaning unless it is text. */
static bool read_text_or_skip(struct jr *r, enum jr_kind kind, struct arena *a, struct str *out)
{
    return read_text(r, kind, a, out) || jr_skip(r, kind);
}

static bool read_number(struct jr *r, enum jr_kind kind, struct arena *a, int64_t *out)
{
    return kind == JR_NUMBER && text_int64(jr_text(r, a), out) && *out >= 0 && *out <= UINT32_MAX;
}

/* ---- the envelope's header */

static bool read_event_id(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    struct envelope *e = into;
    struct str text;
    return e->has_event_id = read_text(r, kind, a, &text) && uuid_parse(text, &e->event_id);
}

static bool read_dsn(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    return read_text(r, kind, a, &((struct envelope *)into)->dsn);
}

static bool read_origin(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    return read_text_or_skip(r, kind, a, &((struct envelope *)into)->origin);
}

static bool read_sent_at(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    struct str text;
    return read_text(r, kind, a, &text) && clock_parse(text, &((struct envelope *)into)->sent_at);
}

static const struct header_key envelope_keys[] = {
    {{"event_id", 8}, read_event_id},
    {{"dsn", 3}, read_dsn},
    {{"sent_at", 7}, read_sent_at},
    {{"origin", 6}, read_origin},
    {{0}, NULL},
};

/* What follows a header or a payload: a line end, or the end of the body. */
static bool take_newline(struct envelope *e)
{
    if (e->rest.n && *e->rest.p != '\n') {
        e->error = "missing newline after header or payload";
        return false;
    }
    e->rest = str_slice(e->rest, 1, e->rest.n);
    return true;
}

static void release_arena(void *arena)
{
    arena_free(arena);
}

bool envelope_begin(struct envelope *e, struct arena *a, struct str body)
{
    *e = (struct envelope){.arena = a, .item_arena = arena_new(ITEM_ARENA_MAX), .rest = body};
    arena_defer(a, release_arena, e->item_arena);
    if (str_trim(str_slice(body, 0, ITEM_HEADER_MAX)).n == 0) {
        e->error = "missing envelope header";
        return false;
    }
    e->header = read_header(str_slice(body, 0, HEADER_MAX), envelope_keys, a, e);
    if (!e->header.p) {
        e->error = "invalid envelope header";
        return false;
    }
    e->rest = str_slice(body, e->header.n, body.n);
    e->header = str_trim(e->header);
    return take_newline(e);
}

/* ---- items */

static bool read_type(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    return read_text(r, kind, a, &((struct envelope_item *)into)->type_name);
}

static bool read_length(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    struct envelope_item *item = into;
    return item->has_length = read_number(r, kind, a, &item->length);
}

static bool read_attachment_type(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    return read_text_or_skip(r, kind, a, &((struct envelope_item *)into)->attachment_type);
}

static bool read_content_type(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    return read_text_or_skip(r, kind, a, &((struct envelope_item *)into)->content_type);
}

static bool read_item_count(struct jr *r, enum jr_kind kind, struct arena *a, void *into)
{
    return read_number(r, kind, a, &((struct envelope_item *)into)->item_count) || jr_skip(r, kind);
}

static const struct header_key item_keys[] = {
    {{"type", 4}, read_type},
    {{"length", 6}, read_length},
    {{"attachment_type", 15}, read_attachment_type},
    {{"content_type", 12}, read_content_type},
    {{"item_count", 10}, read_item_count},
    {{0}, NULL},
};

static bool take_item_header(struct envelope *e, struct envelope_item *item)
{
    struct str text = str_slice(e->rest, 0, ITEM_HEADER_MAX);
    if (str_trim(text).n == 0) {
        e->error = "unexpected end of file";
        return false;
    }
    arena_reset(e->item_arena);
    item->header = read_header(text, item_keys, e->item_arena, item);
    if (!item->header.p || !item->type_name.p) {
        e->error = "invalid item header";
        return false;
    }
    e->rest = str_slice(e->rest, item->header.n, e->rest.n);
    item->header = str_trim(item->header);
    item->type = item_type_of(item->type_name);
    return take_newline(e);
}

static bool take_payload(struct envelope *e, struct envelope_item *item)
{
    size_t n = item->has_length ? (size_t)item->length : str_index(e->rest, '\n');
    if (n > e->rest.n) {
        e->error = "unexpected end of file";
        return false;
    }
    item->payload = n ? str_slice(e->rest, 0, n) : S("");
    e->rest = str_slice(e->rest, n, e->rest.n);
    return take_newline(e);
}

bool envelope_next(struct envelope *e, struct envelope_item *item)
{
    *item = (struct envelope_item){0};
    return !e->error && e->rest.n && take_item_header(e, item) && take_payload(e, item);
}
