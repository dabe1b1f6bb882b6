#include "storage/event_search.h"

#include "storage/search_sql.h"

static const struct {
    const char *key, *expression;
} columns[] = {
    {"title", "e.title"},
    {"platform", "e.platform"},
    {"platform.name", "e.platform"},
    {"type", "e.type"},
    {"event.type", "e.type"},
    {"dist", "coalesce(e.dist, '')"},
    {"id", "replace(e.event_id::text, '-', '')"},
    {"trace", "coalesce(replace(e.trace_id::text, '-', ''), '')"},
    {"transaction", "coalesce(e.\"transaction\", '')"},
};

static const char *column_of(struct str key)
{
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        if (str_eq(key, str_of(columns[i].key)))
            return columns[i].expression;
    }
    return NULL;
}

/* The row of tags that the term may be about: one, or for a part of a user two. */
static void put_tag(struct query *q, const struct search_term *t)
{
    const struct user_part *part = search_sql_user_part(t->key);
    query_sql(q, "exists (select from (select ");
    query_text(q, t->key);
    query_sql(q, " as key, coalesce(e.tags ->> ");
    query_text(q, t->key);
    query_sql(q, ", '') as value");
    if (part)
        query_sql(q, " union all select 'user', e.tags ->> 'user'");
    query_sql(q, ") g where ");
    if (part)
        search_sql_user(q, t, part);
    else
        search_sql_text(q, t, "g.value");
    query_sql(q, ")");
}

static void put_text(struct query *q, const struct search_term *t)
{
    const char *column = t->is_tag ? NULL : column_of(t->key);
    search_sql_not(q, t);
    if (t->kind == SEARCH_FREE || str_eq(t->key, S("message")))
        search_sql_contains(q, t, "e.title");
    else if (column)
        search_sql_text(q, t, column);
    else
        put_tag(q, t);
}

static bool is_time(const struct search_term *t)
{
    return t->kind == SEARCH_DATE &&
           (str_eq(t->key, S("timestamp")) || str_eq(t->key, S("event.timestamp")) ||
            str_eq(t->key, S("date")));
}

static bool put_handled(struct query *q, const struct search_term *t)
{
    bool handled = str_eq(t->key, S("error.handled"));
    if (t->kind != SEARCH_BOOLEAN || (!handled && !str_eq(t->key, S("error.unhandled"))))
        return false;
    query_piece(q, handled == t->values[0].truth ? "coalesce(e.handled, true)"
                                                 : "not coalesce(e.handled, true)");
    return true;
}

static bool put_term(struct query *q, const struct search_term *t)
{
    if (t->kind == SEARCH_HAS) {
        search_sql_not(q, t);
        query_sql(q, "e.tags ? ");
        query_text(q, t->key);
    } else if (is_time(t)) {
        search_sql_date(q, t, "e.\"timestamp\"");
    } else if (t->kind == SEARCH_TEXT || t->kind == SEARCH_FREE) {
        put_text(q, t);
    } else {
        return put_handled(q, t);
    }
    return true;
}

bool event_search_put(struct query *q, const struct search *search, const char **error)
{
    for (size_t i = 0; i < search->count; i++) {
        const struct search_term *t = &search->terms[i];
        query_sql(q, " and ");
        if (t->is_aggregate || !put_term(q, t)) {
            *error =
                arena_printf(q->arena, "'%.*s' is not something that events can be searched by.",
                             STR_ARG(t->key));
            return false;
        }
    }
    return true;
}
