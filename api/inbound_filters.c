#include "api/inbound_filters.h"

#include <stddef.h>

#include "api/actor.h"
#include "api/options.h"
#include "auth/scope.h"
#include "base/glob.h"
#include "base/jt.h"
#include "base/network.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

enum { LINES_MAX = 1000, LINE_POINTS_MAX = 1024, SHOWN_LINE = 60 };
enum { MEMBERS_MAX = 100, CONDITION_ID_MAX = 64 };

/* ---- members of the project's options */

static bool is_glob(struct request *rq, struct str line)
{
    return glob_compile(rq->arena, text_fold(rq->arena, line)) != NULL;
}

static bool is_network(struct request *rq, struct str line)
{
    (void)rq;
    struct str wrong;
    return line.n < LINE_POINTS_MAX && network_is_valid(line, &wrong);
}

static bool is_origin(struct request *rq, struct str line)
{
    (void)rq;
    return text_points(line) <= LINE_POINTS_MAX;
}

/* A member of the options: its name in the API, and under which the digest reads it. */
struct option {
    bool (*put)(struct request *rq, const struct option *o, const struct jt *v, struct jw *j);
    const char *name, *kept;
    const char *wrong; /* what is said of a value, or of a line of it, that is not valid */
    bool (*is_valid)(struct request *rq, struct str line);
};

/* A list being written, of which `count` lines are there. */
struct lines {
    struct request *rq;
    const struct option *option;
    struct jw *j;
    size_t count;
};

static bool put_line(struct lines *l, struct str line)
{
    line = str_trim(line);
    if (!line.n)
        return true;
    if (++l->count > LINES_MAX) {
        reply_field_error(l->rq, l->option->name, "Too many lines: at most 1000.");
        return false;
    }
    if (l->option->is_valid(l->rq, line)) {
        jw_str(l->j, line);
        return true;
    }
    struct str shown = text_ellipsis(l->rq->arena, line, SHOWN_LINE);
    reply_field_error(l->rq, l->option->name,
                      arena_printf(l->rq->arena, "%s: %.*s", l->option->wrong, STR_ARG(shown)));
    return false;
}

static bool put_lines(struct request *rq, const struct option *o, const struct jt *v, struct jw *j)
{
    struct lines lines = {rq, o, j, 0};
    struct str rest = jt_str(v);
    bool fine = v->kind == JT_STRING || v->kind == JT_ARRAY;
    if (!fine)
        reply_field_error(rq, o->name, "Must be text, with a member to a line.");
    jw_open_k(j, o->kept, '[');
    while (fine && rest.p)
        fine = put_line(&lines, str_split(&rest, '\n'));
    for (const struct jt *item = v->kind == JT_ARRAY ? v->first : NULL; fine && item;
         item = item->next)
        fine = put_line(&lines, jt_str(item));
    jw_close(j, ']');
    return fine;
}

/* Clients of every age: true, 1 and "1" switch on. */
static bool put_switch(struct request *rq, const struct option *o, const struct jt *v, struct jw *j)
{
    bool on = v->kind == JT_TRUE || str_eq(v->text, S("1"));
    if (!on && v->kind != JT_FALSE && v->kind != JT_NULL && !str_eq(v->text, S("0"))) {
        reply_field_error(rq, o->name, "Must be true or false.");
        return false;
    }
    jw_bool_k(j, o->kept, on);
    return true;
}

static bool is_condition(const struct jt *v)
{
    struct str id = jt_get_str(v, S("id"));
    const struct jt *on = jt_get(v, S("isEnabled")), *condition = jt_get(v, S("condition"));
    return id.n && id.n <= CONDITION_ID_MAX && jt_get_str(condition, S("op")).n && on &&
           (on->kind == JT_TRUE || on->kind == JT_FALSE);
}

static bool is_rule(const struct jt *v)
{
    int64_t id;
    double value;
    struct str type = jt_get_str(v, S("type"));
    const struct jt *sampling = jt_get(v, S("samplingValue"));
    return jt_int64(jt_get(v, S("id")), &id) && jt_get_str(sampling, S("type")).n &&
           jt_double(jt_get(sampling, S("value")), &value) && value >= 0 &&
           jt_get_str(jt_get(v, S("condition")), S("op")).n &&
           (str_eq(type, S("trace")) || str_eq(type, S("transaction")));
}

/* A list that is kept as it was sent, because only the digest understands it. */
static bool check_list(struct request *rq, const struct option *o, const struct jt *list,
                       bool (*is_member)(const struct jt *v))
{
    bool fine = list && list->kind == JT_ARRAY && list->count <= MEMBERS_MAX;
    for (const struct jt *v = fine ? list->first : NULL; fine && v; v = v->next)
        fine = is_member(v);
    if (!fine)
        reply_field_error(rq, o->name, o->wrong);
    return fine;
}

/* Filters by a condition of one's own (worker/filter/settings.h). */
static bool put_conditions(struct request *rq, const struct option *o, const struct jt *v,
                           struct jw *j)
{
    if (!check_list(rq, o, v, is_condition))
        return false;
    jw_key(j, o->kept);
    jt_write(j, v);
    return true;
}

/* Rules of sampling (worker/filter/sampling.h); null: none. */
static bool put_rules(struct request *rq, const struct option *o, const struct jt *v, struct jw *j)
{
    if (v->kind != JT_NULL && !check_list(rq, o, jt_get(v, S("rules")), is_rule))
        return false;
    jw_key(j, o->kept);
    jt_write(j, v);
    return true;
}

#define LINES(name, kept, wrong, is_valid)                                                         \
    {                                                                                              \
        put_lines, name, kept, wrong, is_valid                                                     \
    }
#define SWITCH(name)                                                                               \
    {                                                                                              \
        put_switch, name, name, NULL, NULL                                                         \
    }

static const struct option options[] = {
    LINES("filters:blacklisted_ips", "sentry:blacklisted_ips", "Not an address or a network",
          is_network),
    LINES("filters:releases", "sentry:releases", "Not a pattern that can be used", is_glob),
    LINES("filters:error_messages", "sentry:error_messages", "Not a pattern that can be used",
          is_glob),
    LINES("filters:transactions", "sentry:transactions", "Not a pattern that can be used", is_glob),
    LINES("sentry:csp_ignored_sources", "sentry:csp_ignored_sources", "Too long", is_origin),
    SWITCH("sentry:csp_ignored_sources_defaults"),
    SWITCH("filters:react-hydration-errors"),
    SWITCH("filters:chunk-load-error"),
    {put_conditions, "filters:generic", "filters:generic",
     "Must be a list of at most 100 filters, each with id, isEnabled and condition.", NULL},
    {put_rules, "sentry:dynamic_sampling", "sentry:dynamic_sampling",
     "Must have at most 100 rules, each with id, type, samplingValue and condition.", NULL},
};

bool filter_options_put(struct request *rq, struct str json, struct jw *j)
{
    const char *error;
    const struct jt *sent = jt_read(rq->arena, json, BIND_DEPTH, &error);
    if (!sent || sent->kind != JT_OBJECT) {
        reply_field_error(rq, "options", "Must be an object.");
        return false;
    }
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const struct option *o = &options[i];
        const struct jt *v = jt_get(sent, str_of(o->name));
        if (v && !o->put(rq, o, v, j))
            return false;
    }
    return true;
}

/* ---- filters that are switched one by one */

static int list_filters(struct request *rq)
{
    return reply_rows(rq, pg_query(rq->db, rq->arena, &SQL_project_filters, rq->tenant.project_id));
}

static const char *const switches[] = {"browser-extensions", "filtered-transaction",
                                       "legacy-browsers", "localhost", "web-crawlers"};

/* Families of today, then those that older clients still send. */
static const char *const browsers[] = {
    "ie",           "edge",          "safari",       "firefox",
    "chrome",       "opera",         "android",      "opera_mini",
    "ie_pre_9",     "ie9",           "ie10",         "ie11",
    "opera_pre_15", "android_pre_4", "safari_pre_6", "opera_mini_pre_8",
    "edge_pre_79",
};

static bool is_among(struct str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, str_of(names[i])))
            return true;
    }
    return false;
}

#define IS_AMONG(name, names) is_among(name, names, sizeof(names) / sizeof((names)[0]))

struct change {
    bool active, active_sent, browsers_sent;
    struct field_texts browsers;
};

static const struct field change_fields[] = {
    OPTION_FIELD(struct change, "active", FIELD_BOOL, 0, 0, 0, active),
    {"subfilters", FIELD_TEXTS, offsetof(struct change, browsers), 0, 0, 64, NULL,
     FIELD_PRESENT(struct change, browsers_sent)},
    {0},
};

/* True when the change means something for a filter that has browsers, or has none. */
static bool check_change(struct request *rq, const struct change *c, bool has_browsers)
{
    if (!c->active_sent && !(has_browsers && c->browsers_sent)) {
        reply_field_error(rq, "active", "This field is required.");
        return false;
    }
    for (size_t i = 0; has_browsers && i < c->browsers.count; i++) {
        struct str name = c->browsers.items[i];
        if (IS_AMONG(name, browsers))
            continue;
        reply_field_error(
            rq, "subfilters",
            arena_printf(rq->arena, "\"%.*s\" is not a valid choice.", STR_ARG(name)));
        return false;
    }
    return true;
}

/* {"filters:ID": …}: a switch, or the browsers that were chosen; no browser is off. */
static struct str stored_change(struct request *rq, struct str id, const struct change *c)
{
    struct buf text;
    struct jw j;
    buf_init(&text, OPTIONS_JSON_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_name(&j, text_join(rq->arena, S("filters"), S(":"), id));
    if (c->active_sent || !c->browsers.count) {
        jw_bool(&j, c->active_sent && c->active);
    } else {
        jw_open(&j, '[');
        for (size_t i = 0; i < c->browsers.count; i++)
            jw_str(&j, c->browsers.items[i]);
        jw_close(&j, ']');
    }
    jw_close(&j, '}');
    struct str copy = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static int update_filter(struct request *rq)
{
    const struct param keep = param_text(NULL);
    struct str id = request_param(rq, S("filter"));
    struct change change = {0};
    if (!IS_AMONG(id, switches))
        return reply_not_found(rq);
    if (!bind_body(rq, change_fields, &change) ||
        !check_change(rq, &change, str_eq(id, S("legacy-browsers"))))
        return rq->status;
    pg_query(rq->db, rq->arena, &SQL_project_update, rq->tenant.project_id, keep, keep, keep, keep,
             stored_change(rq, id, &change), ACTOR(rq));
    return reply_if_failed(rq) ? rq->status : reply_empty(rq, 204);
}

#define F "/api/0/projects/{organization}/{project}/filters/"

const struct route filter_routes[] = {
    {METHOD_GET, F, SCOPE_PROJECT_READ, list_filters},
    {METHOD_PUT, F "{filter}/", SCOPE_PROJECT_WRITE, update_filter},
    {0},
};
