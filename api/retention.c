/* How many days an organization keeps each kind of data: as long as the instance does, or less.
 * Sentry has no such operations for its self-hosted installations; these are ours. */
#include <stddef.h>

#include "api/actor.h"
#include "auth/scope.h"
#include "base/bind.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"
#include "storage/retention.h"

/* By kind; 0 days, sent as null: as long as the instance. */
struct change {
    int64_t days[RETENTION_KIND_COUNT];
    bool sent[RETENTION_KIND_COUNT];
};

static const struct field change_fields[] = {
#define X(constant, word)                                                                          \
    {.name = #word,                                                                                \
     .kind = FIELD_INT,                                                                            \
     .at = offsetof(struct change, days[RETENTION_##constant]),                                    \
     .flags = FIELD_NULLABLE,                                                                      \
     .min = 1,                                                                                     \
     .max = INT32_MAX,                                                                             \
     .present = FIELD_PRESENT(struct change, sent[RETENTION_##constant])},
    RETENTION_KINDS(X)
#undef X
        {0},
};

static int list_retention(struct request *rq)
{
    return reply_rows(rq,
                      pg_query(rq->db, rq->arena, &SQL_retention_list, rq->tenant.organization_id,
                               retention_names(rq->arena), retention_days_list(rq->arena)));
}

static bool fits(struct request *rq, enum retention_kind kind, int64_t days)
{
    int64_t most = retention_days(kind);
    if (days <= most)
        return true;
    reply_field_error(
        rq, retention_name(kind).p,
        arena_printf(rq->arena, "This instance keeps it for at most %lld days.", (long long)most));
    return false;
}

static int update_retention(struct request *rq)
{
    struct change change = {0};
    struct str kinds[RETENTION_KIND_COUNT];
    int64_t days[RETENTION_KIND_COUNT];
    size_t count = 0;
    if (!bind_body(rq, change_fields, &change))
        return rq->status;
    for (enum retention_kind kind = 0; kind < RETENTION_KIND_COUNT; kind++) {
        if (!fits(rq, kind, change.days[kind]))
            return rq->status;
        kinds[count] = retention_name(kind);
        days[count] = change.days[kind];
        count += change.sent[kind];
    }
    pg_query(rq->db, rq->arena, &SQL_retention_update, rq->tenant.organization_id,
             pg_text_array(rq->arena, kinds, count), pg_int_array(rq->arena, days, count),
             ACTOR(rq));
    return list_retention(rq);
}

#define R "/api/0/organizations/{organization}/retention/"

/* What is kept for less is deleted: as much as deleting the organization asks for. */
const struct route retention_routes[] = {
    {METHOD_GET, R, SCOPE_ORG_READ, list_retention},
    {METHOD_PUT, R, SCOPE_ORG_ADMIN, update_retention},
    {0},
};
