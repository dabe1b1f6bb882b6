/* /api/{project}/upload/: an attachment in pieces, the part of TUS 1.0.0 that Sentry's SDKs speak
 * (ingest.md §1.11).  An envelope then refers to it (ingest/attachment_reference.c). */
#include "base/settings.h"
#include "base/text.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"

/* False after answering. */
static bool speaks_tus(struct request *rq)
{
    reply_header(rq, "Tus-Resumable", S("1.0.0"));
    if (str_eq(str_trim(request_header(rq, "HTTP_TUS_RESUMABLE")), S("1.0.0")))
        return true;
    reply_header(rq, "Tus-Version", S("1.0.0"));
    refuse(rq, 412, "unsupported version of TUS");
    return false;
}

/* False after answering. */
static bool read_length(struct request *rq, int64_t *length)
{
    struct str announced = str_trim(request_header(rq, "HTTP_UPLOAD_LENGTH"));
    struct str deferred = str_trim(request_header(rq, "HTTP_UPLOAD_DEFER_LENGTH"));
    *length = -1;
    if (!announced.n && str_eq(deferred, S("1")))
        return true;
    if (!text_int64(announced, length) || *length < 0)
        refuse(rq, 400, "missing or invalid Upload-Length");
    else if (*length > settings()->max_envelope_bytes)
        refuse(rq, 413, "length limit exceeded");
    else
        return true;
    return false;
}

static int upload_post(struct request *rq)
{
    const struct visit *visit = visit_of(rq);
    struct upload upload = {.project_id = visit->key.project_id, .id = uuid_random()};
    if (!speaks_tus(rq) || !read_length(rq, &upload.length))
        return rq->status;
    if (!upload_create(&visit->ingest->uploads, &upload))
        return refuse_overloaded(rq, "failed to create the upload");
    reply_header(rq, "Location", upload_location(rq->arena, &visit->ingest->uploads, &upload));
    return reply_empty(rq, 201);
}

/* False after answering: the location was not given by us. */
static bool find(struct request *rq, struct upload *upload)
{
    const struct visit *visit = visit_of(rq);
    struct str length = request_query(rq, S("length"));
    *upload = (struct upload){.project_id = visit->key.project_id, .length = -1};
    if (uuid_parse(request_param(rq, S("upload")), &upload->id) &&
        (!length.p || text_int64(length, &upload->length)) &&
        upload_is_sealed(rq->arena, &visit->ingest->uploads, upload,
                         request_query(rq, S("signature"))))
        return true;
    refuse(rq, 400, "invalid upload location");
    return false;
}

static int reply_appended(struct request *rq, enum upload_result result, int64_t offset)
{
    switch (result) {
    case UPLOAD_OK:
        reply_headerf(rq, "Upload-Offset", "%lld", (long long)offset);
        return reply_empty(rq, 204);
    case UPLOAD_MISSING:
        return refuse(rq, 404, "unknown upload");
    case UPLOAD_MISPLACED:
        return refuse(rq, 400, "invalid Upload-Offset");
    case UPLOAD_TOO_LONG:
        return refuse(rq, 400, "more data than announced");
    default:
        return refuse_overloaded(rq, "failed to keep the upload");
    }
}

static int upload_patch(struct request *rq)
{
    struct visit *visit = visit_of(rq);
    struct upload upload;
    int64_t offset;
    if (!speaks_tus(rq) || !find(rq, &upload))
        return rq->status;
    if (!str_case_eq(str_trim(request_header(rq, "CONTENT_TYPE")),
                     S("application/offset+octet-stream")))
        return refuse(rq, 415, "unsupported media type");
    if (!text_int64(str_trim(request_header(rq, "HTTP_UPLOAD_OFFSET")), &offset) || offset < 0)
        return refuse(rq, 400, "invalid Upload-Offset");
    if (!body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    struct str bytes = visit->body.bytes;
    int64_t most = upload.length < 0 ? settings()->max_envelope_bytes : upload.length;
    enum upload_result result =
        upload_append(&visit->ingest->uploads, &upload, offset, bytes, most);
    return reply_appended(rq, result, offset + (int64_t)bytes.n);
}

static const struct endpoint endpoint = {AUTH_REQUEST, 0, false};

const struct route upload_routes[] = {
    {METHOD_POST, "/api/{project}/upload/", 0, upload_post, &endpoint},
    {METHOD_PATCH, "/api/{project}/upload/{upload}/", 0, upload_patch, &endpoint},
    {0},
};
