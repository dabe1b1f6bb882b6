#include "worker/span/sql_token.h"

#include "worker/span/sql_words.h"

struct reader {
    struct str query;
    size_t at;
    struct sql_tokens *out;
};

static char peek(const struct reader *r, size_t ahead)
{
    size_t at = r->at + ahead;
    return at < r->query.n ? r->query.p[at] : '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_part(char c)
{
    return is_letter(c) || is_digit(c) || c == '$' || c == '#';
}

static struct sql_token *put(struct reader *r, enum sql_kind kind, size_t from)
{
    struct sql_token *t = &r->out->list[r->out->count++];
    *t = (struct sql_token){.kind = kind, .text = str_slice(r->query, from, r->at)};
    return t;
}

/* Goes behind the next `end`; the whole rest when there is none. */
static void pass(struct reader *r, struct str end)
{
    struct str rest = str_from(r->query, r->at);
    size_t found = str_find(rest, end);
    r->out->cut |= found == rest.n;
    r->at += found == rest.n ? rest.n : found + end.n;
}

static bool take_comment(struct reader *r)
{
    if (peek(r, 0) == '/' && peek(r, 1) == '*') {
        r->at += 2;
        pass(r, S("*/"));
        return true;
    }
    if (!(peek(r, 0) == '-' && peek(r, 1) == '-') && !(peek(r, 0) == '#' && peek(r, 1) == ' '))
        return false;
    r->at += str_index(str_from(r->query, r->at), '\n');
    return true;
}

/* Behind the closing quote: a doubled one, and one behind a backslash, is inside. */
static void pass_quoted(struct reader *r, char quote, bool escapes)
{
    while (r->at < r->query.n) {
        char c = r->query.p[r->at++];
        if (escapes && c == '\\')
            r->at += r->at < r->query.n;
        else if (c == quote && peek(r, 0) == quote)
            r->at++;
        else if (c == quote)
            return;
    }
    r->out->cut = true;
}

static bool take_string(struct reader *r)
{
    static const char prefixes[] = "nNeExXbBuU";
    size_t from = r->at, prefix = peek(r, 0) && strchr(prefixes, peek(r, 0)) ? 1 : 0;
    if (peek(r, prefix) != '\'')
        return false;
    r->at += prefix + 1;
    pass_quoted(r, '\'', true);
    put(r, SQL_LITERAL, from);
    return true;
}

static bool take_name(struct reader *r)
{
    static const char opening[] = "\"`[", closing[] = "\"`]";
    char c = peek(r, 0);
    const char *which = c ? strchr(opening, c) : NULL;
    if (!which || (c == '[' && !is_letter(peek(r, 1))))
        return false;
    size_t from = r->at++;
    bool was_cut = r->out->cut;
    pass_quoted(r, closing[which - opening], c == '"');
    bool cut = r->out->cut && !was_cut;
    struct sql_token *t = put(r, SQL_WORD, from);
    t->quoted = true;
    t->text = str_slice(t->text, 1, t->text.n - !cut);
    return true;
}

static bool take_word(struct reader *r)
{
    size_t from = r->at;
    if (!is_letter(peek(r, 0)))
        return false;
    while (is_part(peek(r, 0)))
        r->at++;
    struct sql_token *t = put(r, SQL_WORD, from);
    t->keyword = sql_is_keyword(t->text);
    return true;
}

static bool take_number(struct reader *r)
{
    size_t from = r->at;
    if (!is_digit(peek(r, 0)) && !(peek(r, 0) == '.' && is_digit(peek(r, 1))))
        return false;
    while (is_part(peek(r, 0)) || peek(r, 0) == '.' ||
           ((peek(r, 0) == '-' || peek(r, 0) == '+') && r->at > from &&
            (r->query.p[r->at - 1] | ' ') == 'e' && is_digit(peek(r, 1))))
        r->at++;
    put(r, SQL_LITERAL, from)->number = true;
    return true;
}

/* $tag$ … $tag$ */
static bool take_dollar_string(struct reader *r)
{
    size_t from = r->at, n = 1;
    while (is_letter(peek(r, n)) || is_digit(peek(r, n)))
        n++;
    if (peek(r, 0) != '$' || is_digit(peek(r, 1)) || peek(r, n) != '$')
        return false;
    struct str tag = str_slice(r->query, from, from + n + 1);
    r->at += tag.n;
    pass(r, tag);
    put(r, SQL_LITERAL, from);
    return true;
}

/* %s %d %(name)s */
static bool take_percent(struct reader *r)
{
    char next = peek(r, 1);
    if (next == '(') {
        pass(r, S(")"));
        r->at += peek(r, 0) == 's' || peek(r, 0) == 'd';
        return true;
    }
    if ((next != 's' && next != 'd') || is_part(peek(r, 2)))
        return false;
    r->at += 2;
    return true;
}

/* ? $1 :name @p1; the second colon of a cast begins none. */
static bool begins_parameter(const struct reader *r)
{
    char c = peek(r, 0);
    if (c == ':' && r->at && r->query.p[r->at - 1] == ':')
        return false;
    return c == '?' || ((c == '$' || c == '@' || c == ':') && is_part(peek(r, 1)));
}

static bool take_placeholder(struct reader *r)
{
    size_t from = r->at;
    bool percent = peek(r, 0) == '%';
    if (percent ? !take_percent(r) : !begins_parameter(r))
        return false;
    if (!percent)
        r->at++;
    while (!percent && is_part(peek(r, 0)))
        r->at++;
    put(r, SQL_LITERAL, from);
    return true;
}

static void take_sign(struct reader *r)
{
    static const struct str signs[] = {{"<=>", 3}, {"->>", 3}, {"<=", 2}, {">=", 2}, {"<>", 2},
                                       {"!=", 2},  {"||", 2},  {"::", 2}, {"->", 2}, {"&&", 2},
                                       {":=", 2},  {"@>", 2},  {"<@", 2}, {"..", 2}};
    size_t from = r->at;
    struct str rest = str_from(r->query, r->at);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]) && r->at == from; i++)
        if (str_starts(rest, signs[i]))
            r->at += signs[i].n;
    r->at += r->at == from;
    put(r, SQL_SIGN, from);
}

static bool (*const takers[])(struct reader *r) = {
    take_comment, take_string, take_name,        take_dollar_string,
    take_number,  take_word,   take_placeholder,
};

struct sql_tokens sql_read(struct arena *a, struct str query)
{
    struct sql_tokens out = {.list = arena_take(a, (query.n + 1) * sizeof(struct sql_token))};
    struct reader r = {.query = query, .out = &out};
    while (r.at < query.n) {
        size_t i = 0;
        if (is_blank(query.p[r.at])) {
            r.at++;
            continue;
        }
        while (i < sizeof(takers) / sizeof(takers[0]) && !takers[i](&r))
            i++;
        if (i == sizeof(takers) / sizeof(takers[0]))
            take_sign(&r);
    }
    return out;
}

bool sql_is_sign(const struct sql_token *t, char sign)
{
    return t->kind == SQL_SIGN && t->text.n == 1 && t->text.p[0] == sign;
}

bool sql_is_word(const struct sql_token *t, struct str word)
{
    return t->kind == SQL_WORD && !t->quoted && str_case_eq(t->text, word);
}
