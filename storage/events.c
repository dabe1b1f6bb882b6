#include "storage/events.h"

#include "base/clock.h"
#include "sql.h"
#include "storage/event_body.h"
#include "storage/event_search.h"

/* The columns of event_get, and of events_find without the body. */
enum event_column {
    COL_ID,
    COL_PROJECT,
    COL_ISSUE,
    COL_RECEIVED,
    COL_TIMESTAMP,
    COL_TYPE,
    COL_PLATFORM,
    COL_RELEASE,
    COL_TITLE,
    COL_TAGS,
    COL_DAY,
    COL_CODEC,
    COL_BODY,
};

static struct stored_event event_of(const struct rows *r)
{
    return (struct stored_event){
        .id = rows_str(r, COL_ID),
        .day = rows_str(r, COL_DAY),
        .project_id = rows_int(r, COL_PROJECT),
        .issue_id = rows_int(r, COL_ISSUE),
        .release_id = rows_int(r, COL_RELEASE),
        .received = rows_time(r, COL_RECEIVED),
        .timestamp = rows_time(r, COL_TIMESTAMP),
        .type = rows_str(r, COL_TYPE),
        .platform = rows_str(r, COL_PLATFORM),
        .title = rows_str(r, COL_TITLE),
        .tags = rows_str(r, COL_TAGS),
    };
}

static void decode(struct stored_event *e, struct arena *a, int codec, struct str bytes)
{
    const char *error;
    e->json = event_body_decode(a, codec, bytes);
    e->body = e->json.p ? jt_read(a, e->json, JR_DEPTH_MAX, &error) : NULL;
}

bool event_read(struct pg *db, struct arena *a, const struct issue_filter *f,
                struct event_name name, struct stored_event *out)
{
    struct param issue = param_id(name.issue_id);
    const char *projects = pg_int_array(a, f->projects, f->project_count);
    struct rows *r = pg_query(db, a, &SQL_event_get, projects, name.id, issue);
    if (!rows_count(r) && !name.issue_id)
        r = pg_query(db, a, &SQL_transaction_get, projects, name.id);
    if (!rows_next(r))
        return false;
    *out = event_of(r);
    if (!rows_null(r, COL_BODY))
        decode(out, a, (int)rows_int(r, COL_CODEC), rows_bytes(r, COL_BODY, a));
    return true;
}

static const char *environments_of(struct arena *a, const struct issue_filter *f)
{
    if (!f->by_environment)
        return NULL;
    return pg_int_array(a, f->environments, f->environment_count);
}

struct str event_end(struct pg *db, struct arena *a, const struct issue_filter *f, int64_t issue_id,
                     bool newest)
{
    struct rows *r = pg_query(db, a, newest ? &SQL_event_newest : &SQL_event_oldest, f->projects[0],
                              issue_id, environments_of(a, f));
    return rows_next(r) ? rows_str(r, 0) : (struct str){0};
}

struct event_neighbours event_neighbours(struct pg *db, struct arena *a,
                                         const struct issue_filter *f, const struct stored_event *e)
{
    struct rows *r = pg_query(db, a, &SQL_event_neighbours, e->project_id, e->issue_id,
                              pg_time(a, e->timestamp), e->id, environments_of(a, f));
    if (!rows_next(r))
        return (struct event_neighbours){0};
    return (struct event_neighbours){rows_str(r, 0), rows_str(r, 1)};
}

static bool put_find(struct query *q, struct event_list *list)
{
    const struct issue_filter *f = &list->filter;
    query_sql(q, "select replace(e.event_id::text, '-', ''), e.project_id, e.issue_id, e.received,"
                 " e.\"timestamp\", e.type, e.platform, e.release_id, e.title, e.tags,"
                 " e.received_day from event e where e.project_id = any(");
    query_ints(q, f->projects, f->project_count);
    query_sql(q, ")");
    if (list->issue_id) {
        query_sql(q, " and e.issue_id = ");
        query_int(q, list->issue_id);
    }
    query_sql(q, " and e.\"timestamp\" >= ");
    query_time(q, f->start);
    query_sql(q, " and e.received_day >= (");
    query_time(q, f->start - CLOCK_DAY);
    query_sql(q, ")::date and e.\"timestamp\" <= ");
    query_time(q, list->before < f->end ? list->before : f->end);
    if (f->by_environment) {
        query_sql(q, " and e.environment_id = any(");
        query_ints(q, f->environments, f->environment_count);
        query_sql(q, ")");
    }
    if (!event_search_put(q, &f->search, &list->error))
        return false;
    query_sql(q, " order by e.\"timestamp\" desc, e.event_id limit ");
    query_int(q, list->limit + 1);
    query_sql(q, " offset ");
    query_int(q, list->skip);
    return true;
}

bool events_find(struct pg *db, struct arena *a, struct event_list *list, struct event_page *page)
{
    struct query q;
    query_begin(&q, a);
    *page = (struct event_page){0};
    if (!put_find(&q, list))
        return false;
    struct rows *r = query_run(&q, db);
    page->more = rows_count(r) > list->limit;
    page->events = arena_alloc(a, ((size_t)list->limit + 1) * sizeof(*page->events));
    while (page->count < (size_t)list->limit && rows_next(r))
        page->events[page->count++] = event_of(r);
    return true;
}

struct rows *event_bodies(struct pg *db, struct arena *a, const struct event_page *page)
{
    int64_t *projects = arena_alloc(a, (page->count + 1) * sizeof(*projects));
    struct str *ids = arena_alloc(a, (page->count + 1) * sizeof(*ids));
    struct str *days = arena_alloc(a, (page->count + 1) * sizeof(*days));
    for (size_t i = 0; i < page->count; i++) {
        projects[i] = page->events[i].project_id;
        ids[i] = page->events[i].id;
        days[i] = page->events[i].day;
    }
    return pg_query(db, a, &SQL_event_bodies, pg_int_array(a, projects, page->count),
                    pg_text_array(a, ids, page->count), pg_text_array(a, days, page->count));
}

bool event_body_read(const struct rows *r, struct arena *a, struct stored_event *e)
{
    if (!str_eq(rows_str(r, 0), e->id))
        return false;
    if (!rows_null(r, 2))
        decode(e, a, (int)rows_int(r, 1), rows_bytes(r, 2, a));
    return true;
}
