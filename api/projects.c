/* Projects: lists, one with its settings, making, changing and removing. */
#include "api/projects.h"

#include <stddef.h>

#include "api/actor.h"
#include "api/inbound_filters.h"
#include "api/page.h"
#include "api/scrubbing.h"
#include "api/size_limits.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/route.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

static struct rows *project_rows(struct request *rq, const int64_t *ids, size_t count,
                                 const struct page *page)
{
    struct str query = request_query(rq, S("query"));
    /* The new CLI finds the project of a DSN by its key. */
    struct str pattern =
        str_starts(query, S("dsn:")) ? str_slice(query, 4, query.n) : page_pattern(rq);
    return pg_query(rq->db, rq->arena, &SQL_project_list, pg_int_array(rq->arena, ids, count),
                    actor_user(rq), actor_access(rq), pattern, page->limit + 1, page->cursor.offset,
                    settings()->public_url);
}

int projects_reply(struct request *rq, const int64_t *ids, size_t count)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    return page_reply(rq, &page, project_rows(rq, ids, count, &page));
}

static int list_projects(struct request *rq)
{
    struct gate_projects projects;
    if (!gate_projects(rq, &projects))
        return rq->status;
    return projects_reply(rq, projects.ids, projects.count);
}

static int list_all_projects(struct request *rq)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_project_ids_of_caller, actor_user(rq),
                              param_id(rq->identity->organization_id));
    int64_t *ids = arena_alloc(rq->arena, ((size_t)rows_count(r) + 1) * sizeof(*ids));
    size_t count = 0;
    while (rows_next(r))
        ids[count++] = rows_int(r, 0);
    return projects_reply(rq, ids, count);
}

static int reply_project(struct request *rq, int status)
{
    const struct str everything = S("%");
    const int64_t id = rq->tenant.project_id;
    struct rows *project =
        pg_query(rq->db, rq->arena, &SQL_project_list, pg_int_array(rq->arena, &id, 1),
                 actor_user(rq), actor_access(rq), everything, 1, 0, settings()->public_url);
    struct rows *details = pg_query(rq->db, rq->arena, &SQL_project_details, id);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(project) || !rows_next(details))
        return reply_not_found(rq);
    struct jw j = reply_json(rq, status);
    jw_open(&j, '{');
    rows_put_members(project, &j);
    rows_put_members(details, &j);
    jw_close(&j, '}');
    return reply_done(rq);
}

static int show_project(struct request *rq)
{
    return reply_project(rq, 200);
}

struct creation {
    struct str name, slug, platform;
};

static const struct field creation_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct creation, name), FIELD_REQUIRED | FIELD_TRIM, 1, 50},
    {"slug", FIELD_SLUG, offsetof(struct creation, slug), FIELD_NULLABLE, 1, 50},
    {"platform", FIELD_TEXT, offsetof(struct creation, platform), FIELD_NULLABLE, 0, 64},
    {0},
};

static struct str new_key(struct request *rq)
{
    return uuid_text(rq->arena, uuid_random());
}

int projects_create(struct request *rq, int64_t team_id)
{
    struct creation fresh = {0};
    if (!bind_body(rq, creation_fields, &fresh))
        return rq->status;
    if (!fresh.slug.n)
        fresh.slug = text_slug(rq->arena, fresh.name);
    if (!fresh.slug.n)
        return reply_field_error(rq, "name", "Use a letter or a digit: addresses are made of it.");
    if (!fresh.platform.n)
        fresh.platform = (struct str){0};
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_project_create, rq->tenant.organization_id,
                              fresh.slug, fresh.name, fresh.platform, param_id(team_id),
                              new_key(rq), new_key(rq), ACTOR(rq));
    if (pg_failed(rq->db) == PG_CONFLICT)
        return reply_error(rq, 409, "A project with this slug already exists.");
    if (reply_if_failed(rq) || !rows_next(r))
        return rq->status;
    rq->tenant.project_id = rows_int(r, 0);
    return reply_project(rq, 201);
}

static int create_project(struct request *rq)
{
    return projects_create(rq, 0);
}

struct change {
    struct str name, slug, platform;
    struct field_texts allowed_domains, highlight_tags;
    bool allowed_domains_sent, highlight_tags_sent;
    int64_t resolve_age, digests_min, digests_max;
    bool resolve_age_sent, digests_min_sent, digests_max_sent;
    struct str subject_prefix, subject_template, token, token_header, environment;
    bool subject_prefix_sent, subject_template_sent, token_sent, token_header_sent;
    struct str enhancements, fingerprinting, highlight_context;
    bool environment_sent, enhancements_sent, fingerprinting_sent, highlight_context_sent;
    bool verify_tls, scrape_javascript, verify_tls_sent, scrape_javascript_sent;
    bool spike_protection, spike_protection_sent;
    struct scrubbing scrubbing;
    struct size_limits sizes;
    struct str filters;
};

#define OPTION(...) OPTION_FIELD(struct change, __VA_ARGS__)

/* Rows from FIRST_OPTION on are kept in the project's options under their own names. */
static const struct field change_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_TRIM, 1, 50},
    {"slug", FIELD_SLUG, offsetof(struct change, slug), 0, 1, 50},
    {"platform", FIELD_TEXT, offsetof(struct change, platform), FIELD_NULLABLE, 0, 64},
    {"options", FIELD_JSON, offsetof(struct change, filters), 0, 0, FILTER_OPTIONS_MAX},
    OPTION("allowedDomains", FIELD_TEXTS, 0, 0, 255, allowed_domains),
    OPTION("resolveAge", FIELD_INT, FIELD_NULLABLE, 0, 8760, resolve_age),
    OPTION("digestsMinDelay", FIELD_INT, 0, 60, 3600, digests_min),
    OPTION("digestsMaxDelay", FIELD_INT, 0, 60, 3600, digests_max),
    OPTION("subjectPrefix", FIELD_TEXT, 0, 0, 200, subject_prefix),
    OPTION("subjectTemplate", FIELD_TEXT, 0, 0, 200, subject_template),
    OPTION("securityToken", FIELD_TEXT, 0, 0, 100, token),
    OPTION("securityTokenHeader", FIELD_TEXT, 0, 0, 100, token_header),
    OPTION("defaultEnvironment", FIELD_TEXT, FIELD_NULLABLE, 0, 64, environment),
    OPTION("groupingEnhancements", FIELD_TEXT, 0, 0, 65536, enhancements),
    OPTION("fingerprintingRules", FIELD_TEXT, 0, 0, 65536, fingerprinting),
    OPTION("highlightTags", FIELD_TEXTS, 0, 0, 200, highlight_tags),
    OPTION("highlightContext", FIELD_JSON, 0, 0, 4096, highlight_context),
    OPTION("verifySSL", FIELD_BOOL, 0, 0, 0, verify_tls),
    OPTION("scrapeJavaScript", FIELD_BOOL, 0, 0, 0, scrape_javascript),
    OPTION("spikeProtection", FIELD_BOOL, 0, 0, 0, spike_protection),
    SCRUBBING_FIELDS(struct change, scrubbing),
    SIZE_LIMIT_FIELDS(struct change, sizes),
    {0},
};
enum { FIRST_OPTION = 5 };

/* False after answering 400. */
static bool read_options(struct request *rq, const struct change *change, struct buf *text)
{
    struct jw j;
    jw_begin(&j, text);
    jw_open(&j, '{');
    options_put_sent(&j, change_fields + FIRST_OPTION, change);
    if (change->filters.p && !filter_options_put(rq, change->filters, &j))
        return false;
    jw_close(&j, '}');
    return scrubbing_check(rq, &change->scrubbing, buf_str(text));
}

static int store_change(struct request *rq, const struct change *change, struct str options)
{
    const char *domains =
        pg_text_array(rq->arena, change->allowed_domains.items, change->allowed_domains.count);
    pg_query(rq->db, rq->arena, &SQL_project_update, rq->tenant.project_id, change->name,
             change->slug, change->platform, change->allowed_domains_sent ? domains : NULL, options,
             ACTOR(rq));
    if (pg_failed(rq->db) == PG_CONFLICT)
        return reply_field_error(rq, "slug", "A project with this slug exists already.");
    if (change->spike_protection_sent)
        pg_query(rq->db, rq->arena, &SQL_job_hurry, "spikes", actor_now(rq));
    return reply_project(rq, 200);
}

static int update_project(struct request *rq)
{
    struct change change = {0};
    struct buf text;
    if (!bind_body(rq, change_fields, &change))
        return rq->status;
    buf_init(&text, OPTIONS_JSON_MAX);
    int status =
        read_options(rq, &change, &text) ? store_change(rq, &change, buf_str(&text)) : rq->status;
    buf_free(&text);
    return status;
}

static int delete_project(struct request *rq)
{
    pg_query(rq->db, rq->arena, &SQL_project_delete, rq->tenant.project_id, ACTOR(rq));
    return reply_if_failed(rq) ? rq->status : reply_empty(rq, 204);
}

#define O "/api/0/organizations/{organization}/"
#define P "/api/0/projects/{organization}/{project}/"

const struct route project_routes[] = {
    {METHOD_GET, "/api/0/projects/", ACCESS_USER | SCOPE_PROJECT_READ, list_all_projects},
    {METHOD_GET, O "projects/", SCOPE_ORG_READ | SCOPE_PROJECT_READ, list_projects},
    {METHOD_POST, O "projects/", SCOPE_PROJECT_WRITE, create_project},
    {METHOD_GET, P, SCOPE_PROJECT_READ, show_project},
    {METHOD_PUT, P, SCOPE_PROJECT_WRITE, update_project},
    {METHOD_DELETE, P, SCOPE_PROJECT_ADMIN, delete_project},
    {0},
};
