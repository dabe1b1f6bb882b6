/* Issues: lists, counts for tabs, and looking one up by what people paste. */
#include "api/issues.h"

#include <inttypes.h>

#include "api/filters.h"
#include "api/issue_view.h"
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"
#include "storage/short_id.h"

enum { DEFAULT_LIMIT = 25, QUERIES_MAX = 10 };
static const int64_t default_period = 90 * CLOCK_DAY;

int issues_refuse_query(struct request *rq, const char *error)
{
    return reply_error(rq, 400, arena_printf(rq->arena, "Error parsing search query: %s", error));
}

bool issues_read_query(struct request *rq, struct str query, struct issue_list *list)
{
    const char *error;
    if (search_parse(rq->arena, query, clock_now(), &list->filter.search, &error))
        return true;
    issues_refuse_query(rq, error);
    return false;
}

/* An empty query means every status, an absent one what is open. */
static struct str query_of(const struct request *rq)
{
    struct str query = request_query(rq, S("query"));
    return query.p ? query : S("is:unresolved");
}

static bool read_sort(struct request *rq, struct issue_list *list)
{
    static const struct {
        const char *name;
        enum issue_sort sort;
    } names[] = {
        {"", ISSUE_SORT_DATE},     {"date", ISSUE_SORT_DATE},        {"new", ISSUE_SORT_NEW},
        {"freq", ISSUE_SORT_FREQ}, {"user", ISSUE_SORT_USER},        {"trends", ISSUE_SORT_TRENDS},
        {"inbox", ISSUE_SORT_NEW}, {"recommended", ISSUE_SORT_DATE},
    };
    struct str sort = request_query(rq, S("sort"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(sort, str_of(names[i].name))) {
            list->sort = names[i].sort;
            return true;
        }
    }
    reply_error(rq, 400, "Invalid sort. Use date, new, freq, user or trends.");
    return false;
}

static bool read_list(struct request *rq, struct issue_list *list, struct page *page)
{
    *list = (struct issue_list){0};
    if (!filters_read(rq, default_period, &list->filter) || !page_read(rq, DEFAULT_LIMIT, page) ||
        !read_sort(rq, list))
        return false;
    list->limit = page->limit;
    list->has_place = page->cursor.given;
    list->backward = page->cursor.given && page->cursor.backward;
    list->place = (struct issue_place){page->cursor.value, page->cursor.offset};
    return true;
}

static void link_page(struct request *rq, const struct issue_list *list,
                      const struct issue_page *found)
{
    bool before = list->backward ? found->more : list->has_place;
    bool behind = list->backward || found->more;
    page_link(rq,
              (struct cursor){.given = before,
                              .value = found->count ? found->first.key : list->place.key,
                              .offset = found->count ? found->first.id : list->place.id},
              (struct cursor){.given = behind,
                              .value = found->count ? found->last.key : list->place.key,
                              .offset = found->count ? found->last.id : list->place.id});
}

static int reply_issues(struct request *rq, const struct issue_filter *f, const int64_t *ids,
                        size_t count)
{
    unsigned collapse = issue_view_collapse(rq);
    struct series series = {.issues = ids, .issue_count = count};
    struct rows *r = issue_view_rows(rq, f, false, ids, count);
    if (!(collapse & COLLAPSE_STATS))
        series_read(rq, f,
                    request_query(rq, S("groupStatsPeriod")).p
                        ? request_query(rq, S("groupStatsPeriod"))
                        : S("24h"),
                    &series);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '[');
    while (rows_next(r)) {
        jw_open(&j, '{');
        issue_view_put(rq, &j, r, collapse);
        issue_view_put_list(&j, r, collapse, &series);
        jw_close(&j, '}');
    }
    jw_close(&j, ']');
    return page_done_or_unchanged(rq);
}

static bool is_mine(const struct issue_filter *f, int64_t project)
{
    for (size_t i = 0; i < f->project_count; i++) {
        if (f->projects[i] == project)
            return true;
    }
    return false;
}

/* The issue that the text names by itself: an event id, or a short id where the client asks for
 * such; 0 when it is neither. */
static int64_t direct_hit(struct request *rq, const struct issue_filter *f, struct str text)
{
    struct uuid event;
    struct str slug;
    int64_t number;
    struct rows *r = NULL;
    if (text.n >= 32 && uuid_parse(text, &event))
        r = pg_query(rq->db, rq->arena, &SQL_event_issue,
                     pg_int_array(rq->arena, f->projects, f->project_count), event);
    else if (str_eq(request_query(rq, S("shortIdLookup")), S("1")) &&
             short_id_read(rq->arena, text, &slug, &number))
        r = pg_query(rq->db, rq->arena, &SQL_issue_of_short_id, f->organization_id, slug, number);
    return r && rows_next(r) && is_mine(f, rows_int(r, 1)) ? rows_int(r, 0) : 0;
}

static void put_hits(struct request *rq, struct issue_list *list, const struct issue_page *found)
{
    int64_t hits = (int64_t)found->count;
    if (found->more || list->has_place)
        issues_count(rq->db, rq->arena, list, &hits);
    reply_headerf(rq, "X-Hits", "%" PRId64, hits);
    reply_headerf(rq, "X-Max-Hits", "%d", ISSUE_HITS_MAX);
}

static int list_issues(struct request *rq)
{
    struct issue_list list;
    struct page page;
    struct issue_page found;
    struct str query = str_trim(query_of(rq));
    if (!read_list(rq, &list, &page))
        return rq->status;
    int64_t hit = direct_hit(rq, &list.filter, query);
    if (hit) {
        reply_header(rq, "X-Sentry-Direct-Hit", S("1"));
        return reply_issues(rq, &list.filter, &hit, 1);
    }
    if (!issues_read_query(rq, query, &list))
        return rq->status;
    if (!issues_find(rq->db, rq->arena, &list, &found))
        return issues_refuse_query(rq, list.error);
    put_hits(rq, &list, &found);
    link_page(rq, &list, &found);
    return reply_issues(rq, &list.filter, found.ids, found.count);
}

/* {"is:unresolved": 12, …}: one number a query, for the tabs. */
static int count_issues(struct request *rq)
{
    struct issue_list list = {0};
    struct str query;
    size_t at = 0;
    int64_t count = 0;
    if (!filters_read(rq, default_period, &list.filter))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    for (int i = 0; i < QUERIES_MAX && request_query_next(rq, S("query"), &at, &query); i++) {
        if (!issues_read_query(rq, query, &list))
            return rq->status;
        if (!issues_count(rq->db, rq->arena, &list, &count))
            return issues_refuse_query(rq, list.error);
        jw_name(&j, query);
        jw_int(&j, count);
    }
    jw_close(&j, '}');
    return reply_if_failed(rq) ? rq->status : page_done_or_unchanged(rq);
}

bool issues_filter_one(struct request *rq, struct issue_filter *out)
{
    int64_t *environments = NULL;
    *out = (struct issue_filter){.projects = &rq->tenant.project_id,
                                 .project_count = 1,
                                 .organization_id = rq->tenant.organization_id,
                                 .user_id = rq->identity->user_id,
                                 .until_now = true,
                                 .start = clock_now() - default_period,
                                 .end = clock_now()};
    if (!filters_environments(rq, &out->by_environment, &environments, &out->environment_count))
        return false;
    out->environments = environments;
    return true;
}

int issues_reply_one(struct request *rq)
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
    jw_close(&j, '}');
    return reply_done(rq);
}

/* Where a short id leads. */
static int show_short_id(struct request *rq)
{
    struct str slug, text = request_param(rq, S("short_id"));
    struct issue_filter filter;
    int64_t number;
    if (!short_id_read(rq->arena, text, &slug, &number))
        return reply_not_found(rq);
    struct rows *found = pg_query(rq->db, rq->arena, &SQL_issue_of_short_id,
                                  rq->tenant.organization_id, slug, number);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(found))
        return reply_not_found(rq);
    rq->tenant.issue_id = rows_int(found, 0);
    rq->tenant.project_id = rows_int(found, 1);
    if (!issues_filter_one(rq, &filter))
        return rq->status;
    struct rows *r = issue_view_rows(rq, &filter, true, &rq->tenant.issue_id, 1);
    if (reply_if_failed(rq) || !rows_next(r))
        return pg_failed(rq->db) ? rq->status : reply_not_found(rq);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_str_k(&j, "organizationSlug", rq->tenant.organization_slug);
    jw_str_k(&j, "projectSlug", rows_str(found, 2));
    jw_opt_str_k(&j, "groupId", rows_str(found, 0));
    jw_str_k(&j, "shortId", short_id_text(rq->arena, rows_str(found, 2), number));
    jw_open_k(&j, "group", '{');
    issue_view_put(rq, &j, r, 0);
    jw_close(&j, '}');
    jw_close(&j, '}');
    return reply_done(rq);
}

#define O "/api/0/organizations/{organization}/"

const struct route issue_routes[] = {
    {METHOD_GET, O "issues/", SCOPE_EVENT_READ, list_issues},
    {METHOD_GET, O "issues-count/", SCOPE_EVENT_READ, count_issues},
    {METHOD_GET, O "shortids/{short_id}/", SCOPE_EVENT_READ, show_short_id},
    {METHOD_GET, "/api/0/projects/{organization}/{project}/issues/", SCOPE_EVENT_READ, list_issues},
    {0},
};
