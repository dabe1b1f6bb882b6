#include "api/filters.h"

#include "auth/gate.h"
#include "base/clock.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

enum { ENVIRONMENTS_MAX = 50 };
static const int64_t longest_period = 3660 * CLOCK_DAY;

int64_t period_seconds(struct str text)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    int64_t count, factor = 1;
    for (size_t i = 0; text.n && i < sizeof(units) / sizeof(units[0]); i++) {
        if (text.p[text.n - 1] == units[i].unit) {
            factor = units[i].seconds;
            text.n--;
            break;
        }
    }
    if (!text_int64(text, &count) || count < 1 || count > longest_period / CLOCK_SECOND / factor)
        return 0;
    return count * factor;
}

static bool refuse(struct request *rq, const char *why)
{
    reply_error(rq, 400, arena_printf(rq->arena, "Invalid date range: %s", why));
    return false;
}

/* ISO 8601 or unix seconds. */
static bool read_moment(struct str text, int64_t *us)
{
    int64_t seconds;
    if (!text_int64(text, &seconds))
        return clock_parse(text, us);
    *us = seconds * CLOCK_SECOND;
    return seconds > 0 && seconds < CLOCK_MOST / CLOCK_SECOND;
}

static bool read_ends(struct request *rq, struct str start, struct str end, struct period *out)
{
    if (!start.n || !end.n)
        return refuse(rq, "start and end are both required.");
    if (!read_moment(start, &out->start) || !read_moment(end, &out->end))
        return refuse(rq, "start and end must be dates such as 2026-11-21T09:15:24.");
    if (out->start >= out->end)
        return refuse(rq, "start must be before end.");
    if (out->end - out->start > longest_period)
        return refuse(rq, "the range is too long.");
    out->until_now = out->end >= clock_now();
    return true;
}

bool period_read(struct request *rq, int64_t fallback, struct period *out)
{
    struct str period = request_query(rq, S("statsPeriod"));
    struct str start = request_query(rq, S("start")), end = request_query(rq, S("end"));
    int64_t now = clock_now();
    *out = (struct period){.start = now - fallback, .end = now, .until_now = true};
    out->given = period.n || start.n || end.n;
    if (!out->given)
        return true;
    if (!period.n)
        return read_ends(rq, start, end, out);
    int64_t seconds = period_seconds(period);
    out->start = now - seconds * CLOCK_SECOND;
    return seconds || refuse(rq, "statsPeriod must be a number and a unit, such as 14d.");
}

static size_t environment_names(struct request *rq, struct str *names)
{
    size_t at = 0, count = 0;
    struct str name;
    while (count < ENVIRONMENTS_MAX && request_query_next(rq, S("environment"), &at, &name))
        names[count++] = name;
    return count;
}

bool filters_environments(struct request *rq, bool *given, int64_t **ids, size_t *count)
{
    struct str names[ENVIRONMENTS_MAX];
    bool found[ENVIRONMENTS_MAX] = {false}, known = true;
    size_t n = environment_names(rq, names);
    *given = n > 0;
    *count = 0;
    if (!n)
        return true;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_environment_ids, rq->tenant.organization_id,
                              pg_text_array(rq->arena, names, n));
    *ids = arena_alloc(rq->arena, ((size_t)rows_count(r) + 1) * sizeof(int64_t));
    while (rows_next(r)) {
        (*ids)[(*count)++] = rows_int(r, 0);
        for (size_t i = 0; i < n; i++)
            found[i] |= str_eq(names[i], rows_str(r, 1));
    }
    /* "No environment" is never unknown. */
    for (size_t i = 0; i < n; i++)
        known &= found[i] || names[i].n == 0;
    if (!known && !reply_if_failed(rq))
        reply_not_found(rq);
    return known;
}

bool filters_read(struct request *rq, int64_t fallback_period, struct issue_filter *out)
{
    struct gate_projects projects;
    struct period period;
    int64_t *environments = NULL;
    *out = (struct issue_filter){.organization_id = rq->tenant.organization_id,
                                 .user_id = rq->identity->user_id};
    if (!gate_projects(rq, &projects) || !period_read(rq, fallback_period, &period) ||
        !filters_environments(rq, &out->by_environment, &environments, &out->environment_count))
        return false;
    out->projects = projects.ids;
    out->project_count = projects.count;
    out->environments = environments;
    out->start = period.start;
    out->end = period.end;
    out->until_now = period.until_now;
    return true;
}

struct param filters_environment_param(struct arena *a, const struct issue_filter *f)
{
    if (!f->by_environment)
        return param_text(NULL);
    return param_text(pg_int_array(a, f->environments, f->environment_count));
}
