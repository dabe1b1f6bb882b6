#include "worker/digest/prefilter.h"

#include "base/text.h"

enum { GRAMS_MAX = 4, RUNS_MAX = 12, CHOICES_MAX = 4, LITERALS_MAX = 160, NESTING_MAX = 12 };

/* A run of bytes that a match contains: its pair, or its first triples. */
struct literal {
    uint16_t grams[GRAMS_MAX];
    uint8_t count, length;
};

/* One of these occurs in every match. */
struct choice {
    struct literal literals[LITERALS_MAX];
    size_t count;
};

/* What every match of a part of the expression contains: all the runs, one of each choice. */
struct findings {
    size_t run_count, choice_count;
    struct literal runs[RUNS_MAX];
    struct choice choices[CHOICES_MAX];
};

struct reader {
    const char *at, *end;
    bool strange; /* something that is not understood */
};

static unsigned fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static uint16_t gram(const char *p, size_t n)
{
    uint32_t hash = fold(p[0]) | fold(p[1]) << 8 | (n > 2 ? fold(p[2]) << 16 : 0);
    return (uint16_t)((hash * UINT32_C(2654435761)) >> 18);
}

void prefilter_read(struct prefilter *p, struct str text)
{
    memset(p->bits, 0, sizeof(p->bits));
    for (size_t i = 0; i + 1 < text.n; i++) {
        unsigned two = gram(text.p + i, 2), three = i + 2 < text.n ? gram(text.p + i, 3) : two;
        p->bits[two / 64] |= UINT64_C(1) << two % 64;
        p->bits[three / 64] |= UINT64_C(1) << three % 64;
    }
}

/* ---- reading an expression */

struct run {
    char bytes[GRAMS_MAX + 2];
    size_t n;
};

/* The run is over: notes what there is of it. */
static void end_run(struct findings *f, struct run *run)
{
    if (run->n >= 2 && f->run_count < RUNS_MAX) {
        size_t size = run->n > 2 ? 3 : 2;
        struct literal *l = &f->runs[f->run_count++];
        *l = (struct literal){.length = (uint8_t)run->n};
        while (l->count + size <= run->n) {
            l->grams[l->count] = gram(run->bytes + l->count, size);
            l->count++;
        }
    }
    run->n = 0;
}

static void extend_run(struct findings *f, struct run *run, char c)
{
    if (run->n == sizeof(run->bytes))
        end_run(f, run);
    run->bytes[run->n++] = c;
}

/* Skips a quantifier; false when the item before it may be missing.  *repeats: there was one. */
static bool read_quantifier(struct reader *r, bool *repeats)
{
    char c = r->at < r->end ? *r->at : '\0';
    bool may_miss = c == '*' || c == '?';
    *repeats = may_miss || c == '+' || c == '{';
    if (!*repeats)
        return true;
    r->at++;
    if (c == '{') {
        may_miss = r->at < r->end && (*r->at == '0' || *r->at == ',');
        r->strange |= r->at == r->end || !strchr("0123456789", *r->at);
        while (r->at < r->end && *r->at++ != '}')
            ;
    }
    if (r->at < r->end && (*r->at == '?' || *r->at == '+'))
        r->at++;
    return !may_miss;
}

/* The letter that a class like [Aa] stands for, else NUL. */
static char read_class(struct reader *r)
{
    const char *p = r->at;
    if (r->end - p > 2 && p[2] == ']' && (p[0] ^ p[1]) == 0x20 && fold(p[0]) >= 'a' &&
        fold(p[0]) <= 'z') {
        r->at += 3;
        return p[0];
    }
    r->at += r->at < r->end && *r->at == '^';
    r->at += r->at < r->end && *r->at == ']';
    for (; r->at < r->end && *r->at != ']'; r->at++)
        r->at += *r->at == '\\' && r->at + 1 < r->end;
    r->strange |= r->at == r->end;
    r->at += r->at < r->end;
    return '\0';
}

/* The byte that an escape stands for; NUL when it stands for a class or a place. */
static char read_escape(struct reader *r)
{
    char c = r->at < r->end ? *r->at++ : '\0';
    if (!text_is_word_byte(c) || c == '_')
        return c;
    r->strange |= !strchr("dDwWsSbBntr", c);
    return '\0';
}

/* One byte of the expression: the byte it stands for, or NUL for any class or place, and for bytes
 * of characters that a quantifier would take as a whole. */
static char read_item(struct reader *r)
{
    char c = *r->at++;
    if (c == '\\')
        return read_escape(r);
    if (c == '[')
        return read_class(r);
    return strchr(".^$", c) || (unsigned char)c >= 0x80 ? '\0' : c;
}

static void forget(struct findings *f)
{
    f->run_count = f->choice_count = 0;
}

static void take_findings(struct findings *to, const struct findings *from)
{
    for (size_t i = 0; i < from->run_count && to->run_count < RUNS_MAX; i++)
        to->runs[to->run_count++] = from->runs[i];
    for (size_t i = 0; i < from->choice_count && to->choice_count < CHOICES_MAX; i++)
        to->choices[to->choice_count++] = from->choices[i];
}

static void read_alternatives(struct reader *r, struct findings *out, unsigned depth);

static void read_group(struct reader *r, struct findings *f, unsigned depth)
{
    struct findings inner;
    bool repeats;
    forget(&inner);
    if (r->at + 1 < r->end && r->at[0] == '?') {
        r->strange |= r->at[1] != ':';
        r->at += 2;
    }
    r->strange |= depth == NESTING_MAX;
    if (r->strange)
        return;
    read_alternatives(r, &inner, depth + 1);
    r->strange |= r->at == r->end;
    r->at += r->at < r->end; /* the bracket */
    if (read_quantifier(r, &repeats))
        take_findings(f, &inner);
}

/* Up to the end of the alternative it begins. */
static void read_sequence(struct reader *r, struct findings *f, unsigned depth)
{
    struct run run = {0};
    bool repeats;
    while (!r->strange && r->at < r->end && *r->at != '|' && *r->at != ')') {
        if (*r->at == '(') {
            end_run(f, &run);
            r->at++;
            read_group(r, f, depth);
            continue;
        }
        char c = read_item(r);
        bool occurs = read_quantifier(r, &repeats);
        if (c && occurs)
            extend_run(f, &run, c);
        if (!c || repeats)
            end_run(f, &run);
    }
    end_run(f, &run);
}

static const struct literal *longest(const struct findings *f)
{
    const struct literal *best = NULL;
    for (size_t i = 0; i < f->run_count; i++)
        if (!best || f->runs[i].length > best->length)
            best = &f->runs[i];
    return best;
}

/* Adds an alternative's longest run; false when it has none, or there are too many. */
static bool add_literal(struct choice *any, const struct findings *alternative)
{
    const struct literal *best = longest(alternative);
    if (best && any->count < LITERALS_MAX)
        any->literals[any->count++] = *best;
    else
        best = NULL;
    return best != NULL;
}

/* Several alternatives need one thing together: any of the longest runs of each. */
static void read_alternatives(struct reader *r, struct findings *out, unsigned depth)
{
    struct choice *any = &out->choices[0];
    read_sequence(r, out, depth);
    if (r->strange || r->at == r->end || *r->at != '|')
        return;
    any->count = 0;
    bool all_known = add_literal(any, out);
    forget(out);
    while (!r->strange && r->at < r->end && *r->at == '|') {
        struct findings next;
        forget(&next);
        r->at++;
        read_sequence(r, &next, depth);
        all_known = add_literal(any, &next) && all_known;
    }
    out->choice_count = all_known;
}

/* ---- the program: per condition the number of its literals, per literal the number of its grams
 * and these; 0 ends it */

static size_t condition_size(const struct literal *literals, size_t count)
{
    size_t n = 1;
    for (size_t i = 0; i < count; i++)
        n += 1 + (size_t)literals[i].count;
    return n;
}

static size_t put_condition(uint16_t *out, size_t n, const struct literal *literals, size_t count)
{
    if (n + condition_size(literals, count) >= PREFILTER_NEEDS_MAX)
        return n;
    out[n++] = (uint16_t)count;
    for (size_t i = 0; i < count; i++) {
        out[n++] = literals[i].count;
        memcpy(out + n, literals[i].grams, literals[i].count * sizeof(*out));
        n += literals[i].count;
    }
    return n;
}

size_t prefilter_needs(struct str expression, uint16_t out[PREFILTER_NEEDS_MAX])
{
    struct reader r = {expression.p, expression.p + expression.n, false};
    struct findings f;
    size_t n = 0;
    forget(&f);
    read_alternatives(&r, &f, 0);
    if (r.strange || r.at < r.end)
        forget(&f);
    for (size_t i = 0; i < f.run_count; i++)
        n = put_condition(out, n, &f.runs[i], 1);
    for (size_t i = 0; i < f.choice_count; i++)
        n = put_condition(out, n, f.choices[i].literals, f.choices[i].count);
    out[n++] = 0;
    return n;
}

static bool has_gram(const struct prefilter *p, unsigned gram)
{
    return p->bits[gram / 64] >> gram % 64 & 1;
}

static bool has_all(const struct prefilter *p, const uint16_t *grams, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!has_gram(p, grams[i]))
            return false;
    return true;
}

bool prefilter_may_have(const struct prefilter *p, struct str part)
{
    size_t size = part.n > 2 ? 3 : part.n;
    for (size_t i = 0; size > 1 && i + size <= part.n && i < GRAMS_MAX; i++)
        if (!has_gram(p, gram(part.p + i, size)))
            return false;
    return true;
}

bool prefilter_allows(const struct prefilter *p, const uint16_t *needs)
{
    while (*needs) {
        bool met = false;
        for (size_t left = *needs++; left; left--) {
            size_t grams = *needs++;
            met = met || has_all(p, needs, grams);
            needs += grams;
        }
        if (!met)
            return false;
    }
    return true;
}
