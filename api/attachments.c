/* Files of events: listed, shown, handed out, deleted. */
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/blobs.h"
#include "storage/reply.h"

static bool read_event_id(struct request *rq, struct uuid *id)
{
    if (uuid_parse(request_param(rq, S("event_id")), id))
        return true;
    reply_not_found(rq);
    return false;
}

/* The attachment that the path names. */
struct place {
    struct uuid event;
    int64_t id;
};

static bool read_place(struct request *rq, struct place *place)
{
    if (!read_event_id(rq, &place->event))
        return false;
    if (text_int64(request_param(rq, S("attachment_id")), &place->id))
        return true;
    reply_not_found(rq);
    return false;
}

static int list_of_event(struct request *rq)
{
    struct page page;
    struct uuid event;
    if (!read_event_id(rq, &event) || !page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    return page_reply(rq, &page,
                      pg_query(rq->db, rq->arena, &SQL_attachment_list, rq->tenant.project_id,
                               event, page_pattern(rq), page.limit + 1, page.cursor.offset));
}

static const char *types_asked(struct request *rq)
{
    enum { TYPES_MAX = 20 };
    struct str types[TYPES_MAX];
    size_t at = 0, count = 0;
    while (count < TYPES_MAX && request_query_next(rq, S("types"), &at, &types[count]))
        count++;
    return count ? pg_text_array(rq->arena, types, count) : NULL;
}

static int list_of_issue(struct request *rq)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    return page_reply(rq, &page,
                      pg_query(rq->db, rq->arena, &SQL_attachment_list_issue, rq->tenant.project_id,
                               rq->tenant.issue_id, types_asked(rq), page.limit + 1,
                               page.cursor.offset));
}

/* Whatever it says it is, it is a stranger's file: a browser saves it and runs nothing in it. */
static void put_safe_headers(struct request *rq, struct str name)
{
    struct str encoded = text_percent_encode(rq->arena, name);
    reply_header(rq, "Content-Security-Policy", S("sandbox; default-src 'none'"));
    reply_headerf(rq, "Content-Disposition", "attachment; filename*=UTF-8''%.*s", STR_ARG(encoded));
    reply_header(rq, "Cache-Control", S("private, max-age=0"));
}

/* A blob is read by nginx: it may be larger than any reply of ours. */
static int reply_content(struct request *rq, struct rows *r)
{
    struct str blob = rows_str(r, 3);
    const char *type = arena_strdup(rq->arena, rows_str(r, 1));
    put_safe_headers(rq, rows_str(r, 0));
    if (!blob.p)
        return reply_bytes(rq, 200, type, rows_bytes(r, 2, rq->arena));
    reply_header(rq, "X-Accel-Redirect", blob_address(rq->arena, blob));
    return reply_bytes(rq, 200, type, S(""));
}

static int download(struct request *rq, const struct place *place)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_attachment_content, rq->tenant.project_id,
                              place->event, place->id);
    if (rows_next(r))
        return reply_content(rq, r);
    return reply_if_failed(rq) ? rq->status : reply_not_found(rq);
}

/* ?download, whatever its value. */
static int show(struct request *rq)
{
    struct place place;
    if (!read_place(rq, &place))
        return rq->status;
    if (request_query(rq, S("download")).p)
        return download(rq, &place);
    return reply_row(rq, pg_query(rq->db, rq->arena, &SQL_attachment_get, rq->tenant.project_id,
                                  place.event, place.id));
}

static int delete_one(struct request *rq)
{
    struct place place;
    if (!read_place(rq, &place))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_attachment_delete, rq->tenant.project_id,
                              place.event, place.id);
    bool gone = rows_next(r) && rows_int(r, 0);
    if (reply_if_failed(rq))
        return rq->status;
    return gone ? reply_empty(rq, 204) : reply_not_found(rq);
}

#define O "/api/0/organizations/{organization}/"
#define A "/api/0/projects/{organization}/{project}/events/{event_id}/attachments/"
#define READERS (SCOPE_EVENT_READ | SCOPE_PROJECT_READ)

const struct route event_attachment_routes[] = {
    {METHOD_GET, A, READERS, list_of_event},
    {METHOD_GET, A "{attachment_id}/", READERS, show},
    {METHOD_DELETE, A "{attachment_id}/", SCOPE_EVENT_WRITE | SCOPE_PROJECT_WRITE, delete_one},
    {METHOD_GET, O "issues/{issue}/attachments/", SCOPE_EVENT_READ, list_of_issue},
    {METHOD_GET, "/api/0/issues/{issue}/attachments/", SCOPE_EVENT_READ, list_of_issue},
    {0},
};
