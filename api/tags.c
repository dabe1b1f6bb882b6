/* Tags: how an issue's events are spread over them, and what to suggest while typing a query. */
#include "api/tags.h"

#include <ctype.h>

#include "api/filters.h"
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"

enum { TOP_VALUES = 10, ONE_KEY_VALUES = 9 };
enum column { COL_KEY, COL_TOTAL, COL_DISTINCT, COL_VALUE, COL_EVENTS, COL_FIRST, COL_LAST };

/* "server_name" is shown as "Server Name". */
static struct str title_of(struct arena *a, struct str key)
{
    char *out = arena_strdup(a, key);
    bool start = true;
    for (size_t i = 0; i < key.n; i++) {
        out[i] = (char)(out[i] == '_' ? ' ' : start ? toupper((unsigned char)out[i]) : out[i]);
        start = out[i] == ' ';
    }
    return (struct str){out, key.n};
}

static void put_value(struct jw *j, const struct rows *r)
{
    struct str value = rows_str(r, COL_VALUE);
    /* What the cap has lumped together counts in the total alone. */
    if (!value.n)
        return;
    jw_open(j, '{');
    jw_str_k(j, "key", rows_str(r, COL_KEY));
    jw_str_k(j, "name", value);
    jw_str_k(j, "value", value);
    jw_int_k(j, "count", rows_int(r, COL_EVENTS));
    jw_key(j, "firstSeen");
    rows_put_cell(r, j, COL_FIRST);
    jw_key(j, "lastSeen");
    rows_put_cell(r, j, COL_LAST);
    jw_close(j, '}');
}

static void open_key(struct request *rq, struct jw *j, const struct rows *r)
{
    jw_open(j, '{');
    jw_str_k(j, "key", rows_str(r, COL_KEY));
    jw_str_k(j, "name", title_of(rq->arena, rows_str(r, COL_KEY)));
    jw_int_k(j, "totalValues", rows_int(r, COL_TOTAL));
    jw_int_k(j, "uniqueValues", rows_int(r, COL_DISTINCT));
    jw_open_k(j, "topValues", '[');
}

static void close_key(struct jw *j)
{
    jw_close(j, ']');
    jw_close(j, '}');
}

/* Rows come key by key.  Returns how many keys there were. */
static int put_keys(struct request *rq, struct jw *j, struct rows *r)
{
    struct str key = {0};
    int keys = 0;
    while (rows_next(r)) {
        if (!keys || !str_eq(key, rows_str(r, COL_KEY))) {
            if (keys++)
                close_key(j);
            open_key(rq, j, r);
            key = rows_str(r, COL_KEY);
        }
        put_value(j, r);
    }
    if (keys)
        close_key(j);
    return keys;
}

static struct rows *top_rows(struct request *rq, const char *key, int values)
{
    return pg_query(rq->db, rq->arena, &SQL_issue_tag_top, rq->tenant.project_id,
                    rq->tenant.issue_id, key, values);
}

void tags_put_top(struct request *rq, struct jw *j, const char *key, int values)
{
    jw_open(j, '[');
    put_keys(rq, j, top_rows(rq, key, values));
    jw_close(j, ']');
}

static int list_issue_tags(struct request *rq)
{
    struct page page;
    if (!page_read(rq, TOP_VALUES, &page))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    tags_put_top(rq, &j, NULL, page.limit);
    return reply_if_failed(rq) ? rq->status : page_done_or_unchanged(rq);
}

static const char *key_param(struct request *rq)
{
    return arena_strdup(rq->arena, request_param(rq, S("key")));
}

static int show_issue_tag(struct request *rq)
{
    struct rows *r = top_rows(rq, key_param(rq), ONE_KEY_VALUES);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    return put_keys(rq, &j, r) ? reply_done(rq) : reply_not_found(rq);
}

static int list_issue_tag_values(struct request *rq)
{
    struct page page;
    struct str sort = request_query(rq, S("sort"));
    const char *order = "date";
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    if (str_ends(sort, S("count")) || str_eq(sort, S("freq")))
        order = "count";
    else if (str_ends(sort, S("age")))
        order = "age";
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_issue_tag_values, rq->tenant.project_id,
                              rq->tenant.issue_id, key_param(rq), page_pattern(rq), order,
                              page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

static int list_tags(struct request *rq)
{
    struct gate_projects projects;
    if (!gate_projects(rq, &projects))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_tag_keys,
                              pg_int_array(rq->arena, projects.ids, projects.count));
    return reply_rows(rq, r);
}

static int list_tag_values(struct request *rq)
{
    const int64_t fallback = 14 * CLOCK_DAY;
    struct gate_projects projects;
    struct period period;
    struct page page;
    if (!gate_projects(rq, &projects) || !period_read(rq, fallback, &period) ||
        !page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_tag_values,
                              pg_int_array(rq->arena, projects.ids, projects.count), key_param(rq),
                              page_pattern(rq), pg_time(rq->arena, period.start), page.limit + 1,
                              page.cursor.offset);
    return page_reply(rq, &page, r);
}

#define O "/api/0/organizations/{organization}/"
#define P "/api/0/projects/{organization}/{project}/"
#define I "/api/0/issues/{issue}/"

const struct route tag_routes[] = {
    {METHOD_GET, O "issues/{issue}/tags/", SCOPE_EVENT_READ, list_issue_tags},
    {METHOD_GET, O "issues/{issue}/tags/{key}/", SCOPE_EVENT_READ, show_issue_tag},
    {METHOD_GET, O "issues/{issue}/tags/{key}/values/", SCOPE_EVENT_READ, list_issue_tag_values},
    {METHOD_GET, I "tags/", SCOPE_EVENT_READ, list_issue_tags},
    {METHOD_GET, I "tags/{key}/", SCOPE_EVENT_READ, show_issue_tag},
    {METHOD_GET, I "tags/{key}/values/", SCOPE_EVENT_READ, list_issue_tag_values},
    {METHOD_GET, O "tags/", SCOPE_ORG_READ | SCOPE_EVENT_READ, list_tags},
    {METHOD_GET, O "tags/{key}/values/", SCOPE_ORG_READ | SCOPE_EVENT_READ, list_tag_values},
    {METHOD_GET, P "tags/", SCOPE_PROJECT_READ, list_tags},
    {METHOD_GET, P "tags/{key}/values/", SCOPE_PROJECT_READ, list_tag_values},
    {0},
};
