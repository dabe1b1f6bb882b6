/* Projects: lists, one with its settings, making, changing and removing. */
#include "api/projects.h"

#include <stddef.h>

#include "api/actor.h"
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/bind.h"
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
    struct field_texts allowed_domains, safe_fields, sensitive_fields, highlight_tags;
    int64_t resolve_age, digests_min, digests_max;
    struct str subject_prefix, subject_template, token, token_header, environment, enhancements,
        fingerprinting, highlight_context, options;
    bool scrubber, scrubber_defaults, scrub_addresses, verify_tls, scrape_javascript;
    bool sent[24]; /* by the row of change_fields */
};

#define SENT(n) (offsetof(struct change, sent) + (n) + 1)

/* Rows from FIRST_OPTION on are kept in the project's options under their own names. */
static const struct field change_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_TRIM, 1, 50},
    {"slug", FIELD_SLUG, offsetof(struct change, slug), 0, 1, 50},
    {"platform", FIELD_TEXT, offsetof(struct change, platform), FIELD_NULLABLE, 0, 64},
    {"allowedDomains", FIELD_TEXTS, offsetof(struct change, allowed_domains), 0, 0, 255, NULL,
     SENT(3)},
    {"resolveAge", FIELD_INT, offsetof(struct change, resolve_age), FIELD_NULLABLE, 0, 8760, NULL,
     SENT(4)},
    {"digestsMinDelay", FIELD_INT, offsetof(struct change, digests_min), 0, 60, 3600, NULL,
     SENT(5)},
    {"digestsMaxDelay", FIELD_INT, offsetof(struct change, digests_max), 0, 60, 3600, NULL,
     SENT(6)},
    {"subjectPrefix", FIELD_TEXT, offsetof(struct change, subject_prefix), 0, 0, 200, NULL,
     SENT(7)},
    {"subjectTemplate", FIELD_TEXT, offsetof(struct change, subject_template), 0, 0, 200, NULL,
     SENT(8)},
    {"securityToken", FIELD_TEXT, offsetof(struct change, token), 0, 0, 100, NULL, SENT(9)},
    {"securityTokenHeader", FIELD_TEXT, offsetof(struct change, token_header), 0, 0, 100, NULL,
     SENT(10)},
    {"defaultEnvironment", FIELD_TEXT, offsetof(struct change, environment), FIELD_NULLABLE, 0, 64,
     NULL, SENT(11)},
    {"groupingEnhancements", FIELD_TEXT, offsetof(struct change, enhancements), 0, 0, 65536, NULL,
     SENT(12)},
    {"fingerprintingRules", FIELD_TEXT, offsetof(struct change, fingerprinting), 0, 0, 65536, NULL,
     SENT(13)},
    {"safeFields", FIELD_TEXTS, offsetof(struct change, safe_fields), 0, 0, 255, NULL, SENT(14)},
    {"sensitiveFields", FIELD_TEXTS, offsetof(struct change, sensitive_fields), 0, 0, 255, NULL,
     SENT(15)},
    {"highlightTags", FIELD_TEXTS, offsetof(struct change, highlight_tags), 0, 0, 200, NULL,
     SENT(16)},
    {"highlightContext", FIELD_JSON, offsetof(struct change, highlight_context), 0, 0, 4096, NULL,
     SENT(17)},
    {"options", FIELD_JSON, offsetof(struct change, options), 0, 0, 65536, NULL, SENT(18)},
    {"dataScrubber", FIELD_BOOL, offsetof(struct change, scrubber), 0, 0, 0, NULL, SENT(19)},
    {"dataScrubberDefaults", FIELD_BOOL, offsetof(struct change, scrubber_defaults), 0, 0, 0, NULL,
     SENT(20)},
    {"scrubIPAddresses", FIELD_BOOL, offsetof(struct change, scrub_addresses), 0, 0, 0, NULL,
     SENT(21)},
    {"verifySSL", FIELD_BOOL, offsetof(struct change, verify_tls), 0, 0, 0, NULL, SENT(22)},
    {"scrapeJavaScript", FIELD_BOOL, offsetof(struct change, scrape_javascript), 0, 0, 0, NULL,
     SENT(23)},
    {0},
};
enum { DOMAINS = 3, FIRST_OPTION = 4 };

static void put_texts(struct jw *j, const struct field_texts *texts)
{
    jw_open(j, '[');
    for (size_t i = 0; i < texts->count; i++)
        jw_str(j, texts->items[i]);
    jw_close(j, ']');
}

static void put_field(struct jw *j, const struct field *field, const void *from)
{
    const void *at = (const char *)from + field->at;
    jw_key(j, field->name);
    switch (field->kind) {
    case FIELD_BOOL:
        jw_bool(j, *(const bool *)at);
        break;
    case FIELD_INT:
        jw_int(j, *(const int64_t *)at);
        break;
    case FIELD_TEXTS:
        put_texts(j, at);
        break;
    case FIELD_JSON:
        jw_raw(j, *(const struct str *)at);
        break;
    default:
        jw_opt_str(j, *(const struct str *)at);
    }
}

/* The options among the sent fields, as JSON. */
static struct str options_json(struct request *rq, const struct change *change)
{
    enum { OPTIONS_MAX = 1 << 20 };
    struct buf text;
    struct jw j;
    buf_init(&text, OPTIONS_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    for (int i = FIRST_OPTION; change_fields[i].name; i++) {
        if (change->sent[i])
            put_field(&j, &change_fields[i], change);
    }
    jw_close(&j, '}');
    struct str copy = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static int update_project(struct request *rq)
{
    struct change change = {0};
    if (!bind_body(rq, change_fields, &change))
        return rq->status;
    const char *domains =
        pg_text_array(rq->arena, change.allowed_domains.items, change.allowed_domains.count);
    pg_query(rq->db, rq->arena, &SQL_project_update, rq->tenant.project_id, change.name,
             change.slug, change.platform, change.sent[DOMAINS] ? domains : NULL,
             options_json(rq, &change), ACTOR(rq));
    if (pg_failed(rq->db) == PG_CONFLICT)
        return reply_field_error(rq, "slug", "A project with this slug exists already.");
    return reply_project(rq, 200);
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
