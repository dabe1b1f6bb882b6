#include "api/tables.h"

extern const struct route login_routes[], account_routes[], token_routes[];

const struct route *const api_tables[] = {
    login_routes,
    account_routes,
    token_routes,
    NULL,
};
