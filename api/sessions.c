/* Release health over time: sessions and their users, by what they are asked by. */
#include <stdlib.h>

#include "api/filters.h"
#include "api/page.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"
#include "storage/search.h"

enum {
    FIELDS_MAX = 20,
    INTERVALS_MOST = 1000,
    ROWS_MOST = 50000,
    GROUPS_MOST = 10000,
    COUNTS_MOST = 300000
};
static const int64_t hour = 3600, day = 86400;

/* Columns of the statement: four for sessions, four for users, two of users alone. */
enum { ALL, UNHEALTHY, CRASHED, ABNORMAL, USERS, ANR_USERS = 8, FOREGROUND_ANR_USERS, COUNTS };

struct counts {
    int64_t of[COUNTS];
};

enum status { ANY_STATUS, HEALTHY, ERRORED, STATUS_CRASHED, STATUS_ABNORMAL, STATUSES };
static const char *const status_names[STATUSES] = {NULL, "healthy", "errored", "crashed",
                                                   "abnormal"};

/* How many sessions or users, whose columns begin at `from`, are of a status. */
static int64_t amount(const struct counts *c, int from, enum status status)
{
    const int64_t *of = c->of + from;
    int64_t healthy = of[ALL] - of[UNHEALTHY], errored = of[UNHEALTHY] - of[CRASHED] - of[ABNORMAL];
    switch (status) {
    case HEALTHY:
        return healthy > 0 ? healthy : 0;
    case ERRORED:
        return errored > 0 ? errored : 0;
    case STATUS_CRASHED:
        return of[CRASHED];
    case STATUS_ABNORMAL:
        return of[ABNORMAL];
    default:
        return of[ALL];
    }
}

/* ---- fields */

enum kind { AMOUNT, RATE, FREE_RATE, USER_RATE, UNKNOWN_DURATION };

struct field_kind {
    const char *name;
    enum kind kind;
    int column; /* AMOUNT, RATES: where the columns begin; USER_RATE: the column */
    enum status status;
};

static const struct field_kind field_kinds[] = {
    {"sum(session)", AMOUNT, ALL, ANY_STATUS},
    {"count_unique(user)", AMOUNT, USERS, ANY_STATUS},
    {"crash_rate(session)", RATE, ALL, STATUS_CRASHED},
    {"crash_rate(user)", RATE, USERS, STATUS_CRASHED},
    {"crash_free_rate(session)", FREE_RATE, ALL, STATUS_CRASHED},
    {"crash_free_rate(user)", FREE_RATE, USERS, STATUS_CRASHED},
    {"errored_rate(session)", RATE, ALL, ERRORED},
    {"errored_rate(user)", RATE, USERS, ERRORED},
    {"abnormal_rate(session)", RATE, ALL, STATUS_ABNORMAL},
    {"abnormal_rate(user)", RATE, USERS, STATUS_ABNORMAL},
    {"anr_rate()", USER_RATE, ANR_USERS, ANY_STATUS},
    {"foreground_anr_rate()", USER_RATE, FOREGROUND_ANR_USERS, ANY_STATUS},
    {"avg(session.duration)", UNKNOWN_DURATION, 0, ANY_STATUS},
    {"p50(session.duration)", UNKNOWN_DURATION, 0, ANY_STATUS},
    {"p75(session.duration)", UNKNOWN_DURATION, 0, ANY_STATUS},
    {"p90(session.duration)", UNKNOWN_DURATION, 0, ANY_STATUS},
    {"p95(session.duration)", UNKNOWN_DURATION, 0, ANY_STATUS},
    {"p99(session.duration)", UNKNOWN_DURATION, 0, ANY_STATUS},
    {"max(session.duration)", UNKNOWN_DURATION, 0, ANY_STATUS},
};

static const struct field_kind *field_named(struct str name)
{
    for (size_t i = 0; i < sizeof(field_kinds) / sizeof(field_kinds[0]); i++) {
        if (str_eq(name, str_of(field_kinds[i].name)))
            return &field_kinds[i];
    }
    return NULL;
}

/* What the field is of sessions of the status; false: unknown. */
static bool value_of(const struct field_kind *f, const struct counts *c, enum status status,
                     double *out)
{
    int from = f->kind == USER_RATE ? USERS : f->column;
    int64_t all = c->of[from];
    if (f->kind == AMOUNT)
        *out = (double)amount(c, from, status);
    else if (f->kind == UNKNOWN_DURATION || !all || status != ANY_STATUS)
        return false;
    else if (f->kind == USER_RATE)
        *out = (double)c->of[f->column] / (double)all;
    else
        *out = (double)amount(c, from, f->status) / (double)all;
    if (f->kind == FREE_RATE)
        *out = 1 - *out;
    return true;
}

/* ---- what is asked */

struct question {
    struct issue_filter filter;
    const struct field_kind *fields[FIELDS_MAX], *order; /* NULL: as they come */
    size_t field_count;
    bool descending;
    bool by_project, by_release, by_environment, by_status;
    bool totals, series;
    int64_t start, end, step; /* unix seconds; whole steps */
    size_t intervals;
    int limit;
    struct str query, *versions; /* patterns; NULL: all */
    size_t version_count;
};

static bool refuse(struct request *rq, const char *why)
{
    reply_error(rq, 400, why);
    return false;
}

static bool read_fields(struct request *rq, struct question *q)
{
    struct str name, order = request_query(rq, S("orderBy"));
    for (size_t at = 0; request_query_next(rq, S("field"), &at, &name);) {
        if (q->field_count == FIELDS_MAX || !field_named(name))
            return refuse(rq, arena_printf(rq->arena, "Invalid field: \"%.*s\"", STR_ARG(name)));
        q->fields[q->field_count++] = field_named(name);
    }
    if (!q->field_count)
        return refuse(rq, "Request is missing a \"field\"");
    if (!order.n)
        return true;
    q->descending = str_starts(order, S("-"));
    q->order = field_named(str_slice(order, q->descending, order.n));
    return q->order || refuse(rq, "Cannot order by that field.");
}

static bool read_groups(struct request *rq, struct question *q)
{
    const struct {
        const char *name;
        bool *asked;
    } keys[] = {{"project", &q->by_project},
                {"release", &q->by_release},
                {"environment", &q->by_environment},
                {"session.status", &q->by_status}};
    struct str name;
    for (size_t at = 0; request_query_next(rq, S("groupBy"), &at, &name);) {
        bool known = false;
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
            if (!str_eq(name, str_of(keys[i].name)))
                continue;
            known = *keys[i].asked = true;
        }
        if (!known)
            return refuse(rq, arena_printf(rq->arena, "Invalid groupBy: \"%.*s\"", STR_ARG(name)));
    }
    return true;
}

static int64_t fitting_step(int64_t seconds)
{
    return seconds <= 7 * day ? hour : day;
}

/* Whole intervals around the period. */
static bool read_intervals(struct request *rq, struct question *q)
{
    struct str interval = request_query(rq, S("interval"));
    int64_t start = q->filter.start / CLOCK_SECOND, end = q->filter.end / CLOCK_SECOND;
    q->step = interval.n ? period_seconds(interval) : fitting_step(end - start);
    if (q->step < hour || q->step % hour || (q->step < day ? day % q->step : q->step % day))
        return refuse(rq, "The interval has to be of whole hours that divide a day, or of days.");
    q->start = start / q->step * q->step;
    q->end = (end + q->step - 1) / q->step * q->step;
    q->intervals = (size_t)((q->end - q->start) / q->step);
    return q->intervals <= INTERVALS_MOST ||
           refuse(rq, "Your interval and date range would create too many results. Use a larger "
                      "interval, or a smaller date range.");
}

static bool read_term(struct request *rq, struct question *q, const struct search_term *term)
{
    if (term->kind != SEARCH_TEXT || term->comparison != SEARCH_EQ ||
        !str_eq(term->key, S("release")) || q->versions)
        return refuse(rq, "Invalid query: sessions are searched by release:VERSION alone.");
    q->versions = arena_take(rq->arena, (term->count + 1) * sizeof(struct str));
    for (size_t i = 0; i < term->count; i++) {
        const struct search_value *v = &term->values[i];
        q->versions[q->version_count++] =
            v->wildcard ? search_like(rq->arena, v->text) : search_contains(rq->arena, v->text);
    }
    return true;
}

static bool read_query(struct request *rq, struct question *q)
{
    struct search search;
    const char *error;
    q->query = request_query(rq, S("query"));
    if (!search_parse(rq->arena, q->query, clock_now(), &search, &error))
        return refuse(rq, error);
    for (size_t i = 0; i < search.count; i++) {
        if (!read_term(rq, q, &search.terms[i]))
            return false;
    }
    return true;
}

static bool is_wanted(const struct request *rq, struct str name)
{
    return !str_eq(request_query(rq, name), S("0"));
}

static bool read_question(struct request *rq, struct question *q)
{
    struct page page;
    *q = (struct question){.totals = is_wanted(rq, S("includeTotals")),
                           .series = is_wanted(rq, S("includeSeries"))};
    if (!read_fields(rq, q) || !read_groups(rq, q) || !page_read(rq, PAGE_LIMIT, &page) ||
        !filters_read(rq, 90 * CLOCK_DAY, &q->filter) || !read_intervals(rq, q))
        return false;
    q->limit = page.limit;
    return read_query(rq, q);
}

/* ---- groups */

struct group {
    struct str project, release, environment;
    enum status status;
    double order;
    const struct counts *totals, *series; /* series: one an interval */
};

static struct counts read_counts(const struct rows *r)
{
    enum { FIRST_COLUMN = 4 };
    struct counts c;
    for (int i = 0; i < COUNTS; i++)
        c.of[i] = rows_int(r, FIRST_COLUMN + i);
    return c;
}

static struct rows *ask(struct request *rq, const struct question *q)
{
    struct arena *a = rq->arena;
    struct param versions = param_text(NULL);
    if (q->versions)
        versions = param_text(pg_text_array(a, q->versions, q->version_count));
    return pg_query(rq->db, a, &SQL_session_counts,
                    pg_int_array(a, q->filter.projects, q->filter.project_count),
                    pg_time(a, q->start * CLOCK_SECOND), pg_time(a, q->end * CLOCK_SECOND), q->step,
                    filters_environment_param(a, &q->filter), versions, q->by_project,
                    q->by_release, q->by_environment, ROWS_MOST);
}

static void add_group(const struct question *q, struct group *groups, size_t *count,
                      const struct group *one)
{
    enum status first = q->by_status ? HEALTHY : ANY_STATUS;
    enum status last = q->by_status ? STATUSES : HEALTHY;
    for (enum status s = first; s < last; s++) {
        struct group *group = &groups[(*count)++];
        *group = *one;
        group->status = s;
        if (!q->order || !value_of(q->order, one->totals, s, &group->order))
            group->order = -1;
    }
}

/* Groups that there is memory for; further ones are left out. */
static size_t groups_most(const struct question *q)
{
    size_t most = q->series ? COUNTS_MOST / (q->intervals + 1) : GROUPS_MOST;
    return most < GROUPS_MOST ? most : GROUPS_MOST;
}

/* The rows of each group come together, its totals first. */
static struct group *read_groups_found(struct request *rq, const struct question *q, size_t *count)
{
    struct rows *r = ask(rq, q);
    size_t most = groups_most(q);
    struct group *groups = arena_take(rq->arena, (most + STATUSES) * sizeof(*groups));
    struct counts *series = NULL;
    *count = 0;
    while (rows_next(r) && *count < most) {
        if (!rows_null(r, 3)) {
            int64_t bucket = rows_int(r, 3);
            if (series && bucket >= 0 && bucket < (int64_t)q->intervals)
                series[bucket] = read_counts(r);
            continue;
        }
        struct counts *totals = arena_new_of(rq->arena, struct counts);
        *totals = read_counts(r);
        series = q->series ? arena_alloc(rq->arena, (q->intervals + 1) * sizeof(*series)) : NULL;
        add_group(q, groups, count,
                  &(struct group){.project = rows_str(r, 0),
                                  .release = rows_str(r, 1),
                                  .environment = rows_str(r, 2),
                                  .totals = totals,
                                  .series = series});
    }
    return groups;
}

static int by_order(const void *a, const void *b)
{
    double x = ((const struct group *)a)->order, y = ((const struct group *)b)->order;
    return (x > y) - (x < y);
}

static int by_order_down(const void *a, const void *b)
{
    return by_order(b, a);
}

/* ---- the answer */

static void put_value(struct jw *j, const struct field_kind *f, const struct counts *c,
                      enum status status)
{
    double value;
    if (!value_of(f, c, status, &value))
        jw_null(j);
    else if (f->kind == AMOUNT)
        jw_int(j, (int64_t)value);
    else
        jw_double(j, value);
}

static void put_by(struct jw *j, const struct question *q, const struct group *g)
{
    jw_open_k(j, "by", '{');
    if (q->by_project)
        jw_raw_k(j, "project", g->project);
    if (q->by_release)
        jw_str_k(j, "release", g->release);
    if (q->by_environment)
        jw_str_k(j, "environment", g->environment);
    if (q->by_status)
        jw_str_k(j, "session.status", str_of(status_names[g->status]));
    jw_close(j, '}');
}

static void put_series(struct jw *j, const struct question *q, const struct group *g)
{
    jw_open_k(j, "series", '{');
    for (size_t f = 0; q->series && f < q->field_count; f++) {
        jw_open_k(j, q->fields[f]->name, '[');
        for (size_t i = 0; i < q->intervals; i++)
            put_value(j, q->fields[f], &g->series[i], g->status);
        jw_close(j, ']');
    }
    jw_close(j, '}');
}

static void put_group(struct jw *j, const struct question *q, const struct group *g)
{
    jw_open(j, '{');
    put_by(j, q, g);
    jw_open_k(j, "totals", '{');
    for (size_t f = 0; q->totals && f < q->field_count; f++) {
        jw_key(j, q->fields[f]->name);
        put_value(j, q->fields[f], g->totals, g->status);
    }
    jw_close(j, '}');
    put_series(j, q, g);
    jw_close(j, '}');
}

static int reply_sessions(struct request *rq, const struct question *q, const struct group *groups,
                          size_t count)
{
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_time_k(&j, "start", q->start * CLOCK_SECOND);
    jw_time_k(&j, "end", q->end * CLOCK_SECOND);
    jw_str_k(&j, "query", q->query.p ? q->query : S(""));
    jw_open_k(&j, "intervals", '[');
    for (size_t i = 0; i < q->intervals; i++)
        jw_time(&j, (q->start + (int64_t)i * q->step) * CLOCK_SECOND);
    jw_close(&j, ']');
    jw_open_k(&j, "groups", '[');
    for (size_t i = 0; i < count && i < (size_t)q->limit; i++)
        put_group(&j, q, &groups[i]);
    jw_close(&j, ']');
    jw_close(&j, '}');
    return page_done_or_unchanged(rq);
}

static int show_sessions(struct request *rq)
{
    struct question q;
    size_t count;
    if (!read_question(rq, &q))
        return rq->status;
    struct group *groups = read_groups_found(rq, &q, &count);
    if (q.order)
        qsort(groups, count, sizeof(*groups), q.descending ? by_order_down : by_order);
    return reply_if_failed(rq) ? rq->status : reply_sessions(rq, &q, groups, count);
}

const struct route session_routes[] = {
    {METHOD_GET, "/api/0/organizations/{organization}/sessions/",
     SCOPE_PROJECT_READ | SCOPE_ORG_READ | SCOPE_EVENT_READ, show_sessions},
    {0},
};
