/* POST /api/{project}/events/{event_id}/attachments/: files for an event sent before or after. */
#include "ingest/attachment.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/multipart.h"
#include "ingest/refuse.h"

/* Every part is a file; one that has no name of a file has its field's. */
static bool add_parts(struct submission *s, struct multipart *form)
{
    struct multipart_part part;
    while (multipart_next(form, &part)) {
        const struct attachment attachment = {.type = S("event.attachment"),
                                              .filename =
                                                  part.filename.n ? part.filename : part.name,
                                              .content_type = part.content_type,
                                              .bytes = part.bytes};
        if (!attachment_add(s, &attachment))
            return false;
    }
    if (form->error)
        refuse_because(s->rq, 400, "invalid multipart data", form->error);
    return !form->error;
}

static int attachments_post(struct request *rq)
{
    struct submission s;
    struct multipart form;
    struct uuid event_id;
    struct visit *visit = visit_of(rq);
    if (!uuid_parse(request_param(rq, S("event_id")), &event_id) || uuid_is_nil(event_id))
        return refuse(rq, 400, "invalid event id");
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    multipart_begin(&form, rq->arena, request_header(rq, "CONTENT_TYPE"), visit->body.bytes);
    submission_begin(&s, rq);
    s.record.has_event_id = true;
    s.record.event_id = event_id;
    if (!add_parts(&s, &form) || submission_accept(&s))
        return rq->status;
    reply_empty(rq, 201);
    return submission_keep(&s);
}

static const struct endpoint endpoint = {AUTH_REQUEST, 0, false};

const struct route attachment_routes[] = {
    {METHOD_POST, "/api/{project}/events/{event_id}/attachments/", 0, attachments_post, &endpoint},
    {0},
};
