/* People of an organization or of its projects' teams: read, for pickers. */
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "sql.h"
#include "storage/reply.h"

static int reply_members(struct request *rq, const char *projects)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_member_list, rq->tenant.organization_id,
                              projects, page_pattern(rq), page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

static int list_members(struct request *rq)
{
    return reply_members(rq, NULL);
}

/* Those who can work on the projects asked for; without project= all. */
static int list_users(struct request *rq)
{
    struct gate_projects projects;
    if (!request_query(rq, S("project")).n)
        return reply_members(rq, NULL);
    if (!gate_projects(rq, &projects))
        return rq->status;
    return reply_members(rq, pg_int_array(rq->arena, projects.ids, projects.count));
}

static int list_project_members(struct request *rq)
{
    return reply_members(rq, pg_int_array(rq->arena, &rq->tenant.project_id, 1));
}

#define O "/api/0/organizations/{organization}/"

const struct route member_routes[] = {
    {METHOD_GET, O "members/", SCOPE_MEMBER_READ | SCOPE_ORG_READ, list_members},
    {METHOD_GET, O "users/", SCOPE_MEMBER_READ | SCOPE_ORG_READ, list_users},
    {METHOD_GET, "/api/0/projects/{organization}/{project}/members/", SCOPE_PROJECT_READ,
     list_project_members},
    {0},
};
