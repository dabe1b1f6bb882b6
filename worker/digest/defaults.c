#include "worker/digest/defaults.h"

#include "base/text.h"
#include "worker/digest/scalar.h"
#include "worker/digest/tags.h"

enum { LOGGER_MAX = 64, FINGERPRINT_MAX = 64 };

static const struct str platforms[] = {
    {"as3", 3},         {"c", 1},      {"cfml", 4},   {"cocoa", 5},   {"csharp", 6},
    {"elixir", 6},      {"go", 2},     {"groovy", 6}, {"haskell", 7}, {"java", 4},
    {"javascript", 10}, {"native", 6}, {"node", 4},   {"objc", 4},    {"other", 5},
    {"perl", 4},        {"php", 3},    {"python", 6}, {"ruby", 4},
};

static void set_text(struct normalizer *n, struct str key, struct str text)
{
    jt_set(n->event, key, jt_new_str(n->arena, text));
}

void defaults_platform(struct normalizer *n)
{
    struct str platform = normalize_text(n, S("platform"));
    n->out->platform = S("other");
    for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++)
        if (str_eq(platform, platforms[i]))
            n->out->platform = platforms[i];
    set_text(n, S("platform"), n->out->platform);
}

/* The interfaces whose presence names the type, in order. */
static const struct {
    struct str interface, type;
    enum category category;
} typed[] = {
    {{"csp", 3}, {"csp", 3}, CATEGORY_SECURITY},
    {{"hpkp", 4}, {"hpkp", 4}, CATEGORY_SECURITY},
    {{"expectct", 8}, {"expectct", 8}, CATEGORY_SECURITY},
    {{"expectstaple", 12}, {"expectstaple", 12}, CATEGORY_SECURITY},
};

static bool has_exception(const struct jt *event)
{
    const struct jt *values = normalize_values(event, S("exception"));
    return values && values->count;
}

static struct str inferred_type(const struct jt *event, enum category *category)
{
    *category = CATEGORY_ERROR;
    if (has_exception(event))
        return S("error");
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        if (!jt_get(event, typed[i].interface))
            continue;
        *category = typed[i].category;
        return typed[i].type;
    }
    return jt_get(jt_get(event, S("contexts")), S("nel")) ? S("nel") : S("default");
}

static void normalize_type(struct normalizer *n)
{
    struct event *out = n->out;
    if (n->item_type == ITEM_TRANSACTION || n->item_type == ITEM_FEEDBACK) {
        out->type = item_type_name(n->item_type);
        out->category = item_type_category(n->item_type);
    } else {
        out->type = inferred_type(n->event, &out->category);
    }
    set_text(n, S("type"), out->type);
}

/* Only transactions are measured. */
static void drop_measurements(struct normalizer *n)
{
    if (n->item_type != ITEM_TRANSACTION)
        normalize_drop(n, jt_get(n->event, S("measurements")));
}

static void normalize_level(struct normalizer *n)
{
    struct str name = normalize_text(n, S("level"));
    n->out->level = n->item_type == ITEM_TRANSACTION ? LEVEL_INFO : LEVEL_ERROR;
    for (int level = LEVEL_DEBUG; level <= LEVEL_FATAL; level += LEVEL_DEBUG)
        if (str_eq(name, event_level_name((enum event_level)level)))
            n->out->level = (enum event_level)level;
    set_text(n, S("level"), event_level_name(n->out->level));
}

/* com.example.shop.cart.CartService -> *cart.CartService: the end says more than the start. */
static struct str shorten_from_left(struct arena *a, struct str name)
{
    struct str tail = str_from(name, name.n - (LOGGER_MAX - 1));
    size_t dot = str_index(tail, '.');
    if (dot + 1 < tail.n)
        tail = str_from(tail, dot + 1);
    return str_of(arena_printf(a, "*%.*s", STR_ARG(tail)));
}

static struct str fitting_logger(struct normalizer *n, struct str name)
{
    bool broken = str_index(name, '\n') < name.n || str_index(name, '\r') < name.n;
    if (broken)
        return S("");
    if (text_points(name) <= LOGGER_MAX)
        return name;
    if (str_eq(n->out->platform, S("java")) && text_points(name) == name.n)
        return shorten_from_left(n->arena, name);
    return text_ellipsis(n->arena, name, LOGGER_MAX);
}

static void normalize_logger(struct normalizer *n)
{
    n->out->logger = fitting_logger(n, str_trim(normalize_text(n, S("logger"))));
    if (!n->out->logger.p)
        n->out->logger = S("");
    set_text(n, S("logger"), n->out->logger);
}

/* "sentry.python/2.1.0", or a blank in place of the slash. */
static void normalize_sdk(struct normalizer *n)
{
    struct str client = n->record->client;
    if (jt_get(n->event, S("sdk")) || !client.n)
        return;
    size_t at = str_index(client, '/');
    at = at < client.n ? at : str_index(client, ' ');
    if (at == client.n || at == 0)
        return;
    struct jt *sdk = jt_new(n->arena, JT_OBJECT);
    jt_set(sdk, S("name"), jt_new_str(n->arena, str_slice(client, 0, at)));
    jt_set(sdk, S("version"), jt_new_str(n->arena, str_from(client, at + 1)));
    jt_set(n->event, S("sdk"), sdk);
}

struct fingerprint {
    struct normalizer *n;
    size_t kept;
};

/* Parts that are no primitive go, each with an error. */
static bool part_stays(struct jt *part, void *arg)
{
    struct fingerprint *f = arg;
    struct normalizer *n = f->n;
    const char *why = scalar_lenient(n->arena, part);
    if (why)
        meta_error(&n->meta, "invalid_data", part, str_of(why));
    return !why && f->kept++ < FINGERPRINT_MAX;
}

static void normalize_fingerprint(struct normalizer *n)
{
    struct jt *fingerprint = jt_get(n->event, S("fingerprint"));
    if (!fingerprint)
        return;
    meta_enter(&n->meta, fingerprint->key);
    bool list = fingerprint->kind == JT_ARRAY;
    if (!list && fingerprint->kind != JT_NULL)
        meta_error(&n->meta, "invalid_data", fingerprint, S("expected a list"));
    struct fingerprint run = {.n = n};
    if (list)
        jt_filter(fingerprint, part_stays, &run);
    if (!list || !fingerprint->count)
        normalize_drop(n, fingerprint);
    meta_leave(&n->meta);
}

/* Apple's old images carry their id as "uuid". */
static void convert_apple(struct normalizer *n, struct jt *image)
{
    struct jt *id = jt_get(image, S("uuid"));
    if (!str_eq(jt_get_str(image, S("type")), S("apple")))
        return;
    jt_set(image, S("type"), jt_new_str(n->arena, S("macho")));
    if (!id)
        return;
    jt_remove(image, id);
    jt_set(image, S("debug_id"), id);
}

static bool image_is_known(struct jt *image, void *normalizer)
{
    static const char *const types[] = {"symbolic", "elf",       "macho", "pe",      "pe_dotnet",
                                        "wasm",     "sourcemap", "jvm",   "proguard"};
    struct normalizer *n = normalizer;
    convert_apple(n, image);
    struct str type = jt_get_str(image, S("type"));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (str_eq(type, str_of(types[i])))
            return true;
    meta_error(&n->meta, "invalid_data", image, S("unsupported debug image type"));
    return false;
}

static void normalize_images(struct normalizer *n)
{
    struct jt *images = jt_get(jt_get(n->event, S("debug_meta")), S("images"));
    meta_enter(&n->meta, S("debug_meta"));
    meta_enter(&n->meta, S("images"));
    if (images)
        jt_filter(images, image_is_known, n);
    meta_leave(&n->meta);
    meta_leave(&n->meta);
}

void defaults_normalize(struct normalizer *n)
{
    normalize_type(n);
    drop_measurements(n);
    normalize_level(n);
    normalize_logger(n);
    normalize_sdk(n);
    normalize_fingerprint(n);
    normalize_images(n);
    n->out->transaction = str_trim(normalize_text(n, S("transaction")));
    if (!n->out->transaction.n)
        n->out->transaction = (struct str){0};
    if (!jt_get(n->event, S("extra")))
        jt_set(n->event, S("extra"), jt_new(n->arena, JT_OBJECT));
    if (!jt_get(n->event, S("version")))
        set_text(n, S("version"), S("7"));
}
