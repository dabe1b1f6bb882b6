#include "api/tables.h"

extern const struct route login_routes[], account_routes[], token_routes[], organization_routes[],
    project_routes[], key_routes[], team_routes[], member_routes[], environment_routes[],
    release_routes[], issue_routes[], issue_detail_routes[], issue_change_routes[], tag_routes[],
    activity_routes[], event_routes[], stats_routes[], health_routes[], quota_routes[];

const struct route *const api_tables[] = {
    login_routes, account_routes,      token_routes,        organization_routes, project_routes,
    key_routes,   team_routes,         member_routes,       environment_routes,  release_routes,
    issue_routes, issue_detail_routes, issue_change_routes, tag_routes,          activity_routes,
    event_routes, stats_routes,        quota_routes,        health_routes,       NULL,
};
