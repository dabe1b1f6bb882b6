/* Client keys of a project: what a DSN is made of. */
#include <stddef.h>

#include "api/actor.h"
#include "api/page.h"
#include "auth/scope.h"
#include "base/bind.h"
#include "base/jt.h"
#include "base/route.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/project_keys.h"
#include "storage/reply.h"

static struct rows *key_rows(struct request *rq, struct str key, int limit, int64_t offset)
{
    return pg_query(rq->db, rq->arena, &SQL_key_list, rq->tenant.project_id, key,
                    settings()->public_url, project_key_dsn(rq->arena, S("*")), limit, offset);
}

static int list_keys(struct request *rq)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    struct rows *r = key_rows(rq, (struct str){0}, page.limit + 1, page.cursor.offset);
    return page_reply(rq, &page, r);
}

static int show_key(struct request *rq)
{
    return reply_row(rq, key_rows(rq, request_param(rq, S("key")), 1, 0));
}

struct change {
    struct str name, rate_limit, sdk_version, loader_options;
    bool is_active, active_sent, rate_limit_sent;
    int64_t window, count; /* of the rate limit, read from its JSON */
};

static const struct field change_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_NULLABLE | FIELD_TRIM, 0, 64},
    {"isActive", FIELD_BOOL, offsetof(struct change, is_active), 0, 0, 0, NULL,
     FIELD_PRESENT(struct change, active_sent)},
    {"rateLimit", FIELD_JSON, offsetof(struct change, rate_limit), FIELD_NULLABLE, 0, 200, NULL,
     FIELD_PRESENT(struct change, rate_limit_sent)},
    {"browserSdkVersion", FIELD_TEXT, offsetof(struct change, sdk_version), FIELD_NULLABLE, 0, 16},
    {"dynamicSdkLoaderOptions", FIELD_JSON, offsetof(struct change, loader_options), FIELD_NULLABLE,
     0, 400},
    {0},
};

/* {"window": seconds, "count": events}; null or zeros lift the limit. */
static bool read_rate_limit(struct request *rq, struct change *change)
{
    enum { DAY_SECONDS = 86400, COUNT_MAX = 1000000000 };
    const char *error;
    if (!change->rate_limit.n)
        return true;
    const struct jt *json = jt_read(rq->arena, change->rate_limit, BIND_DEPTH, &error);
    const struct jt *window = jt_get(json, S("window")), *count = jt_get(json, S("count"));
    bool ok = (!window || window->kind == JT_NULL || jt_int64(window, &change->window)) &&
              (!count || count->kind == JT_NULL || jt_int64(count, &change->count)) &&
              change->window >= 0 && change->window <= DAY_SECONDS && change->count >= 0 &&
              change->count <= COUNT_MAX && (json->kind == JT_OBJECT || json->kind == JT_NULL);
    if (!ok)
        reply_field_error(rq, "rateLimit", "Give a window in seconds and a count of events.");
    return ok;
}

static bool read_change(struct request *rq, struct change *change)
{
    return bind_body(rq, change_fields, change) && read_rate_limit(rq, change);
}

static void put_loader_option(struct jw *j, const struct jt *sent, const char *name)
{
    const struct jt *v = jt_get(sent, str_of(name));
    if (v && (v->kind == JT_TRUE || v->kind == JT_FALSE))
        jw_bool_k(j, name, v->kind == JT_TRUE);
}

static struct str options_json(struct request *rq, const struct change *change)
{
    static const char *const names[] = {"hasReplay", "hasPerformance", "hasDebug", "hasFeedback",
                                        "hasLogsAndMetrics"};
    enum { OPTIONS_MAX = 1024 };
    const char *error;
    struct buf text;
    struct jw j;
    buf_init(&text, OPTIONS_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    if (change->sdk_version.n)
        jw_str_k(&j, "browserSdkVersion", change->sdk_version);
    if (change->loader_options.n) {
        const struct jt *sent = jt_read(rq->arena, change->loader_options, BIND_DEPTH, &error);
        jw_open_k(&j, "dynamicSdkLoaderOptions", '{');
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            put_loader_option(&j, sent, names[i]);
        jw_close(&j, '}');
    }
    jw_close(&j, '}');
    struct str copy = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static bool is_limited(const struct change *change)
{
    return change->window > 0 && change->count > 0;
}

static int create_key(struct request *rq)
{
    struct change fresh = {0};
    if (!read_change(rq, &fresh))
        return rq->status;
    struct str key = uuid_text(rq->arena, uuid_random());
    struct str secret = uuid_text(rq->arena, uuid_random());
    pg_query(rq->db, rq->arena, &SQL_key_create, rq->tenant.project_id,
             fresh.name.n ? fresh.name : S("Unnamed"), key, secret,
             param_id(is_limited(&fresh) ? fresh.window : 0),
             param_id(is_limited(&fresh) ? fresh.count : 0), options_json(rq, &fresh), ACTOR(rq));
    return reply_created(rq, key_rows(rq, key, 1, 0));
}

static int update_key(struct request *rq)
{
    struct change change = {0};
    struct str key = request_param(rq, S("key"));
    if (!read_change(rq, &change))
        return rq->status;
    struct param active = change.active_sent ? param_bool(change.is_active) : param_text(NULL);
    pg_query(rq->db, rq->arena, &SQL_key_update, rq->tenant.project_id, key,
             change.name.n ? change.name : (struct str){0}, active, change.rate_limit_sent,
             param_id(is_limited(&change) ? change.window : 0),
             param_id(is_limited(&change) ? change.count : 0), options_json(rq, &change),
             ACTOR(rq));
    return show_key(rq);
}

static int delete_key(struct request *rq)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_key_delete, rq->tenant.project_id,
                              request_param(rq, S("key")), ACTOR(rq));
    if (reply_if_failed(rq))
        return rq->status;
    return rows_next(r) ? reply_empty(rq, 204) : reply_not_found(rq);
}

#define K "/api/0/projects/{organization}/{project}/keys/"

const struct route key_routes[] = {
    {METHOD_GET, K, SCOPE_PROJECT_READ, list_keys},
    {METHOD_POST, K, SCOPE_PROJECT_WRITE, create_key},
    {METHOD_GET, K "{key}/", SCOPE_PROJECT_READ, show_key},
    {METHOD_PUT, K "{key}/", SCOPE_PROJECT_WRITE, update_key},
    {METHOD_DELETE, K "{key}/", SCOPE_PROJECT_ADMIN, delete_key},
    {0},
};
