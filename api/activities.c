/* What happened to an issue, and the notes people leave on it. */
#include <stddef.h>

#include "api/actor.h"
#include "api/page.h"
#include "auth/scope.h"
#include "base/bind.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

enum { NOTE_MAX = 65536 };

static struct rows *activity_rows(struct request *rq, const char *type)
{
    return pg_query(rq->db, rq->arena, &SQL_activity_list, rq->tenant.project_id,
                    rq->tenant.issue_id, type, PAGE_LIMIT);
}

static int list_activities(struct request *rq)
{
    struct rows *r = activity_rows(rq, NULL);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_key(&j, "activity");
    rows_put_array(r, &j);
    jw_close(&j, '}');
    return page_done_or_unchanged(rq);
}

static int list_notes(struct request *rq)
{
    return reply_rows(rq, activity_rows(rq, "note"));
}

struct note {
    struct str text;
};

static const struct field note_fields[] = {
    {"text", FIELD_TEXT, offsetof(struct note, text), FIELD_REQUIRED | FIELD_TRIM, 1, NOTE_MAX},
    {0},
};

/* The note as activity data: {"text": …}; absent after answering 400, or 403 to a token of nobody.
 */
static struct str read_note(struct request *rq)
{
    struct note note = {0};
    struct buf text;
    struct jw j;
    if (!rq->identity->user_id) {
        reply_error(rq, 403, "Only a person can write a note.");
        return (struct str){0};
    }
    if (!bind_body(rq, note_fields, &note))
        return (struct str){0};
    buf_init(&text, BIND_BODY_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "text", note.text);
    jw_close(&j, '}');
    struct str json = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return json;
}

static int create_note(struct request *rq)
{
    struct str data = read_note(rq);
    if (!data.p)
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_note_create, rq->tenant.project_id,
                              rq->tenant.issue_id, rq->identity->user_id, data, actor_now(rq));
    return reply_created(rq, r);
}

static int64_t note_id(struct request *rq)
{
    int64_t id = 0;
    text_int64(request_param(rq, S("note")), &id);
    return id;
}

static int update_note(struct request *rq)
{
    struct str data = read_note(rq);
    if (!data.p)
        return rq->status;
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_note_update, rq->tenant.project_id, rq->tenant.issue_id,
                 rq->identity->user_id, note_id(rq), data, actor_now(rq));
    return reply_row(rq, r);
}

static int delete_note(struct request *rq)
{
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_note_delete, rq->tenant.project_id, rq->tenant.issue_id,
                 rq->identity->user_id, note_id(rq), actor_now(rq));
    if (reply_if_failed(rq))
        return rq->status;
    return rows_next(r) ? reply_empty(rq, 204) : reply_not_found(rq);
}

#define O "/api/0/organizations/{organization}/issues/{issue}/"
#define I "/api/0/issues/{issue}/"

const struct route activity_routes[] = {
    {METHOD_GET, O "activities/", SCOPE_EVENT_READ, list_activities},
    {METHOD_GET, I "activities/", SCOPE_EVENT_READ, list_activities},
    {METHOD_GET, O "notes/", SCOPE_EVENT_READ, list_notes},
    {METHOD_POST, O "notes/", SCOPE_EVENT_WRITE, create_note},
    {METHOD_PUT, O "notes/{note}/", SCOPE_EVENT_WRITE, update_note},
    {METHOD_DELETE, O "notes/{note}/", SCOPE_EVENT_WRITE, delete_note},
    {METHOD_GET, O "comments/", SCOPE_EVENT_READ, list_notes},
    {METHOD_POST, O "comments/", SCOPE_EVENT_WRITE, create_note},
    {METHOD_GET, I "notes/", SCOPE_EVENT_READ, list_notes},
    {METHOD_POST, I "notes/", SCOPE_EVENT_WRITE, create_note},
    {METHOD_PUT, I "notes/{note}/", SCOPE_EVENT_WRITE, update_note},
    {METHOD_DELETE, I "notes/{note}/", SCOPE_EVENT_WRITE, delete_note},
    {0},
};
