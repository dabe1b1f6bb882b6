/* Profiles: one of a transaction, and the chunks of a profiler put together. */
#include "api/filters.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/jt.h"
#include "base/route.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/blobs.h"
#include "storage/event_body.h"
#include "storage/reply.h"

enum { DEPTH_MAX = 64 };
#define BODY_MAX ((size_t)64 << 20)
#define MERGE_MAX                                                                                  \
    ((size_t)8 << 20) /* of chunks' JSON: their trees must fit into a request's memory */

/* The current row's JSON; absent when its blob is gone or damaged. */
static struct str body_of(const struct rows *r, struct arena *a)
{
    struct str body = rows_bytes(r, 1, a);
    if (rows_null(r, 1)) {
        const char *dir = arena_printf(a, "%s/blobs", settings()->data_dir);
        body = blob_get(a, dir, rows_str(r, 2), BODY_MAX);
    }
    return body.p ? event_body_decode(a, (int)rows_int(r, 0), body) : body;
}

static int show_profile(struct request *rq)
{
    struct uuid id;
    if (!uuid_parse(request_param(rq, S("profile_id")), &id))
        return reply_not_found(rq);
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_profile_get, rq->tenant.project_id, id);
    struct str body = {0};
    if (rows_next(r))
        body = body_of(r, rq->arena);
    if (reply_if_failed(rq))
        return rq->status;
    return body.p ? reply_bytes(rq, 200, "application/json", body) : reply_not_found(rq);
}

/* ---- chunks */

/* Moves what a list holds to the end of another. */
static void move_all(struct jt *to, const struct jt *from)
{
    for (struct jt *v = from ? from->first : NULL, *next; v; v = next) {
        next = v->next;
        jt_append(to, v);
    }
}

/* Adds a number to an index. */
static void shift(struct arena *a, struct jt *index, size_t by)
{
    int64_t n;
    if (jt_int64(index, &n))
        index->text = jt_new_int(a, n + (int64_t)by)->text;
}

/* Frames and stacks of a later chunk come after those of the earlier ones. */
static void renumber(struct arena *a, const struct jt *profile, size_t frames, size_t stacks)
{
    const struct jt *list = jt_get(profile, S("stacks"));
    for (const struct jt *stack = list ? list->first : NULL; stack; stack = stack->next)
        for (struct jt *frame = stack->first; frame; frame = frame->next)
            shift(a, frame, frames);
    list = jt_get(profile, S("samples"));
    for (const struct jt *sample = list ? list->first : NULL; sample; sample = sample->next)
        shift(a, jt_get(sample, S("stack_id")), stacks);
}

static void merge(struct arena *a, const struct jt *into, const struct jt *chunk)
{
    static const struct str lists[] = {{"frames", 6}, {"stacks", 6}, {"samples", 7}};
    const struct jt *whole = jt_get(into, S("profile")), *part = jt_get(chunk, S("profile"));
    const struct jt *frames = jt_get(whole, S("frames")), *stacks = jt_get(whole, S("stacks"));
    struct jt *threads = jt_get(whole, S("thread_metadata"));
    const struct jt *more = jt_get(part, S("thread_metadata"));
    if (!frames || !stacks)
        return;
    renumber(a, part, frames->count, stacks->count);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct jt *to = jt_get(whole, lists[i]);
        if (to)
            move_all(to, jt_get(part, lists[i]));
    }
    for (struct jt *v = threads && more ? more->first : NULL, *next; v; v = next) {
        next = v->next;
        jt_set(threads, v->key, v);
    }
}

static struct jt *merge_all(struct request *rq, struct rows *r)
{
    const char *error;
    struct jt *whole = NULL;
    size_t bytes = 0;
    while (bytes < MERGE_MAX && rows_next(r)) {
        struct str body = body_of(r, rq->arena);
        bytes += body.n;
        struct jt *chunk = bytes < MERGE_MAX ? jt_read(rq->arena, body, DEPTH_MAX, &error) : NULL;
        if (!whole)
            whole = chunk;
        else if (chunk)
            merge(rq->arena, whole, chunk);
    }
    return whole;
}

static int show_chunks(struct request *rq)
{
    struct gate_projects projects;
    struct period period;
    struct uuid profiler;
    if (!gate_projects(rq, &projects) || !period_read(rq, CLOCK_DAY, &period))
        return rq->status;
    if (!uuid_parse(request_query(rq, S("profiler_id")), &profiler))
        return reply_field_error(rq, "profiler_id", "Must be a valid UUID.");
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_profile_chunks,
                              pg_int_array(rq->arena, projects.ids, projects.count), profiler,
                              pg_time(rq->arena, period.start), pg_time(rq->arena, period.end));
    struct jt *whole = merge_all(rq, r);
    if (reply_if_failed(rq))
        return rq->status;
    if (!whole)
        return reply_not_found(rq);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_key(&j, "chunk");
    jt_write(&j, whole);
    jw_close(&j, '}');
    return reply_done(rq);
}

#define P "/api/0/projects/{organization}/{project}/profiling/"
#define READERS (SCOPE_EVENT_READ | SCOPE_PROJECT_READ | SCOPE_ORG_READ)

const struct route profile_routes[] = {
    {METHOD_GET, P "profiles/{profile_id}/", READERS, show_profile},
    {METHOD_GET, P "raw_profiles/{profile_id}/", READERS, show_profile},
    {METHOD_GET, "/api/0/organizations/{organization}/profiling/chunks/", READERS, show_chunks},
    {0},
};
