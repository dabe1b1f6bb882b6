/* Cron monitors made, changed and deleted by people. */
#include <stddef.h>

#include "api/actor.h"
#include "api/filters.h"
#include "api/monitors.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/bind.h"
#include "base/clock.h"
#include "base/text.h"
#include "sql.h"
#include "storage/monitors.h"
#include "storage/reply.h"

enum { NAME_MAX = 128, SLUG_MAX = 50, CONFIG_MAX = 4096, COLUMNS_MAX = 8192 };

struct change {
    struct str project, name, slug, status, owner, config;
    bool is_muted, muted_sent, owner_sent;
    int64_t owner_user_id, owner_team_id;
    const struct monitor_config *checked; /* NULL: stays as it is */
};

static const char *const statuses[] = {"active", "disabled", NULL};

static const struct field fields[] = {
    {"project", FIELD_TEXT, offsetof(struct change, project), 0, 0, NAME_MAX},
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_TRIM, 1, NAME_MAX},
    {"slug", FIELD_SLUG, offsetof(struct change, slug), 0, 1, SLUG_MAX},
    {"status", FIELD_CHOICE, offsetof(struct change, status), 0, 0, 0, statuses},
    {"isMuted", FIELD_BOOL, offsetof(struct change, is_muted), 0, 0, 0, NULL,
     FIELD_PRESENT(struct change, muted_sent)},
    {"owner", FIELD_TEXT, offsetof(struct change, owner), FIELD_NULLABLE, 0, 40, NULL,
     FIELD_PRESENT(struct change, owner_sent)},
    {"config", FIELD_JSON, offsetof(struct change, config), 0, 0, CONFIG_MAX},
    {0},
};

static bool refuse(struct request *rq, const char *field, const char *message)
{
    reply_field_error(rq, field, message);
    return false;
}

/* ---- what is sent */

static bool is_time_zone(struct request *rq, struct str zone)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_schedule_time_zone, zone);
    return rows_next(r) && rows_bool(r, 0);
}

/* What the configuration leaves out stays as it is. */
static struct jt *laid_over(struct request *rq, struct str config, const struct jt *sent)
{
    const char *error;
    struct jt *all = config.p ? jt_read(rq->arena, config, BIND_DEPTH, &error) : NULL;
    all = all ? all : jt_new(rq->arena, JT_OBJECT);
    for (const struct jt *v = sent ? sent->first : NULL; v; v = v->next) {
        struct jt *copy = arena_new_of(rq->arena, struct jt);
        *copy = *v;
        jt_set(all, v->key, copy);
    }
    return all;
}

static bool read_config(struct request *rq, struct change *c, struct str stored)
{
    const char *error, *why;
    if (!c->config.n)
        return stored.p || refuse(rq, "config", "This field is required.");
    const struct jt *sent = jt_read(rq->arena, c->config, BIND_DEPTH, &error);
    if (!sent || sent->kind != JT_OBJECT)
        return refuse(rq, "config", "Invalid data. Expected a dictionary.");
    struct monitor_config *config = arena_new_of(rq->arena, struct monitor_config);
    if (monitor_config_read(rq->arena, laid_over(rq, stored, sent), config, &why) !=
        MONITOR_CONFIG_FINE)
        return refuse(rq, "config", arena_printf(rq->arena, "%s: invalid value.", why));
    if (!is_time_zone(rq, config->schedule.timezone))
        return refuse(rq, "config", "timezone: invalid value.");
    c->checked = config;
    return true;
}

/* "user:7", "team:7" or a user's id. */
static bool read_owner(struct request *rq, struct change *c)
{
    bool is_team = str_starts(c->owner, S("team:"));
    size_t at = is_team || str_starts(c->owner, S("user:")) ? 5 : 0;
    int64_t id;
    if (!c->owner.n)
        return true;
    if (!text_int64(str_slice(c->owner, at, c->owner.n), &id) || id < 1)
        return refuse(rq, "owner", "Unknown actor.");
    *(is_team ? &c->owner_team_id : &c->owner_user_id) = id;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_monitor_owner, rq->tenant.organization_id,
                              param_id(c->owner_user_id), param_id(c->owner_team_id));
    return (rows_next(r) && rows_bool(r, 0)) || refuse(rq, "owner", "Unknown actor.");
}

/* Of the monitor's table: what changes. */
static struct str columns_of(struct request *rq, const struct change *c)
{
    struct buf text;
    struct jw j;
    buf_init(&text, COLUMNS_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    if (c->name.n)
        jw_str_k(&j, "name", c->name);
    if (c->slug.n)
        jw_str_k(&j, "slug", c->slug);
    if (c->status.n)
        jw_bool_k(&j, "is_disabled", str_eq(c->status, S("disabled")));
    if (c->muted_sent)
        jw_bool_k(&j, "is_muted", c->is_muted);
    if (c->owner_sent) {
        jw_key(&j, "owner_user_id");
        c->owner_user_id ? jw_int(&j, c->owner_user_id) : jw_null(&j);
        jw_key(&j, "owner_team_id");
        c->owner_team_id ? jw_int(&j, c->owner_team_id) : jw_null(&j);
    }
    if (c->checked)
        monitor_config_put(&j, c->checked);
    jw_close(&j, '}');
    struct str columns = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return columns;
}

/* ---- making and changing */

/* True after answering for a failed change. */
static bool has_failed(struct request *rq)
{
    if (pg_failed(rq->db) == PG_CONFLICT)
        return !refuse(rq, "slug", "The slug is already in use.");
    return reply_if_failed(rq);
}

static bool read_project(struct request *rq, const struct change *c, int64_t *id)
{
    struct gate_projects projects;
    if (!gate_projects(rq, &projects))
        return false;
    if (!c->project.n)
        return refuse(rq, "project", "This field is required.");
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_monitor_project,
                              pg_int_array(rq->arena, projects.ids, projects.count), c->project);
    *id = rows_next(r) ? rows_int(r, 0) : 0;
    return *id || refuse(rq, "project", "Invalid project");
}

static bool name_it(struct request *rq, struct change *c)
{
    if (!c->name.n)
        return refuse(rq, "name", "This field is required.");
    if (!c->slug.n)
        c->slug = text_slug(rq->arena, c->name);
    return c->slug.n || refuse(rq, "slug", "This field is required.");
}

static int create_monitor(struct request *rq)
{
    struct change c = {0};
    int64_t project_id;
    if (!bind_body(rq, fields, &c) || !read_project(rq, &c, &project_id) || !name_it(rq, &c) ||
        !read_config(rq, &c, (struct str){0}) || !read_owner(rq, &c))
        return rq->status;
    pg_query(rq->db, rq->arena, &SQL_monitor_create, project_id, uuid_random(), columns_of(rq, &c),
             ACTOR(rq));
    if (has_failed(rq))
        return rq->status;
    return reply_created(rq, monitors_rows(rq, project_id, c.slug));
}

/* By its new schedule, from now on. */
static void expect_anew(struct request *rq, const struct monitor_place *place)
{
    struct monitor *m = monitor_get(rq->db, rq->arena, place->project_id, place->id);
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_monitor_environments, place->project_id, place->id);
    while (m && rows_next(r)) {
        if (!monitor_enter(rq->db, rq->arena, m, rows_int(r, 0), clock_now()))
            continue;
        monitor_expect(rq->db, rq->arena, m, clock_now());
        monitor_leave(rq->db, rq->arena, m);
    }
}

static void change_monitor(struct request *rq, const struct monitor_place *place,
                           const struct change *c)
{
    pg_begin(rq->db);
    pg_query(rq->db, rq->arena, &SQL_monitor_update, place->project_id, place->id,
             columns_of(rq, c), ACTOR(rq));
    if (str_eq(c->status, S("disabled")))
        pg_query(rq->db, rq->arena, &SQL_monitor_forget_expected, place->project_id, place->id);
    else if (c->checked)
        expect_anew(rq, place);
    pg_commit(rq->db);
}

static int update_monitor(struct request *rq)
{
    struct change c = {0};
    struct monitor_place place;
    if (!bind_body(rq, fields, &c) || !monitors_place(rq, &place) || !read_owner(rq, &c))
        return rq->status;
    struct rows *r = monitors_rows(rq, place.project_id, place.slug);
    if (!rows_next(r))
        return reply_if_failed(rq) ? rq->status : reply_not_found(rq);
    if (!read_config(rq, &c, rows_str(r, rows_column(r, "config"))))
        return rq->status;
    change_monitor(rq, &place, &c);
    if (has_failed(rq))
        return rq->status;
    return reply_row(rq, monitors_rows(rq, place.project_id, c.slug.n ? c.slug : place.slug));
}

/* With environment= only what is known of the monitor there. */
static int delete_monitor(struct request *rq)
{
    struct monitor_place place;
    bool given;
    int64_t *ids = NULL;
    size_t count;
    if (!monitors_place(rq, &place) || !filters_environments(rq, &given, &ids, &count))
        return rq->status;
    pg_query(rq->db, rq->arena, &SQL_monitor_delete, place.project_id, place.id,
             param_text(given ? pg_int_array(rq->arena, ids, count) : NULL), ACTOR(rq));
    return reply_if_failed(rq) ? rq->status : reply_empty(rq, 202);
}

#define O "/api/0/organizations/{organization}/monitors/"
#define P "/api/0/projects/{organization}/{project}/monitors/{monitor}/"
#define WRITE (SCOPE_ALERTS_WRITE | SCOPE_PROJECT_WRITE)

const struct route monitor_change_routes[] = {
    {METHOD_POST, O, WRITE, create_monitor},
    {METHOD_PUT, O "{monitor}/", WRITE, update_monitor},
    {METHOD_DELETE, O "{monitor}/", WRITE, delete_monitor},
    {METHOD_PUT, P, WRITE, update_monitor},
    {METHOD_DELETE, P, WRITE, delete_monitor},
    {0},
};
