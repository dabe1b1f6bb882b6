/* Projects, as other resources answer with them. */
#ifndef API_PROJECTS_H
#define API_PROJECTS_H

#include "base/request.h"

/* The page of the projects with these ids, in the caller's order of slugs. */
int projects_reply(struct request *rq, const int64_t *ids, size_t count);

/* Makes a project from the request's body, for this team (0: none), and answers 201 with it. */
int projects_create(struct request *rq, int64_t team_id);

#endif
