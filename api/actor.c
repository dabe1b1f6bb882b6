#include "api/actor.h"

#include "auth/scope.h"
#include "base/clock.h"

struct param actor_user(const struct request *rq)
{
    return param_id(rq->identity->user_id);
}

struct param actor_token(const struct request *rq)
{
    return param_id(rq->identity->token_id);
}

struct param actor_address(const struct request *rq)
{
    return param_str(rq->client_ip);
}

const char *actor_now(const struct request *rq)
{
    return pg_time(rq->arena, clock_now());
}

const char *actor_access(const struct request *rq)
{
    struct str names[SCOPE_COUNT];
    size_t count = 0;
    for (int i = 0; i < SCOPE_COUNT; i++) {
        if (rq->identity->scopes & (UINT32_C(1) << i))
            names[count++] = str_of(scope_name((enum scope_index)i));
    }
    return pg_text_array(rq->arena, names, count);
}
