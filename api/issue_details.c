/* One issue with all that its page shows, and the hashes that lead to it. */
#include <stddef.h>

#include "api/issue_view.h"
#include "api/issues.h"
#include "api/page.h"
#include "api/tags.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"

enum { ACTIVITY_SHOWN = 100, TAG_VALUES_SHOWN = 10 };

static void put_release(struct request *rq, struct jw *j, const char *key, int64_t id)
{
    jw_key(j, key);
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_release_get, rq->tenant.organization_id, id);
    if (id && rows_next(r))
        rows_put_object(r, j);
    else
        jw_null(j);
}

static void put_releases(struct request *rq, struct jw *j)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_issue_releases, rq->tenant.project_id,
                              rq->tenant.issue_id);
    bool found = rows_next(r);
    put_release(rq, j, "firstRelease", found ? rows_int(r, 0) : 0);
    put_release(rq, j, "lastRelease", found ? rows_int(r, 1) : 0);
}

static void put_list(struct request *rq, struct jw *j, const char *key, const struct stmt *list)
{
    jw_key(j, key);
    rows_put_array(pg_query(rq->db, rq->arena, list, rq->tenant.project_id, rq->tenant.issue_id),
                   j);
}

static void put_people(struct request *rq, struct jw *j)
{
    jw_key(j, "activity");
    rows_put_array(pg_query(rq->db, rq->arena, &SQL_activity_list, rq->tenant.project_id,
                            rq->tenant.issue_id, (const char *)NULL, ACTIVITY_SHOWN),
                   j);
    put_list(rq, j, "seenBy", &SQL_issue_seen_by);
    put_list(rq, j, "participants", &SQL_issue_participants);
}

static void put_stats(struct request *rq, struct jw *j, const struct issue_filter *f)
{
    struct series day = {.issues = &rq->tenant.issue_id, .issue_count = 1}, month = day;
    series_read(rq, f, S("24h"), &day);
    series_read(rq, f, S("30d"), &month);
    jw_open_k(j, "stats", '{');
    series_put(j, &day, 0);
    series_put(j, &month, 0);
    jw_close(j, '}');
}

static void put_user_report_count(struct request *rq, struct jw *j)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_user_report_count, rq->tenant.project_id,
                              rq->tenant.issue_id);
    jw_int_k(j, "userReportCount", rows_next(r) ? rows_int(r, 0) : 0);
}

static int show_issue(struct request *rq)
{
    struct issue_filter filter;
    if (!issues_filter_one(rq, &filter))
        return rq->status;
    struct rows *r = issue_view_rows(rq, &filter, true, &rq->tenant.issue_id, 1);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_not_found(rq);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    issue_view_put(rq, &j, r, 0);
    put_people(rq, &j);
    put_releases(rq, &j);
    jw_key(&j, "tags");
    tags_put_top(rq, &j, NULL, TAG_VALUES_SHOWN);
    put_stats(rq, &j, &filter);
    put_user_report_count(rq, &j);
    jw_null_k(&j, "inbox");
    jw_null_k(&j, "owners");
    jw_raw_k(&j, "integrationIssues", S("[]"));
    jw_raw_k(&j, "sentryAppIssues", S("[]"));
    jw_raw_k(&j, "pluginActions", S("[]"));
    jw_raw_k(&j, "pluginIssues", S("[]"));
    jw_raw_k(&j, "pluginContexts", S("[]"));
    jw_bool_k(&j, "latestEventHasAttachments", false);
    jw_close(&j, '}');
    return reply_if_failed(rq) ? rq->status : page_done_or_unchanged(rq);
}

static int list_hashes(struct request *rq)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_issue_hashes, rq->tenant.project_id,
                              rq->tenant.issue_id, page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

#define O "/api/0/organizations/{organization}/issues/{issue}/"

const struct route issue_detail_routes[] = {
    {METHOD_GET, O, SCOPE_EVENT_READ, show_issue},
    {METHOD_GET, "/api/0/issues/{issue}/", SCOPE_EVENT_READ, show_issue},
    {METHOD_GET, "/api/0/groups/{issue}/", SCOPE_EVENT_READ, show_issue},
    {METHOD_GET, O "hashes/", SCOPE_EVENT_READ, list_hashes},
    {METHOD_GET, "/api/0/issues/{issue}/hashes/", SCOPE_EVENT_READ, list_hashes},
    {0},
};
