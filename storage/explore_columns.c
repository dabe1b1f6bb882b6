#include "storage/explore_columns.h"

#define NAME(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The names of storage/span_status.h. */
#define STATUS                                                                                     \
    "(array['ok','cancelled','unknown','invalid_argument','deadline_exceeded','not_found',"        \
    "'already_exists','permission_denied','resource_exhausted','failed_precondition','aborted',"   \
    "'out_of_range','unimplemented','internal_error','unavailable','data_loss',"                   \
    "'unauthenticated'])[x.status + 1]"
#define HEX(column) "lpad(to_hex(" column "), 16, '0')"
#define UUID(column) "replace(" column "::text, '-', '')"

/* What both have. */
#define COMMON                                                                                     \
    {NAME("trace"), UUID("x.trace_id"), EXPLORE_STRING},                                           \
        {NAME("timestamp"), "x.\"timestamp\"", EXPLORE_DATE},                                      \
        {NAME("platform"), "x.platform", EXPLORE_STRING},                                          \
        {NAME("platform.name"), "x.platform", EXPLORE_STRING},                                     \
        {NAME("environment"), "en.name", EXPLORE_STRING},                                          \
        {NAME("release"), "re.version", EXPLORE_STRING},                                           \
        {NAME("project"), "p.slug", EXPLORE_STRING},                                               \
        {NAME("project.name"), "p.slug", EXPLORE_STRING},                                          \
        {NAME("project.id"), "x.project_id", EXPLORE_INTEGER},                                     \
        {NAME("timestamp.to_hour"), "date_trunc('hour', x.\"timestamp\")", EXPLORE_DATE},          \
    {                                                                                              \
        NAME("timestamp.to_day"), "date_trunc('day', x.\"timestamp\")", EXPLORE_DATE               \
    }

static const struct explore_column of_transactions[] = {
    COMMON,
    {NAME("id"), UUID("x.event_id"), EXPLORE_STRING},
    {NAME("trace.span"), HEX("x.span_id"), EXPLORE_STRING},
    {NAME("trace.parent_span"), HEX("x.parent_span_id"), EXPLORE_STRING},
    {NAME("title"), "x.name", EXPLORE_STRING},
    {NAME("transaction"), "x.name", EXPLORE_STRING},
    {NAME("transaction.op"), "x.op", EXPLORE_STRING},
    {NAME("transaction.status"), STATUS, EXPLORE_STRING},
    {NAME("transaction.source"), "x.source", EXPLORE_STRING},
    {NAME("transaction.duration"), "x.duration", EXPLORE_DURATION},
    {NAME("event.type"), "'transaction'::text", EXPLORE_STRING},
    {NAME("http.method"), "x.http_method", EXPLORE_STRING},
    {NAME("dist"), "x.dist", EXPLORE_STRING},
    {NAME("user"), "x.tags ->> 'user'", EXPLORE_STRING},
    {NAME("replayId"), UUID("x.replay_id"), EXPLORE_STRING},
    {NAME("profile.id"), UUID("x.profile_id"), EXPLORE_STRING},
    {NAME("start_timestamp"), "x.start_timestamp", EXPLORE_DATE},
};

static const struct explore_column of_spans[] = {
    COMMON,
    {NAME("id"), HEX("x.span_id"), EXPLORE_STRING},
    {NAME("span_id"), HEX("x.span_id"), EXPLORE_STRING},
    {NAME("parent_span"), HEX("x.parent_span_id"), EXPLORE_STRING},
    {NAME("segment.id"), HEX("x.segment_id"), EXPLORE_STRING},
    {NAME("transaction.span_id"), HEX("x.segment_id"), EXPLORE_STRING},
    {NAME("transaction.id"), UUID("x.transaction_id"), EXPLORE_STRING},
    {NAME("is_transaction"), "x.is_segment", EXPLORE_BOOLEAN},
    {NAME("transaction"), "x.transaction", EXPLORE_STRING},
    {NAME("span.op"), "x.op", EXPLORE_STRING},
    {NAME("span.description"), "x.description", EXPLORE_STRING},
    {NAME("span.normalized_description"), "x.grouped", EXPLORE_STRING},
    {NAME("span.group"), HEX("x.group_hash"), EXPLORE_STRING},
    {NAME("span.category"), "x.category", EXPLORE_STRING},
    {NAME("span.action"), "x.action", EXPLORE_STRING},
    {NAME("span.domain"), "x.domain", EXPLORE_STRING},
    {NAME("span.system"), "x.system", EXPLORE_STRING},
    {NAME("span.status"), STATUS, EXPLORE_STRING},
    {NAME("span.status_code"), "x.status_code", EXPLORE_STRING},
    {NAME("span.duration"), "x.duration", EXPLORE_DURATION},
    {NAME("span.self_time"), "x.exclusive_time", EXPLORE_DURATION},
    {NAME("start_timestamp"), "x.start_timestamp", EXPLORE_DATE},
};

#define JOINS                                                                                      \
    " x join project p on p.id = x.project_id"                                                     \
    " left join environment en on en.project_id = x.project_id and en.id = x.environment_id"       \
    " left join release re on re.organization_id = p.organization_id and re.id = x.release_id"

const struct explore_dataset explore_datasets[] = {
    {.name = NAME("transactions"),
     .from = "transaction" JOINS,
     .attribute = "x.tags",
     .duration = "x.duration",
     .user = "x.user_hash",
     .failed = "x.status not in (0, 1, 2)",
     .text = "x.name",
     .columns = of_transactions,
     .column_count = COUNT(of_transactions)},
    {.name = NAME("spans"),
     .from = "span" JOINS,
     .attribute = "x.attributes",
     .duration = "x.duration",
     .user = "x.attributes ->> 'user.id'",
     .failed = "x.status not in (0, 1, 2)",
     .text = "coalesce(x.description, '')",
     .columns = of_spans,
     .column_count = COUNT(of_spans)},
};
const size_t explore_dataset_count = COUNT(explore_datasets);

const struct explore_column *explore_column(const struct explore_dataset *d, struct str name)
{
    for (size_t i = 0; i < d->column_count; i++)
        if (str_eq(name, d->columns[i].name))
            return &d->columns[i];
    return NULL;
}
