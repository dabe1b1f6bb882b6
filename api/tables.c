#include "api/tables.h"

extern const struct route login_routes[], account_routes[], token_routes[], organization_routes[],
    project_routes[], key_routes[], team_routes[], member_routes[], environment_routes[],
    release_routes[], issue_routes[];

const struct route *const api_tables[] = {
    login_routes,       account_routes, token_routes,  organization_routes,
    project_routes,     key_routes,     team_routes,   member_routes,
    environment_routes, release_routes, issue_routes,  NULL,
};
