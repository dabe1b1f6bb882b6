/*
 * Scopes as bits, and what each role holds.  Names and implications are Sentry's (api.md §3): write
 * implies read, admin implies both; releases, ci and distribution stand alone.
 */
#ifndef AUTH_SCOPE_H
#define AUTH_SCOPE_H

#include <stdint.h>

#include "base/str.h"

/* X(constant, name) in the order of their bits; the order never changes, it is stored. */
#define SCOPES(X)                                                                                  \
    X(ORG_READ, "org:read")                                                                        \
    X(ORG_WRITE, "org:write")                                                                      \
    X(ORG_ADMIN, "org:admin")                                                                      \
    X(ORG_INTEGRATIONS, "org:integrations")                                                        \
    X(ORG_CI, "org:ci")                                                                            \
    X(PROJECT_READ, "project:read")                                                                \
    X(PROJECT_WRITE, "project:write")                                                              \
    X(PROJECT_ADMIN, "project:admin")                                                              \
    X(PROJECT_RELEASES, "project:releases")                                                        \
    X(PROJECT_DISTRIBUTION, "project:distribution")                                                \
    X(TEAM_READ, "team:read")                                                                      \
    X(TEAM_WRITE, "team:write")                                                                    \
    X(TEAM_ADMIN, "team:admin")                                                                    \
    X(MEMBER_READ, "member:read")                                                                  \
    X(MEMBER_WRITE, "member:write")                                                                \
    X(MEMBER_ADMIN, "member:admin")                                                                \
    X(MEMBER_INVITE, "member:invite")                                                              \
    X(EVENT_READ, "event:read")                                                                    \
    X(EVENT_WRITE, "event:write")                                                                  \
    X(EVENT_ADMIN, "event:admin")                                                                  \
    X(ALERTS_READ, "alerts:read")                                                                  \
    X(ALERTS_WRITE, "alerts:write")

enum scope_index {
#define X(constant, name) SCOPE_INDEX_##constant,
    SCOPES(X)
#undef X
        SCOPE_COUNT
};

enum scope {
#define X(constant, name) SCOPE_##constant = 1 << SCOPE_INDEX_##constant,
    SCOPES(X)
#undef X
};

/* Bit of a name; 0 when unknown. */
uint32_t scope_of(struct str name);
const char *scope_name(enum scope_index i);
/* All that the given bits imply, themselves included. */
uint32_t scope_closure(uint32_t scopes);
/* Scopes of an organization role: owner, manager, admin, member, billing; 0 when unknown. */
uint32_t scope_of_role(struct str role);

#endif
