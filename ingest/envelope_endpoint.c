/* POST /api/{project}/envelope/ */
#include "ingest/attachment_reference.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "ingest/submission.h"

static int refuse_envelope(struct request *rq, const char *cause)
{
    return refuse_because(rq, 400, "invalid event envelope", cause);
}

/* A sender who showed no key in headers or query shows it in the envelope's dsn. */
static bool identify(struct request *rq, const struct envelope *e)
{
    struct credentials credentials;
    if (visit_of(rq)->identified)
        return true;
    if (e->error || !credentials_of_dsn(e->dsn, &credentials)) {
        refuse(rq, 401, "bad envelope authentication header");
        return false;
    }
    return gate_identify(rq, &credentials, 0);
}

static bool dsn_agrees(const struct request *rq, struct str dsn)
{
    struct credentials credentials;
    const struct visit *visit = visit_of(rq);
    int64_t project = gate_project(rq);
    return credentials_of_dsn(dsn, &credentials) &&
           credentials.project_id == (project ? project : visit->key.project_id) &&
           str_eq(credentials.key, visit->credentials.key);
}

/* What the header claims must be what the request is. */
static const char *mismatch(const struct submission *s, const struct envelope *e)
{
    if (e->dsn.p && !dsn_agrees(s->rq, e->dsn))
        return "project id header mismatch between envelope and request";
    if (e->origin.p && s->record.origin.p && !str_eq(e->origin, s->record.origin))
        return "origin header mismatch between envelope and request";
    return NULL;
}

static bool add_item(struct submission *s, const struct envelope_item *item)
{
    return attachment_reference_is(item) ? attachment_reference_add(s, item)
                                         : submission_add(s, item);
}

static bool add_items(struct submission *s, struct envelope *e)
{
    struct envelope_item item;
    while (envelope_next(e, &item))
        if (!add_item(s, &item))
            return false;
    if (e->error)
        refuse_envelope(s->rq, e->error);
    return !e->error;
}

int envelope_submit(struct request *rq)
{
    struct envelope e;
    struct submission s;
    envelope_begin(&e, rq->arena, visit_of(rq)->body.bytes);
    if (!identify(rq, &e))
        return rq->status;
    if (e.error)
        return refuse_envelope(rq, e.error);
    submission_begin(&s, rq);
    const char *cause = mismatch(&s, &e);
    if (cause)
        return refuse_envelope(rq, cause);
    s.record.envelope_header = e.header;
    s.record.sent_at = e.sent_at;
    s.record.has_event_id = e.has_event_id;
    s.record.event_id = e.event_id;
    if (!add_items(&s, &e))
        return rq->status;
    int refused = submission_accept(&s);
    if (refused)
        return refused;
    submission_reply(&s);
    return submission_keep(&s);
}

static int envelope_post(struct request *rq)
{
    struct visit *visit = visit_of(rq);
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    return envelope_submit(rq);
}

static const struct endpoint endpoint = {AUTH_ENVELOPE, 0, false};

const struct route envelope_routes[] = {
    {METHOD_POST, "/api/{project}/envelope/", 0, envelope_post, &endpoint},
    {0},
};
