/* Events: lists, one in full or as it is stored, and where an event id leads. */
#include <inttypes.h>

#include "api/event_view.h"
#include "api/filters.h"
#include "api/issues.h"
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"

/* Whole events are large: fewer of them make a page. */
enum { FULL_PAGE_LIMIT = 20 };
static const size_t row_arena_limit = (size_t)512 << 20;
static const int64_t issue_period = 3660 * CLOCK_DAY, project_period = 14 * CLOCK_DAY;

static void release_arena(void *arena)
{
    arena_free(arena);
}

static bool wants_full(const struct request *rq)
{
    struct str full = request_query(rq, S("full"));
    return str_eq(full, S("1")) || str_case_eq(full, S("true"));
}

static void put_row(struct jw *j, const struct stored_event *e, bool full)
{
    if (!full) {
        event_put_row(j, e);
        return;
    }
    jw_open(j, '{');
    event_put_details(j, e);
    jw_null_k(j, "userReport");
    jw_close(j, '}');
}

/* Bodies are opened one after the other: a page of the largest would not fit at once. */
static int reply_events(struct request *rq, struct event_page *page)
{
    struct arena *row_arena = arena_new(row_arena_limit);
    struct rows *bodies = event_bodies(rq->db, rq->arena, page);
    arena_defer(rq->arena, release_arena, row_arena);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '[');
    for (size_t i = 0; i < page->count && rows_next(bodies); i++) {
        event_body_read(bodies, row_arena, &page->events[i]);
        put_row(&j, &page->events[i], wants_full(rq));
        arena_reset(row_arena);
    }
    jw_close(&j, ']');
    return page_done_or_unchanged(rq);
}

/* The cursor is the time of the last event and how many of the page were at just that time. */
static void link_events(struct request *rq, const struct event_list *list,
                        const struct event_page *page)
{
    struct cursor next = {.given = page->more, .value = list->before, .offset = list->skip};
    if (page->count) {
        next.value = page->events[page->count - 1].timestamp;
        next.offset = next.value == list->before ? list->skip : 0;
        for (size_t i = 0; i < page->count; i++)
            next.offset += page->events[i].timestamp == next.value;
    }
    page_link(rq, (struct cursor){.given = false}, next);
}

static bool read_list(struct request *rq, struct event_list *list)
{
    struct page page;
    struct issue_list search = {0};
    bool of_issue = rq->tenant.issue_id != 0;
    *list = (struct event_list){.issue_id = rq->tenant.issue_id, .before = INT64_MAX};
    if (!filters_read(rq, of_issue ? issue_period : project_period, &list->filter) ||
        !page_read(rq, PAGE_LIMIT, &page) ||
        !issues_read_query(rq, request_query(rq, S("query")), &search))
        return false;
    list->filter.search = search.filter.search;
    list->limit = page.limit;
    if (wants_full(rq) && list->limit > FULL_PAGE_LIMIT)
        list->limit = FULL_PAGE_LIMIT;
    if (page.cursor.given) {
        list->before = page.cursor.value;
        list->skip = page.cursor.offset;
    }
    return true;
}

static int list_events(struct request *rq)
{
    struct event_list list;
    struct event_page page;
    if (!read_list(rq, &list))
        return rq->status;
    if (!events_find(rq->db, rq->arena, &list, &page))
        return issues_refuse_query(rq, list.error);
    link_events(rq, &list, &page);
    return reply_events(rq, &page);
}

static void put_release(struct request *rq, struct jw *j, const struct stored_event *e)
{
    jw_key(j, "release");
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_release_get, rq->tenant.organization_id, e->release_id);
    if (e->release_id && rows_next(r))
        rows_put_object(r, j);
    else
        jw_null(j);
}

static void put_user_report(struct request *rq, struct jw *j, const struct stored_event *e)
{
    jw_key(j, "userReport");
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_user_report_of_event, e->project_id, e->id);
    if (rows_next(r))
        rows_put_object(r, j);
    else
        jw_null(j);
}

static void put_event(struct request *rq, struct jw *j, const struct issue_filter *f,
                      const struct stored_event *e)
{
    struct event_neighbours near = event_neighbours(rq->db, rq->arena, f, e);
    jw_open(j, '{');
    event_put_details(j, e);
    put_release(rq, j, e);
    put_user_report(rq, j, e);
    jw_opt_str_k(j, "nextEventID", near.newer);
    jw_opt_str_k(j, "previousEventID", near.older);
    jw_close(j, '}');
}

static int reply_event(struct request *rq, const struct issue_filter *f, struct str text)
{
    struct stored_event event;
    struct event_name name = {.issue_id = rq->tenant.issue_id};
    bool found = uuid_parse(text, &name.id) && event_read(rq->db, rq->arena, f, name, &event);
    if (reply_if_failed(rq))
        return rq->status;
    if (!found)
        return reply_not_found(rq);
    struct jw j = reply_json(rq, 200);
    put_event(rq, &j, f, &event);
    return reply_if_failed(rq) ? rq->status : page_done_or_unchanged(rq);
}

/* An id, or latest, oldest, recommended: the newest, as long as nothing better is known. */
static int show_issue_event(struct request *rq)
{
    struct issue_filter filter;
    struct str event = request_param(rq, S("event"));
    bool oldest = str_eq(event, S("oldest"));
    bool newest = str_eq(event, S("latest")) || str_eq(event, S("recommended"));
    if (!issues_filter_one(rq, &filter))
        return rq->status;
    if (oldest || newest)
        event = event_end(rq->db, rq->arena, &filter, rq->tenant.issue_id, newest);
    return reply_event(rq, &filter, event);
}

static int show_project_event(struct request *rq)
{
    struct issue_filter filter;
    if (!issues_filter_one(rq, &filter))
        return rq->status;
    return reply_event(rq, &filter, request_param(rq, S("event")));
}

static int show_event_json(struct request *rq)
{
    struct issue_filter filter;
    struct stored_event event = {0};
    struct event_name name = {0};
    if (!issues_filter_one(rq, &filter))
        return rq->status;
    if (uuid_parse(request_param(rq, S("event")), &name.id))
        event_read(rq->db, rq->arena, &filter, name, &event);
    if (reply_if_failed(rq))
        return rq->status;
    return event.json.p ? reply_bytes(rq, 200, "application/json", event.json)
                        : reply_not_found(rq);
}

/* Where an event id leads. */
static int show_event_id(struct request *rq)
{
    struct gate_projects projects;
    struct stored_event event;
    struct event_name name = {0};
    if (!gate_projects(rq, &projects))
        return rq->status;
    if (!uuid_parse(request_param(rq, S("event_id")), &name.id))
        return reply_not_found(rq);
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_event_issue,
                              pg_int_array(rq->arena, projects.ids, projects.count), name.id);
    struct issue_filter filter = {.projects = projects.ids, .project_count = projects.count};
    bool found = rows_next(r) && event_read(rq->db, rq->arena, &filter, name, &event);
    if (reply_if_failed(rq))
        return rq->status;
    if (!found)
        return reply_not_found(rq);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_str_k(&j, "organizationSlug", rq->tenant.organization_slug);
    jw_str_k(&j, "projectSlug", rows_str(r, 2));
    jw_str_k(&j, "groupId", rows_str(r, 0));
    jw_str_k(&j, "eventId", event.id);
    jw_key(&j, "event");
    put_event(rq, &j, &filter, &event);
    jw_close(&j, '}');
    return reply_done(rq);
}

#define O "/api/0/organizations/{organization}/"
#define P "/api/0/projects/{organization}/{project}/"
#define I "/api/0/issues/{issue}/"
#define G "/api/0/groups/{issue}/"

const struct route event_routes[] = {
    {METHOD_GET, O "issues/{issue}/events/", SCOPE_EVENT_READ, list_events},
    {METHOD_GET, I "events/", SCOPE_EVENT_READ, list_events},
    {METHOD_GET, G "events/", SCOPE_EVENT_READ, list_events},
    {METHOD_GET, P "events/", SCOPE_EVENT_READ | SCOPE_PROJECT_READ, list_events},
    {METHOD_GET, O "issues/{issue}/events/{event}/", SCOPE_EVENT_READ, show_issue_event},
    {METHOD_GET, I "events/{event}/", SCOPE_EVENT_READ, show_issue_event},
    {METHOD_GET, G "events/{event}/", SCOPE_EVENT_READ, show_issue_event},
    {METHOD_GET, P "events/{event}/", SCOPE_EVENT_READ | SCOPE_PROJECT_READ, show_project_event},
    {METHOD_GET, P "events/{event}/json/", SCOPE_EVENT_READ | SCOPE_PROJECT_READ, show_event_json},
    {METHOD_GET, O "eventids/{event_id}/", SCOPE_EVENT_READ, show_event_id},
    {0},
};
