#include "worker/scrub/selector.h"

#include "base/text.h"

enum item_kind { ITEM_TYPE, ITEM_INDEX, ITEM_KEY, ITEM_WILDCARD, ITEM_DEEP };

struct item {
    enum item_kind kind;
    enum value_type type;
    uint64_t index;
    struct str key;
};

struct selector {
    enum selector_kind kind;
    struct selector *first, *last; /* parts of AND, OR, NOT */
    struct selector *next;
    size_t count; /* of items */
    struct item *items;
};

/* The first name is the one that is printed. */
static const struct {
    struct str name;
    enum value_type type;
} type_names[] = {
    {{"string", 6}, TYPE_STRING},
    {{"binary", 6}, TYPE_BINARY},
    {{"number", 6}, TYPE_NUMBER},
    {{"boolean", 7}, TYPE_BOOLEAN},
    {{"bool", 4}, TYPE_BOOLEAN},
    {{"datetime", 8}, TYPE_DATETIME},
    {{"array", 5}, TYPE_ARRAY},
    {{"list", 4}, TYPE_ARRAY},
    {{"object", 6}, TYPE_OBJECT},
    {{"event", 5}, TYPE_EVENT},
    {{"attachments", 11}, TYPE_ATTACHMENTS},
    {{"replay", 6}, TYPE_REPLAY},
    {{"error", 5}, TYPE_EXCEPTION},
    {{"exception", 9}, TYPE_EXCEPTION},
    {{"stack", 5}, TYPE_STACKTRACE},
    {{"stacktrace", 10}, TYPE_STACKTRACE},
    {{"frame", 5}, TYPE_FRAME},
    {{"http", 4}, TYPE_REQUEST},
    {{"request", 7}, TYPE_REQUEST},
    {{"user", 4}, TYPE_USER},
    {{"logentry", 8}, TYPE_LOGENTRY},
    {{"message", 7}, TYPE_MESSAGE},
    {{"thread", 6}, TYPE_THREAD},
    {{"breadcrumb", 10}, TYPE_BREADCRUMB},
    {{"log", 3}, TYPE_LOG},
    {{"trace_metric", 12}, TYPE_TRACE_METRIC},
    {{"span", 4}, TYPE_SPAN},
    {{"sdk", 3}, TYPE_SDK},
    {{"minidump", 8}, TYPE_MINIDUMP},
    {{"heap_memory", 11}, TYPE_HEAP_MEMORY},
    {{"stack_memory", 12}, TYPE_STACK_MEMORY},
};

enum { TYPE_NAMES = sizeof(type_names) / sizeof(type_names[0]) };

/* Names of old configurations for a whole selector. */
static const struct {
    struct str name;
    enum value_type type;
} legacy_names[] = {
    {{"freeform", 8}, TYPE_STRING}, {{"email", 5}, TYPE_STRING},   {{"sensitive", 9}, TYPE_STRING},
    {{"text", 4}, TYPE_STRING},     {{"databag", 7}, TYPE_OBJECT}, {{"container", 9}, TYPE_OBJECT},
};

static struct str value_type_name(enum value_type type)
{
    for (size_t i = 0; i < TYPE_NAMES; i++)
        if (type_names[i].type == type)
            return type_names[i].name;
    return (struct str){0};
}

struct selector *selector_new(struct arena *a, enum selector_kind kind)
{
    struct selector *s = arena_new_of(a, struct selector);
    s->kind = kind;
    return s;
}

void selector_add(struct selector *whole, struct selector *part)
{
    /* (a || b) || c is a || b || c. */
    bool same =
        whole->kind == part->kind && (part->kind == SELECTOR_AND || part->kind == SELECTOR_OR);
    struct selector *first = same ? part->first : part;
    if (whole->last)
        whole->last->next = first;
    else
        whole->first = first;
    whole->last = same ? part->last : part;
}

static struct selector *path_of(struct arena *a, const struct item *items, size_t count)
{
    struct selector *s = selector_new(a, SELECTOR_PATH);
    s->items = arena_take(a, count * sizeof(*items));
    memcpy(s->items, items, count * sizeof(*items));
    s->count = count;
    return s;
}

struct selector *selector_of_key(struct arena *a, struct str key)
{
    struct item item = {.kind = ITEM_KEY, .key = arena_str(a, key)};
    return path_of(a, &item, 1);
}

struct selector *selector_of_path(struct arena *a, const struct scrub_path *path, unsigned steps,
                                  int type)
{
    struct item items[SELECTOR_ITEMS_MAX];
    size_t typed = type != SELECTOR_NO_TYPE, count = steps + typed;
    if (!count || count > SELECTOR_ITEMS_MAX)
        return NULL;
    items[0] = (struct item){.kind = ITEM_TYPE, .type = typed ? (enum value_type)type : 0};
    for (size_t i = count; i-- > typed; path = path->parent)
        items[i] = path->key.p ? (struct item){.kind = ITEM_KEY, .key = path->key}
                               : (struct item){.kind = ITEM_WILDCARD};
    return path_of(a, items, count);
}

/* ---- Parsing. */

struct parser {
    struct arena *arena;
    struct str rest;
    unsigned nesting;
    const char *error;
};

static void skip_blanks(struct parser *p)
{
    size_t blanks = text_run(p->rest, 0, " ");
    p->rest = str_from(p->rest, blanks);
}

static bool take(struct parser *p, struct str token)
{
    skip_blanks(p);
    if (!str_starts(p->rest, token))
        return false;
    p->rest = str_from(p->rest, token.n);
    return true;
}

/* `&` and `&&` mean the same. */
static bool take_operator(struct parser *p, struct str single)
{
    return take(p, single) && (take(p, single), true);
}

static bool fail(struct parser *p, const char *why)
{
    if (!p->error)
        p->error = why;
    return false;
}

static struct str take_run(struct parser *p, size_t n)
{
    struct str run = str_slice(p->rest, 0, n);
    p->rest = str_from(p->rest, n);
    return run;
}

static bool parse_type(struct parser *p, struct item *item)
{
    struct str name = take_run(p, text_run(p->rest, 0, "abcdefghijklmnopqrstuvwxyz_"));
    item->kind = ITEM_TYPE;
    for (size_t i = 0; i < TYPE_NAMES; i++) {
        if (!str_eq(type_names[i].name, name))
            continue;
        item->type = type_names[i].type;
        return true;
    }
    return fail(p, "unknown value");
}

/* Length of the quoted text that `rest` begins with, without the quote that ends it. */
static size_t quoted_length(struct str rest)
{
    size_t n = str_index(rest, '\'');
    while (n + 1 < rest.n && rest.p[n + 1] == '\'')
        n += 2 + str_index(str_from(rest, n + 2), '\'');
    return n;
}

static bool parse_quoted(struct parser *p, struct item *item)
{
    size_t length = quoted_length(p->rest), n = 0;
    if (!p->rest.p || length == p->rest.n)
        return fail(p, "missing quote");
    struct str quoted = take_run(p, length);
    p->rest = str_from(p->rest, 1);
    char *key = arena_take(p->arena, length + 1);
    for (size_t i = 0; i < length; i += quoted.p[i] == '\'' ? 2 : 1)
        key[n++] = quoted.p[i];
    item->kind = ITEM_KEY;
    item->key = (struct str){key, n};
    return n > 0 || fail(p, "empty key");
}

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS "0123456789"

static bool parse_index(struct parser *p, struct item *item)
{
    item->kind = ITEM_INDEX;
    return text_uint64(take_run(p, text_run(p->rest, 0, DIGITS)), &item->index) ||
           fail(p, "invalid index");
}

static bool parse_key(struct parser *p, struct item *item)
{
    if (!text_run(str_slice(p->rest, 0, 1), 0, LETTERS))
        return fail(p, "expected a selector");
    struct str key = take_run(p, text_run(p->rest, 0, LETTERS DIGITS "-"));
    item->kind = ITEM_KEY;
    item->key = arena_str(p->arena, key);
    return true;
}

static bool parse_item(struct parser *p, struct item *item)
{
    *item = (struct item){0};
    if (take(p, S("$")))
        return parse_type(p, item);
    if (take(p, S("'")))
        return parse_quoted(p, item);
    bool wild = take(p, S("*"));
    if (wild) {
        bool deep = str_starts(p->rest, S("*"));
        p->rest = str_from(p->rest, deep);
        item->kind = deep ? ITEM_DEEP : ITEM_WILDCARD;
        return true;
    }
    return text_run(str_slice(p->rest, 0, 1), 0, DIGITS) ? parse_index(p, item)
                                                         : parse_key(p, item);
}

static struct selector *parse_path(struct parser *p)
{
    struct item items[SELECTOR_ITEMS_MAX];
    size_t count = 0, deep = 0;
    do {
        if (count == SELECTOR_ITEMS_MAX)
            return fail(p, "path is too long"), NULL;
        if (!parse_item(p, &items[count]))
            return NULL;
        deep += items[count++].kind == ITEM_DEEP;
    } while (take(p, S(".")));
    if (deep > 1)
        return fail(p, "deep wildcard used more than once"), NULL;
    if (count == 1 && items[0].kind == ITEM_WILDCARD)
        return fail(p, "wildcard must be part of a path"), NULL;
    return path_of(p->arena, items, count);
}

static struct selector *parse_list(struct parser *p, enum selector_kind kind);

static struct selector *parse_group(struct parser *p)
{
    if (!take(p, S("(")))
        return parse_path(p);
    if (p->nesting++ == SELECTOR_NESTING_MAX)
        return fail(p, "nested too deeply"), NULL;
    struct selector *s = parse_list(p, SELECTOR_OR);
    p->nesting--;
    if (s && !take(p, S(")")))
        return fail(p, "missing parenthesis"), NULL;
    return s;
}

static struct selector *parse_unary(struct parser *p)
{
    if (!take(p, S("!")) && !take(p, S("~")))
        return parse_group(p);
    struct selector *inner = parse_group(p);
    if (!inner)
        return NULL;
    struct selector *s = selector_new(p->arena, SELECTOR_NOT);
    selector_add(s, inner);
    return s;
}

/* A list of one is that one. */
static struct selector *parse_list(struct parser *p, enum selector_kind kind)
{
    bool or = kind == SELECTOR_OR;
    struct selector *list = selector_new(p->arena, kind);
    do {
        struct selector *part = or ? parse_list(p, SELECTOR_AND) : parse_unary(p);
        if (!part)
            return NULL;
        selector_add(list, part);
    } while (take_operator(p, or ? S("|") : S("&")));
    return list->first == list->last ? list->first : list;
}

struct selector *selector_parse_plain(struct arena *a, struct str text, const char **error)
{
    struct parser p = {.arena = a, .rest = text};
    *error = "selector is too long";
    if (!text.p || text.n > SELECTOR_TEXT_MAX)
        return NULL;
    struct selector *s = parse_list(&p, SELECTOR_OR);
    skip_blanks(&p);
    if (s && p.rest.n)
        fail(&p, "unexpected text after the selector");
    *error = p.error;
    return p.error ? NULL : s;
}

struct selector *selector_parse(struct arena *a, struct str text, const char **error)
{
    for (size_t i = 0; i < sizeof(legacy_names) / sizeof(legacy_names[0]); i++) {
        struct item item = {.kind = ITEM_TYPE, .type = legacy_names[i].type};
        if (str_eq(text, legacy_names[i].name))
            return path_of(a, &item, 1);
    }
    return selector_parse_plain(a, text, error);
}

/* ---- Printing. */

static bool needs_quotes(struct str key)
{
    return !text_run(str_slice(key, 0, 1), 0, LETTERS) ||
           text_run(key, 0, LETTERS DIGITS "-") < key.n;
}

static void print_key(struct str key, struct buf *out)
{
    if (!needs_quotes(key)) {
        buf_put_str(out, key);
        return;
    }
    buf_putc(out, '\'');
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] == '\'')
            buf_putc(out, '\'');
        buf_putc(out, key.p[i]);
    }
    buf_putc(out, '\'');
}

static void print_item(const struct item *item, struct buf *out)
{
    switch (item->kind) {
    case ITEM_TYPE:
        buf_putc(out, '$');
        buf_put_str(out, value_type_name(item->type));
        break;
    case ITEM_INDEX:
        buf_printf(out, "%llu", (unsigned long long)item->index);
        break;
    case ITEM_KEY:
        print_key(item->key, out);
        break;
    case ITEM_WILDCARD:
        buf_putc(out, '*');
        break;
    case ITEM_DEEP:
        buf_puts(out, "**");
        break;
    }
}

static bool needs_parentheses(const struct selector *part, enum selector_kind within)
{
    if (within == SELECTOR_NOT)
        return part->kind != SELECTOR_PATH;
    return within == SELECTOR_AND && part->kind == SELECTOR_OR;
}

static void print_part(const struct selector *part, enum selector_kind within, struct buf *out)
{
    bool wrapped = needs_parentheses(part, within);
    if (wrapped)
        buf_putc(out, '(');
    selector_print(part, out);
    if (wrapped)
        buf_putc(out, ')');
}

void selector_print(const struct selector *s, struct buf *out)
{
    if (s->kind == SELECTOR_NOT)
        buf_putc(out, '!');
    for (const struct selector *part = s->first; part; part = part->next) {
        if (part != s->first)
            buf_puts(out, s->kind == SELECTOR_AND ? " && " : " || ");
        print_part(part, s->kind, out);
    }
    for (size_t i = 0; i < s->count; i++) {
        if (i)
            buf_putc(out, '.');
        print_item(&s->items[i], out);
    }
}

/* ---- Order. */

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_items(const struct item *a, const struct item *b)
{
    if (a->kind != b->kind)
        return order(a->kind, b->kind);
    if (a->kind == ITEM_KEY)
        return str_compare(a->key, b->key);
    return a->kind == ITEM_TYPE ? order(a->type, b->type) : order(a->index, b->index);
}

static int compare_paths(const struct selector *a, const struct selector *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int items = compare_items(&a->items[i], &b->items[i]);
        if (items)
            return items;
    }
    return order(a->count, b->count);
}

int selector_compare(const struct selector *a, const struct selector *b)
{
    if (a->kind != b->kind)
        return order(a->kind, b->kind);
    if (a->kind == SELECTOR_PATH)
        return compare_paths(a, b);
    const struct selector *x = a->first, *y = b->first;
    for (; x && y; x = x->next, y = y->next) {
        int parts = selector_compare(x, y);
        if (parts)
            return parts;
    }
    return (x != NULL) - (y != NULL);
}

/* ---- Matching. */

/* Types that say nothing about where a value is cannot name the place of a PII_MAYBE field. */
static bool is_basic(enum value_type type)
{
    return type <= TYPE_OBJECT;
}

static bool reaches_maybe(const struct item *items, size_t i)
{
    if (items[i].kind == ITEM_TYPE)
        return i == 0 && !is_basic(items[i].type);
    return items[i].kind != ITEM_DEEP;
}

/* `i` is the item's place in its path, `pii` that of the value at the path's end. */
static bool item_matches(const struct item *items, size_t i, enum pii pii,
                         const struct scrub_path *at)
{
    const struct item *item = &items[i];
    if (pii == PII_MAYBE && !reaches_maybe(items, i))
        return false;
    switch (item->kind) {
    case ITEM_KEY:
        return at->key.p && at->key.n == item->key.n && str_case_eq(at->key, item->key);
    case ITEM_TYPE:
        return (at->types & TYPE_BIT(item->type)) != 0;
    case ITEM_INDEX:
        return at->parent && !at->key.p && at->index == item->index;
    default:
        return at->parent != NULL;
    }
}

/* Items 0..count-1 on consecutive steps whose last is `at`. */
static bool run_matches(const struct selector *s, size_t count, enum pii pii,
                        const struct scrub_path *at)
{
    for (size_t i = count; i--; at = at->parent)
        if (!at || !item_matches(s->items, i, pii, at))
            return false;
    return true;
}

static bool path_matches(const struct selector *s, const struct scrub_path *path)
{
    const struct scrub_path *at = path;
    for (size_t i = s->count; i--; at = at->parent) {
        if (!at || !item_matches(s->items, i, path->pii, at))
            return false;
        if (s->items[i].kind != ITEM_DEEP)
            continue;
        /* The wildcard took one step; it may take more until what precedes it fits. */
        for (at = at->parent; at; at = at->parent)
            if (run_matches(s, i, path->pii, at))
                return true;
        return false;
    }
    return true;
}

bool selector_matches(const struct selector *s, const struct scrub_path *path)
{
    if (path->pii == PII_NONE)
        return false;
    if (s->kind == SELECTOR_PATH)
        return path_matches(s, path);
    if (s->kind == SELECTOR_NOT)
        return !selector_matches(s->first, path);
    bool any = s->kind == SELECTOR_OR;
    for (const struct selector *part = s->first; part; part = part->next)
        if (selector_matches(part, path) == any)
            return any;
    return !any;
}

bool selector_reaches_maybe(const struct selector *s)
{
    if (s->kind == SELECTOR_NOT)
        return true;
    bool all = s->kind != SELECTOR_OR;
    for (size_t i = 0; i < s->count; i++)
        if (!reaches_maybe(s->items, i))
            return false;
    for (const struct selector *part = s->first; part; part = part->next)
        if (selector_reaches_maybe(part) != all)
            return !all;
    return all;
}

uint64_t selector_key_bit(struct str key)
{
    unsigned last = key.n ? (unsigned char)key.p[key.n - 1] & 31 : 0;
    return UINT64_C(1) << ((key.n * 7 + last) & 63);
}

uint64_t selector_last_keys(const struct selector *s)
{
    if (s->kind == SELECTOR_NOT)
        return UINT64_MAX;
    if (s->kind == SELECTOR_PATH) {
        const struct item *last = &s->items[s->count - 1];
        return last->kind == ITEM_KEY ? selector_key_bit(last->key) : UINT64_MAX;
    }
    bool any = s->kind == SELECTOR_OR;
    uint64_t keys = any ? 0 : UINT64_MAX;
    for (const struct selector *part = s->first; part; part = part->next)
        keys = any ? keys | selector_last_keys(part) : keys & selector_last_keys(part);
    return keys;
}
