#include "storage/trace_search.h"

#include "storage/search_sql.h"

enum { NUMBERS_MAX = 8 }; /* in a list */

/* Parameters of one term at most; the statement's own come before and behind. */
enum { TERM_PARAMS_MAX = 3 * NUMBERS_MAX, PARAMS_BEHIND = 2 };

/* ">=500": what the query language takes for text under a key it does not know. */
struct comparison {
    enum search_operator sign;
    double number;
};

static bool read_comparison(struct str text, struct comparison *out)
{
    out->sign = search_take_operator(&text);
    bool is_ordered = out->sign != SEARCH_EQ && out->sign != SEARCH_NE;
    return is_ordered && search_number(text, &out->number);
}

static void put_comparison(struct query *q, const struct trace_dataset *d,
                           const struct search_term *t, const struct comparison *c)
{
    search_sql_not(q, t);
    query_sql(q, "coalesce(");
    trace_put_number(q, d, t->key);
    query_piece(q, search_sql_sign(c->sign));
    query_number(q, c->number);
    query_sql(q, ", false)");
}

static void put_text(struct query *q, const struct trace_dataset *d, const struct search_term *t)
{
    struct comparison c;
    if (!t->is_list && t->count == 1 && read_comparison(t->values[0].text, &c)) {
        put_comparison(q, d, t, &c);
        return;
    }
    search_sql_not(q, t);
    query_sql(q, "exists (select from (select ");
    trace_put_text(q, d, t->key);
    query_sql(q, " as text) v where ");
    search_sql_text(q, t, "v.text");
    query_sql(q, ")");
}

static void put_words(struct query *q, const struct trace_dataset *d, const struct search_term *t)
{
    search_sql_not(q, t);
    search_sql_contains(q, t, d->searched);
}

static void put_number(struct query *q, const struct trace_dataset *d, const struct search_term *t)
{
    bool many = t->is_list || t->comparison == SEARCH_EQ || t->comparison == SEARCH_NE;
    struct comparison c = {t->comparison, t->values[0].number};
    if (!many) {
        put_comparison(q, d, t, &c);
        return;
    }
    search_sql_not(q, t);
    query_sql(q, "(false");
    for (size_t i = 0; i < t->count; i++) {
        query_sql(q, " or coalesce(");
        trace_put_number(q, d, t->key);
        query_sql(q, " = ");
        query_number(q, t->values[i].number);
        query_sql(q, ", false)");
    }
    query_sql(q, ")");
}

static void put_date(struct query *q, const struct trace_dataset *d, const struct search_term *t)
{
    search_sql_not(q, t);
    query_sql(q, "(");
    search_sql_date(q, t, trace_column(d, S("timestamp"))->sql);
    query_sql(q, ")");
}

static void put_has(struct query *q, const struct trace_dataset *d, const struct search_term *t)
{
    search_sql_not(q, t);
    query_sql(q, "(");
    trace_put_text(q, d, t->key);
    query_sql(q, " <> '')");
}

static void put_boolean(struct query *q, const struct trace_dataset *d, const struct search_term *t)
{
    trace_put_text(q, d, t->key);
    query_piece(q, t->values[0].truth ? " = 'true'" : " = 'false'");
}

static bool is_words(const struct search_term *t)
{
    return t->kind == SEARCH_FREE ||
           (t->kind == SEARCH_TEXT && !t->is_tag && !t->is_list && str_eq(t->key, S("message")));
}

static bool is_unknown(const struct search_term *t)
{
    return t->is_aggregate || (t->kind == SEARCH_NUMBER && t->count > NUMBERS_MAX) ||
           (t->kind == SEARCH_DATE && !str_eq(t->key, S("timestamp")));
}

static bool put_term(struct query *q, const struct trace_dataset *d, const struct search_term *t)
{
    static void (*const put[])(struct query *, const struct trace_dataset *,
                               const struct search_term *) = {
        [SEARCH_FREE] = put_words, [SEARCH_TEXT] = put_text,       [SEARCH_NUMBER] = put_number,
        [SEARCH_DATE] = put_date,  [SEARCH_BOOLEAN] = put_boolean, [SEARCH_HAS] = put_has,
        [SEARCH_IS] = NULL,
    };
    if (is_unknown(t) || !put[t->kind])
        return false;
    put[is_words(t) ? SEARCH_FREE : t->kind](q, d, t);
    return true;
}

bool trace_search_put(struct query *q, const struct trace_dataset *d, const struct search *search,
                      const char **error)
{
    for (size_t i = 0; i < search->count; i++) {
        const struct search_term *t = &search->terms[i];
        query_sql(q, " and ");
        if (q->count + TERM_PARAMS_MAX + PARAMS_BEHIND > QUERY_PARAMS_MAX || !put_term(q, d, t)) {
            *error = arena_printf(q->arena, "'%.*s' is not something that can be searched by here.",
                                  STR_ARG(t->key));
            return false;
        }
    }
    return true;
}
