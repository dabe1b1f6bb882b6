/* Whether the server is well: for people who watch it, and for those who wait for their event. */
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

enum { DELAYED_SECONDS = 10, SILENT_SECONDS = 60 };

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
static const char *status_of(int64_t updated, double lag)
{
    if (clock_now() - updated > INT64_C(1) * SILENT_SECONDS * CLOCK_SECOND)
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
    jw_close(&j, '}');
    return reply_done(rq);
}

const struct route health_routes[] = {
    {METHOD_GET, "/api/0/internal/health/", ACCESS_PUBLIC, show_health},
    {METHOD_GET, "/api/0/organizations/{organization}/ingest-health/",
     SCOPE_ORG_READ | SCOPE_EVENT_READ, show_ingest_health},
    {0},
};
