/* Recordings of replays: segments, one or all, their videos, the clicks in them. */
#include "api/page.h"
#include "api/replays.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/route.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"
#include "storage/blobs.h"
#include "storage/event_body.h"
#include "storage/reply.h"

enum column { COL_SEGMENT, COL_RECEIVED, COL_CODEC, COL_BODY, COL_BLOB, COL_HAS_VIDEO };

#define RECORDING_MAX ((size_t)160 << 20)
#define PAGE_BYTES ((size_t)32 << 20) /* a page of recordings ends with the one that passes it */
static const size_t row_arena_limit = (size_t)512 << 20;

static void release_arena(void *arena)
{
    arena_free(arena);
}

/* The current row's array of rrweb's events; absent when its blob is gone or damaged. */
static struct str events_of(const struct rows *r, struct arena *a)
{
    struct str body = rows_bytes(r, COL_BODY, a);
    if (rows_null(r, COL_BODY)) {
        const char *dir = arena_printf(a, "%s/blobs", settings()->data_dir);
        body = blob_get(a, dir, rows_str(r, COL_BLOB), RECORDING_MAX);
    }
    return body.p ? event_body_decode(a, (int)rows_int(r, COL_CODEC), body) : body;
}

static void put_segment(struct request *rq, struct jw *j, const struct rows *r, struct uuid replay)
{
    jw_open(j, '{');
    jw_str_k(j, "replayId", uuid_text(rq->arena, replay));
    jw_int_k(j, "segmentId", rows_int(r, COL_SEGMENT));
    jw_str_k(j, "projectId",
             str_of(arena_printf(rq->arena, "%lld", (long long)rq->tenant.project_id)));
    jw_time_k(j, "dateAdded", rows_time(r, COL_RECEIVED));
    jw_close(j, '}');
}

static int reply_segments(struct request *rq, struct rows *r, const struct page *page,
                          struct uuid replay)
{
    struct jw j = reply_json(rq, 200);
    page_link_rows(rq, page, rows_count(r));
    jw_open(&j, '{');
    jw_open_k(&j, "data", '[');
    for (int i = 0; i < page->limit && rows_next(r); i++)
        put_segment(rq, &j, r, replay);
    jw_close(&j, ']');
    jw_close(&j, '}');
    return reply_done(rq);
}

/* Recordings are opened one after the other; a page of large ones is shorter. */
static int reply_recordings(struct request *rq, struct rows *r, const struct page *page)
{
    struct arena *row_arena = arena_new(row_arena_limit);
    struct jw j = reply_json(rq, 200);
    int shown = 0;
    arena_defer(rq->arena, release_arena, row_arena);
    jw_open(&j, '[');
    for (; shown < page->limit && rq->out->len < PAGE_BYTES && rows_next(r); shown++) {
        struct str events = events_of(r, row_arena);
        jw_raw(&j, events.p ? events : S("[]"));
        arena_reset(row_arena);
    }
    jw_close(&j, ']');
    page_link(
        rq, (struct cursor){.given = false},
        (struct cursor){.given = rows_count(r) > shown, .offset = page->cursor.offset + shown});
    return page_done_or_unchanged(rq);
}

static int list_segments(struct request *rq)
{
    struct page page;
    struct uuid replay;
    if (!replay_in_path(rq, &replay) || !page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_replay_segments, rq->tenant.project_id,
                              replay, param_text(NULL), page.limit + 1, page.cursor.offset);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_count(r) && !page.cursor.offset)
        return reply_not_found(rq);
    if (request_query(rq, S("download")).p)
        return reply_recordings(rq, r, &page);
    return reply_segments(rq, r, &page, replay);
}

/* The segment that the path names; NULL after answering. */
static struct rows *segment_in_path(struct request *rq, struct uuid *replay)
{
    int64_t segment;
    if (!replay_in_path(rq, replay))
        return NULL;
    if (text_int64(request_param(rq, S("segment")), &segment)) {
        struct rows *r = pg_query(rq->db, rq->arena, &SQL_replay_segments, rq->tenant.project_id,
                                  *replay, segment, 1, 0);
        if (rows_next(r))
            return r;
    }
    if (!reply_if_failed(rq))
        reply_not_found(rq);
    return NULL;
}

static int show_segment(struct request *rq)
{
    struct uuid replay;
    const struct rows *r = segment_in_path(rq, &replay);
    if (!r)
        return rq->status;
    if (request_query(rq, S("download")).p) {
        struct str events = events_of(r, rq->arena);
        return events.p ? reply_bytes(rq, 200, "application/json", events) : reply_not_found(rq);
    }
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_key(&j, "data");
    put_segment(rq, &j, r, replay);
    jw_close(&j, '}');
    return reply_done(rq);
}

/* A stranger's file, which nginx reads; its first bytes alone say that it is a video. */
static int show_video(struct request *rq)
{
    struct uuid replay;
    const struct rows *r = segment_in_path(rq, &replay);
    if (!r)
        return rq->status;
    if (!rows_bool(r, COL_HAS_VIDEO))
        return reply_not_found(rq);
    reply_header(rq, "X-Accel-Redirect", blob_address(rq->arena, rows_str(r, COL_BLOB)));
    return reply_bytes(rq, 200, "video/mp4", S(""));
}

static int list_clicks(struct request *rq)
{
    struct page page;
    struct uuid replay;
    if (!replay_in_path(rq, &replay) || !page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_replay_clicks, rq->tenant.project_id, replay,
                              page.limit + 1, page.cursor.offset);
    return page_reply_data(rq, &page, r);
}

#define P "/api/0/projects/{organization}/{project}/replays/{replay}/"
#define READERS (SCOPE_EVENT_READ | SCOPE_PROJECT_READ)

const struct route recording_routes[] = {
    {METHOD_GET, P "recording-segments/", READERS, list_segments},
    {METHOD_GET, P "recording-segments/{segment}/", READERS, show_segment},
    {METHOD_GET, P "videos/{segment}/", READERS, show_video},
    {METHOD_GET, P "clicks/", READERS, list_clicks},
    {0},
};
