/* Releases, as far as filters and facts need them. */
#include "api/filters.h"
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "sql.h"
#include "storage/reply.h"

static int list_releases(struct request *rq)
{
    struct gate_projects projects;
    struct page page;
    struct period period;
    if (!gate_projects(rq, &projects) || !page_read(rq, PAGE_LIMIT, &page) ||
        !period_read(rq, 14 * CLOCK_DAY, &period))
        return rq->status;
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_release_list, rq->tenant.organization_id,
                 pg_int_array(rq->arena, projects.ids, projects.count), page_pattern(rq),
                 page.limit + 1, page.cursor.offset, str_eq(request_query(rq, S("health")), S("1")),
                 pg_time(rq->arena, period.start), pg_time(rq->arena, period.end));
    return page_reply(rq, &page, r);
}

const struct route release_routes[] = {
    {METHOD_GET, "/api/0/organizations/{organization}/releases/",
     SCOPE_PROJECT_READ | SCOPE_PROJECT_RELEASES | SCOPE_ORG_CI, list_releases},
    {METHOD_GET, "/api/0/projects/{organization}/{project}/releases/",
     SCOPE_PROJECT_READ | SCOPE_PROJECT_RELEASES, list_releases},
    {0},
};
