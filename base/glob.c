#include "base/glob.h"

#include "base/text.h"

/* Bytes that the replacement of braces may write. */
enum { EXPANDED_MAX = 128 << 10 };

/* One or more characters: a literal text, any one, or one of a class. */
struct piece {
    struct str text; /* CLASS: between the brackets, without the ! */
    enum { LITERAL, ANY, CLASS } kind;
    bool negated;
};

/* The pieces between two stars: always as many characters. */
struct segment {
    struct piece *pieces;
    size_t count, points;
};

/* A pattern without braces. */
struct choice {
    struct segment *segments; /* one more than there are stars */
    size_t count;
};

struct glob {
    struct choice *choices;
    size_t count;
};

static size_t point_length(struct str s)
{
    bool valid;
    return text_sequence(s, &valid);
}

/* Length of the character at the start, with its backslash. */
static size_t item_length(struct str s)
{
    size_t escape = s.p[0] == '\\' && s.n > 1;
    return escape + point_length(str_from(s, escape));
}

/* ---- braces */

/* Whether `s`, which begins with {, is closed; *end is where. */
static bool find_brace(struct str s, size_t *end)
{
    int depth = 0;
    for (size_t i = 0; i < s.n; i += item_length(str_from(s, i))) {
        depth += s.p[i] == '{';
        depth -= s.p[i] == '}';
        if (depth == 0) {
            *end = i;
            return true;
        }
    }
    return false;
}

/* Cuts the text before the first comma outside inner braces off *rest. */
static struct str split_choice(struct str *rest)
{
    int depth = 0;
    size_t i = 0;
    for (; i < rest->n && (depth || rest->p[i] != ','); i += item_length(str_from(*rest, i))) {
        depth += rest->p[i] == '{';
        depth -= rest->p[i] == '}';
    }
    struct str choice = str_slice(*rest, 0, i);
    *rest = i < rest->n ? str_from(*rest, i + 1) : (struct str){0};
    return choice;
}

struct expansion {
    struct arena *arena;
    struct str patterns[GLOB_CHOICES_MAX];
    size_t count, bytes;
};

/* Replaces the pattern at `place` by one for each choice of its first brace from *from on; *from
 * then is past what has none. */
static bool expand_brace(struct expansion *e, size_t place, size_t *from)
{
    struct str whole = e->patterns[place];
    size_t open = *from, end = 0;
    while (open < whole.n && !(whole.p[open] == '{' && find_brace(str_from(whole, open), &end)))
        open += item_length(str_from(whole, open));
    *from = open;
    if (open == whole.n)
        return true;
    struct str before = str_slice(whole, 0, open), after = str_from(whole, open + end + 1);
    struct str choices = str_slice(whole, open + 1, open + end);
    for (bool first = true; choices.p; first = false) {
        struct str one = text_join(e->arena, before, split_choice(&choices), after);
        e->bytes += one.n;
        if ((!first && e->count == GLOB_CHOICES_MAX) || e->bytes > EXPANDED_MAX)
            return false;
        e->patterns[first ? place : e->count++] = one;
    }
    return true;
}

static bool expand(struct expansion *e)
{
    for (size_t i = 0; i < e->count; i++)
        for (size_t from = 0; from < e->patterns[i].n;)
            if (!expand_brace(e, i, &from))
                return false;
    return true;
}

/* ---- stars and pieces */

/* Length of the class at the start of s, 0 when it is never closed. */
static size_t class_length(struct str s)
{
    size_t i = 1;
    i += i < s.n && (s.p[i] == '!' || s.p[i] == '^');
    i += i < s.n && s.p[i] == ']';
    while (i < s.n && s.p[i] != ']')
        i += item_length(str_from(s, i));
    return i < s.n ? i + 1 : 0;
}

static struct piece class_piece(struct str s)
{
    bool negated = s.p[1] == '!' || s.p[1] == '^';
    return (struct piece){
        .kind = CLASS, .negated = negated, .text = str_slice(s, 1 + negated, s.n - 1)};
}

/* Reads one piece off *rest; a literal is as long as it can be borrowed from the pattern. */
static struct piece read_piece(struct str *rest)
{
    size_t n = rest->p[0] == '[' ? class_length(*rest) : 0;
    struct piece piece = {.kind = ANY};
    if (n) {
        piece = class_piece(str_slice(*rest, 0, n));
    } else if (rest->p[0] == '?') {
        n = 1;
    } else {
        size_t escape = rest->p[0] == '\\' && rest->n > 1;
        n = item_length(*rest);
        while (n < rest->n && !strchr("\\*?[", rest->p[n]))
            n += point_length(str_from(*rest, n));
        piece = (struct piece){.kind = LITERAL, .text = str_slice(*rest, escape, n)};
    }
    *rest = str_from(*rest, n);
    return piece;
}

static void add_piece(struct segment *s, struct piece piece)
{
    s->pieces[s->count++] = piece;
    s->points += piece.kind == LITERAL ? text_points(piece.text) : 1;
}

static size_t count_pieces(struct str pattern)
{
    size_t count = 0;
    while (pattern.n) {
        bool star = pattern.p[0] == '*';
        count += !star;
        if (star)
            pattern = str_from(pattern, 1);
        else
            read_piece(&pattern);
    }
    return count;
}

static struct choice compile_choice(struct arena *a, struct str pattern)
{
    struct choice c = {.count = 1};
    for (size_t i = 0; i < pattern.n; i++)
        c.count += pattern.p[i] == '*';
    c.segments = arena_alloc(a, c.count * sizeof(*c.segments));
    struct segment *s = c.segments;
    s->pieces = arena_take(a, (count_pieces(pattern) + 1) * sizeof(struct piece));
    while (pattern.n) {
        if (pattern.p[0] != '*') {
            add_piece(s, read_piece(&pattern));
            continue;
        }
        struct piece *next = s->pieces + s->count;
        (++s)->pieces = next;
        pattern = str_from(pattern, 1);
    }
    c.count = (size_t)(s - c.segments) + 1; /* a star may have been escaped */
    return c;
}

const struct glob *glob_compile(struct arena *a, struct str pattern)
{
    struct expansion e = {.arena = a, .patterns = {pattern}, .count = 1};
    if (pattern.n > GLOB_BYTES_MAX || !expand(&e))
        return NULL;
    struct glob *g = arena_new_of(a, struct glob);
    g->choices = arena_alloc(a, e.count * sizeof(*g->choices));
    for (; g->count < e.count; g->count++)
        g->choices[g->count] = compile_choice(a, e.patterns[g->count]);
    return g;
}

/* ---- matching */

/* One character of a class, without its backslash, off *rest. */
static struct str class_item(struct str *rest)
{
    size_t escape = rest->p[0] == '\\' && rest->n > 1, n = item_length(*rest);
    struct str item = str_slice(*rest, escape, n);
    *rest = str_from(*rest, n);
    return item;
}

static bool class_has(const struct piece *class, struct str point)
{
    struct str rest = class->text;
    while (rest.n) {
        struct str low = class_item(&rest), high = low;
        if (rest.n > 1 && rest.p[0] == '-') {
            rest = str_from(rest, 1);
            high = class_item(&rest);
        }
        if (str_compare(low, point) <= 0 && str_compare(point, high) <= 0)
            return !class->negated;
    }
    return class->negated;
}

/* Bytes that the piece takes at the start of s; 0 when it does not match. */
static size_t match_piece(const struct piece *p, struct str s)
{
    if (p->kind == LITERAL)
        return str_starts(s, p->text) ? p->text.n : 0;
    if (!s.n)
        return 0;
    size_t n = point_length(s);
    return p->kind == ANY || class_has(p, str_slice(s, 0, n)) ? n : 0;
}

/* Whether the segment matches at `at`; *end is where it ends. */
static bool match_here(const struct segment *s, struct str text, size_t at, size_t *end)
{
    for (size_t i = 0; i < s->count; i++) {
        size_t n = match_piece(&s->pieces[i], str_from(text, at));
        if (!n)
            return false;
        at += n;
    }
    *end = at;
    return true;
}

/* The first place from *at on where the segment matches; *at is then where it ends. */
static bool match_later(const struct segment *s, struct str text, size_t *at)
{
    bool literal = s->count && s->pieces[0].kind == LITERAL;
    for (size_t from = *at;; from += from < text.n ? point_length(str_from(text, from)) : 1) {
        if (literal)
            from += str_find(str_from(text, from), s->pieces[0].text);
        if (match_here(s, text, from, at))
            return true;
        if (from >= text.n)
            return false;
    }
}

/* Where the last `points` characters of the text begin; past its end when it has fewer. */
static size_t tail(struct str text, size_t points)
{
    size_t at = text.n;
    for (; points && at; points--)
        while (at && ((unsigned char)text.p[--at] & 0xC0) == 0x80)
            ;
    return points ? text.n + 1 : at;
}

static bool choice_matches(const struct choice *c, struct str text)
{
    const struct segment *last = &c->segments[c->count - 1];
    size_t at = 0, end;
    if (!match_here(&c->segments[0], text, 0, &at))
        return false;
    if (c->count == 1)
        return at == text.n;
    for (size_t i = 1; i + 1 < c->count; i++)
        if (!match_later(&c->segments[i], text, &at))
            return false;
    size_t from = tail(text, last->points);
    return from >= at && from <= text.n && match_here(last, text, from, &end) && end == text.n;
}

bool glob_matches(const struct glob *g, struct str text)
{
    text = text.p ? text : S("");
    for (size_t i = 0; i < g->count; i++)
        if (choice_matches(&g->choices[i], text))
            return true;
    return false;
}
