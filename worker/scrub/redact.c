#include "worker/scrub/redact.h"

#include "base/text.h"
#include "storage/hmac.h"

/* In one text; the rest of it is then redacted as a whole, so that it cannot grow without end. */
enum { MATCHES_MAX = 2000 };

struct redacting redact_begin(struct arena *a, struct matcher *m, struct str key, struct str text)
{
    return (struct redacting){
        .arena = a, .matcher = m, .key = key, .text = text, .traits = traits_of(text)};
}

/* ---- Redactions. */

static bool removes(const struct rule *rule)
{
    return rule->redaction.method == METHOD_DEFAULT || rule->redaction.method == METHOD_REMOVE;
}

struct str redact_hash(struct arena *a, struct str key, struct str bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    uint8_t mac[HMAC_SHA1_SIZE];
    char *hex = arena_take(a, 2 * sizeof(mac));
    hmac_sha1(key, bytes, mac);
    for (size_t i = 0; i < sizeof(mac); i++) {
        hex[2 * i] = digits[mac[i] >> 4];
        hex[2 * i + 1] = digits[mac[i] & 15];
    }
    return (struct str){hex, 2 * sizeof(mac)};
}

static struct str stars(struct arena *a, size_t count)
{
    char *text = arena_take(a, count + 1);
    memset(text, '*', count);
    return (struct str){text, count};
}

/* What the rule leaves in place of `found`. */
static struct stretch redact_stretch(struct arena *a, const struct rule *rule, struct str found)
{
    const struct redaction *redaction = &rule->redaction;
    if (redaction->method == METHOD_REPLACE)
        return (struct stretch){redaction->text, rule->origin, 's'};
    if (redaction->method == METHOD_MASK)
        return (struct stretch){stars(a, text_points(found)), rule->origin, 'm'};
    if (redaction->method == METHOD_HASH)
        return (struct stretch){redact_hash(a, redaction->hash_key, found), rule->origin, 'p'};
    return (struct stretch){S(""), rule->origin, 'x'};
}

/* ---- Which rules are worth a look. */

static bool has_words(struct asked *asked, const struct wordset *words, struct str text)
{
    if (words && asked->words != words)
        *asked = (struct asked){words, wordset_hit(words, text)};
    return !words || asked->hit;
}

static bool key_possible(struct redacting *r, const struct probe *probe)
{
    return probe->aim != AIM_VALUE && has_words(&r->of_key, probe->need.words, r->key);
}

static bool text_possible(struct redacting *r, const struct probe *probe)
{
    return probe->aim != AIM_KEY && r->text.p && need_is_met(&probe->need, r->text, &r->traits) &&
           has_words(&r->of_text, probe->need.words, r->text);
}

bool redact_possible(struct redacting *r, const struct rule *rule)
{
    if (rule->type == RULE_ANYTHING)
        return true;
    for (size_t i = 0; i < rule->count; i++)
        if (key_possible(r, &rule->probes[i]) || text_possible(r, &rule->probes[i]))
            return true;
    return false;
}

/* A search that was given up counts as found: better too little shown than too much. */
static bool key_matches(struct redacting *r, const struct probe *probe)
{
    struct span groups[PATTERN_GROUPS_MAX];
    struct subject subject = {r->key.p ? r->key : S(""), true};
    return key_possible(r, probe) &&
           pattern_find(probe->pattern, r->matcher, subject, 0, groups) != FOUND_NOTHING;
}

bool redact_removes(struct redacting *r, const struct rule *rule)
{
    if (rule->type == RULE_ANYTHING)
        return true;
    for (size_t i = 0; i < rule->count; i++)
        if (key_matches(r, &rule->probes[i]))
            return true;
    return false;
}

/* ---- Replacing. */

/* The text that is searched: each redacted stretch is one NUL in it, which no text has. */
static struct str searched_text(const struct redacting *r)
{
    struct stretches shown = {0};
    if (r->stretches.count == 1 && !r->stretches.list[0].rule.p)
        return r->text;
    for (size_t i = 0; i < r->stretches.count; i++) {
        struct stretch s = r->stretches.list[i];
        if (s.rule.p)
            s.text = (struct str){"", 1};
        stretches_add(r->arena, &shown, s);
    }
    return stretches_text(r->arena, &shown);
}

static bool has_plain_text(const struct stretches *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (!s->list[i].rule.p)
            return true;
    return false;
}

struct replacing {
    struct redacting *r;
    const struct rule *rule;
    struct str text; /* searched_text() */
    size_t at;       /* what precedes is in `out` */
    size_t redacted; /* the next stretch of the old ones to look at */
    struct stretches out;
};

static struct stretch next_redacted(struct replacing *p)
{
    const struct stretches *old = &p->r->stretches;
    while (p->redacted < old->count && !old->list[p->redacted].rule.p)
        p->redacted++;
    return p->redacted < old->count ? old->list[p->redacted++] : (struct stretch){0};
}

/* Copies up to `end`, redacted stretches as they were. */
static void keep_until(struct replacing *p, size_t end)
{
    while (p->at < end) {
        struct str rest = str_slice(p->text, p->at, end);
        size_t plain = str_index(rest, '\0');
        if (plain)
            stretches_add(p->r->arena, &p->out,
                          (struct stretch){str_slice(rest, 0, plain), {0}, 0});
        if (plain < rest.n)
            stretches_add(p->r->arena, &p->out, next_redacted(p));
        p->at += plain + (plain < rest.n);
    }
}

static void replace_until(struct replacing *p, size_t end)
{
    struct str found = str_slice(p->text, p->at, end);
    for (size_t i = 0; i < found.n; i++)
        if (!found.p[i])
            next_redacted(p);
    stretches_add(p->r->arena, &p->out, redact_stretch(p->r->arena, p->rule, found));
    p->at = end;
}

static void replace_groups(struct replacing *p, const struct probe *probe,
                           const struct span *groups)
{
    for (size_t i = 0; i < PATTERN_GROUPS_MAX; i++) {
        bool wanted = probe->groups >> i & 1 && groups[i].start != SIZE_MAX;
        if (!wanted || groups[i].start < p->at || groups[i].start == groups[i].end)
            continue;
        keep_until(p, groups[i].start);
        replace_until(p, groups[i].end);
    }
}

static size_t after_match(struct str text, const struct span *match)
{
    size_t at = match->end + (match->end == match->start);
    while (at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* False when nothing was found. */
static bool replace_matches(struct replacing *p, const struct probe *probe)
{
    struct span groups[PATTERN_GROUPS_MAX];
    struct subject subject = {p->text, true};
    size_t matches = 0;
    for (size_t from = 0; from <= p->text.n; from = after_match(p->text, groups)) {
        enum found found = pattern_find(probe->pattern, p->r->matcher, subject, from, groups);
        if (found == FOUND_NOTHING)
            break;
        if (++matches > MATCHES_MAX || found == FOUND_GIVEN_UP || !probe->groups) {
            replace_until(p, p->text.n);
            break;
        }
        replace_groups(p, probe, groups);
    }
    keep_until(p, p->text.n);
    return matches > 0;
}

/* A redaction that leaves the text as it was is none. */
static void take_over(struct redacting *r, const struct stretches *out)
{
    struct str text = stretches_text(r->arena, out);
    if (str_eq(text, r->text))
        return;
    r->text = text;
    r->traits = traits_of(text);
    r->of_text = (struct asked){0};
    r->stretches = *out;
    r->changed = true;
}

static struct replacing replacing_begin(struct redacting *r, const struct rule *rule,
                                        const struct remark_place *at)
{
    if (!r->split)
        r->stretches = remark_stretches(r->arena, at, r->text);
    r->split = true;
    return (struct replacing){.r = r, .rule = rule, .text = searched_text(r)};
}

static void replace_value(struct redacting *r, const struct rule *rule,
                          const struct remark_place *at)
{
    struct replacing p = replacing_begin(r, rule, at);
    if (!has_plain_text(&r->stretches))
        return;
    replace_until(&p, p.text.n);
    take_over(r, &p.out);
}

static void replace_found(struct redacting *r, const struct rule *rule, const struct probe *probe,
                          const struct remark_place *at)
{
    if (!text_possible(r, probe))
        return;
    struct replacing p = replacing_begin(r, rule, at);
    if (has_plain_text(&r->stretches) && replace_matches(&p, probe))
        take_over(r, &p.out);
}

enum verdict redact_text(struct redacting *r, const struct rule *rule,
                         const struct remark_place *at)
{
    if (rule->redaction.method == METHOD_UNKNOWN)
        return VALUE_STAYS;
    if (rule->type == RULE_ANYTHING && removes(rule))
        return VALUE_REMOVED;
    if (rule->type == RULE_ANYTHING)
        replace_value(r, rule, at);
    for (size_t i = 0; i < rule->count; i++) {
        const struct probe *probe = &rule->probes[i];
        bool by_key = key_matches(r, probe);
        if (by_key && removes(rule))
            return VALUE_REMOVED;
        if (by_key)
            replace_value(r, rule, at);
        else
            replace_found(r, rule, probe, at);
    }
    return VALUE_STAYS;
}
