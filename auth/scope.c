#include "auth/scope.h"

static const char *const names[SCOPE_COUNT] = {
#define X(constant, name) [SCOPE_INDEX_##constant] = (name),
    SCOPES(X)
#undef X
};

static const struct {
    uint32_t scope, implied;
} implications[] = {
    {SCOPE_ORG_WRITE, SCOPE_ORG_READ},
    {SCOPE_ORG_ADMIN, SCOPE_ORG_READ | SCOPE_ORG_WRITE | SCOPE_ORG_INTEGRATIONS},
    {SCOPE_PROJECT_WRITE, SCOPE_PROJECT_READ},
    {SCOPE_PROJECT_ADMIN, SCOPE_PROJECT_READ | SCOPE_PROJECT_WRITE},
    {SCOPE_TEAM_WRITE, SCOPE_TEAM_READ},
    {SCOPE_TEAM_ADMIN, SCOPE_TEAM_READ | SCOPE_TEAM_WRITE},
    {SCOPE_MEMBER_WRITE, SCOPE_MEMBER_READ},
    {SCOPE_MEMBER_ADMIN, SCOPE_MEMBER_READ | SCOPE_MEMBER_WRITE},
    {SCOPE_EVENT_WRITE, SCOPE_EVENT_READ},
    {SCOPE_EVENT_ADMIN, SCOPE_EVENT_READ | SCOPE_EVENT_WRITE},
    {SCOPE_ALERTS_WRITE, SCOPE_ALERTS_READ},
};

/* What each role holds beyond the one before it; only the owner may end the organization. */
enum {
    ROLE_MEMBER = SCOPE_ORG_READ | SCOPE_PROJECT_READ | SCOPE_PROJECT_RELEASES | SCOPE_TEAM_READ |
                  SCOPE_MEMBER_READ | SCOPE_EVENT_ADMIN | SCOPE_ALERTS_WRITE,
    ROLE_ADMIN = ROLE_MEMBER | SCOPE_ORG_INTEGRATIONS | SCOPE_PROJECT_ADMIN |
                 SCOPE_PROJECT_DISTRIBUTION | SCOPE_TEAM_ADMIN | SCOPE_MEMBER_INVITE,
    ROLE_MANAGER = ROLE_ADMIN | SCOPE_ORG_WRITE | SCOPE_ORG_CI | SCOPE_MEMBER_ADMIN,
    ROLE_OWNER = ROLE_MANAGER | SCOPE_ORG_ADMIN,
};

static const struct {
    const char *name;
    uint32_t scopes;
} roles[] = {
    {"owner", ROLE_OWNER},   {"manager", ROLE_MANAGER},   {"admin", ROLE_ADMIN},
    {"member", ROLE_MEMBER}, {"billing", SCOPE_ORG_READ},
};

uint32_t scope_of(struct str name)
{
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (str_eq(name, str_of(names[i])))
            return UINT32_C(1) << i;
    }
    return 0;
}

const char *scope_name(enum scope_index i)
{
    return names[i];
}

uint32_t scope_closure(uint32_t scopes)
{
    uint32_t all = scopes;
    for (size_t i = 0; i < sizeof(implications) / sizeof(implications[0]); i++) {
        if (scopes & implications[i].scope)
            all |= implications[i].implied;
    }
    return all;
}

uint32_t scope_of_role(struct str role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_eq(role, str_of(roles[i].name)))
            return scope_closure(roles[i].scopes);
    }
    return 0;
}
