/*
 * Finding out, for the gate, who sent a request and what its path names: one statement for both.
 *
 * Nothing is remembered between requests, so what was taken from somebody is gone at once.  Needs
 * rq->db and a matched route; texts live in the request's arena.
 */
#ifndef AUTH_CALLER_H
#define AUTH_CALLER_H

#include "base/request.h"

/* What the request shows of its caller, before anything is looked up.  A bearer token counts before
 * a cookie; other kinds of Authorization belong to somebody in front of us. */
struct credentials {
    bool has_token;
    struct str token_hash; /* absent although has_token: no token has this shape */
    struct str session_secret;
};

/* The place the path names, as text; absent where it names none. */
struct place {
    struct str organization, project, team; /* slug or id */
    struct str issue_slug;                  /* the project's, of a short id */
    int64_t issue;                          /* id, or number of a short id */
    bool has_issue;
};

struct credentials caller_credentials(const struct request *rq);

/* False when the path's issue cannot be one. */
bool caller_place(const struct request *rq, struct place *place);

/*
 * Fills rq->identity and rq->tenant (zeros for what was not found among the caller's own) and notes
 * the use of the session or token, at most once a minute.  False after answering: 401 for nobody on
 * a route that is not public, for an unknown token, for one that ran out; 503 without the database,
 * which public routes are served without when no token was shown.
 */
bool caller_identify(struct request *rq, const struct credentials *c, const struct place *place);

#endif
