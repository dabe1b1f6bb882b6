/* Changing, merging and deleting issues: many by id or query, or the one in the path. */
#include "api/filters.h"
#include "api/issue_changes.h"
#include "api/issue_view.h"
#include "api/issues.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

enum { BULK_MAX = 1000 };

/* Ids of the repeated parameter id=; others than numbers match nothing. */
static size_t ids_of(struct request *rq, int64_t *ids)
{
    size_t at = 0, count = 0;
    struct str text;
    while (count < BULK_MAX && request_query_next(rq, S("id"), &at, &text))
        count += text_int64(text, &ids[count]);
    return count;
}

/* Without ids: what query= finds, or what has status=. */
static bool find_targets(struct request *rq, struct issue_targets *out)
{
    const int64_t longest = 3650 * CLOCK_DAY;
    struct str query = request_query(rq, S("query")), status = request_query(rq, S("status"));
    struct issue_list list = {.limit = BULK_MAX};
    struct issue_page found;
    if (!query.p)
        query = status.n ? str_of(arena_printf(rq->arena, "is:%.*s", STR_ARG(status)))
                         : S("is:unresolved");
    if (!filters_read(rq, longest, &list.filter) || !issues_read_query(rq, query, &list))
        return false;
    if (!issues_find(rq->db, rq->arena, &list, &found)) {
        issues_refuse_query(rq, list.error);
        return false;
    }
    out->ids = found.ids;
    out->count = found.count;
    return true;
}

static bool read_targets(struct request *rq, struct issue_targets *out)
{
    struct gate_projects projects;
    int64_t *ids = arena_alloc(rq->arena, BULK_MAX * sizeof(*ids));
    if (!gate_projects(rq, &projects))
        return false;
    *out = (struct issue_targets){.projects = projects.ids, .project_count = projects.count};
    if (!request_query(rq, S("id")).p)
        return find_targets(rq, out);
    out->ids = ids;
    out->count = ids_of(rq, ids);
    return true;
}

static int merge(struct request *rq, const struct issue_targets *targets)
{
    struct issue_actor actor = change_actor(rq);
    int64_t parent = issues_merge(rq->db, rq->arena, targets, &actor);
    if (reply_if_failed(rq))
        return rq->status;
    if (!parent)
        return reply_error(rq, 400, "Merging needs at least two issues, all of one project.");
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "merge", '{');
    jw_str_k(&j, "parent", str_of(arena_printf(rq->arena, "%lld", (long long)parent)));
    jw_open_k(&j, "children", '[');
    for (size_t i = 0; i < targets->count; i++) {
        if (targets->ids[i] != parent)
            jw_str(&j, str_of(arena_printf(rq->arena, "%lld", (long long)targets->ids[i])));
    }
    jw_close(&j, ']');
    jw_close(&j, '}');
    jw_close(&j, '}');
    return reply_done(rq);
}

/* Clients of the project's path expect these three, whatever was sent. */
static void put_state(struct request *rq, struct jw *j, const struct issue_targets *targets,
                      const struct issue_change *sent)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_issue_state,
                              pg_int_array(rq->arena, targets->projects, targets->project_count),
                              pg_int_array(rq->arena, targets->ids, targets->count));
    if (!rows_next(r))
        return;
    if (!sent->sets_status) {
        jw_str_k(j, "status", issue_status_name(rows_int(r, 0)));
        jw_raw_k(j, "statusDetails", S("{}"));
    }
    if (!sent->is_public.sent)
        jw_bool_k(j, "isPublic", rows_bool(r, 1));
}

static int update_issues(struct request *rq)
{
    struct issue_targets targets;
    struct change_request change;
    struct issue_actor actor = change_actor(rq);
    if (!read_targets(rq, &targets) || !change_read(rq, &change))
        return rq->status;
    if (change.merges)
        return merge(rq, &targets);
    int64_t found = issues_change(rq->db, rq->arena, &targets, &change.change, &actor);
    if (reply_if_failed(rq))
        return rq->status;
    if (!found)
        return reply_empty(rq, 204);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    change_put(&j, &change);
    if (rq->tenant.project_id)
        put_state(rq, &j, &targets, &change.change);
    jw_close(&j, '}');
    return reply_done(rq);
}

static int delete_issues(struct request *rq)
{
    struct issue_targets targets;
    struct issue_actor actor = change_actor(rq);
    if (!read_targets(rq, &targets))
        return rq->status;
    issues_delete(rq->db, rq->arena, &targets, &actor);
    return reply_if_failed(rq) ? rq->status : reply_empty(rq, 204);
}

static struct issue_targets only_issue(const struct request *rq)
{
    return (struct issue_targets){&rq->tenant.project_id, &rq->tenant.issue_id, 1, 1};
}

static int update_issue(struct request *rq)
{
    struct issue_targets targets = only_issue(rq);
    struct change_request change;
    struct issue_actor actor = change_actor(rq);
    if (!change_read(rq, &change))
        return rq->status;
    issues_change(rq->db, rq->arena, &targets, &change.change, &actor);
    return reply_if_failed(rq) ? rq->status : issues_reply_one(rq);
}

static int delete_issue(struct request *rq)
{
    struct issue_targets targets = only_issue(rq);
    struct issue_actor actor = change_actor(rq);
    issues_delete(rq->db, rq->arena, &targets, &actor);
    return reply_if_failed(rq) ? rq->status : reply_empty(rq, 202);
}

#define O "/api/0/organizations/{organization}/issues/"
#define P "/api/0/projects/{organization}/{project}/issues/"

const struct route issue_change_routes[] = {
    {METHOD_PUT, O, SCOPE_EVENT_WRITE, update_issues},
    {METHOD_PUT, P, SCOPE_EVENT_WRITE, update_issues},
    {METHOD_DELETE, O, SCOPE_EVENT_ADMIN, delete_issues},
    {METHOD_DELETE, P, SCOPE_EVENT_ADMIN, delete_issues},
    {METHOD_PUT, O "{issue}/", SCOPE_EVENT_WRITE, update_issue},
    {METHOD_PUT, "/api/0/issues/{issue}/", SCOPE_EVENT_WRITE, update_issue},
    {METHOD_PUT, "/api/0/groups/{issue}/", SCOPE_EVENT_WRITE, update_issue},
    {METHOD_DELETE, O "{issue}/", SCOPE_EVENT_ADMIN, delete_issue},
    {METHOD_DELETE, "/api/0/issues/{issue}/", SCOPE_EVENT_ADMIN, delete_issue},
    {METHOD_DELETE, "/api/0/groups/{issue}/", SCOPE_EVENT_ADMIN, delete_issue},
    {0},
};
