#include "storage/explore.h"

#include "base/clock.h"
#include "base/text.h"
#include "storage/explore_columns.h"
#include "storage/search_sql.h"

enum { ARGUMENTS_MAX = 4, NAME_MAX = 200, PARAMS_SPARE = 6 };
static const double threshold_usual = 300; /* ms */
static const int64_t late_most = 6 * CLOCK_DAY;

struct building {
    struct query q;
    struct explore *e;
};

static bool refuse(struct building *b, const char *what, struct str name)
{
    b->e->error = arena_printf(b->q.arena, "%s: %.*s", what, STR_ARG(name));
    return false;
}

const struct explore_dataset *explore_dataset(struct str name)
{
    for (size_t i = 0; i < explore_dataset_count; i++)
        if (str_eq(name, explore_datasets[i].name))
            return &explore_datasets[i];
    return str_eq(name, S("spansRpc")) || str_eq(name, S("spansIndexed"))
               ? explore_dataset(S("spans"))
               : NULL;
}

/* ---- fields */

struct call {
    struct str name, arguments[ARGUMENTS_MAX];
    size_t count;
};

/* "fn(a, b)"; false when the field is a plain column. */
static bool read_call(struct str field, struct call *out)
{
    size_t open = str_index(field, '(');
    *out = (struct call){.name = str_slice(field, 0, open)};
    if (open == field.n || field.p[field.n - 1] != ')')
        return false;
    struct str rest = str_trim(str_slice(field, open + 1, field.n - 1));
    while (rest.n && out->count < ARGUMENTS_MAX)
        out->arguments[out->count++] = str_trim(str_split(&rest, ','));
    return true;
}

/* The key in "tags[key]" and "tags[key,number]". */
static struct str attribute_key(struct str name, bool *number)
{
    *number = false;
    if (!str_starts(name, S("tags[")) || !str_ends(name, S("]")))
        return name;
    struct str key = str_slice(name, 5, name.n - 1);
    size_t comma = str_index(key, ',');
    *number = comma < key.n && str_eq(str_trim(str_from(key, comma + 1)), S("number"));
    return str_trim(str_slice(key, 0, comma));
}

static enum explore_kind kind_of(const struct explore_dataset *d, struct str name)
{
    bool number;
    const struct explore_column *c = explore_column(d, name);
    if (c)
        return c->kind;
    attribute_key(name, &number);
    return number || str_starts(name, S("measurements.")) ? EXPLORE_NUMBER : EXPLORE_STRING;
}

static bool is_number(enum explore_kind kind)
{
    return kind == EXPLORE_NUMBER || kind == EXPLORE_DURATION || kind == EXPLORE_INTEGER;
}

static bool put_column(struct building *b, struct str name)
{
    bool number;
    struct query *q = &b->q;
    const struct explore_dataset *d = b->e->dataset;
    const struct explore_column *c = explore_column(d, name);
    struct str key = attribute_key(name, &number);
    if (c) {
        query_piece(q, c->sql);
        return true;
    }
    if (!key.n || key.n > NAME_MAX || q->count > QUERY_PARAMS_MAX - PARAMS_SPARE)
        return refuse(b, "Not a field that can be asked for", name);
    bool measurement = str_starts(name, S("measurements."));
    query_sql(q, "(");
    query_piece(q, measurement ? "x.measurements" : d->attribute);
    query_sql(q, " ->> ");
    query_text(q, measurement ? str_from(name, sizeof("measurements.") - 1) : key);
    query_sql(q, ")");
    if (measurement)
        query_sql(q, "::double precision");
    return true;
}

/* An attribute that is no number is none here. */
static bool put_number(struct building *b, struct str name)
{
    bool number;
    if (!is_number(kind_of(b->e->dataset, name)))
        return refuse(b, "Not a number", name);
    attribute_key(name, &number);
    if (!number)
        return put_column(b, name);
    query_sql(&b->q, "substring(");
    if (!put_column(b, name))
        return false;
    query_sql(&b->q, " from '^-?[0-9]{1,15}(?:\\.[0-9]{1,15})?$')::double precision");
    return true;
}

static struct str argument(const struct call *c, size_t i, struct str otherwise)
{
    return i < c->count ? c->arguments[i] : otherwise;
}

/* What functions of times are of when they do not say. */
static struct str usual_column(const struct building *b)
{
    return str_eq(b->e->dataset->name, S("spans")) ? S("span.duration") : S("transaction.duration");
}

static void put_double(struct query *q, double number)
{
    query_text(q, str_of(arena_printf(q->arena, "%.17g", number)));
    query_sql(q, "::double precision");
}

/* ---- aggregates: each writes one expression */

struct aggregate;

static bool put_count(struct building *b, const struct aggregate *g, const struct call *c)
{
    (void)g, (void)c;
    query_sql(&b->q, "count(*)");
    return true;
}

static bool put_unique(struct building *b, const struct aggregate *g, const struct call *c)
{
    (void)g;
    struct str name = argument(c, 0, S(""));
    query_sql(&b->q, "count(distinct ");
    if (str_eq(name, S("user")))
        query_piece(&b->q, b->e->dataset->user);
    else if (!put_column(b, name))
        return false;
    query_sql(&b->q, ")");
    return true;
}

struct aggregate {
    struct str name;
    bool (*put)(struct building *b, const struct aggregate *g, const struct call *c);
    const char *sql; /* what goes before the column */
    double number;   /* a quantile, or the seconds of a rate */
    enum explore_kind kind;
};

static bool put_simple(struct building *b, const struct aggregate *g, const struct call *c)
{
    query_piece(&b->q, g->sql);
    if (!put_number(b, argument(c, 0, usual_column(b))))
        return false;
    query_sql(&b->q, ")");
    return true;
}

static bool put_quantile_of(struct building *b, double quantile, struct str column)
{
    query_sql(&b->q, "percentile_cont(");
    put_double(&b->q, quantile);
    query_sql(&b->q, ") within group (order by ");
    if (!put_number(b, column))
        return false;
    query_sql(&b->q, ")");
    return true;
}

static bool put_quantile(struct building *b, const struct aggregate *g, const struct call *c)
{
    return put_quantile_of(b, g->number, argument(c, 0, usual_column(b)));
}

static bool put_percentile(struct building *b, const struct aggregate *g, const struct call *c)
{
    double quantile;
    (void)g;
    if (!text_double(argument(c, 1, S("")), &quantile) || quantile < 0 || quantile > 1)
        return refuse(b, "Not a share between 0 and 1", argument(c, 1, S("")));
    return put_quantile_of(b, quantile, argument(c, 0, usual_column(b)));
}

static bool put_failures(struct building *b, const struct aggregate *g, const struct call *c)
{
    (void)c;
    query_sql(&b->q, "count(*) filter (where ");
    query_piece(&b->q, b->e->dataset->failed);
    query_piece(&b->q, g->sql);
    return true;
}

static bool put_rate(struct building *b, const struct aggregate *g, const struct call *c)
{
    double seconds = (double)(b->e->filter.end - b->e->filter.start) / CLOCK_SECOND;
    (void)c;
    query_sql(&b->q, "count(*) / ");
    put_double(&b->q, seconds > 0 ? seconds / g->number : 1);
    return true;
}

static bool put_last(struct building *b, const struct aggregate *g, const struct call *c)
{
    (void)c;
    query_piece(&b->q, g->sql);
    return true;
}

/* "x.duration > T", times so much. */
static void put_above(struct building *b, double milliseconds)
{
    query_piece(&b->q, b->e->dataset->duration);
    query_sql(&b->q, " > ");
    put_double(&b->q, milliseconds);
}

static bool threshold(struct building *b, const struct call *c, size_t i, double *out)
{
    *out = threshold_usual;
    struct str text = argument(c, i, S("300"));
    return (text_double(text, out) && *out >= 0) || refuse(b, "Not a time in milliseconds", text);
}

static bool put_apdex(struct building *b, const struct aggregate *g, const struct call *c)
{
    double t;
    (void)g;
    if (!threshold(b, c, 0, &t))
        return false;
    query_sql(&b->q, "(count(*) filter (where not ");
    put_above(b, t);
    query_sql(&b->q, ") + count(*) filter (where ");
    put_above(b, t);
    query_sql(&b->q, " and not ");
    put_above(b, 4 * t);
    query_sql(&b->q, ") / 2.0) / nullif(count(*), 0)::double precision");
    return true;
}

static void put_miserable(struct building *b, double t)
{
    query_sql(&b->q, "count(distinct ");
    query_piece(&b->q, b->e->dataset->user);
    query_sql(&b->q, ") filter (where ");
    put_above(b, 4 * t);
    query_sql(&b->q, ")");
}

static bool put_count_miserable(struct building *b, const struct aggregate *g, const struct call *c)
{
    double t;
    (void)g;
    if (!threshold(b, c, 1, &t))
        return false;
    put_miserable(b, t);
    return true;
}

/* Few users say little: both numbers are moved towards what is usual (ingest.md §7.5). */
static bool put_misery(struct building *b, const struct aggregate *g, const struct call *c)
{
    double t;
    (void)g;
    if (!threshold(b, c, 0, &t))
        return false;
    query_sql(&b->q, "(");
    put_miserable(b, t);
    query_sql(&b->q, " + 5.8875) / (count(distinct ");
    query_piece(&b->q, b->e->dataset->user);
    query_sql(&b->q, ") filter (where ");
    put_above(b, 0);
    query_sql(&b->q, ") + 5.8875 + 111.8625)::double precision");
    return true;
}

static const struct aggregate aggregates[] = {
    {{"count", 5}, put_count, NULL, 0, EXPLORE_INTEGER},
    {{"count_unique", 12}, put_unique, NULL, 0, EXPLORE_INTEGER},
    {{"sum", 3}, put_simple, "sum(", 0, EXPLORE_DURATION},
    {{"avg", 3}, put_simple, "avg(", 0, EXPLORE_DURATION},
    {{"min", 3}, put_simple, "min(", 0, EXPLORE_DURATION},
    {{"max", 3}, put_simple, "max(", 0, EXPLORE_DURATION},
    {{"p50", 3}, put_quantile, NULL, .5, EXPLORE_DURATION},
    {{"p75", 3}, put_quantile, NULL, .75, EXPLORE_DURATION},
    {{"p90", 3}, put_quantile, NULL, .9, EXPLORE_DURATION},
    {{"p95", 3}, put_quantile, NULL, .95, EXPLORE_DURATION},
    {{"p99", 3}, put_quantile, NULL, .99, EXPLORE_DURATION},
    {{"p100", 4}, put_quantile, NULL, 1, EXPLORE_DURATION},
    {{"percentile", 10}, put_percentile, NULL, 0, EXPLORE_DURATION},
    {{"failure_count", 13}, put_failures, ")", 0, EXPLORE_INTEGER},
    {{"failure_rate", 12},
     put_failures,
     ") / nullif(count(*), 0)::double precision",
     0,
     EXPLORE_PERCENTAGE},
    {{"epm", 3}, put_rate, NULL, 60, EXPLORE_RATE},
    {{"tpm", 3}, put_rate, NULL, 60, EXPLORE_RATE},
    {{"spm", 3}, put_rate, NULL, 60, EXPLORE_RATE},
    {{"eps", 3}, put_rate, NULL, 1, EXPLORE_RATE},
    {{"tps", 3}, put_rate, NULL, 1, EXPLORE_RATE},
    {{"sps", 3}, put_rate, NULL, 1, EXPLORE_RATE},
    {{"last_seen", 9}, put_last, "max(x.\"timestamp\")", 0, EXPLORE_DATE},
    {{"apdex", 5}, put_apdex, NULL, 0, EXPLORE_NUMBER},
    {{"count_miserable", 15}, put_count_miserable, NULL, 0, EXPLORE_INTEGER},
    {{"user_misery", 11}, put_misery, NULL, 0, EXPLORE_NUMBER},
};

static const struct aggregate *aggregate_named(struct str name)
{
    for (size_t i = 0; i < sizeof(aggregates) / sizeof(aggregates[0]); i++)
        if (str_eq(name, aggregates[i].name))
            return &aggregates[i];
    return NULL;
}

const char *explore_type(const struct explore_dataset *d, struct str field)
{
    static const char *const names[] = {
        [EXPLORE_STRING] = "string",         [EXPLORE_NUMBER] = "number",
        [EXPLORE_DURATION] = "duration",     [EXPLORE_INTEGER] = "integer",
        [EXPLORE_PERCENTAGE] = "percentage", [EXPLORE_DATE] = "date",
        [EXPLORE_BOOLEAN] = "boolean",       [EXPLORE_RATE] = "rate",
    };
    struct call c;
    if (!read_call(field, &c))
        return names[kind_of(d, field)];
    const struct aggregate *g = aggregate_named(c.name);
    bool other = g && g->kind == EXPLORE_DURATION && c.count &&
                 kind_of(d, c.arguments[0]) != EXPLORE_DURATION;
    return g ? names[other ? EXPLORE_NUMBER : g->kind] : "string";
}

/* ---- the query's terms */

static void put_exists(struct building *b, const struct search_term *t)
{
    query_sql(&b->q, "exists (select from (select coalesce((");
    put_column(b, t->key);
    query_sql(&b->q, ")::text, '') as value) g where ");
    search_sql_text(&b->q, t, "g.value");
    query_sql(&b->q, ")");
}

static bool put_compared(struct building *b, const struct search_term *t)
{
    if (!put_number(b, t->key))
        return false;
    query_piece(&b->q, search_sql_sign(t->comparison));
    put_double(&b->q, t->values[0].number);
    return true;
}

static bool put_text_term(struct building *b, const struct search_term *t)
{
    const struct explore_column *c = t->is_tag ? NULL : explore_column(b->e->dataset, t->key);
    search_sql_not(&b->q, t);
    if (t->kind == SEARCH_FREE || str_eq(t->key, S("message")))
        search_sql_contains(&b->q, t, b->e->dataset->text);
    else if (c && c->kind == EXPLORE_STRING)
        search_sql_text(&b->q, t, c->sql);
    else
        put_exists(b, t);
    return true;
}

static bool put_has(struct building *b, const struct search_term *t)
{
    search_sql_not(&b->q, t);
    query_sql(&b->q, "coalesce(");
    if (!put_column(b, t->key))
        return false;
    query_sql(&b->q, "::text, '') <> ''");
    return true;
}

static bool put_truth(struct building *b, const struct search_term *t)
{
    query_sql(&b->q, "coalesce(");
    if (!put_column(b, t->key))
        return false;
    query_piece(&b->q, t->values[0].truth ? "::text, '') = 'true'" : "::text, '') <> 'true'");
    return true;
}

static bool put_term(struct building *b, const struct search_term *t)
{
    if (t->is_aggregate || t->kind == SEARCH_IS || t->key.n > NAME_MAX ||
        b->q.count > QUERY_PARAMS_MAX - PARAMS_SPARE)
        return refuse(b, "Not something to search by here", t->key);
    if (t->kind == SEARCH_HAS)
        return put_has(b, t);
    if (t->kind == SEARCH_NUMBER)
        return put_compared(b, t);
    if (t->kind == SEARCH_BOOLEAN)
        return put_truth(b, t);
    if (t->kind != SEARCH_DATE)
        return put_text_term(b, t);
    search_sql_date(&b->q, t, "x.\"timestamp\"");
    return true;
}

static bool put_conditions(struct building *b)
{
    const struct issue_filter *f = &b->e->filter;
    struct query *q = &b->q;
    query_sql(q, " where x.project_id = any(");
    query_ints(q, f->projects, f->project_count);
    query_sql(q, ") and x.\"timestamp\" >= ");
    query_time(q, f->start);
    query_sql(q, " and x.\"timestamp\" <= ");
    query_time(q, f->end);
    query_sql(q, " and x.received_day >= (");
    query_time(q, f->start - CLOCK_DAY);
    query_sql(q, ")::date and x.received_day <= (");
    query_time(q, f->end + late_most);
    query_sql(q, ")::date");
    if (f->by_environment) {
        query_sql(q, " and x.environment_id = any(");
        query_ints(q, f->environments, f->environment_count);
        query_sql(q, ")");
    }
    for (size_t i = 0; i < f->search.count; i++) {
        query_sql(q, " and ");
        if (!put_term(b, &f->search.terms[i]))
            return false;
    }
    return true;
}

/* ---- the statement */

static const char *const places[EXPLORE_FIELDS_MAX] = {"1",  "2",  "3",  "4",  "5",  "6",  "7",
                                                       "8",  "9",  "10", "11", "12", "13", "14",
                                                       "15", "16", "17", "18", "19", "20"};

static bool put_field(struct building *b, struct str field)
{
    struct call c;
    if (!read_call(field, &c))
        return put_column(b, field);
    const struct aggregate *g = aggregate_named(c.name);
    return g ? g->put(b, g, &c) : refuse(b, "Not a function", field);
}

/* "1, 2": the places of fields that are no aggregates, or of all of them. */
static size_t put_places(struct building *b, const char *before)
{
    size_t count = 0;
    struct call c;
    for (size_t i = 0; i < b->e->field_count; i++) {
        if (read_call(b->e->fields[i], &c))
            continue;
        query_piece(&b->q, count++ ? ", " : before);
        query_piece(&b->q, places[i]);
    }
    return count;
}

static bool put_sorted(struct building *b)
{
    struct str sort = b->e->sort;
    bool falling = str_starts(sort, S("-"));
    sort = falling ? str_from(sort, 1) : sort;
    for (size_t i = 0; i < b->e->field_count; i++) {
        if (!str_eq(sort, b->e->fields[i]))
            continue;
        query_sql(&b->q, " order by ");
        query_piece(&b->q, places[i]);
        query_piece(&b->q, falling ? " desc nulls last" : " asc nulls last");
        return true;
    }
    b->e->error = "Cannot sort by a field that is not selected.";
    return false;
}

static bool put_order(struct building *b, bool grouped)
{
    if (b->e->sort.n)
        return put_sorted(b);
    query_piece(&b->q, grouped ? " order by 1" : " order by x.\"timestamp\" desc");
    return true;
}

static bool has_aggregates(const struct explore *e)
{
    struct call c;
    for (size_t i = 0; i < e->field_count; i++)
        if (read_call(e->fields[i], &c))
            return true;
    return false;
}

static bool build(struct building *b)
{
    bool grouped = has_aggregates(b->e);
    for (size_t i = 0; i < b->e->field_count; i++) {
        query_piece(&b->q, i ? ", " : "select ");
        if (!put_field(b, b->e->fields[i]))
            return false;
    }
    query_sql(&b->q, " from ");
    query_piece(&b->q, b->e->dataset->from);
    if (!put_conditions(b))
        return false;
    if (grouped)
        put_places(b, " group by ");
    if (!put_order(b, grouped))
        return false;
    query_sql(&b->q, " limit ");
    query_int(&b->q, b->e->limit + 1);
    query_sql(&b->q, " offset ");
    query_int(&b->q, b->e->skip);
    return true;
}

struct rows *explore_run(struct pg *db, struct arena *a, struct explore *e)
{
    struct building b = {.e = e};
    query_begin(&b.q, a);
    if (!e->field_count)
        e->error = "No columns selected";
    return e->field_count && build(&b) ? query_run(&b.q, db) : NULL;
}
