#include "storage/search_sql.h"

void search_sql_not(struct query *q, const struct search_term *t)
{
    if (t->comparison == SEARCH_NE)
        query_sql(q, "not ");
}

/* The term's values, plain ones and patterns apart. */
struct matches {
    struct str *plain, *patterns;
    size_t plain_count, pattern_count;
};

/* A prefix doubles the plain values: with and without it. */
static struct matches matches_of(struct arena *a, const struct search_term *t, const char *prefix)
{
    struct matches m = {arena_alloc(a, (2 * t->count + 1) * sizeof(struct str)),
                        arena_alloc(a, (t->count + 1) * sizeof(struct str)), 0, 0};
    for (size_t i = 0; i < t->count; i++) {
        const struct search_value *v = &t->values[i];
        if (v->wildcard) {
            m.patterns[m.pattern_count++] = search_like(a, v->text);
            continue;
        }
        m.plain[m.plain_count++] = v->text;
        if (prefix)
            m.plain[m.plain_count++] = str_of(arena_printf(a, "%s%.*s", prefix, STR_ARG(v->text)));
    }
    return m;
}

static void put_matches(struct query *q, const struct matches *m, const char *plain,
                        const char *pattern)
{
    query_sql(q, "(");
    if (m->plain_count || !m->pattern_count) {
        query_piece(q, plain);
        query_sql(q, " = any(");
        query_texts(q, m->plain, m->plain_count);
        query_sql(q, ")");
    }
    if (m->plain_count && m->pattern_count)
        query_sql(q, " or ");
    if (m->pattern_count) {
        query_piece(q, pattern);
        query_sql(q, " ilike any(");
        query_texts(q, m->patterns, m->pattern_count);
        query_sql(q, ")");
    }
    query_sql(q, ")");
}

void search_sql_text(struct query *q, const struct search_term *t, const char *expression)
{
    struct matches m = matches_of(q->arena, t, NULL);
    put_matches(q, &m, expression, expression);
}

#define USER_PART(name, length)                                                                    \
    {                                                                                              \
        "user." name, name ":", "(g.key <> 'user' or starts_with(g.value, '" name ":'))",          \
            "(case g.key when 'user' then substr(g.value, " length ") else g.value end)"           \
    }

const struct user_part *search_sql_user_part(struct str key)
{
    /* substr counts from 1: the length is that of the prefix and one more */
    static const struct user_part parts[] = {USER_PART("id", "4"), USER_PART("email", "7"),
                                             USER_PART("username", "10"), USER_PART("ip", "4")};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (str_eq(key, str_of(parts[i].key)))
            return &parts[i];
    }
    return NULL;
}

void search_sql_user(struct query *q, const struct search_term *t, const struct user_part *part)
{
    struct matches m = matches_of(q->arena, t, part->prefix);
    query_piece(q, part->is_one);
    query_sql(q, " and ");
    put_matches(q, &m, "g.value", part->text);
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

const char *search_sql_sign(enum search_operator comparison)
{
    static const char *const signs[] = {
        [SEARCH_EQ] = " = ",  [SEARCH_NE] = " <> ", [SEARCH_LT] = " < ",
        [SEARCH_LE] = " <= ", [SEARCH_GT] = " > ",  [SEARCH_GE] = " >= ",
    };
    return signs[comparison];
}

void search_sql_date(struct query *q, const struct search_term *t, const char *expression)
{
    const struct search_moment *when = &t->values[0].date;
    query_piece(q, expression);
    query_piece(q, t->comparison == SEARCH_EQ ? " >= " : search_sql_sign(t->comparison));
    query_time(q, t->comparison == SEARCH_EQ ? when->from : when->at);
    if (t->comparison == SEARCH_EQ) {
        query_sql(q, " and ");
        query_piece(q, expression);
        query_sql(q, " < ");
        query_time(q, when->to);
    }
}
