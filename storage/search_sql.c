#include "storage/search_sql.h"

void search_sql_not(struct query *q, const struct search_term *t)
{
    if (t->operator== SEARCH_NE)
        query_sql(q, "not ");
}

/* The term's values, plain ones and patterns apart; a prefix doubles them, with and without it. */
struct matches {
    struct str *plain, *patterns;
    size_t plain_count, pattern_count;
};

static void add_match(struct arena *a, struct matches *m, const struct search_value *v,
                      struct str prefix)
{
    struct str text = str_of(arena_printf(a, "%.*s%.*s", STR_ARG(prefix), STR_ARG(v->text)));
    if (v->wildcard)
        m->patterns[m->pattern_count++] = search_like(a, text);
    else
        m->plain[m->plain_count++] = text;
}

static struct matches matches_of(struct arena *a, const struct search_term *t, struct str prefix)
{
    size_t room = 2 * t->count + 1;
    struct matches m = {arena_alloc(a, room * sizeof(struct str)),
                        arena_alloc(a, room * sizeof(struct str)), 0, 0};
    for (size_t i = 0; i < t->count; i++) {
        add_match(a, &m, &t->values[i], S(""));
        if (prefix.n)
            add_match(a, &m, &t->values[i], prefix);
    }
    return m;
}

static void put_matches(struct query *q, const char *expression, const struct matches *m)
{
    query_sql(q, "(");
    if (m->plain_count || !m->pattern_count) {
        query_piece(q, expression);
        query_sql(q, " = any(");
        query_texts(q, m->plain, m->plain_count);
        query_sql(q, ")");
    }
    if (m->plain_count && m->pattern_count)
        query_sql(q, " or ");
    if (m->pattern_count) {
        query_piece(q, expression);
        query_sql(q, " ilike any(");
        query_texts(q, m->patterns, m->pattern_count);
        query_sql(q, ")");
    }
    query_sql(q, ")");
}

void search_sql_text(struct query *q, const struct search_term *t, const char *expression,
                     struct str prefix)
{
    struct matches m = matches_of(q->arena, t, prefix);
    put_matches(q, expression, &m);
}

void search_sql_contains(struct query *q, const struct search_term *t, const char *expression)
{
    struct str *patterns = arena_alloc(q->arena, t->count * sizeof(*patterns));
    for (size_t i = 0; i < t->count; i++) {
        struct str text = t->values[i].text;
        if (t->values[i].wildcard)
            text = str_of(arena_printf(q->arena, "*%.*s*", STR_ARG(text)));
        patterns[i] =
            t->values[i].wildcard ? search_like(q->arena, text) : search_contains(q->arena, text);
    }
    query_piece(q, expression);
    query_sql(q, " ilike any(");
    query_texts(q, patterns, t->count);
    query_sql(q, ")");
}

const char *search_sql_sign(enum search_operator operator)
{
    static const char *const signs[] = {
        [SEARCH_EQ] = " = ",  [SEARCH_NE] = " <> ", [SEARCH_LT] = " < ",
        [SEARCH_LE] = " <= ", [SEARCH_GT] = " > ",  [SEARCH_GE] = " >= ",
    };
    return signs[operator];
}

void search_sql_date(struct query *q, const struct search_term *t, const char *expression)
{
    const struct search_moment *when = &t->values[0].date;
    query_piece(q, expression);
    query_piece(q, t->operator== SEARCH_EQ ? " >= " : search_sql_sign(t->operator));
    query_time(q, t->operator== SEARCH_EQ ? when->from : when->at);
    if (t->operator== SEARCH_EQ) {
        query_sql(q, " and ");
        query_piece(q, expression);
        query_sql(q, " < ");
        query_time(q, when->to);
    }
}
