#include "storage/search.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "storage/search_key.h"

struct reader {
    struct arena *arena;
    struct str text;
    size_t at;
    int64_t now;
    const char *error;
};

static struct str rest_of(const struct reader *r)
{
    return str_slice(r->text, r->at, r->text.n);
}

static bool at_end(const struct reader *r)
{
    return r->at >= r->text.n;
}

/* A word ends here: a blank, a parenthesis, or the end. */
static bool at_boundary(const struct reader *r, size_t at)
{
    return at >= r->text.n || strchr(" \t\n()", r->text.p[at]);
}

static bool fail_at(struct reader *r, size_t at)
{
    enum { SHOWN = 5 };
    size_t from = at > SHOWN ? at - SHOWN : 0;
    struct str around = text_utf8(r->arena, str_slice(r->text, from, at + SHOWN));
    r->error = arena_printf(r->arena,
                            "Parse error at '%.*s' (column %zu). This is commonly caused by "
                            "unmatched parentheses. Enclose any text in double quotes.",
                            STR_ARG(around), at + 1);
    return false;
}

static bool fail(struct reader *r, const char *format, struct str what)
{
    struct buf text;
    buf_init(&text, (size_t)SEARCH_LENGTH_MAX * 2);
    for (; *format; format++) {
        if (*format == '%')
            buf_put_str(&text, what);
        else
            buf_putc(&text, *format);
    }
    r->error = arena_strdup(r->arena, buf_str(&text));
    buf_free(&text);
    return false;
}

static bool fail_for_class(struct reader *r, enum search_class kind, struct str text)
{
    static const char *const messages[] = {
        [CLASS_NUMBER] = "Invalid number: %. Expected a number, then an optional k, m, or b suffix "
                         "(e.g. 500k).",
        [CLASS_DURATION] = "Invalid duration: %. Expected a number followed by a unit: ms, s, min, "
                           "hr, day or wk (e.g. 300ms).",
        [CLASS_DATE] = "Invalid date: %. Expected +/-duration (e.g. +1h) or ISO 8601-like (e.g. "
                       "2026-11-21 or 2026-11-21T09:15:24).",
        [CLASS_BOOLEAN] = "Invalid boolean: %. Expected true, 1, false, or 0.",
    };
    return fail(r, messages[kind], text);
}

static void skip_blanks(struct reader *r)
{
    while (!at_end(r) && r->text.p[r->at] == ' ')
        r->at++;
}

/* The bare word from `at` on. */
static struct str word_at(const struct reader *r, size_t at)
{
    size_t end = at;
    while (!at_boundary(r, end))
        end++;
    return str_slice(r->text, at, end);
}

/* Index behind the quote that closes the one at `at`; 0 when it stays open. */
static size_t quote_end(const struct reader *r, size_t at)
{
    for (size_t i = at + 1; i < r->text.n; i++) {
        if (r->text.p[i] == '\\')
            i++;
        else if (r->text.p[i] == '"')
            return i + 1;
    }
    return 0;
}

/* Removes the backslash in front of each `special`. */
static struct str unescape(struct arena *a, struct str s, char special)
{
    if (str_index(s, '\\') == s.n)
        return s;
    char *out = arena_take(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == special)
            continue;
        out[n++] = s.p[i];
    }
    return (struct str){out, n};
}

static bool has_wildcard(struct str s)
{
    size_t backslashes = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '*' && backslashes % 2 == 0)
            return true;
        backslashes = s.p[i] == '\\' ? backslashes + 1 : 0;
    }
    return false;
}

static struct search_value text_value(struct arena *a, struct str raw)
{
    struct search_value value = {.text = unescape(a, raw, '"')};
    value.wildcard = has_wildcard(value.text);
    if (!value.wildcard)
        value.text = unescape(a, value.text, '*');
    return value;
}

/* ---- Values. */

enum search_operator search_take_operator(struct str *text)
{
    static const struct {
        struct str sign;
        enum search_operator comparison;
    } signs[] = {
        {{">=", 2}, SEARCH_GE}, {{"<=", 2}, SEARCH_LE}, {{"!=", 2}, SEARCH_NE},
        {{">", 1}, SEARCH_GT},  {{"<", 1}, SEARCH_LT},  {{"=", 1}, SEARCH_EQ},
    };
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (str_starts(*text, signs[i].sign)) {
            *text = str_slice(*text, signs[i].sign.n, text->n);
            return signs[i].comparison;
        }
    }
    return SEARCH_EQ;
}

static enum search_operator negate(enum search_operator comparison)
{
    static const enum search_operator opposite[] = {
        [SEARCH_EQ] = SEARCH_NE, [SEARCH_NE] = SEARCH_EQ, [SEARCH_LT] = SEARCH_GE,
        [SEARCH_GE] = SEARCH_LT, [SEARCH_GT] = SEARCH_LE, [SEARCH_LE] = SEARCH_GT,
    };
    return opposite[comparison];
}

static void set_one(struct reader *r, struct search_term *t, struct search_value value)
{
    t->values = arena_new_of(r->arena, struct search_value);
    t->values[0] = value;
    t->count = 1;
}

static bool read_comparable(struct reader *r, struct search_term *t, enum search_class kind)
{
    struct str word = word_at(r, r->at), text = word;
    struct search_value value = {0};
    bool (*const exact)(struct str, double *) =
        kind == CLASS_DURATION ? search_duration : search_percentage;
    t->comparison = search_take_operator(&text);
    t->kind = SEARCH_NUMBER;
    if (!(kind != CLASS_NUMBER && exact(text, &value.number)) &&
        !search_number(text, &value.number))
        return fail_for_class(r, kind == CLASS_PERCENTAGE ? CLASS_NUMBER : kind, word);
    set_one(r, t, value);
    r->at += word.n;
    return true;
}

static bool read_date(struct reader *r, struct search_term *t, bool negated)
{
    struct str word = word_at(r, r->at), text = word;
    struct search_value value = {0};
    int64_t distance;
    t->kind = SEARCH_DATE;
    t->comparison = search_take_operator(&text);
    bool compared = text.n != word.n;
    if (!negated && !compared && search_relative(text, &distance)) {
        t->comparison = distance < 0 ? SEARCH_GE : SEARCH_LE;
        value.date.at = r->now + (distance < 0 ? distance : -distance);
    } else if (negated || !search_date(text, &value.date)) {
        return fail_for_class(r, CLASS_DATE, word);
    }
    set_one(r, t, value);
    r->at += word.n;
    return true;
}

static bool read_boolean(struct reader *r, struct search_term *t, bool negated)
{
    struct str word = word_at(r, r->at);
    struct search_value value = {0};
    t->kind = SEARCH_BOOLEAN;
    if (!search_boolean(word, &value.truth))
        return fail_for_class(r, CLASS_BOOLEAN, word);
    value.truth ^= negated;
    set_one(r, t, value);
    r->at += word.n;
    return true;
}

/* One item of a list at *at; false when there is none, which ends or spoils the list. */
static bool list_item(const struct reader *r, size_t *at, struct str *item)
{
    size_t end = *at;
    if (end < r->text.n && r->text.p[end] == '"') {
        end = quote_end(r, end);
        if (!end)
            return false;
        *item = str_slice(r->text, *at + 1, end - 1);
        *at = end;
        return true;
    }
    while (end < r->text.n && !strchr(" ,\n\t()\"", r->text.p[end])) {
        bool closes = r->text.p[end] == ']' && at_boundary(r, end + 1);
        if (closes)
            break;
        end++;
    }
    *item = str_slice(r->text, *at, end);
    *at = end;
    return true;
}

static size_t skip_blanks_at(const struct reader *r, size_t at)
{
    while (at < r->text.n && r->text.p[at] == ' ')
        at++;
    return at;
}

enum list { NOT_A_LIST, LIST, BAD_LIST };

static enum list add_item(struct reader *r, struct search_term *t, struct str item)
{
    if (!item.n) {
        fail(r, "Lists should not have empty values%", S("."));
        return BAD_LIST;
    }
    if (t->count == SEARCH_VALUES_MAX) {
        fail(r, "A list may have at most 100 values%", S("."));
        return BAD_LIST;
    }
    t->values[t->count++] = text_value(r->arena, item);
    return LIST;
}

/* "[a, b]" followed by a boundary; anything else that begins with a bracket is plain text. */
static enum list read_list(struct reader *r, struct search_term *t)
{
    size_t at = r->at + 1;
    struct str item;
    if (at_end(r) || r->text.p[r->at] != '[' || str_starts(rest_of(r), S("[]")))
        return NOT_A_LIST;
    t->values = arena_alloc(r->arena, SEARCH_VALUES_MAX * sizeof(*t->values));
    for (t->count = 0;; at++) {
        at = skip_blanks_at(r, at);
        if (!list_item(r, &at, &item))
            return NOT_A_LIST;
        at = skip_blanks_at(r, at);
        bool ends = at < r->text.n && r->text.p[at] == ']' && at_boundary(r, at + 1);
        if (!ends && (at >= r->text.n || r->text.p[at] != ','))
            return NOT_A_LIST;
        enum list added = add_item(r, t, item);
        if (ends || added == BAD_LIST) {
            r->at = at + 1;
            return added;
        }
    }
}

static bool read_numbers(struct reader *r, struct search_term *t)
{
    t->kind = SEARCH_NUMBER;
    t->is_list = true;
    for (size_t i = 0; i < t->count; i++) {
        if (!search_number(t->values[i].text, &t->values[i].number))
            return fail_for_class(r, CLASS_NUMBER, t->values[i].text);
    }
    return true;
}

/* Operator words between two U+F00D: the text is meant literally, the stars come from the word. */
static const struct {
    struct str word;
    bool before, after;
} words[] = {
    {{"\xEF\x80\x8D"
      "Contains\xEF\x80\x8D",
      14},
     true,
     true},
    {{"\xEF\x80\x8D"
      "StartsWith\xEF\x80\x8D",
      16},
     false,
     true},
    {{"\xEF\x80\x8D"
      "EndsWith\xEF\x80\x8D",
      14},
     true,
     false},
};

static struct str with_stars(struct arena *a, struct str text, bool before, bool after)
{
    struct buf out;
    buf_init(&out, (size_t)SEARCH_LENGTH_MAX * 3);
    if (before)
        buf_putc(&out, '*');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '*' || text.p[i] == '\\')
            buf_putc(&out, '\\');
        buf_putc(&out, text.p[i]);
    }
    if (after)
        buf_putc(&out, '*');
    struct str copy = arena_str(a, buf_str(&out));
    buf_free(&out);
    return copy;
}

static int take_word(struct reader *r)
{
    for (int i = 0; i < (int)(sizeof(words) / sizeof(words[0])); i++) {
        if (str_starts(rest_of(r), words[i].word)) {
            r->at += words[i].word.n;
            return i;
        }
    }
    return -1;
}

static void apply_word(struct reader *r, struct search_term *t, int word)
{
    for (size_t i = 0; word >= 0 && i < t->count; i++) {
        t->values[i].text =
            with_stars(r->arena, t->values[i].text, words[word].before, words[word].after);
        t->values[i].wildcard = true;
    }
}

static bool is_unescaped_quote(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\')
            i++;
        else if (s.p[i] == '"')
            return true;
    }
    return false;
}

static bool read_bare(struct reader *r, struct search_term *t)
{
    struct str word = word_at(r, r->at);
    if (!word.n)
        return fail(r, "Empty string after '%:'", t->key);
    if (is_unescaped_quote(word))
        return fail(r, "Invalid quote at '%': quotes must enclose text or be escaped.", word);
    set_one(r, t, text_value(r->arena, word));
    r->at += word.n;
    return true;
}

static bool read_text(struct reader *r, struct search_term *t)
{
    int word = take_word(r);
    enum list list = read_list(r, t);
    size_t quoted = !at_end(r) && r->text.p[r->at] == '"' ? quote_end(r, r->at) : 0;
    t->kind = SEARCH_TEXT;
    t->is_list = list == LIST;
    if (list == BAD_LIST)
        return false;
    if (list == NOT_A_LIST && quoted) {
        set_one(r, t, text_value(r->arena, str_slice(r->text, r->at + 1, quoted - 1)));
        r->at = quoted;
    } else if (list == NOT_A_LIST && !read_bare(r, t)) {
        return false;
    }
    apply_word(r, t, word);
    return true;
}

static bool read_compared_text(struct reader *r, struct search_term *t)
{
    struct str rest = rest_of(r);
    t->comparison = search_take_operator(&rest);
    r->at = r->text.n - rest.n;
    return read_text(r, t);
}

static bool read_has(struct reader *r, struct search_term *t)
{
    struct search_key key;
    struct str rest = rest_of(r), word = word_at(r, r->at), name;
    char *closed = arena_printf(r->arena, "%.*s:", STR_ARG(word));
    size_t n = search_key_name(rest, &name);
    t->kind = SEARCH_HAS;
    if (n && at_boundary(r, r->at + n)) {
        t->key = name;
    } else if (search_key(str_of(closed), &key) && key.is_tag) {
        t->key = key.name;
        t->is_tag = true;
        n = word.n;
    } else {
        return fail(r, "Invalid key for 'has': %", word);
    }
    r->at += n;
    return true;
}

static bool read_is(struct reader *r, struct search_term *t)
{
    if (!read_text(r, t))
        return false;
    t->kind = SEARCH_IS;
    return t->is_list ? fail(r, "'%' takes one value, not a list.", S("is")) : true;
}

static bool read_value(struct reader *r, struct search_term *t, enum search_class kind,
                       bool negated)
{
    enum list list;
    switch (kind) {
    case CLASS_HAS:
        return read_has(r, t);
    case CLASS_IS:
        return read_is(r, t);
    case CLASS_DATE:
        return read_date(r, t, negated);
    case CLASS_BOOLEAN:
        return read_boolean(r, t, negated);
    case CLASS_NUMBER:
    case CLASS_DURATION:
    case CLASS_PERCENTAGE:
        list = read_list(r, t);
        if (list == NOT_A_LIST)
            return read_comparable(r, t, kind);
        return list == LIST && read_numbers(r, t);
    case CLASS_TEXT_COMPARED:
        return read_compared_text(r, t);
    default:
        return read_text(r, t);
    }
}

/* ---- Terms. */

enum outcome { NO_FILTER, FILTER, BROKEN };

static enum outcome read_filter(struct reader *r, struct search_term *t)
{
    size_t start = r->at;
    bool negated = r->text.p[r->at] == '!';
    struct search_key key;
    if (!search_key(str_slice(r->text, r->at + negated, r->text.n), &key))
        return NO_FILTER;
    *t = (struct search_term){.key = key.name, .is_tag = key.is_tag};
    t->is_aggregate = key.is_aggregate;
    r->at += negated + key.length;
    if (!read_value(r, t, key.kind, negated)) {
        /* An aggregate whose value does not fit is plain text. */
        r->at = start;
        return key.is_aggregate ? NO_FILTER : BROKEN;
    }
    if (negated && t->kind != SEARCH_BOOLEAN)
        t->comparison = negate(t->comparison);
    return FILTER;
}

static bool begins_filter(struct reader *r)
{
    struct search_term ignored;
    size_t start = r->at;
    enum outcome outcome = read_filter(r, &ignored);
    r->at = start;
    r->error = NULL;
    return outcome != NO_FILTER;
}

static bool begins_boolean(const struct reader *r)
{
    struct str word = word_at(r, r->at);
    size_t end = r->at + word.n;
    bool ends = end >= r->text.n || strchr(" )", r->text.p[end]);
    return ends && (str_case_eq(word, S("and")) || str_case_eq(word, S("or")));
}

/* One word of free text, parentheses kept but matched. */
static bool skip_word(struct reader *r)
{
    size_t depth = 0, opened = r->at;
    for (; !at_end(r); r->at++) {
        char c = r->text.p[r->at];
        if (c == '\n' || (c == ')' && depth == 0))
            return fail_at(r, r->at);
        if (c == ' ' && depth == 0)
            break;
        if (c == '(')
            opened = depth++ ? opened : r->at;
        else if (c == ')')
            depth--;
    }
    return depth == 0 || fail_at(r, opened);
}

static bool read_words(struct reader *r, struct search_term *t)
{
    size_t start = r->at;
    do {
        if (!skip_word(r))
            return false;
        skip_blanks(r);
        bool quoted = !at_end(r) && r->text.p[r->at] == '"' && quote_end(r, r->at);
        if (quoted || at_end(r) || begins_boolean(r) || begins_filter(r))
            break;
    } while (!at_end(r));
    struct str words_read = str_trim(str_slice(r->text, start, r->at));
    *t = (struct search_term){.kind = SEARCH_FREE, .key = S("message")};
    set_one(r, t, text_value(r->arena, words_read));
    return true;
}

static bool read_term(struct reader *r, struct search_term *t)
{
    if (begins_boolean(r))
        return fail(r, "Boolean statements containing % are not supported in this search",
                    S("\"OR\" or \"AND\""));
    enum outcome outcome = read_filter(r, t);
    if (outcome != NO_FILTER)
        return outcome == FILTER;
    r->error = NULL;
    size_t quoted = r->text.p[r->at] == '"' ? quote_end(r, r->at) : 0;
    if (!quoted)
        return read_words(r, t);
    *t = (struct search_term){.kind = SEARCH_FREE, .key = S("message")};
    set_one(r, t, text_value(r->arena, str_slice(r->text, r->at + 1, quoted - 1)));
    r->at = quoted;
    return true;
}

bool search_parse(struct arena *a, struct str text, int64_t now, struct search *out,
                  const char **error)
{
    struct reader r = {.arena = a, .text = text, .now = now};
    *out = (struct search){.terms = arena_alloc(a, SEARCH_TERMS_MAX * sizeof(*out->terms))};
    bool ok = text.n <= SEARCH_LENGTH_MAX || fail(&r, "The query is too long%", S("."));
    for (skip_blanks(&r); ok && !at_end(&r); skip_blanks(&r)) {
        if (out->count == SEARCH_TERMS_MAX)
            ok = fail(&r, "A query may have at most 16 terms%", S("."));
        else
            ok = read_term(&r, &out->terms[out->count++]);
    }
    *error = r.error;
    return ok;
}

/* ---- Patterns. */

static struct str pattern(struct arena *a, struct str text, bool wildcard)
{
    char *out = arena_take(a, 2 * text.n + 3);
    size_t n = 0;
    if (!wildcard)
        out[n++] = '%';
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool escaped = wildcard && c == '\\' && i + 1 < text.n && strchr("*\\", text.p[i + 1]);
        if (wildcard && c == '*') {
            out[n++] = '%';
            continue;
        }
        if (escaped)
            c = text.p[++i];
        if (strchr("%_\\", c))
            out[n++] = '\\';
        out[n++] = c;
    }
    if (!wildcard)
        out[n++] = '%';
    return (struct str){out, n};
}

struct str search_like(struct arena *a, struct str wildcard)
{
    return pattern(a, wildcard, true);
}

struct str search_contains(struct arena *a, struct str text)
{
    return pattern(a, text, false);
}
