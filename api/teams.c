/* Teams: read, with their projects; making a project for one. */
#include "api/actor.h"
#include "api/page.h"
#include "api/projects.h"
#include "auth/scope.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"

static int list_teams(struct request *rq)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_team_list, rq->tenant.organization_id,
                              param_id(0), actor_user(rq), actor_access(rq), page_pattern(rq),
                              page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

static int show_team(struct request *rq)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_team_list, rq->tenant.organization_id,
                              rq->tenant.team_id, actor_user(rq), actor_access(rq), "%", 1, 0);
    return reply_row(rq, r);
}

static int list_team_projects(struct request *rq)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_team_project_ids, rq->tenant.team_id);
    int64_t *ids = arena_alloc(rq->arena, ((size_t)rows_count(r) + 1) * sizeof(*ids));
    size_t count = 0;
    while (rows_next(r))
        ids[count++] = rows_int(r, 0);
    return projects_reply(rq, ids, count);
}

static int create_team_project(struct request *rq)
{
    return projects_create(rq, rq->tenant.team_id);
}

#define T "/api/0/teams/{organization}/{team}/"

const struct route team_routes[] = {
    {METHOD_GET, "/api/0/organizations/{organization}/teams/", SCOPE_ORG_READ | SCOPE_TEAM_READ,
     list_teams},
    {METHOD_GET, T, SCOPE_TEAM_READ, show_team},
    {METHOD_GET, T "projects/", SCOPE_PROJECT_READ, list_team_projects},
    {METHOD_POST, T "projects/", SCOPE_PROJECT_WRITE, create_team_project},
    {0},
};
