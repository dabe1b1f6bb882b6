/* Replays: lists, one, who saw it, what is clicked in vain, how many belong to an issue. */
#include "api/replays.h"

#include "api/filters.h"
#include "api/issues.h"
#include "api/page.h"
#include "auth/gate.h"
#include "auth/identity.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/replay_search.h"
#include "storage/reply.h"

enum { REPLAYS_PAGE = 10, FIELDS_MAX = 50, ISSUES_MAX = 100 };
static const int64_t usual_period = 90 * CLOCK_DAY;

/* ---- one as an object: all its fields, or those asked for */

static const char *const fields[] = {
    "id",
    "project_id",
    "trace_ids",
    "error_ids",
    "environment",
    "tags",
    "user",
    "sdk",
    "os",
    "browser",
    "device",
    "ota_updates",
    "is_archived",
    "urls",
    "segment_names",
    "clicks",
    "count_dead_clicks",
    "count_rage_clicks",
    "count_errors",
    "duration",
    "finished_at",
    "started_at",
    "activity",
    "count_urls",
    "replay_type",
    "count_segments",
    "platform",
    "releases",
    "dist",
    "count_warnings",
    "count_infos",
    "warning_ids",
    "info_ids",
    "has_viewed",
};

struct field_choice {
    struct str names[FIELDS_MAX];
    size_t count; /* 0: all */
};

static void read_choice(struct request *rq, struct field_choice *choice)
{
    size_t at = 0;
    choice->count = 0;
    while (choice->count < FIELDS_MAX &&
           request_query_next(rq, S("field"), &at, &choice->names[choice->count]))
        choice->count++;
}

/* "user.email" asks for the user. */
static bool is_chosen(const struct field_choice *choice, const char *field)
{
    for (size_t i = 0; i < choice->count; i++) {
        struct str name = choice->names[i];
        if (str_eq(str_slice(name, 0, str_index(name, '.')), str_of(field)))
            return true;
    }
    return choice->count == 0;
}

static void put_replay(struct jw *j, const struct rows *r, const struct field_choice *choice)
{
    jw_open(j, '{');
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (!is_chosen(choice, fields[i]))
            continue;
        jw_key(j, fields[i]);
        rows_put_cell(r, j, rows_column(r, fields[i]));
    }
    jw_close(j, '}');
}

/* ---- lists */

static bool read_list(struct request *rq, struct page *page, struct replay_list *list)
{
    struct issue_list search = {0};
    struct str sort = request_query(rq, S("sort"));
    *list = (struct replay_list){.sort = sort.n ? sort : request_query(rq, S("orderBy"))};
    if (!filters_read(rq, usual_period, &list->filter) || !page_read(rq, REPLAYS_PAGE, page) ||
        !issues_read_query(rq, request_query(rq, S("query")), &search))
        return false;
    list->filter.search = search.filter.search;
    list->limit = page->limit + 1;
    list->skip = page->cursor.offset;
    return true;
}

struct names {
    int64_t projects[PAGE_LIMIT];
    struct uuid replays[PAGE_LIMIT];
    size_t count;
};

static void read_names(struct rows *found, int limit, struct names *names)
{
    names->count = 0;
    while (names->count < (size_t)limit && rows_next(found)) {
        names->projects[names->count] = rows_int(found, 0);
        if (uuid_parse(rows_str(found, 1), &names->replays[names->count]))
            names->count++;
    }
}

static struct rows *rows_of(struct request *rq, const struct names *names)
{
    return pg_query(rq->db, rq->arena, &SQL_replay_rows,
                    pg_int_array(rq->arena, names->projects, names->count),
                    pg_uuid_array(rq->arena, names->replays, names->count), rq->identity->user_id);
}

static int list_replays(struct request *rq)
{
    struct page page;
    struct replay_list list;
    struct field_choice choice;
    struct names *names = arena_new_of(rq->arena, struct names);
    if (!read_list(rq, &page, &list))
        return rq->status;
    struct rows *found = replays_find(rq->db, rq->arena, &list);
    if (!found)
        return issues_refuse_query(rq, list.error);
    read_names(found, page.limit, names);
    struct rows *r = rows_of(rq, names);
    if (reply_if_failed(rq))
        return rq->status;
    page_link_rows(rq, &page, rows_count(found));
    read_choice(rq, &choice);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "data", '[');
    while (rows_next(r))
        put_replay(&j, r, &choice);
    jw_close(&j, ']');
    jw_close(&j, '}');
    return page_done_or_unchanged(rq);
}

/* ---- one */

static int reply_one(struct request *rq, struct rows *r)
{
    struct field_choice choice;
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_not_found(rq);
    read_choice(rq, &choice);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_key(&j, "data");
    put_replay(&j, r, &choice);
    jw_close(&j, '}');
    return page_done_or_unchanged(rq);
}

bool replay_in_path(struct request *rq, struct uuid *id)
{
    if (uuid_parse(request_param(rq, S("replay")), id))
        return true;
    reply_not_found(rq);
    return false;
}

static int show_of_project(struct request *rq)
{
    struct names names = {.projects = {rq->tenant.project_id}, .count = 1};
    if (!replay_in_path(rq, &names.replays[0]))
        return rq->status;
    return reply_one(rq, rows_of(rq, &names));
}

static int show_of_organization(struct request *rq)
{
    struct gate_projects projects;
    struct names names = {.count = 1};
    if (!gate_projects(rq, &projects) || !replay_in_path(rq, &names.replays[0]))
        return rq->status;
    struct rows *project =
        pg_query(rq->db, rq->arena, &SQL_replay_project,
                 pg_int_array(rq->arena, projects.ids, projects.count), names.replays[0]);
    names.projects[0] = rows_next(project) ? rows_int(project, 0) : 0;
    return reply_one(rq, rows_of(rq, &names));
}

static int delete_one(struct request *rq)
{
    struct uuid id;
    if (!replay_in_path(rq, &id))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_replay_delete, rq->tenant.project_id, id);
    bool gone = rows_next(r) && rows_int(r, 0);
    if (reply_if_failed(rq))
        return rq->status;
    return gone ? reply_empty(rq, 204) : reply_not_found(rq);
}

/* ---- who saw it */

static int list_viewers(struct request *rq)
{
    struct uuid id;
    if (!replay_in_path(rq, &id))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_replay_viewers, rq->tenant.project_id, id);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "data", '{');
    jw_key(&j, "viewed_by");
    rows_put_array(r, &j);
    jw_close(&j, '}');
    jw_close(&j, '}');
    return reply_done(rq);
}

static int note_viewer(struct request *rq)
{
    struct uuid id;
    if (!replay_in_path(rq, &id))
        return rq->status;
    if (rq->identity->user_id)
        pg_query(rq->db, rq->arena, &SQL_replay_viewed, rq->tenant.project_id, id,
                 rq->identity->user_id, pg_time(rq->arena, clock_now()));
    return reply_if_failed(rq) ? rq->status : reply_empty(rq, 204);
}

/* ---- what is clicked in vain */

static int list_selectors(struct request *rq)
{
    struct page page;
    struct issue_filter filter;
    struct str sort = request_query(rq, S("sort"));
    if (!filters_read(rq, usual_period, &filter) || !page_read(rq, REPLAYS_PAGE, &page))
        return rq->status;
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_replay_selectors,
                 pg_int_array(rq->arena, filter.projects, filter.project_count),
                 pg_time(rq->arena, filter.start), pg_time(rq->arena, filter.end),
                 str_eq(sort, S("-count_rage_clicks")), page.limit + 1, page.cursor.offset);
    return page_reply_data(rq, &page, r);
}

/* ---- how many belong to an issue */

/* The numbers of the query's "issue.id:[1,2]". */
static size_t read_issues(const struct search *search, int64_t *ids)
{
    size_t count = 0;
    for (size_t i = 0; i < search->count; i++) {
        const struct search_term *t = &search->terms[i];
        if (!str_eq(t->key, S("issue.id")) || t->kind != SEARCH_NUMBER)
            continue;
        for (size_t v = 0; v < t->count && count < ISSUES_MAX; v++)
            ids[count++] = (int64_t)t->values[v].number;
    }
    return count;
}

/* Rows of (issue, replay), sorted by issue: what stands at the current one, up to the next issue.
 */
static void put_issue(struct jw *j, struct rows *r, bool *more, bool ids)
{
    int64_t issue = rows_int(r, 0), count = 0;
    jw_name(j, rows_str(r, 0));
    if (ids)
        jw_open(j, '[');
    for (; *more && rows_int(r, 0) == issue; *more = rows_next(r), count++)
        if (ids)
            jw_str(j, rows_str(r, 1));
    if (ids)
        jw_close(j, ']');
    else
        jw_int(j, count);
}

static int count_replays(struct request *rq)
{
    struct issue_filter filter;
    struct issue_list search = {0};
    int64_t issues[ISSUES_MAX];
    bool ids = str_eq(request_query(rq, S("returnIds")), S("true"));
    if (!filters_read(rq, usual_period, &filter) ||
        !issues_read_query(rq, request_query(rq, S("query")), &search))
        return rq->status;
    size_t count = read_issues(&search.filter.search, issues);
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_replay_of_issues,
                              pg_int_array(rq->arena, filter.projects, filter.project_count),
                              pg_int_array(rq->arena, issues, count),
                              pg_time(rq->arena, filter.start), pg_time(rq->arena, filter.end));
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    for (bool more = rows_next(r); more;)
        put_issue(&j, r, &more, ids);
    jw_close(&j, '}');
    return reply_done(rq);
}

#define O "/api/0/organizations/{organization}/"
#define P "/api/0/projects/{organization}/{project}/replays/{replay}/"
#define READERS (SCOPE_EVENT_READ | SCOPE_PROJECT_READ | SCOPE_ORG_READ)

const struct route replay_routes[] = {
    {METHOD_GET, O "replays/", READERS, list_replays},
    {METHOD_GET, O "replays/{replay}/", READERS, show_of_organization},
    {METHOD_GET, O "replay-selectors/", READERS, list_selectors},
    {METHOD_GET, O "replay-count/", READERS, count_replays},
    {METHOD_GET, P, READERS, show_of_project},
    {METHOD_DELETE, P, SCOPE_PROJECT_WRITE | SCOPE_EVENT_ADMIN, delete_one},
    {METHOD_GET, P "viewed-by/", READERS, list_viewers},
    {METHOD_POST, P "viewed-by/", READERS, note_viewer},
    {0},
};
