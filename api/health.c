/* Whether the server is well: for people who watch it, and for those who wait for their event. */
#include "auth/scope.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

enum { DELAYED_SECONDS = 10, SILENT_SECONDS = 60, DEAD_SECONDS = 10 };

static int show_health(struct request *rq)
{
    pg_query_none(rq->db, rq->arena, &SQL_health_probe);
    bool well = pg_failed(rq->db) == PG_OK;
    struct jw j = reply_json(rq, well ? 200 : 503);
    jw_open(&j, '{');
    jw_open_k(&j, "problems", '[');
    if (!well) {
        jw_open(&j, '{');
        jw_str_k(&j, "id", S("database"));
        jw_str_k(&j, "severity", S("critical"));
        jw_str_k(&j, "message", S("The database is not reachable."));
        jw_close(&j, '}');
    }
    jw_close(&j, ']');
    jw_open_k(&j, "healthy", '{');
    jw_bool_k(&j, "database", well);
    jw_close(&j, '}');
    jw_close(&j, '}');
    return reply_done(rq);
}

/* A digest that has not spoken for a minute is not running. */
static bool is_silent(int64_t updated)
{
    return clock_now() - updated > INT64_C(1) * SILENT_SECONDS * CLOCK_SECOND;
}

static const char *status_of(int64_t updated, double lag)
{
    if (is_silent(updated))
        return "stopped";
    return lag > DELAYED_SECONDS ? "delayed" : "healthy";
}

static int show_ingest_health(struct request *rq)
{
    double lag = 0;
    struct rows *r = pg_query_none(rq->db, rq->arena, &SQL_ingest_health);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_not_found(rq);
    text_double(rows_str(r, 0), &lag);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_str_k(&j, "status", str_of(status_of(rows_time(r, 3), lag)));
    jw_double_k(&j, "lagSeconds", lag);
    jw_int_k(&j, "backlogBytes", rows_int(r, 1));
    jw_int_k(&j, "eventsPerMinute", rows_int(r, 2));
    jw_int_k(&j, "poisonCount", rows_int(r, 4));
    jw_close(&j, '}');
    return reply_done(rq);
}

/* ---- the private side */

static int show_live(struct request *rq)
{
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_bool_k(&j, "is_healthy", true);
    jw_close(&j, '}');
    return reply_done(rq);
}

static bool accepts(const struct metrics *ingest)
{
    int64_t beat = metrics_value(ingest, METRIC_HEARTBEAT, 0, 0);
    return clock_now() - beat < INT64_C(1) * DEAD_SECONDS * CLOCK_SECOND &&
           !metrics_value(ingest, METRIC_INGEST_FULL, 0, 0);
}

static int show_ready(struct request *rq)
{
    struct metrics *ingest = arena_new_of(rq->arena, struct metrics);
    struct rows *r = pg_query_none(rq->db, rq->arena, &SQL_ingest_health);
    bool digests = rows_next(r) && !is_silent(rows_time(r, 3));
    bool database = pg_failed(rq->db) == PG_OK;
    bool ingests = metrics_read(METRIC_OF_INGEST, ingest) && accepts(ingest);
    bool all = database && ingests && digests;
    struct jw j = reply_json(rq, all ? 200 : 503);
    jw_open(&j, '{');
    jw_bool_k(&j, "is_healthy", all);
    jw_bool_k(&j, "database", database);
    jw_bool_k(&j, "ingest", ingests);
    jw_bool_k(&j, "digest", digests);
    jw_close(&j, '}');
    return reply_done(rq);
}

const struct route private_health_routes[] = {
    {METHOD_GET, "/_health/live/", ACCESS_PUBLIC, show_live},
    {METHOD_GET, "/_health/ready/", ACCESS_PUBLIC, show_ready},
    {0},
};

const struct route health_routes[] = {
    {METHOD_GET, "/api/0/internal/health/", ACCESS_PUBLIC, show_health},
    {METHOD_GET, "/api/0/organizations/{organization}/ingest-health/",
     SCOPE_ORG_READ | SCOPE_EVENT_READ, show_ingest_health},
    {0},
};
