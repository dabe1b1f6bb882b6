#include "storage/trace_items.h"

#include "base/clock.h"
#include "storage/trace_search.h"

enum { NANOSECONDS = 1000 };
static const int64_t future_most = 60 * (int64_t)CLOCK_SECOND; /* of a sender's clock */

/* ---- functions */

static const struct {
    struct str name;
    const char *before, *after; /* around the argument as a number; of counts the whole */
} functions[] = {
    {{"count", 5}, "count(*)", NULL},
    {{"sum", 3}, "sum(", ")"},
    {{"avg", 3}, "avg(", ")"},
    {{"min", 3}, "min(", ")"},
    {{"max", 3}, "max(", ")"},
    {{"p50", 3}, "percentile_cont(0.5) within group (order by ", ")"},
    {{"p75", 3}, "percentile_cont(0.75) within group (order by ", ")"},
    {{"p90", 3}, "percentile_cont(0.9) within group (order by ", ")"},
    {{"p95", 3}, "percentile_cont(0.95) within group (order by ", ")"},
    {{"p99", 3}, "percentile_cont(0.99) within group (order by ", ")"},
    {{"count_unique", 12}, "count(distinct ", ")"},
};

bool trace_is_function(struct str field)
{
    return str_has(field, S("(")) && str_ends(field, S(")"));
}

static bool put_function(struct query *q, const struct trace_dataset *d, struct str field)
{
    size_t open = str_index(field, '(');
    struct str name = str_slice(field, 0, open), rest = str_slice(field, open + 1, field.n - 1);
    struct str argument = str_trim(str_split(&rest, ','));
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (!str_eq(name, functions[i].name))
            continue;
        query_piece(q, functions[i].before);
        if (!functions[i].after)
            return true;
        if (str_eq(name, S("count_unique")))
            trace_put_text(q, d, argument);
        else
            trace_put_number(q, d, argument);
        query_piece(q, functions[i].after);
        return argument.n > 0;
    }
    return false;
}

/* ---- the statement */

static bool is_grouped(const struct trace_list *list)
{
    for (size_t i = 0; i < list->field_count; i++)
        if (trace_is_function(list->fields[i]))
            return true;
    return false;
}

static bool put_fields(struct query *q, struct trace_list *list)
{
    query_sql(q, "select ");
    for (size_t i = 0; i < list->field_count; i++) {
        if (i)
            query_sql(q, ", ");
        if (!trace_is_function(list->fields[i])) {
            trace_put_value(q, list->dataset, list->fields[i]);
        } else if (!put_function(q, list->dataset, list->fields[i])) {
            list->error =
                arena_printf(q->arena, "%.*s is not a valid function", STR_ARG(list->fields[i]));
            return false;
        }
    }
    if (!is_grouped(list))
        query_sql(q, ", i.nanoseconds");
    query_sql(q, " from ");
    query_piece(q, list->dataset->table);
    return true;
}

static bool put_conditions(struct query *q, struct trace_list *list)
{
    const struct issue_filter *f = &list->filter;
    int64_t end = f->end + (f->until_now ? future_most : 0);
    query_sql(q, " where i.project_id = any(");
    query_ints(q, f->projects, f->project_count);
    query_sql(q, ") and i.nanoseconds >= ");
    query_int(q, f->start * NANOSECONDS);
    query_sql(q, " and i.nanoseconds <= ");
    query_int(q, list->before / NANOSECONDS < end ? list->before : end * NANOSECONDS);
    query_sql(q, " and i.received_day >= (");
    query_time(q, f->start - CLOCK_DAY);
    query_sql(q, ")::date");
    if (f->by_environment) {
        query_sql(q, " and i.environment_id = any(");
        query_ints(q, f->environments, f->environment_count);
        query_sql(q, ")");
    }
    return trace_search_put(q, list->dataset, &f->search, &list->error);
}

static void put_groups(struct query *q, const struct trace_list *list)
{
    bool first = true;
    for (size_t i = 0; i < list->field_count; i++) {
        if (trace_is_function(list->fields[i]))
            continue;
        query_piece(q, first ? " group by " : ", ");
        query_ordinal(q, (int)i + 1);
        first = false;
    }
}

/* Of the field that the list is sorted by; 0: none of the selected. */
static int sort_ordinal(const struct trace_list *list, bool *descending)
{
    struct str sort = list->sort;
    *descending = str_starts(sort, S("-"));
    if (*descending)
        sort = str_from(sort, 1);
    for (size_t i = 0; i < list->field_count; i++)
        if (str_eq(sort, list->fields[i]))
            return (int)i + 1;
    return 0;
}

bool trace_list_by_time(const struct trace_list *list)
{
    return !is_grouped(list) && (!list->sort.n || str_eq(list->sort, S("-timestamp")) ||
                                 str_eq(list->sort, S("-timestamp_precise")));
}

static bool put_order(struct query *q, struct trace_list *list)
{
    bool descending, grouped = is_grouped(list);
    int ordinal = sort_ordinal(list, &descending);
    query_sql(q, " order by ");
    if (trace_list_by_time(list)) {
        query_sql(q, "i.nanoseconds desc, i.id desc");
        return true;
    }
    if (!ordinal && list->sort.n) {
        list->error = "Cannot sort by a field that is not selected.";
        return false;
    }
    query_ordinal(q, ordinal ? ordinal : 1);
    query_piece(q, descending || !list->sort.n ? " desc nulls last" : " asc nulls last");
    if (!grouped)
        query_sql(q, ", i.nanoseconds desc, i.id desc");
    return true;
}

struct rows *trace_items_find(struct pg *db, struct arena *a, struct trace_list *list)
{
    struct query q;
    query_begin(&q, a);
    if (!put_fields(&q, list) || !put_conditions(&q, list))
        return NULL;
    if (is_grouped(list))
        put_groups(&q, list);
    if (!put_order(&q, list))
        return NULL;
    query_sql(&q, " limit ");
    query_int(&q, list->limit + 1);
    query_sql(&q, " offset ");
    query_int(&q, list->skip);
    return query_run(&q, db);
}
