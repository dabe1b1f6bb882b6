/* What a load balancer asks. */
#include "ingest/endpoints.h"
#include "ingest/gate.h"

static int answer(struct request *rq, bool is_healthy)
{
    struct jw j = reply_json(rq, is_healthy ? 200 : 503);
    jw_open(&j, '{');
    jw_key(&j, "is_healthy");
    jw_bool(&j, is_healthy);
    jw_close(&j, '}');
    return reply_done(rq);
}

static int health_live(struct request *rq)
{
    return answer(rq, true);
}

static int health_ready(struct request *rq)
{
    struct ingest *ingest = visit_of(rq)->ingest;
    return answer(rq, keys_ready(ingest->keys) && !ingest->full);
}

static const struct endpoint endpoint = {AUTH_NONE, 1, false};

const struct route healthcheck_routes[] = {
    {METHOD_GET, "/api/relay/healthcheck/live/", 0, health_live, &endpoint},
    {METHOD_GET, "/api/relay/healthcheck/ready/", 0, health_ready, &endpoint},
    {0},
};
