#include "api/tables.h"

/* One of each resource, by its noun. */
#define TABLES(X)                                                                                  \
    X(login)                                                                                       \
    X(account)                                                                                     \
    X(token)                                                                                       \
    X(organization)                                                                                \
    X(project)                                                                                     \
    X(filter)                                                                                      \
    X(scrubbing)                                                                                   \
    X(key)                                                                                         \
    X(team)                                                                                        \
    X(member)                                                                                      \
    X(environment)                                                                                 \
    X(release)                                                                                     \
    X(issue)                                                                                       \
    X(issue_detail)                                                                                \
    X(issue_change)                                                                                \
    X(tag)                                                                                         \
    X(activity)                                                                                    \
    X(event)                                                                                       \
    X(event_attachment)                                                                            \
    X(user_report)                                                                                 \
    X(replay)                                                                                      \
    X(recording)                                                                                   \
    X(profile)                                                                                     \
    X(stats)                                                                                       \
    X(quota)                                                                                       \
    X(session)                                                                                     \
    X(monitor)                                                                                     \
    X(monitor_change)                                                                              \
    X(explore)                                                                                     \
    X(usage)                                                                                       \
    X(disk)                                                                                        \
    X(retention)                                                                                   \
    X(trace)                                                                                       \
    X(health)

#define X(noun) extern const struct route noun##_routes[];
TABLES(X)
#undef X

const struct route *const api_tables[] = {
#define X(noun) noun##_routes,
    TABLES(X)
#undef X
        NULL,
};

extern const struct route private_health_routes[], metric_routes[];
const struct route *const private_tables[] = {private_health_routes, metric_routes, NULL};
