/*
 * The gate in front of every API handler (architecture.md §3): match the route, identify the caller
 * (session cookie and, on unsafe methods, CSRF token; or bearer token), load the organization,
 * project, team and issue named in the path, check scope and membership, call the handler.
 *
 * The gate alone resolves tenants: {organization}, {project}, {team} (id or slug) and {issue}
 * (numeric id or short id). What does not exist and what belongs to a foreign tenant get the same
 * bytes: 404, and 401 before anything is looked up when nobody is signed in.  A project must belong
 * to the path's organization; a caller without a role there gets 404.
 *
 * Bodies and statuses of refusals are those of api.md §3.  Database away: 503 with Retry-After.
 */
#ifndef AUTH_GATE_H
#define AUTH_GATE_H

#include "auth/identity.h"
#include "base/route.h"

/* Answers the request, whatever it is.  Needs rq->db. */
void gate_serve(const struct routes *routes, struct request *rq);

/* For handlers of lists: ids of the organization's projects the caller may see, and further
 * restricted by the query's project= (id or slug, repeated, -1 all).  False after answering 403 or
 * 404. */
struct gate_projects {
    int64_t *ids;
    size_t count;
};
bool gate_projects(struct request *rq, struct gate_projects *out);

#endif
