#include "storage/trace_columns.h"

#define ID "replace(i.id::text, '-', '')"
#define SPAN "lpad(to_hex(i.span_id), 16, '0')"
#define TIME "(timestamptz 'epoch' + i.nanoseconds / 1000 * interval '1 microsecond')"

#define COMMON                                                                                     \
    {"sentry.item_id", ID, TRACE_TEXT}, {"id", ID, TRACE_TEXT}, {"timestamp", TIME, TRACE_DATE},   \
        {"timestamp_precise", "i.nanoseconds", TRACE_INTEGER},                                     \
        {"trace", "replace(i.trace_id::text, '-', '')", TRACE_TEXT},                               \
        {"trace_id", "replace(i.trace_id::text, '-', '')", TRACE_TEXT},                            \
        {"span_id", SPAN, TRACE_TEXT}, {"sentry.span_id", SPAN, TRACE_TEXT},                       \
        {"project", "(select p.slug from project p where p.id = i.project_id)", TRACE_TEXT},       \
        {"project.name", "(select p.slug from project p where p.id = i.project_id)", TRACE_TEXT},  \
        {"project.id", "i.project_id", TRACE_INTEGER},                                             \
        {"project_id", "i.project_id", TRACE_INTEGER},                                             \
        {"environment",                                                                            \
         "coalesce((select e.name from environment e where e.project_id = i.project_id"            \
         " and e.id = i.environment_id), '')",                                                     \
         TRACE_TEXT},                                                                              \
    {                                                                                              \
        "release", "coalesce(i.release, '')", TRACE_TEXT                                           \
    }

static const struct trace_column log_columns[] = {
    COMMON,
    {"message", "i.body", TRACE_TEXT},
    {"body", "i.body", TRACE_TEXT},
    {"log.body", "i.body", TRACE_TEXT},
    {"severity", "i.severity", TRACE_TEXT},
    {"severity_text", "i.severity", TRACE_TEXT},
    {"log.severity", "i.severity", TRACE_TEXT},
    {"severity_number", "i.severity_number", TRACE_INTEGER},
    {"log.severity_number", "i.severity_number", TRACE_INTEGER},
    {"payload_size", "i.payload_size", TRACE_INTEGER},
    {0},
};

static const struct trace_column metric_columns[] = {
    COMMON,
    {"metric.name", "i.name", TRACE_TEXT},
    {"metric.type", "i.type", TRACE_TEXT},
    {"metric.unit", "coalesce(i.unit, '')", TRACE_TEXT},
    {"value", "i.value", TRACE_NUMBER},
    {0},
};

static const struct trace_dataset datasets[] = {
    {{"ourlogs", "logs"}, "log i", "i.body", log_columns},
    {{"tracemetrics", "trace_metrics"}, "trace_metric i", "i.name", metric_columns},
};

const struct trace_dataset *trace_dataset(struct str name)
{
    for (size_t i = 0; i < sizeof(datasets) / sizeof(datasets[0]); i++)
        for (size_t n = 0; n < sizeof(datasets[i].names) / sizeof(datasets[i].names[0]); n++)
            if (str_eq(name, str_of(datasets[i].names[n])))
                return &datasets[i];
    return NULL;
}

struct str trace_attribute(struct str field)
{
    const struct str before = S("tags[");
    if (!str_starts(field, before) || !str_ends(field, S("]")))
        return field;
    struct str name = str_slice(field, before.n, field.n - 1);
    return str_trim(str_slice(name, 0, str_index(name, ',')));
}

const struct trace_column *trace_column(const struct trace_dataset *d, struct str field)
{
    for (const struct trace_column *c = d->columns; c->name; c++)
        if (str_eq(field, str_of(c->name)))
            return c;
    return NULL;
}

void trace_put_value(struct query *q, const struct trace_dataset *d, struct str field)
{
    const struct trace_column *column = trace_column(d, field);
    if (column) {
        query_piece(q, column->sql);
        return;
    }
    query_sql(q, "(i.attributes -> ");
    query_text(q, trace_attribute(field));
    query_sql(q, ")");
}

void trace_put_text(struct query *q, const struct trace_dataset *d, struct str field)
{
    const struct trace_column *column = trace_column(d, field);
    query_sql(q, "coalesce((");
    if (column) {
        query_piece(q, column->sql);
        query_sql(q, ")::text, '')");
        return;
    }
    query_sql(q, "i.attributes ->> ");
    query_text(q, trace_attribute(field));
    query_sql(q, "), '')");
}

void trace_put_number(struct query *q, const struct trace_dataset *d, struct str field)
{
    const struct trace_column *column = trace_column(d, field);
    if (column) {
        bool counts = column->type == TRACE_INTEGER || column->type == TRACE_NUMBER;
        query_piece(q, counts ? column->sql : "null");
        query_sql(q, "::double precision");
        return;
    }
    query_sql(q, "(case jsonb_typeof(i.attributes -> ");
    query_text(q, trace_attribute(field));
    query_sql(q, ") when 'number' then (i.attributes ->> ");
    query_text(q, trace_attribute(field));
    query_sql(q, ")::double precision end)");
}
