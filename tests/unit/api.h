/*
 * The whole web API asked without a server: gate and handlers over a migrated database with
 * tests/unit/callers.h in it.  olga's session is "o", mick's "m", fred's (of globex) "f".
 */
#ifndef TESTS_UNIT_API_H
#define TESTS_UNIT_API_H

#include <sodium.h>

#include "api/tables.h"
#include "auth/gate.h"
#include "auth/ratelimit.h"
#include "base/bind.h"
#include "base/jt.h"
#include "base/settings.h"
#include "tests/unit/callers.h"

static struct arena *arena;
static struct pg *db;
static struct routes *routes;

/* Once a program, before its tests: `seed` is SQL on top of callers_seed. */
static inline void api_fill(const char *seed)
{
    arena = arena_new(16 << 20);
    db = database_migrated();
    ck_assert(pg_script(db, callers_seed));
    ck_assert_msg(pg_script(db, seed), "%.*s", STR_ARG(pg_message(db)));
    add_session(db, arena, (struct session_row){'o', 1, "0 s", "1 day", false});
    add_session(db, arena, (struct session_row){'m', 2, "0 s", "1 day", false});
    add_session(db, arena, (struct session_row){'f', 3, "0 s", "1 day", false});
    pg_close(db);
    arena_free(arena);
}

static inline void api_set_up(void)
{
    arena = arena_new(256 << 20);
    db = pg_open(database_conninfo, "test");
    routes = routes_compile(api_tables);
}

static inline void api_tear_down(void)
{
    routes_free(routes);
    pg_close(db);
    arena_free(arena);
}

static inline struct request *api_send(struct ask *q, const char *who)
{
    put_caller(q, arena, who);
    struct request *rq = ask_begin(q, arena);
    rq->db = db;
    gate_serve(routes, rq);
    return rq;
}

static inline struct request *api_ask(const char *method, const char *uri, const char *body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = method, .uri = uri, .body = str_of(body ? body : "")};
    return api_send(q, "o");
}

static inline struct request *api_get(const char *uri)
{
    return api_ask("GET", uri, NULL);
}

/* The body of an answer with this status, as a tree. */
static inline const struct jt *api_json(const struct request *rq, int status)
{
    const char *error;
    ck_assert_msg(rq->status == status, "%.*s answers %d: %.*s", STR_ARG(rq->path), rq->status,
                  STR_ARG(ask_body(rq)));
    return jt_read(arena, ask_body(rq), JR_DEPTH_MAX, &error);
}

/* The text or number at a path of names and places: "data.0.title"; absent: nothing there. */
static inline struct str api_at(const struct jt *v, const char *path)
{
    for (struct str rest = str_of(path); rest.n;) {
        struct str step = str_split(&rest, '.');
        bool place = step.p[0] >= '0' && step.p[0] <= '9' && v && v->kind == JT_ARRAY;
        v = place ? jt_at(v, (size_t)strtol(step.p, NULL, 10)) : jt_get(v, step);
    }
    if (!v)
        return (struct str){0};
    if (v->kind == JT_TRUE || v->kind == JT_FALSE)
        return v->kind == JT_TRUE ? S("true") : S("false");
    return v->kind == JT_NULL ? S("null") : v->text;
}

/* "a,b,c": the members `name` of the objects in a list. */
static inline struct str api_list(const struct jt *list, struct str name)
{
    const char *out = "";
    for (const struct jt *v = list ? list->first : NULL; v; v = v->next)
        out = arena_printf(arena, "%s%s%.*s", out, *out ? "," : "", STR_ARG(jt_get(v, name)->text));
    return str_of(out);
}

static inline void api_start(void)
{
    if (sodium_init() < 0)
        abort();
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_API_REQUESTS_PER_SECOND", "100000", 1);
    settings_load();
    bind_start();
    ratelimit_start();
}

#endif
