/*
 * Who changes something, as the statements that write the audit log want it.
 */
#ifndef API_ACTOR_H
#define API_ACTOR_H

#include "auth/identity.h"
#include "base/request.h"
#include "storage/pg.h"

struct param actor_user(const struct request *rq);  /* null: an organization's own token */
struct param actor_token(const struct request *rq); /* null: a session */
struct param actor_address(const struct request *rq);
const char *actor_now(const struct request *rq);

/* user, token, address, now: the last four arguments of such a statement */
#define ACTOR(rq) actor_user(rq), actor_token(rq), actor_address(rq), actor_now(rq)

/* What the caller may do here, as an array of scope names. */
const char *actor_access(const struct request *rq);

#endif
