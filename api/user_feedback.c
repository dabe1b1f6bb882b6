/*
 * User feedback by token.  What is accepted goes into the event log, which is ingest's: once the
 * gate has let the caller pass, nginx hands the request on to ingest with a key of the project, as
 * if it had come with the DSN (docker/nginx.conf.template, ingest/user_report_endpoint.c).
 */
#include "auth/scope.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"

static int hand_over(struct request *rq)
{
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_project_key_of_project, rq->tenant.project_id);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_error(rq, 403, "The project has no active key.");
    reply_headerf(rq, "X-Accel-Redirect", "/user-feedback/%.*s/%lld", STR_ARG(rows_str(r, 0)),
                  (long long)rq->tenant.project_id);
    return reply_empty(rq, 200);
}

const struct route user_feedback_routes[] = {
    {METHOD_POST, "/api/0/projects/{organization}/{project}/user-feedback/", SCOPE_PROJECT_WRITE,
     hand_over},
    {0},
};
