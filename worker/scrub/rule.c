#include "worker/scrub/rule.h"

#include "base/map.h"
#include "base/text.h"
#include "worker/scrub/builtin.h"

/* Of ids looked up for one application: lists of lists grow fast. */
enum { STEPS_MAX = 4096 };

/* In code points: each match may grow to this. */
enum { REDACTION_TEXT_MAX = 128 };

struct custom {
    struct rule rule;
    const struct jt *spec; /* RULE_MULTIPLE, RULE_ALIAS: where the other ids stand */
};

struct rule_book {
    struct arena *arena;
    struct map *customs; /* by name, of struct custom */
};

static const struct {
    struct str name;
    enum rule_type type;
} type_names[] = {
    {{"alias", 5}, RULE_ALIAS},
    {{"anything", 8}, RULE_ANYTHING},
    {{"bearer", 6}, RULE_BEARER},
    {{"creditcard", 10}, RULE_CREDITCARD},
    {{"email", 5}, RULE_EMAIL},
    {{"iban", 4}, RULE_IBAN},
    {{"imei", 4}, RULE_IMEI},
    {{"ip", 2}, RULE_IP},
    {{"mac", 3}, RULE_MAC},
    {{"multiple", 8}, RULE_MULTIPLE},
    {{"password", 8}, RULE_PASSWORD},
    {{"pattern", 7}, RULE_PATTERN},
    {{"pemkey", 6}, RULE_PEMKEY},
    {{"redactPair", 10}, RULE_REDACT_PAIR},
    {{"redact_pair", 11}, RULE_REDACT_PAIR},
    {{"urlauth", 7}, RULE_URLAUTH},
    {{"url_auth", 8}, RULE_URLAUTH},
    {{"userpath", 8}, RULE_USERPATH},
    {{"usssn", 5}, RULE_USSSN},
    {{"us_ssn", 6}, RULE_USSSN},
    {{"uuid", 4}, RULE_UUID},
};

/* "url_auth" and "urlauth" are the same. */
static enum rule_type rule_type_named(struct str name)
{
    for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++)
        if (str_eq(type_names[i].name, name))
            return type_names[i].type;
    return RULE_UNKNOWN;
}

struct str rule_escape(struct arena *a, struct str text)
{
    char *out = arena_take(a, text.n * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (strchr("\\.+*?()|[]{}^$#&-~", text.p[i]))
            out[n++] = '\\';
        out[n++] = text.p[i];
    }
    return (struct str){out, n};
}

bool need_is_met(const struct need *need, struct str text, const struct traits *traits)
{
    if ((traits->present & need->traits) != need->traits || traits->digits < need->digits ||
        traits->size < need->size)
        return false;
    if (need->run && !text_has_run(text, need->run))
        return false;
    return !need->literal.n || str_has(text, need->literal);
}

/* ---- Custom rules. */

static struct redaction redaction_of(struct arena *a, const struct jt *spec, struct str hash_key)
{
    static const struct {
        struct str name;
        enum method method;
    } methods[] = {{{"default", 7}, METHOD_DEFAULT},
                   {{"remove", 6}, METHOD_REMOVE},
                   {{"replace", 7}, METHOD_REPLACE},
                   {{"mask", 4}, METHOD_MASK},
                   {{"hash", 4}, METHOD_HASH}};
    struct redaction r = {METHOD_UNKNOWN, S("[Filtered]"), hash_key};
    struct str name = jt_get_str(spec, S("method")), text = jt_get_str(spec, S("text"));
    if (!name.p)
        r.method = METHOD_DEFAULT;
    for (size_t i = 0; name.p && i < sizeof(methods) / sizeof(methods[0]); i++)
        if (str_eq(methods[i].name, name))
            r.method = methods[i].method;
    if (text.p)
        r.text = arena_str(a, str_slice(text, 0, text_prefix(text, REDACTION_TEXT_MAX)));
    return r;
}

/* A rule that does not say replaces the match. */
static uint32_t groups_of(const struct jt *groups)
{
    uint32_t bits = groups && groups->kind != JT_NULL ? 0 : 1;
    for (const struct jt *v = groups ? groups->first : NULL; v; v = v->next) {
        int64_t group;
        if (jt_int64(v, &group) && group >= 0 && group < PATTERN_GROUPS_MAX)
            bits |= UINT32_C(1) << group;
    }
    return bits;
}

static bool add_probe(struct rule_book *book, struct rule *rule, struct str source, bool caseless)
{
    struct probe *probe = &rule->probes[0];
    struct pattern *pattern = pattern_new(source, caseless ? PATTERN_CASELESS : 0);
    if (!pattern)
        return false;
    arena_defer(book->arena, pattern_free, pattern);
    probe->pattern = pattern;
    rule->count = 1;
    return true;
}

/* The names that rule_escape() made a pattern of, so that texts without them cost no search. */
static const struct wordset *words_of(struct arena *a, struct str pattern)
{
    struct wordset *words = arena_new_of(a, struct wordset);
    char *name = arena_take(a, pattern.n + 1);
    size_t n = 0;
    for (size_t i = 0; i <= pattern.n; i++) {
        if (i == pattern.n || pattern.p[i] == '|') {
            wordset_add(words, (struct str){name, n});
            n = 0;
            continue;
        }
        i += pattern.p[i] == '\\';
        name[n++] = pattern.p[i];
    }
    return words;
}

/* False when the rule's pattern is broken. */
static bool compile(struct rule_book *book, struct custom *c, const struct rule_source *source)
{
    struct rule *rule = &c->rule;
    if (rule->type == RULE_PATTERN) {
        rule->probes[0].aim = AIM_VALUE;
        rule->probes[0].groups = groups_of(jt_get(c->spec, S("replaceGroups")));
        return !rule->probes[0].groups ||
               add_probe(book, rule, jt_get_str(c->spec, S("pattern")), false);
    }
    if (rule->type == RULE_REDACT_PAIR) {
        struct str pattern = jt_get_str(c->spec, S("keyPattern"));
        rule->probes[0].aim = AIM_BOTH;
        if (source->literal_pairs)
            rule->probes[0].need.words = words_of(book->arena, pattern);
        return add_probe(book, rule, pattern, source->literal_pairs);
    }
    builtin_probes(rule->type, rule);
    return true;
}

static struct str joined(struct arena *a, struct str prefix, struct str name)
{
    return str_of(arena_printf(a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(name)));
}

struct rule_book *rule_book_new(struct arena *a, const struct rule_source *source, size_t *broken)
{
    struct rule_book *book = arena_new_of(a, struct rule_book);
    const struct jt *rules = jt_get(source->config, S("rules"));
    struct str key = jt_get_str(jt_get(source->config, S("vars")), S("hashKey"));
    struct str hash_key = arena_str(a, key);
    *book = (struct rule_book){a, map_new(a, 16)};
    if (!rules || rules->kind != JT_OBJECT)
        return book;
    for (const struct jt *spec = rules->first; spec; spec = spec->next) {
        struct custom *c = arena_new_of(a, struct custom);
        c->spec = spec;
        c->rule.origin = c->rule.id = joined(a, source->prefix, spec->key);
        c->rule.type = rule_type_named(jt_get_str(spec, S("type")));
        c->rule.redaction = redaction_of(a, jt_get(spec, S("redaction")), hash_key);
        *broken += !compile(book, c, source);
        map_set(book->customs, spec->key, c);
    }
    return book;
}

/* ---- Resolving ids. */

struct collecting {
    const struct rule_book *book;
    struct rule_list *list;
    unsigned nesting, steps;
};

static bool insert(struct collecting *c, const struct rule *rule)
{
    struct rule_list *list = c->list;
    size_t at = list->count;
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->rules[i]->id, rule->id))
            return true;
    if (list->count == RULE_LIST_MAX)
        return false;
    for (; at && str_compare(list->rules[at - 1]->id, rule->id) > 0; at--)
        list->rules[at] = list->rules[at - 1];
    list->rules[at] = arena_new_of(c->book->arena, struct rule);
    *list->rules[at] = *rule;
    list->count++;
    return true;
}

/* An outer rule that hides its inner ones gives them its name, and its method if it has one. */
static void take_over(struct rule *rule, const struct rule *outer)
{
    if (!outer)
        return;
    rule->origin = outer->origin;
    if (outer->redaction.method != METHOD_DEFAULT)
        rule->redaction = outer->redaction;
}

static bool collect(struct collecting *c, struct str id, const struct rule *outer);

static bool collect_builtin(struct collecting *c, struct str id, const struct rule *outer)
{
    struct str suffix;
    struct rule rule;
    size_t count;
    const struct str *names = builtin_collection(id, &count, &suffix);
    if (!names && builtin_rule(id, &rule)) {
        take_over(&rule, outer);
        return insert(c, &rule);
    }
    for (size_t i = 0; names && i < count; i++) {
        bool bare = !suffix.p || str_index(names[i], ':') < names[i].n;
        struct str colon = bare ? S("") : S(":");
        struct str name = joined(c->book->arena, names[i], colon);
        if (!collect(c, bare ? names[i] : joined(c->book->arena, name, suffix), outer))
            return false;
    }
    return true;
}

/* Rules that name each other in a circle end where the nesting does. */
static bool collect_others(struct collecting *c, const struct custom *custom)
{
    const struct jt *ids = jt_get(custom->spec, S("rules"));
    const struct jt *hide = jt_get(custom->spec, S("hideInner"));
    const struct rule *outer = hide && hide->kind == JT_TRUE ? &custom->rule : NULL;
    bool fits = true;
    if (c->nesting == RULE_NESTING_MAX)
        return true;
    c->nesting++;
    if (custom->rule.type == RULE_ALIAS)
        fits = collect(c, jt_get_str(custom->spec, S("rule")), outer);
    for (const struct jt *id = ids ? ids->first : NULL; id && fits; id = id->next)
        fits = collect(c, jt_str(id), outer);
    c->nesting--;
    return fits;
}

static bool collect(struct collecting *c, struct str id, const struct rule *outer)
{
    const struct custom *known = id.n ? map_get(c->book->customs, id) : NULL;
    if (c->steps++ == STEPS_MAX)
        return false;
    if (!known)
        return !id.n || collect_builtin(c, id, outer);
    struct custom custom = *known;
    take_over(&custom.rule, outer);
    if (custom.rule.type == RULE_MULTIPLE || custom.rule.type == RULE_ALIAS)
        return collect_others(c, &custom);
    return custom.rule.type == RULE_UNKNOWN || insert(c, &custom.rule);
}

bool rule_collect(const struct rule_book *book, struct str id, struct rule_list *list)
{
    struct collecting c = {book, list, 0, 0};
    return collect(&c, id, NULL);
}
