#include "worker/span/sql.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/text.h"
#include "worker/span/sql_shape.h"
#include "worker/span/sql_words.h"

enum { TABLES_MAX = 64 };

static struct sql_tokens read_query(struct arena *a, struct str query)
{
    size_t n = query.n < SQL_QUERY_MAX ? query.n : SQL_QUERY_MAX;
    while (n && n < query.n && ((unsigned char)query.p[n] & 0xC0) == 0x80)
        n--;
    struct sql_tokens tokens = sql_read(a, str_slice(query, 0, n));
    tokens.cut |= n < query.n;
    return tokens;
}

/* Brackets match and are not nested past all reason. */
static bool is_whole(const struct sql_tokens *t)
{
    size_t depth = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (sql_is_sign(&t->list[i], '('))
            depth++;
        else if (sql_is_sign(&t->list[i], ')') && !depth--)
            return false;
        if (depth >= SQL_DEPTH_MAX)
            return false;
    }
    return t->count && !depth && !t->cut && sql_begins_statement(&t->list[0]);
}

static bool is_close(const struct sql_token *before, const struct sql_token *t)
{
    static const char sticks_left[] = ",;).]", sticks_right[] = "(.[";
    bool cast = str_eq(t->text, S("::")) || str_eq(before->text, S("::"));
    if (cast)
        return true;
    if (t->kind == SQL_SIGN && t->text.n == 1 && strchr(sticks_left, t->text.p[0]))
        return true;
    if (before->kind == SQL_SIGN && before->text.n == 1 && strchr(sticks_right, before->text.p[0]))
        return true;
    return sql_is_sign(t, '(') && !t->spaced && sql_is_name(before);
}

static char capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static void write_token(struct buf *out, const struct sql_token *t, bool capitals)
{
    bool raise = capitals && t->keyword;
    for (size_t i = 0; i < t->text.n; i++)
        buf_putc(out, raise ? capital(t->text.p[i]) : t->text.p[i]);
}

static struct str write_query(struct arena *a, const struct sql_tokens *t, bool capitals)
{
    struct buf out;
    buf_init(&out, (size_t)SQL_QUERY_MAX * 8);
    size_t count = t->count;
    while (count && sql_is_sign(&t->list[count - 1], ';'))
        count--;
    for (size_t i = 0; i < count; i++) {
        if (i && !is_close(&t->list[i - 1], &t->list[i]))
            buf_putc(&out, ' ');
        write_token(&out, &t->list[i], capitals);
    }
    struct str text = out.len && buf_ok(&out) ? arena_str(a, buf_str(&out)) : (struct str){0};
    buf_free(&out);
    return text;
}

struct str sql_description(struct arena *a, struct str query)
{
    struct sql_tokens tokens = read_query(a, query);
    if (is_whole(&tokens)) {
        sql_shape_whole(a, &tokens);
        return write_query(a, &tokens, true);
    }
    return sql_shape_loose(&tokens) ? write_query(a, &tokens, false) : (struct str){0};
}

static struct str capitals(struct arena *a, struct str word)
{
    char *text = arena_take(a, word.n + 1);
    for (size_t i = 0; i < word.n; i++)
        text[i] = capital(word.p[i]);
    return (struct str){text, word.n};
}

struct str sql_action(struct arena *a, struct str query)
{
    struct str trimmed = str_trim(query);
    size_t n = 0;
    while (n < trimmed.n && n < 16 && text_is_word_byte(trimmed.p[n]))
        n++;
    struct sql_token word = {.kind = SQL_WORD, .text = str_slice(trimmed, 0, n)};
    return n && sql_begins_statement(&word) ? capitals(a, word.text) : (struct str){0};
}

static int by_text(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The last part of a name at `i`; absent when there is none. */
static struct str table_at(struct arena *a, const struct sql_tokens *t, size_t i)
{
    while (i + 2 < t->count && t->list[i].kind == SQL_WORD && sql_is_sign(&t->list[i + 1], '.'))
        i += 2;
    bool named = i < t->count && sql_is_name(&t->list[i]) && t->list[i].text.n;
    return named ? text_lower(a, sql_shape_name(a, t->list[i].text)) : (struct str){0};
}

struct str sql_tables(struct arena *a, struct str query)
{
    static const struct str before[] = {
        {"FROM", 4}, {"JOIN", 4}, {"INTO", 4}, {"UPDATE", 6}, {"TABLE", 5}};
    struct sql_tokens t = read_query(a, query);
    struct str names[TABLES_MAX], list = S(",");
    size_t count = 0;
    for (size_t i = 0; i + 1 < t.count && count < TABLES_MAX; i++) {
        if (!sql_is_one_of(&t.list[i], before, sizeof(before) / sizeof(before[0])))
            continue;
        names[count] = table_at(a, &t, i + 1);
        count += names[count].n > 0;
    }
    qsort(names, count, sizeof(names[0]), by_text);
    for (size_t i = 0; i < count; i++)
        if (!i || !str_eq(names[i], names[i - 1]))
            list = str_of(arena_printf(a, "%.*s%.*s,", STR_ARG(list), STR_ARG(names[i])));
    return count ? list : (struct str){0};
}
