#include "worker/digest/container.h"

enum { DEPTH_MAX = 64, SETTINGS_DEPTH_MAX = 4 };

/* Of one item: it is some thirty times smaller, and its tree at most fifty times larger. */
#define ITEM_MEMORY ((size_t)256 << 20)

/* Where an item's JSON lies in the payload; empty when it is no object. */
struct stretch_of_item {
    uint32_t from, to;
};

struct container {
    struct reading *r;
    const struct container_type *type;
    struct stretch_of_item *items;
    size_t count, declared;
    int64_t version;
    struct str settings; /* "ingest_settings" as written */
};

/* ---- what the payload holds */

/* The value whose first token was just read, as written; false when it is broken. */
static bool take_value(struct jr *j, enum jr_kind kind, struct stretch_of_item *out)
{
    bool is_object = kind == JR_OBJECT;
    size_t from = jr_offset(j);
    if (!jr_skip(j, kind))
        return false;
    *out = (struct stretch_of_item){0};
    if (is_object)
        *out = (struct stretch_of_item){(uint32_t)from - 1, (uint32_t)jr_offset(j)};
    return true;
}

static bool scan_items(struct container *c, struct jr *j)
{
    c->count = 0;
    if (jr_next(j) != JR_ARRAY)
        return false;
    for (enum jr_kind kind; (kind = jr_next(j)) != JR_ARRAY_END; c->count++)
        if (kind == JR_ERROR || c->count == c->declared ||
            !take_value(j, kind, &c->items[c->count]))
            return false;
    return true;
}

static bool scan_version(struct container *c, struct jr *j)
{
    enum jr_kind kind = jr_next(j);
    struct str digits = kind == JR_NUMBER ? jr_text(j, c->r->scratch) : S("");
    c->version = digits.n == 1 ? digits.p[0] - '0' : 0;
    return kind != JR_ERROR && jr_skip(j, kind);
}

static bool scan_other(struct container *c, struct jr *j, bool is_settings)
{
    struct stretch_of_item at = {0};
    enum jr_kind kind = jr_next(j);
    if (kind == JR_ERROR || !take_value(j, kind, &at))
        return false;
    if (is_settings)
        c->settings = str_slice(c->r->item->payload, at.from, at.to);
    return true;
}

static bool scan_member(struct container *c, struct jr *j)
{
    if (jr_is(j, S("items")))
        return scan_items(c, j);
    if (jr_is(j, S("version")))
        return scan_version(c, j);
    return scan_other(c, j, jr_is(j, S("ingest_settings")));
}

static bool scan(struct container *c)
{
    struct jr j;
    jr_begin_folding(&j, c->r->item->payload, DEPTH_MAX);
    if (jr_next(&j) != JR_OBJECT)
        return false;
    for (enum jr_kind kind; (kind = jr_next(&j)) != JR_OBJECT_END;)
        if (kind != JR_KEY || !scan_member(c, &j))
            return false;
    return jr_next(&j) == JR_END && c->count == c->declared;
}

/* ---- what may be in it */

/* The header says what is inside, and how many. */
static bool read_header(struct container *c)
{
    const struct jt *header = reading_header(c->r);
    int64_t declared = 0;
    if (!jt_int64(jt_get(header, S("item_count")), &declared) || declared < 0 ||
        !str_eq(jt_get_str(header, S("content_type")), c->type->content_type) ||
        (uint64_t)declared > c->r->item->payload.n)
        return false;
    c->declared = (size_t)declared;
    c->items = arena_take(c->r->scratch, (c->declared + 1) * sizeof(*c->items));
    return true;
}

static bool has_sibling(const struct reading *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->record.item_count; i++)
        count += r->record.items[i].type == r->item->type;
    return count > 1;
}

/* Why the whole container is refused; absent when it is sound. */
static struct str fault_of(struct container *c)
{
    if (c->r->policy->broken)
        return S("project_state_pii");
    if (has_sibling(c->r))
        return S("duplicate_item");
    return read_header(c) && scan(c) ? (struct str){0} : c->type->fault;
}

/* Older SDKs cannot say what they want: they get the browser, as ever, but no address. */
static void read_settings(const struct container *c, struct container_item *item)
{
    const char *error;
    const struct jt *settings =
        c->settings.n ? jt_read(c->r->scratch, c->settings, SETTINGS_DEPTH_MAX, &error) : NULL;
    struct str address = jt_get_str(settings, S("infer_ip"));
    struct str browser = jt_get_str(settings, S("infer_user_agent"));
    item->infer_address = str_eq(address, S("auto"));
    item->infer_user_agent = browser.p ? str_eq(browser, S("auto")) : c->version < 2;
}

/* ---- its items */

struct tally {
    int64_t items, bytes;
};

static void count_bytes(const struct container *c, const struct tally *accepted,
                        const struct tally *invalid)
{
    if (c->type->bytes == CATEGORY_NONE)
        return;
    if (accepted->bytes)
        reading_count(c->r, c->type->bytes, accepted->bytes);
    if (invalid->bytes)
        reading_count_refused(c->r, c->type->bytes, invalid->bytes, OUTCOME_INVALID,
                              c->type->fault);
}

static void count(const struct container *c, const struct tally *accepted,
                  const struct tally *invalid)
{
    struct reading *r = c->r;
    enum category category = r->to->category;
    r->to->quantity = accepted->items ? accepted->items : invalid->items;
    if (!r->to->quantity)
        r->to->category = CATEGORY_NONE;
    count_bytes(c, accepted, invalid);
    if (accepted->items && invalid->items)
        reading_count_refused(r, category, invalid->items, OUTCOME_INVALID, c->type->fault);
    else if (invalid->items)
        reading_refuse(r, OUTCOME_INVALID, c->type->fault);
}

static bool digest_one(const struct container *c, struct container_item *item)
{
    const char *error;
    struct stretch_of_item at = c->items[item->index];
    item->bytes = at.to - at.from;
    if (!item->bytes || item->bytes > c->type->item_most)
        return false;
    arena_reset(item->arena);
    item->json =
        jt_read(item->arena, str_slice(c->r->item->payload, at.from, at.to), DEPTH_MAX, &error);
    return item->json && c->type->digest(item);
}

static void digest_items(struct container *c)
{
    struct tally accepted = {0}, invalid = {0};
    struct container_item item = {.r = c->r, .arena = arena_new(ITEM_MEMORY)};
    read_settings(c, &item);
    for (; item.index < c->count; item.index++) {
        struct tally *to = digest_one(c, &item) ? &accepted : &invalid;
        to->items++;
        to->bytes += (int64_t)item.bytes;
    }
    arena_free(item.arena);
    count(c, &accepted, &invalid);
}

void container_digest(struct reading *r, const struct container_type *type)
{
    struct container c = {.r = r, .type = type};
    struct str fault = fault_of(&c);
    if (!fault.p) {
        digest_items(&c);
        return;
    }
    reading_refuse(r, OUTCOME_INVALID, fault);
    if (type->bytes != CATEGORY_NONE)
        reading_count_refused(r, type->bytes, (int64_t)r->item->payload.n, OUTCOME_INVALID, fault);
}
