#include "storage/retention.h"

#include "base/clock.h"
#include "base/settings.h"
#include "sql.h"

#define MOMENT(column) column " < $1::timestamptz"
#define DAY(column) column " < $1::timestamptz::date"
#define PARTITIONS .is_old = DAY("received_day"), .has_partitions = true

const struct retention_table retention_tables[] = {
    {"event", RETENTION_ERROR, PARTITIONS},
    {"event_body", RETENTION_ERROR, PARTITIONS},
    {"issue_hour", RETENTION_ERROR, MOMENT("hour")},
    {"issue_day", RETENTION_ERROR, DAY("day")},
    {"issue_tag", RETENTION_ERROR, DAY("day")},
    {"issue_tag_key", RETENTION_ERROR, DAY("day")},
    {"user_report", RETENTION_ERROR, MOMENT("date_created")},
    {"transaction", RETENTION_TRANSACTION, PARTITIONS},
    {"transaction_body", RETENTION_TRANSACTION, PARTITIONS},
    {"transaction_hour", RETENTION_TRANSACTION, MOMENT("hour")},
    {"span", RETENTION_SPAN, PARTITIONS},
    {"log", RETENTION_LOG, PARTITIONS},
    {"trace_metric", RETENTION_TRACE_METRIC, PARTITIONS},
    {"replay_segment", RETENTION_REPLAY, PARTITIONS, .has_blobs = true},
    {"replay_click", RETENTION_REPLAY, PARTITIONS},
    {"replay", RETENTION_REPLAY, MOMENT("finished"), .follows_days = true},
    {"replay_view", RETENTION_REPLAY, MOMENT("date_viewed")},
    {"profile", RETENTION_PROFILE, PARTITIONS, .has_blobs = true},
    {"profile_chunk", RETENTION_PROFILE, PARTITIONS, .has_blobs = true},
    {"attachment", RETENTION_ATTACHMENT, PARTITIONS, .has_blobs = true},
    {"session_hour", RETENTION_SESSION, MOMENT("hour")},
    {"session_day", RETENTION_SESSION, DAY("day")},
    {"check_in", RETENTION_CHECK_IN, MOMENT("date_added")},
    {"monitor_incident", RETENTION_CHECK_IN, MOMENT("resolved")},
    {"outcome_hour", RETENTION_OUTCOME, MOMENT("hour")},
    {"outcome_day", RETENTION_OUTCOME, DAY("day")},
    {0},
};

static const struct str names[] = {
#define X(constant, name) [RETENTION_##constant] = {#name, sizeof(#name) - 1},
    RETENTION_KINDS(X)
#undef X
};

struct str retention_name(enum retention_kind kind)
{
    return names[kind];
}

enum retention_kind retention_named(struct str name)
{
    int kind = 0;
    while (kind < RETENTION_KIND_COUNT && !str_eq(name, names[kind]))
        kind++;
    return (enum retention_kind)kind;
}

static int64_t own_days(const struct settings *s, enum retention_kind kind)
{
    const int64_t days[] = {
#define X(constant, name) [RETENTION_##constant] = s->retention_##name##_days,
        RETENTION_KINDS(X)
#undef X
    };
    return days[kind];
}

int64_t retention_days(enum retention_kind kind)
{
    const struct settings *s = settings();
    int64_t own = own_days(s, kind);
    return own && own < s->retention_days ? own : s->retention_days;
}

int64_t retention_oldest(enum retention_kind kind, int64_t now)
{
    return now - retention_days(kind) * CLOCK_DAY;
}

const char *retention_names(struct arena *a)
{
    return pg_text_array(a, names, RETENTION_KIND_COUNT);
}

const char *retention_days_list(struct arena *a)
{
    int64_t days[RETENTION_KIND_COUNT];
    for (int kind = 0; kind < RETENTION_KIND_COUNT; kind++)
        days[kind] = retention_days((enum retention_kind)kind);
    return pg_int_array(a, days, RETENTION_KIND_COUNT);
}

struct rows *retention_plan(struct pg *db, struct arena *a)
{
    return pg_query(db, a, &SQL_retention_plan, retention_names(a), retention_days_list(a));
}

bool retention_next(struct rows *plan, int64_t now, struct retention_rule *out)
{
    if (!rows_next(plan))
        return false;
    *out = (struct retention_rule){.kind = retention_named(rows_str(plan, 0)),
                                   .days = rows_int(plan, 1),
                                   .before = now - rows_int(plan, 1) * CLOCK_DAY,
                                   .projects = rows_str(plan, 2)};
    return true;
}
