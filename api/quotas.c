/* An organization's quotas: how much of what it, or one of its projects, may have stored in a
 * period.  Sentry has no such operations for its self-hosted installations; these are ours.  The
 * thresholds of spike protection are listed with them, and are nobody's to change. */
#include <stddef.h>

#include "api/actor.h"
#include "auth/scope.h"
#include "base/bind.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/quotas.h"
#include "storage/reply.h"

enum { CATEGORY_NAME_MAX = 32 };

struct change {
    struct str project, period;
    struct field_texts categories;
    int64_t limit;
};

static const char *const periods[] = {
#define X(constant, name) name,
    QUOTA_PERIODS(X)
#undef X
        NULL};

static const struct field create_fields[] = {
    {"project", FIELD_SLUG, offsetof(struct change, project), FIELD_NULLABLE, 0, 0},
    {"categories", FIELD_TEXTS, offsetof(struct change, categories), 0, 1, CATEGORY_NAME_MAX},
    {"period", FIELD_CHOICE, offsetof(struct change, period), FIELD_REQUIRED, 0, 0, periods},
    {"limit", FIELD_INT, offsetof(struct change, limit), FIELD_REQUIRED, 0, QUOTA_MOST},
    {0},
};

static const struct field update_fields[] = {
    {"limit", FIELD_INT, offsetof(struct change, limit), FIELD_REQUIRED, 0, QUOTA_MOST},
    {0},
};

static int64_t quota_id(const struct request *rq)
{
    int64_t id = 0;
    text_int64(request_param(rq, S("quota")), &id);
    return id;
}

static struct rows *quota_rows(struct request *rq, struct param id)
{
    return pg_query(rq->db, rq->arena, &SQL_quota_list, rq->tenant.organization_id, id,
                    actor_now(rq));
}

static int list_quotas(struct request *rq)
{
    return reply_rows(rq, quota_rows(rq, param_text(NULL)));
}

static int show_quota(struct request *rq)
{
    return reply_row(rq, quota_rows(rq, param_int(quota_id(rq))));
}

static bool check_categories(struct request *rq, const struct field_texts *categories)
{
    for (size_t i = 0; i < categories->count; i++) {
        if (category_named(categories->items[i]) != CATEGORY_NONE)
            continue;
        reply_field_error(rq, "categories",
                          arena_printf(rq->arena, "There is no category \"%.*s\".",
                                       STR_ARG(categories->items[i])));
        return false;
    }
    return true;
}

static int create_quota(struct request *rq)
{
    struct change fresh = {0};
    if (!bind_body(rq, create_fields, &fresh) || !check_categories(rq, &fresh.categories))
        return rq->status;
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_quota_create, rq->tenant.organization_id, fresh.project,
                 pg_text_array(rq->arena, fresh.categories.items, fresh.categories.count),
                 fresh.period, fresh.limit, ACTOR(rq));
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_field_error(rq, "project", "The organization has no such project.");
    return reply_created(rq, quota_rows(rq, param_int(rows_int(r, 0))));
}

static int update_quota(struct request *rq)
{
    struct change change = {0};
    if (!bind_body(rq, update_fields, &change))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_quota_update, rq->tenant.organization_id,
                              quota_id(rq), change.limit, ACTOR(rq));
    if (reply_if_failed(rq))
        return rq->status;
    return rows_next(r) ? show_quota(rq) : reply_not_found(rq);
}

static int delete_quota(struct request *rq)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_quota_delete, rq->tenant.organization_id,
                              quota_id(rq), ACTOR(rq));
    if (reply_if_failed(rq))
        return rq->status;
    return rows_next(r) ? reply_empty(rq, 204) : reply_not_found(rq);
}

#define Q "/api/0/organizations/{organization}/quotas/"

const struct route quota_routes[] = {
    {METHOD_GET, Q, SCOPE_ORG_READ, list_quotas},
    {METHOD_POST, Q, SCOPE_ORG_WRITE, create_quota},
    {METHOD_GET, Q "{quota}/", SCOPE_ORG_READ, show_quota},
    {METHOD_PUT, Q "{quota}/", SCOPE_ORG_WRITE, update_quota},
    {METHOD_DELETE, Q "{quota}/", SCOPE_ORG_ADMIN, delete_quota},
    {0},
};
