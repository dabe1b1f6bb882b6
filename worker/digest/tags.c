#include "worker/digest/tags.h"

#include "base/text.h"
#include "worker/digest/exceptions.h"
#include "worker/digest/pairs.h"
#include "worker/digest/release.h"
#include "worker/digest/scalar.h"
#include "worker/digest/user.h"

enum { TAG_MAX = 200 };

struct str event_level_name(enum event_level level)
{
    static const struct str names[] = {
        {"debug", 5}, {"info", 4}, {"warning", 7}, {"error", 5}, {"fatal", 5}};
    return names[level / 10 - 1];
}

/* The server sets these itself. */
static bool is_reserved(struct str key)
{
    static const struct str reserved[] = {
        {"release", 7}, {"dist", 4}, {"user", 4}, {"filename", 8}, {"function", 8}};
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (str_eq(key, reserved[i]))
            return true;
    return false;
}

static bool is_key_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("_.:-", c));
}

static const char *key_fault(struct str key)
{
    if (key.n > TAG_MAX)
        return "value_too_long";
    for (size_t i = 0; i < key.n; i++)
        if (!is_key_byte(key.p[i]))
            return "invalid_data";
    return key.n ? NULL : "invalid_data";
}

static const char *value_fault(struct str value)
{
    if (text_points(value) > TAG_MAX)
        return "value_too_long";
    return value.n && str_index(value, '\n') == value.n ? NULL : "invalid_data";
}

static struct str clean_key(struct arena *a, struct str key)
{
    key = str_trim(key);
    if (str_index(key, ' ') == key.n)
        return key;
    char *out = arena_strdup(a, key);
    for (size_t i = 0; i < key.n; i++)
        out[i] = out[i] == ' ' ? '-' : out[i];
    return (struct str){out, key.n};
}

/* Checks one half of a tag; an empty value is no fault, but no tag either. */
static bool check_half(struct normalizer *n, struct jt *half, bool is_key)
{
    if (half->kind == JT_NULL)
        return false;
    const char *why = scalar_lenient(n->arena, half);
    const char *fault = why ? "invalid_data" : NULL;
    if (!fault) {
        half->text = is_key ? clean_key(n->arena, half->text) : str_trim(half->text);
        fault = is_key ? key_fault(half->text) : value_fault(half->text);
    }
    if (!fault)
        return true;
    meta_enter_index(&n->meta, is_key ? 0 : 1);
    meta_error(&n->meta, fault, half, str_of(why));
    meta_leave(&n->meta);
    return false;
}

static void take_environment(struct normalizer *n, struct str value)
{
    if (jt_get(n->event, S("environment")) || !release_is_environment(value))
        return;
    jt_set(n->event, S("environment"), jt_new_str(n->arena, value));
}

struct tags_run {
    struct normalizer *n;
    size_t index, kept;
};

static bool tag_stays(struct jt *pair, void *arg)
{
    struct tags_run *run = arg;
    struct normalizer *n = run->n;
    meta_enter_index(&n->meta, run->index++);
    bool fine = check_half(n, pair_key(pair), true) && check_half(n, pair_value(pair), false);
    meta_leave(&n->meta);
    struct str key = fine ? pair_key(pair)->text : (struct str){0};
    if (!fine || is_reserved(key))
        return false;
    if (str_eq(key, S("environment"))) {
        take_environment(n, pair_value(pair)->text);
        return false;
    }
    return run->kept++ < TAGS_MAX;
}

/* server_name and site of old SDKs. */
static void add_field(struct normalizer *n, struct jt *pairs, struct str key)
{
    struct jt *field = jt_get(n->event, key);
    if (!field)
        return;
    normalize_drop(n, field);
    field->text = str_trim(field->text);
    if (field->text.n && !pairs_get(pairs, key))
        pairs_add(n->arena, pairs, key, field);
}

void tags_normalize(struct normalizer *n)
{
    struct jt *tags = jt_get(n->event, S("tags"));
    struct jt *pairs = pairs_of(n->arena, tags);
    struct tags_run run = {.n = n};
    if (!pairs)
        pairs = jt_new(n->arena, JT_ARRAY);
    meta_enter(&n->meta, S("tags"));
    jt_filter(pairs, tag_stays, &run);
    meta_leave(&n->meta);
    add_field(n, pairs, S("server_name"));
    add_field(n, pairs, S("site"));
    jt_set(n->event, S("tags"), pairs);
}

/* A context's tags: templates over its fields, under the context's key and a suffix. */
static const struct {
    struct str type, suffix, fields[2];
} context_tags[] = {
    {{"browser", 7}, {"", 0}, {{"name", 4}, {"version", 7}}},
    {{"browser", 7}, {".name", 5}, {{"name", 4}}},
    {{"os", 2}, {"", 0}, {{"name", 4}, {"version", 7}}},
    {{"os", 2}, {".name", 5}, {{"name", 4}}},
    {{"os", 2}, {".rooted", 7}, {{"rooted", 6}}},
    {{"runtime", 7}, {"", 0}, {{"name", 4}, {"version", 7}}},
    {{"runtime", 7}, {".name", 5}, {{"name", 4}}},
    {{"device", 6}, {"", 0}, {{"model", 5}}},
    {{"device", 6}, {".family", 7}, {{"family", 6}}},
    {{"app", 3}, {".device", 7}, {{"device_app_hash", 15}}},
    {{"gpu", 3}, {".name", 5}, {{"name", 4}}},
    {{"gpu", 3}, {".vendor", 7}, {{"vendor_name", 11}}},
    {{"monitor", 7}, {".id", 3}, {{"id", 2}}},
    {{"monitor", 7}, {".slug", 5}, {{"slug", 4}}},
};

struct collector {
    struct arena *arena;
    struct tag *tags;
    size_t count, room;
};

/* Of equal keys the first stays, so what the SDK sent is added first. */
static void add(struct collector *c, struct str key, struct str value)
{
    value = str_trim(value);
    if (!value.n || c->count == c->room || value_fault(value))
        return;
    c->tags[c->count++] = (struct tag){key, value};
}

static void add_cut(struct collector *c, struct str key, struct str value)
{
    value = str_slice(value, 0, str_index(value, '\n'));
    add(c, key, str_slice(value, 0, text_prefix(value, TAG_MAX)));
}

/* The text of a field of a context; booleans say yes or no. */
static struct str field_text(const struct jt *context, struct str key)
{
    const struct jt *v = jt_get(context, key);
    if (!v || v->kind == JT_ARRAY || v->kind == JT_OBJECT || v->kind == JT_NULL)
        return (struct str){0};
    if (v->kind == JT_TRUE || v->kind == JT_FALSE)
        return v->kind == JT_TRUE ? S("yes") : S("no");
    return v->text;
}

static void add_context(struct collector *c, const struct jt *context)
{
    struct str type = jt_get_str(context, S("type"));
    for (size_t i = 0; i < sizeof(context_tags) / sizeof(context_tags[0]); i++) {
        if (!str_eq(type, context_tags[i].type))
            continue;
        bool two = context_tags[i].fields[1].p != NULL;
        struct str value = field_text(context, context_tags[i].fields[0]);
        struct str more = two ? field_text(context, context_tags[i].fields[1]) : S("");
        if (!value.n || !more.p || (two && !more.n))
            continue;
        if (two)
            value = text_join(c->arena, value, S(" "), more);
        struct str key = context->key;
        if (context_tags[i].suffix.n)
            key = text_join(c->arena, key, S(""), context_tags[i].suffix);
        if (!key_fault(key))
            add_cut(c, key, value);
    }
}

static void add_contexts(struct collector *c, const struct jt *event)
{
    const struct jt *contexts = jt_get(event, S("contexts"));
    for (const struct jt *v = contexts ? contexts->first : NULL; v; v = v->next)
        add_context(c, v);
}

static void add_mechanism(struct collector *c, const struct normalizer *n)
{
    const struct jt *mechanism = jt_get(exceptions_last(n->event), S("mechanism"));
    add_cut(c, S("mechanism"), jt_get_str(mechanism, S("type")));
    if (n->out->handled >= 0)
        add(c, S("handled"), n->out->handled ? S("yes") : S("no"));
}

static void add_columns(struct collector *c, const struct normalizer *n)
{
    const struct event *out = n->out;
    add(c, S("level"), event_level_name(out->level));
    add_cut(c, S("logger"), out->logger);
    add(c, S("environment"), out->environment);
    add_cut(c, S("transaction"), out->transaction);
    add(c, S("release"), out->release);
    add(c, S("dist"), out->dist);
    add_cut(c, S("user"), user_tag(c->arena, n->event));
    add_cut(c, S("url"), jt_get_str(jt_get(n->event, S("request")), S("url")));
}

/* Stable, so that of equal keys the first added comes first.  There are few tags: insertion is
 * quick. */
static void sort_tags(struct tag *tags, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct tag moving = tags[i];
        size_t at = i;
        for (; at && str_compare(tags[at - 1].key, moving.key) > 0; at--)
            tags[at] = tags[at - 1];
        tags[at] = moving;
    }
}

static size_t drop_repeated(struct tag *tags, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!kept || !str_eq(tags[kept - 1].key, tags[i].key))
            tags[kept++] = tags[i];
    return kept;
}

/* Where a tag that was sent has gone; tag_count when it is gone altogether. */
static size_t place_of(const struct event *out, const struct jt *sent)
{
    size_t at = 0;
    while (at < out->tag_count && !(str_eq(out->tags[at].key, pair_key(sent)->text) &&
                                    str_eq(out->tags[at].value, str_trim(pair_value(sent)->text))))
        at++;
    return at;
}

static bool move_remark(struct jt *remark, void *of)
{
    const struct normalizer *n = of;
    const struct jt *sent = jt_get(n->event, S("tags"));
    uint64_t index;
    if (!text_uint64(remark->key, &index))
        return true;
    const struct jt *pair = jt_at(sent, index);
    size_t at = pair ? place_of(n->out, pair) : n->out->tag_count;
    if (at < n->out->tag_count)
        remark->key = str_of(arena_printf(n->arena, "%zu", at));
    return at < n->out->tag_count;
}

static void write_back(struct normalizer *n)
{
    struct jt *remarks = jt_get(n->meta.tree, S("tags"));
    if (remarks)
        jt_filter(remarks, move_remark, n);
    struct jt *pairs = jt_new(n->arena, JT_ARRAY);
    for (size_t i = 0; i < n->out->tag_count; i++)
        pairs_add(n->arena, pairs, n->out->tags[i].key,
                  jt_new_str(n->arena, n->out->tags[i].value));
    jt_set(n->event, S("tags"), pairs);
}

/* A person is one tag, user, but is looked for by any of its parts: those that the tag does not
 * name become tags for searching alone, which the event itself does not show. */
static void add_user_parts(struct collector *c, const struct jt *event)
{
    static const struct {
        struct str field, key;
    } parts[] = {{{"id", 2}, {"user.id", 7}},
                 {{"username", 8}, {"user.username", 13}},
                 {{"email", 5}, {"user.email", 10}},
                 {{"ip_address", 10}, {"user.ip", 7}}};
    const struct jt *user = jt_get(event, S("user"));
    bool named = false;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct str value = jt_get_str(user, parts[i].field);
        if (value.n && named)
            add_cut(c, parts[i].key, value);
        named |= value.n > 0;
    }
}

static void sort_out(struct normalizer *n, struct collector *c)
{
    sort_tags(c->tags, c->count);
    c->count = drop_repeated(c->tags, c->count);
    n->out->tags = c->tags;
    n->out->tag_count = c->count;
}

void tags_finish(struct normalizer *n)
{
    enum { OF_SERVER = 64 };
    const struct jt *sent = jt_get(n->event, S("tags"));
    struct collector c = {.arena = n->arena, .room = sent->count + OF_SERVER};
    c.tags = arena_take(n->arena, c.room * sizeof(struct tag));
    for (const struct jt *pair = sent->first; pair; pair = pair->next)
        add(&c, pair_key(pair)->text, pair_value(pair)->text);
    add_columns(&c, n);
    add_mechanism(&c, n);
    add_contexts(&c, n->event);
    sort_out(n, &c);
    write_back(n);
    add_user_parts(&c, n->event);
    sort_out(n, &c);
}
