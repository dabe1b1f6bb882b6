#include <stdlib.h>

#include "base/buf.h"
#include "sql.h"
#include "storage/copy.h"
#include "worker/digest/writing.h"

/* Copied texts and bodies of a batch; batches stop growing long before. */
#define COPY_MAX ((size_t)1 << 30)

static int by_key(const void *a, const void *b)
{
    const struct event *x = &(*(struct batch_event *const *)a)->event;
    const struct event *y = &(*(struct batch_event *const *)b)->event;
    if (x->project_id != y->project_id)
        return x->project_id < y->project_id ? -1 : 1;
    return memcmp(x->id.bytes, y->id.bytes, sizeof(x->id.bytes));
}

/* The events to be stored, in the order of their primary key. */
static struct batch_event **sorted_events(struct writing *w, size_t *count)
{
    size_t size = sizeof(struct batch_event *);
    struct batch_event **list = arena_take(w->arena, (w->batch->event_count + 1) * size);
    *count = 0;
    for (struct batch_event *e = w->batch->events; e; e = e->next) {
        if (e->stored)
            list[(*count)++] = e;
    }
    qsort(list, *count, size, by_key);
    return list;
}

static void copy_id(struct buf *b, int64_t id)
{
    if (id)
        copy_int8(b, id);
    else
        copy_null(b);
}

static void copy_key(struct buf *b, const struct event *e)
{
    copy_int8(b, e->project_id);
    copy_uuid(b, e->id);
    copy_date(b, e->received);
}

static void copy_user(struct buf *b, const struct event *e)
{
    if (e->has_user)
        copy_int8(b, (int64_t)e->user_hash);
    else
        copy_null(b);
}

static const char event_columns[] = "copy event (project_id, event_id, received_day, issue_id, "
                                    "batch, received, \"timestamp\", level, "
                                    "type, platform, environment_id, release_id, dist, "
                                    "\"transaction\", title, user_hash, trace_id, "
                                    "handled, tags) from stdin (format binary)";

static void copy_event(struct buf *b, const struct writing *w, const struct batch_event *row)
{
    const struct event *e = &row->event;
    copy_row(b, 19);
    copy_key(b, e);
    copy_int8(b, row->group->id);
    copy_int8(b, w->batch_id);
    copy_time(b, e->received);
    copy_time(b, e->timestamp);
    copy_int2(b, (int16_t)e->level);
    copy_text(b, e->type);
    copy_text(b, e->platform.p ? e->platform : S("other"));
    copy_int8(b, row->environment_id);
    copy_id(b, row->release_id);
    copy_text(b, e->dist);
    copy_text(b, e->transaction);
    copy_text(b, e->title);
    copy_user(b, e);
    if (e->has_trace)
        copy_uuid(b, e->trace_id);
    else
        copy_null(b);
    if (e->handled < 0)
        copy_null(b);
    else
        copy_bool(b, e->handled);
    copy_jsonb(b, row->tags);
}

static const char body_columns[] =
    "copy event_body (project_id, event_id, received_day, codec, body) from stdin (format binary)";

static void copy_body(struct buf *b, const struct writing *w, const struct batch_event *row)
{
    (void)w;
    copy_row(b, 5);
    copy_key(b, &row->event);
    copy_int2(b, (int16_t)row->codec);
    copy_text(b, row->body);
}

static const char fresh_columns[] = "copy digest_fresh (project_id, issue_id, environment_id, "
                                    "release_id, \"timestamp\", user_hash) "
                                    "from stdin (format binary)";

static void copy_fresh(struct buf *b, const struct writing *w, const struct batch_event *row)
{
    (void)w;
    copy_row(b, 6);
    copy_int8(b, row->event.project_id);
    copy_int8(b, row->group->id);
    copy_int8(b, row->environment_id);
    copy_id(b, row->release_id);
    copy_time(b, row->event.timestamp);
    copy_user(b, &row->event);
}

static const struct {
    const char *columns;
    void (*put)(struct buf *, const struct writing *, const struct batch_event *);
} copies[] = {
    {event_columns, copy_event},
    {body_columns, copy_body},
    {fresh_columns, copy_fresh},
};

static const struct stmt *const counts[] = {
    &SQL_digest_count_issues,
    &SQL_digest_count_hours,
    &SQL_digest_count_days,
    &SQL_digest_count_releases,
};

bool write_rows(struct writing *w)
{
    size_t count;
    struct batch_event **events = sorted_events(w, &count);
    if (!count)
        return true;
    for (size_t table = 0; table < sizeof(copies) / sizeof(copies[0]); table++) {
        struct buf rows;
        buf_init(&rows, COPY_MAX);
        copy_begin(&rows);
        for (size_t i = 0; i < count; i++)
            copies[table].put(&rows, w, events[i]);
        copy_end(&rows);
        if (!buf_ok(&rows))
            abort();
        pg_copy_in(w->db, copies[table].columns, buf_str(&rows));
        buf_free(&rows);
    }
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        pg_query_none(w->db, w->arena, counts[i]);
    return !pg_failed(w->db);
}
