#include "base/buf.h"
#include "base/text.h"
#include "worker/scrub/application.h"
#include "worker/scrub/redact.h"
#include "worker/scrub/scrubber.h"

/* Shorter texts in UTF-16 are more likely numbers that look like it. */
enum { UTF16_CHARACTERS_MIN = 5 };

enum unit { UNIT_UTF8 = 1, UNIT_UTF16 = 2 };

static const size_t memory_max = (size_t)64 << 20;
static const int64_t us_per_mib = 500000;

/* Bytes under one probe of one rule. */
struct field {
    struct arena *arena; /* for one redaction at a time */
    struct matcher *matcher;
    const struct rule *rule;
    const struct probe *probe;
    char *bytes;
    size_t size;
    struct buf decoded; /* a stretch of UTF-16 as UTF-8 */
    bool changed;
};

static uint32_t unit_at(const char *bytes)
{
    return (unsigned char)bytes[0] | (uint32_t)(unsigned char)bytes[1] << 8;
}

static void put_unit(char *bytes, uint32_t unit)
{
    bytes[0] = (char)(unit & 0xff);
    bytes[1] = (char)(unit >> 8);
}

/* ---- Redactions that keep the length. */

static size_t put_utf8(char *to, size_t size, struct str text)
{
    size_t n = text.n < size ? text.n : size;
    if (!text.p)
        return 0;
    while (n < text.n && n && ((unsigned char)text.p[n] & 0xC0) == 0x80)
        n--;
    if (n)
        memcpy(to, text.p, n);
    return n;
}

/* The code point a valid UTF-8 sequence stands for. */
static uint32_t point_of(struct str sequence)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t point = (unsigned char)sequence.p[0] & masks[sequence.n];
    for (size_t i = 1; i < sequence.n; i++)
        point = point << 6 | ((unsigned char)sequence.p[i] & 0x3f);
    return point;
}

static size_t put_utf16(char *to, size_t size, struct str text)
{
    size_t n = 0;
    while (text.p && text.n) {
        bool valid;
        size_t length = text_sequence(text, &valid);
        uint32_t point = valid ? point_of(str_slice(text, 0, length)) : 0xFFFD;
        size_t needed = point > 0xFFFF ? 4 : 2;
        if (size - n < needed)
            break;
        put_unit(to + n, point > 0xFFFF ? 0xD7C0 + (point >> 10) : point);
        if (point > 0xFFFF)
            put_unit(to + n + 2, 0xDC00 | (point & 0x3FF));
        n += needed;
        text = str_from(text, length);
    }
    return n;
}

static struct str replacement(struct field *f, struct str found)
{
    const struct redaction *r = &f->rule->redaction;
    if (r->method == METHOD_REPLACE)
        return r->text;
    return r->method == METHOD_HASH ? redact_hash(f->arena, r->hash_key, found) : S("");
}

static void redact_bytes(struct field *f, size_t start, size_t end, enum unit unit)
{
    char *to = f->bytes + start;
    size_t size = end - start;
    struct str text = replacement(f, (struct str){to, size});
    size_t n = unit == UNIT_UTF8 ? put_utf8(to, size, text) : put_utf16(to, size, text);
    for (; n + unit <= size; n += unit) {
        to[n] = '*';
        if (unit == UNIT_UTF16)
            to[n + 1] = 0;
    }
    f->changed = true;
    arena_reset(f->arena);
}

/* ---- UTF-16. */

/* Length in bytes of the character at `at`, or 0 where no character is. */
static size_t utf16_length(const struct field *f, size_t at, size_t end)
{
    if (end - at < 2)
        return 0;
    uint32_t unit = unit_at(f->bytes + at);
    if (unit < 0xD800 || unit > 0xDFFF)
        return 2;
    bool paired = unit < 0xDC00 && end - at >= 4 && (unit_at(f->bytes + at + 2) & 0xFC00) == 0xDC00;
    return paired ? 4 : 0;
}

static uint32_t utf16_point(const struct field *f, size_t at, size_t length)
{
    uint32_t first = unit_at(f->bytes + at);
    if (length == 2)
        return first;
    return 0x10000 + ((first & 0x3FF) << 10 | (unit_at(f->bytes + at + 2) & 0x3FF));
}

/* Decodes from `at` on; returns where the text ends. */
static size_t decode(struct field *f, size_t at, size_t end, size_t *characters)
{
    buf_clear(&f->decoded);
    *characters = 0;
    for (size_t length; (length = utf16_length(f, at, end)); at += length) {
        char sequence[4];
        buf_put(&f->decoded, sequence, text_put_point(sequence, utf16_point(f, at, length)));
        ++*characters;
    }
    return at;
}

/* A place in the decoded text and the same one in the bytes; moves forward only, except that
 * redacted bytes have other characters, so that it follows the decoded ones. */
struct cursor {
    size_t decoded, bytes;
};

static void cursor_move(const struct field *f, struct cursor *c, size_t decoded)
{
    while (c->decoded < decoded) {
        unsigned char first = (unsigned char)f->decoded.data[c->decoded];
        size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        c->decoded += length;
        c->bytes += length == 4 ? 4 : 2;
    }
}

static void redact_decoded(struct field *f, struct cursor *c, const struct span *group)
{
    if (group->start == SIZE_MAX || group->start < c->decoded || group->start == group->end)
        return;
    cursor_move(f, c, group->start);
    size_t start = c->bytes;
    cursor_move(f, c, group->end);
    redact_bytes(f, start, c->bytes, UNIT_UTF16);
}

static size_t next_start(struct subject s, const struct span *match)
{
    size_t at = match->end + (match->end == match->start);
    while (s.is_text && at < s.bytes.n && ((unsigned char)s.bytes.p[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* A probe for whole values replaces the match here, of a text whose ends nobody knows. */
static void redact_decoded_groups(struct field *f, struct cursor *c, const struct span *groups)
{
    uint32_t wanted = f->probe->groups ? f->probe->groups : 1;
    for (uint32_t i = 0; i < PATTERN_GROUPS_MAX; i++)
        if (wanted >> i & 1)
            redact_decoded(f, c, &groups[i]);
}

static void search_decoded(struct field *f, size_t start)
{
    struct span groups[PATTERN_GROUPS_MAX];
    struct cursor c = {0, start};
    struct subject s = {buf_str(&f->decoded), true};
    struct traits traits = traits_of(s.bytes);
    const struct need *need = &f->probe->need;
    if (!need_is_met(need, s.bytes, &traits) || (need->words && !wordset_hit(need->words, s.bytes)))
        return;
    for (size_t from = 0; from <= s.bytes.n; from = next_start(s, groups)) {
        enum found found = pattern_find(f->probe->pattern, f->matcher, s, from, groups);
        if (found == FOUND_NOTHING)
            return;
        if (found == FOUND_GIVEN_UP) {
            redact_decoded(f, &c, &(struct span){c.decoded > from ? c.decoded : from, s.bytes.n});
            return;
        }
        redact_decoded_groups(f, &c, groups);
    }
}

static void search_utf16(struct field *f, size_t at, size_t end)
{
    at += at & 1;
    while (at < end) {
        size_t characters, stop = decode(f, at, end, &characters);
        if (characters >= UTF16_CHARACTERS_MIN)
            search_decoded(f, at);
        at = stop + 2;
    }
}

/* ---- Bytes as they are. */

/* Redacts what matched from `done` on; returns the end of what is redacted. */
static size_t redact_groups(struct field *f, const struct span *groups, size_t done)
{
    for (uint32_t i = 0; i < PATTERN_GROUPS_MAX; i++) {
        if (!(f->probe->groups >> i & 1) || groups[i].start == SIZE_MAX || groups[i].start < done ||
            groups[i].start == groups[i].end)
            continue;
        redact_bytes(f, groups[i].start, groups[i].end, UNIT_UTF8);
        /* The gap before it was nobody's; it may hold UTF-16. */
        search_utf16(f, done, groups[i].start);
        done = groups[i].end;
    }
    return done;
}

static void search(struct field *f)
{
    struct span groups[PATTERN_GROUPS_MAX];
    struct subject s = {{f->bytes, f->size}, false};
    size_t done = 0;
    for (size_t from = 0; from <= f->size; from = next_start(s, groups)) {
        enum found found = pattern_find(f->probe->pattern, f->matcher, s, from, groups);
        if (found == FOUND_NOTHING)
            break;
        if (found == FOUND_GIVEN_UP || !f->probe->groups) {
            redact_bytes(f, f->probe->groups ? done : 0, f->size, UNIT_UTF8);
            return;
        }
        done = redact_groups(f, groups, done);
    }
    search_utf16(f, done, f->size);
}

static void apply_rule(struct field *f, const struct rule *rule)
{
    f->rule = rule;
    if (rule->redaction.method == METHOD_UNKNOWN || !f->size)
        return;
    if (rule->type == RULE_ANYTHING)
        redact_bytes(f, 0, f->size, UNIT_UTF8);
    for (size_t i = 0; i < rule->count; i++) {
        f->probe = &rule->probes[i];
        search(f);
    }
}

/* The place of a file: the root, and the file in it. */
struct file_path {
    struct scrub_path root, file;
};

static const struct scrub_path *path_of(struct file_path *to, struct str filename)
{
    to->root = (struct scrub_path){.types = TYPE_BIT(TYPE_ATTACHMENTS), .pii = PII_YES};
    to->file = (struct scrub_path){.parent = &to->root,
                                   .key = filename.p ? filename : S(""),
                                   .types = TYPE_BIT(TYPE_BINARY),
                                   .pii = PII_YES,
                                   .depth = 1};
    return &to->file;
}

bool scrub_wants_attachment(const struct scrubber *s, struct str filename)
{
    struct file_path at;
    const struct scrub_path *path = path_of(&at, filename);
    for (size_t i = 0; i < s->advanced; i++)
        if (s->applications[i]->rules.count && selector_matches(s->applications[i]->selector, path))
            return true;
    return false;
}

bool scrub_attachment(const struct scrubber *s, struct str filename, char *bytes, size_t size)
{
    struct file_path at;
    const struct scrub_path *path = path_of(&at, filename);
    struct matcher matcher = {.budget_us = us_per_mib + (int64_t)(size >> 20) * us_per_mib};
    struct field f = {.matcher = &matcher, .bytes = bytes, .size = size};
    f.arena = arena_new(memory_max);
    buf_init(&f.decoded, size + size / 2 + 4);
    for (size_t i = 0; i < s->advanced; i++) {
        const struct application *app = s->applications[i];
        if (!selector_matches(app->selector, path))
            continue;
        for (size_t j = 0; j < app->rules.count; j++)
            apply_rule(&f, app->rules.rules[j]);
    }
    if (matcher.match)
        matcher_free(&matcher);
    buf_free(&f.decoded);
    arena_free(f.arena);
    return f.changed;
}
