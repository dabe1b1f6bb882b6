/* Organizations: those of the caller, one of them, its name, slug and settings. */
#include <stddef.h>

#include "api/actor.h"
#include "api/page.h"
#include "api/scrubbing.h"
#include "api/size_limits.h"
#include "auth/scope.h"
#include "base/route.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/reply.h"

static int list_organizations(struct request *rq)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_organization_list, actor_user(rq),
                              param_id(rq->identity->organization_id), page_pattern(rq),
                              settings()->public_url, page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

static int show_organization(struct request *rq)
{
    struct rows *organization =
        pg_query(rq->db, rq->arena, &SQL_organization_get, rq->tenant.organization_id,
                 settings()->public_url, actor_access(rq));
    struct rows *details =
        pg_query(rq->db, rq->arena, &SQL_organization_details, rq->tenant.organization_id);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(organization) || !rows_next(details))
        return reply_not_found(rq);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    rows_put_members(organization, &j);
    rows_put_members(details, &j);
    jw_close(&j, '}');
    return reply_done(rq);
}

struct change {
    struct str name, slug;
    struct scrubbing scrubbing;
    struct size_limits sizes;
};

static const struct field change_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_TRIM, 1, 64},
    {"slug", FIELD_SLUG, offsetof(struct change, slug), 0, 1, 50},
    SCRUBBING_FIELDS(struct change, scrubbing),
    SIZE_LIMIT_FIELDS(struct change, sizes),
    {0},
};

static struct str options_json(struct request *rq, const struct change *change)
{
    struct buf text;
    struct jw j;
    buf_init(&text, OPTIONS_JSON_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    options_put_sent(&j, change_fields, change);
    jw_close(&j, '}');
    struct str copy = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static int update_organization(struct request *rq)
{
    struct change change = {0};
    if (!bind_body(rq, change_fields, &change))
        return rq->status;
    struct str options = options_json(rq, &change);
    if (!scrubbing_check(rq, &change.scrubbing, options))
        return rq->status;
    pg_query(rq->db, rq->arena, &SQL_organization_update, rq->tenant.organization_id, change.name,
             change.slug, options, ACTOR(rq));
    if (pg_failed(rq->db) == PG_CONFLICT)
        return reply_field_error(rq, "slug", "An organization with this slug exists already.");
    return show_organization(rq);
}

const struct route organization_routes[] = {
    {METHOD_GET, "/api/0/organizations/", ACCESS_USER | SCOPE_ORG_READ, list_organizations},
    {METHOD_GET, "/api/0/organizations/{organization}/", SCOPE_ORG_READ | SCOPE_ORG_CI,
     show_organization},
    {METHOD_PUT, "/api/0/organizations/{organization}/", SCOPE_ORG_WRITE, update_organization},
    {0},
};
