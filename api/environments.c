/* Environments of a project or of all projects asked for. */
#include "auth/gate.h"
#include "auth/scope.h"
#include "sql.h"
#include "storage/reply.h"

/* visibility=hidden and all show the hidden ones too. */
static int list_environments(struct request *rq)
{
    struct gate_projects projects;
    struct str visibility = request_query(rq, S("visibility"));
    if (!gate_projects(rq, &projects))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_environment_list,
                              pg_int_array(rq->arena, projects.ids, projects.count),
                              visibility.n && !str_eq(visibility, S("visible")));
    return reply_rows(rq, r);
}

const struct route environment_routes[] = {
    {METHOD_GET, "/api/0/organizations/{organization}/environments/",
     SCOPE_ORG_READ | SCOPE_PROJECT_READ, list_environments},
    {METHOD_GET, "/api/0/projects/{organization}/{project}/environments/", SCOPE_PROJECT_READ,
     list_environments},
    {0},
};
