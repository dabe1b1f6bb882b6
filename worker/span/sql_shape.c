#include "worker/span/sql_shape.h"

#include "worker/span/sql_list.h"
#include "worker/span/sql_words.h"

static const struct sql_token placeholder = {.kind = SQL_LITERAL, .text = {"%s", 2}};
static const struct sql_token nothing = {.kind = SQL_SIGN};

static const struct sql_token *at(const struct sql_tokens *t, size_t i)
{
    return i < t->count ? &t->list[i] : &nothing;
}

/* ---- names */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static size_t run_of(struct str s, size_t from, bool (*is)(char))
{
    size_t n = 0;
    while (from + n < s.n && is(s.p[from + n]))
        n++;
    return n;
}

/* Two digits or more, or eight hex digits or more. */
static size_t made_up(struct str name, size_t from)
{
    size_t hex = run_of(name, from, is_hex), digits = run_of(name, from, is_digit);
    return hex >= 8 ? hex : digits >= 2 ? digits : 0;
}

struct str sql_shape_name(struct arena *a, struct str name)
{
    size_t first = 0;
    while (first < name.n && !made_up(name, first))
        first++;
    if (first == name.n)
        return name;
    char *text = arena_take(a, name.n * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n;) {
        size_t skip = made_up(name, i);
        if (skip) {
            memcpy(text + n, "{%s}", 4);
            n += 4;
        } else {
            text[n++] = name.p[i];
        }
        i += skip ? skip : 1;
    }
    return (struct str){text, n};
}

/* ---- literals, qualifiers, names */

static bool is_truth(const struct sql_token *t)
{
    return sql_is_word(t, S("true")) || sql_is_word(t, S("false"));
}

/* NULL as a value; IS NULL and NOT NULL stay. */
static bool is_null_value(const struct sql_tokens *t, size_t i)
{
    if (!sql_is_word(&t->list[i], S("null")))
        return false;
    const struct sql_token *before = i ? &t->list[i - 1] : &nothing;
    return before->kind == SQL_SIGN;
}

static bool is_value(const struct sql_tokens *t, size_t i)
{
    return t->list[i].kind == SQL_LITERAL || is_truth(&t->list[i]) || is_null_value(t, i);
}

/* A minus that belongs to the number after it. */
static bool is_negative(const struct sql_tokens *t, size_t i, const struct sql_token *before)
{
    bool operand = before->kind == SQL_LITERAL || sql_is_name(before) || sql_is_sign(before, ')');
    return sql_is_sign(&t->list[i], '-') && at(t, i + 1)->number && !operand;
}

static bool is_qualifier(const struct sql_tokens *t, size_t i)
{
    const struct sql_token *after = at(t, i + 2);
    return t->list[i].kind == SQL_WORD && sql_is_sign(at(t, i + 1), '.') &&
           (after->kind == SQL_WORD || sql_is_sign(after, '*'));
}

static bool replace_values(struct sql_tokens *t)
{
    size_t n = 0;
    bool changed = false;
    for (size_t i = 0; i < t->count; i++) {
        if (is_negative(t, i, n ? &t->list[n - 1] : &nothing))
            continue;
        if (is_qualifier(t, i)) {
            i++;
            continue;
        }
        bool value = is_value(t, i);
        t->list[n++] = value ? placeholder : t->list[i];
        changed |= value;
    }
    t->count = n;
    return changed;
}

static void shorten_names(struct arena *a, struct sql_tokens *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (sql_is_name(&t->list[i]))
            t->list[i].text = sql_shape_name(a, t->list[i].text);
}

/* ---- aliases */

static bool opens_cast(const struct sql_tokens *t, size_t bracket)
{
    static const struct str casts[] = {{"cast", 4}, {"try_cast", 8}, {"convert", 7}};
    return bracket && sql_is_one_of(&t->list[bracket - 1], casts, 3);
}

static bool has_aliases(const struct sql_tokens *t)
{
    static const struct str verbs[] = {
        {"SELECT", 6}, {"WITH", 4}, {"DELETE", 6}, {"UPDATE", 6}, {"INSERT", 6}};
    return sql_is_one_of(&t->list[0], verbs, sizeof(verbs) / sizeof(verbs[0]));
}

/* How many tokens at `i` only give what stands before them another name. */
static size_t alias_length(const struct sql_tokens *t, size_t i, const struct sql_token *before)
{
    bool names = sql_is_name(at(t, i + 1)) || at(t, i + 1)->kind == SQL_LITERAL;
    if (sql_is_word(&t->list[i], S("as")) && names)
        return sql_is_sign(at(t, i + 2), '(') ? 0 : 2;
    bool thing = sql_is_name(before) || sql_is_sign(before, ')');
    return thing && sql_is_name(&t->list[i]) && !sql_is_sign(at(t, i + 1), '(');
}

static void drop_aliases(struct sql_tokens *t)
{
    bool cast[SQL_DEPTH_MAX + 1] = {false};
    size_t n = 0, depth = 0;
    if (!has_aliases(t))
        return;
    for (size_t i = 0; i < t->count; i++) {
        if (sql_is_sign(&t->list[i], '(')) {
            cast[depth + 1] = opens_cast(t, i) || cast[depth];
            depth++;
        }
        depth -= sql_is_sign(&t->list[i], ')');
        size_t alias = cast[depth] ? 0 : alias_length(t, i, n ? &t->list[n - 1] : &nothing);
        if (alias)
            i += alias - 1;
        else
            t->list[n++] = t->list[i];
    }
    t->count = n;
}

void sql_shape_whole(struct arena *a, struct sql_tokens *t)
{
    replace_values(t);
    shorten_names(a, t);
    drop_aliases(t);
    sql_list_whole(a, t);
}

bool sql_shape_loose(struct sql_tokens *t)
{
    bool changed = replace_values(t);
    sql_list_loose(t);
    return changed;
}
