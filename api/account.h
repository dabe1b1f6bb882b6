/* The signed-in person's own account. */
#ifndef API_ACCOUNT_H
#define API_ACCOUNT_H

#include "base/request.h"

/* 200 with Sentry's user object of the caller. */
int account_reply(struct request *rq);

#endif
