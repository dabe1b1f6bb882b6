/* Cron monitors and their check-ins, as they are read. */
#include "api/monitors.h"

#include "api/filters.h"
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

bool monitors_place(struct request *rq, struct monitor_place *out)
{
    struct gate_projects projects;
    if (!gate_projects(rq, &projects))
        return false;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_monitor_named,
                              pg_int_array(rq->arena, projects.ids, projects.count),
                              request_param(rq, S("monitor")));
    if (!rows_next(r)) {
        if (!reply_if_failed(rq))
            reply_not_found(rq);
        return false;
    }
    *out = (struct monitor_place){rows_int(r, 0), rows_int(r, 1), rows_str(r, 2)};
    return true;
}

/* The environments named, null when none is.  False after answering 404. */
static bool read_environments(struct request *rq, struct param *out)
{
    bool given;
    int64_t *ids = NULL;
    size_t count;
    if (!filters_environments(rq, &given, &ids, &count))
        return false;
    *out = param_text(given ? pg_int_array(rq->arena, ids, count) : NULL);
    return true;
}

struct rows *monitors_rows(struct request *rq, int64_t project_id, struct str slug)
{
    return pg_query(rq->db, rq->arena, &SQL_monitor_list, pg_int_array(rq->arena, &project_id, 1),
                    slug, param_text(NULL), "%", 1, 0);
}

static int list_monitors(struct request *rq)
{
    struct gate_projects projects;
    struct page page;
    struct param environments;
    if (!gate_projects(rq, &projects) || !read_environments(rq, &environments) ||
        !page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(
        rq->db, rq->arena, &SQL_monitor_list, pg_int_array(rq->arena, projects.ids, projects.count),
        param_text(NULL), environments, page_pattern(rq), page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

static int show_monitor(struct request *rq)
{
    struct monitor_place place;
    struct param environments;
    if (!monitors_place(rq, &place) || !read_environments(rq, &environments))
        return rq->status;
    return reply_row(rq, pg_query(rq->db, rq->arena, &SQL_monitor_list,
                                  pg_int_array(rq->arena, &place.project_id, 1), place.slug,
                                  environments, "%", 1, 0));
}

static int list_check_ins(struct request *rq)
{
    struct monitor_place place;
    struct page page;
    struct period period;
    struct param environments;
    if (!monitors_place(rq, &place) || !read_environments(rq, &environments) ||
        !page_read(rq, PAGE_LIMIT, &page) || !period_read(rq, 90 * CLOCK_DAY, &period))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_check_in_list, place.project_id, place.id,
                              environments, pg_time(rq->arena, period.start),
                              pg_time(rq->arena, period.end), page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

/* since= and until= in unix seconds, resolution= as in 1h; only buckets with check-ins come. */
static int show_stats(struct request *rq)
{
    enum { HOUR = 3600 };
    struct monitor_place place;
    struct param environments;
    int64_t end = clock_now(), start = end - CLOCK_DAY, seconds;
    if (!monitors_place(rq, &place) || !read_environments(rq, &environments))
        return rq->status;
    if (text_int64(request_query(rq, S("since")), &seconds) && seconds > 0 &&
        seconds < CLOCK_MOST / CLOCK_SECOND)
        start = seconds * CLOCK_SECOND;
    if (text_int64(request_query(rq, S("until")), &seconds) && seconds > 0 &&
        seconds < CLOCK_MOST / CLOCK_SECOND)
        end = seconds * CLOCK_SECOND;
    int64_t step = period_seconds(request_query(rq, S("resolution")));
    return reply_rows(rq, pg_query(rq->db, rq->arena, &SQL_check_in_stats, place.project_id,
                                   place.id, environments, pg_time(rq->arena, start),
                                   pg_time(rq->arena, end), step ? step : HOUR));
}

#define O "/api/0/organizations/{organization}/monitors/"
#define P "/api/0/projects/{organization}/{project}/monitors/"
#define READ (SCOPE_ALERTS_READ | SCOPE_PROJECT_READ)

const struct route monitor_routes[] = {
    {METHOD_GET, O, READ | SCOPE_ORG_READ, list_monitors},
    {METHOD_GET, O "{monitor}/", READ, show_monitor},
    {METHOD_GET, O "{monitor}/checkins/", READ, list_check_ins},
    {METHOD_GET, O "{monitor}/stats/", READ, show_stats},
    {METHOD_GET, P "{monitor}/", READ, show_monitor},
    {METHOD_GET, P "{monitor}/checkins/", READ, list_check_ins},
    {METHOD_GET, P "{monitor}/stats/", READ, show_stats},
    {0},
};
