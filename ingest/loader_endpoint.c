/*
 * GET /js-sdk-loader/KEY.js and KEY.min.js: the script that a page without a build step includes
 * (ingest.md §1.12).  It and the SDK that it fetches come from this host alone.
 */
#include "base/jt.h"
#include "base/settings.h"
#include "base/text.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "scripts.h"

#define SCRIPT_TYPE "text/javascript; charset=utf-8"
#define PLACE "LOADER);" /* where the script takes its settings */
enum { OPTIONS_DEPTH = 4, SCRIPT_MAX = 64 << 10 };

/* Stale scripts may serve for years: the SDK's address in them stays good whatever its version. */
#define CACHE                                                                                      \
    "public, max-age=3600, s-maxage=60, stale-while-revalidate=315360000, "                        \
    "stale-if-error=315360000"

/* Parts of the SDK that a key asks for, in the order of a bundle's name. */
static const struct part {
    const char *option, *suffix;
    bool at_once; /* what it watches begins with the page */
} parts[] = {
    {"hasPerformance", ".tracing", true},
    {"hasReplay", ".replay", true},
    {"hasFeedback", ".feedback", true},
    {"hasDebug", ".debug", false},
};
enum { PART_COUNT = sizeof(parts) / sizeof(*parts) };

static bool is_on(const struct jt *options, const char *name)
{
    const struct jt *v = jt_get(options, str_of(name));
    return v && v->kind == JT_TRUE;
}

static void put_bundle(struct jw *j, struct arena *a, const struct jt *options)
{
    const char *suffixes = "";
    for (size_t i = 0; i < PART_COUNT; i++)
        if (is_on(options, parts[i].option))
            suffixes = arena_printf(a, "%s%s", suffixes, parts[i].suffix);
    jw_str_k(j, "bundle",
             str_of(arena_printf(a, "%s/js-sdk/" BROWSER_SDK_VERSION "/bundle%s.min.js",
                                 settings()->public_url, suffixes)));
}

static void put_config(struct jw *j, struct arena *a, const struct project_key *key,
                       const struct jt *options)
{
    const char *dsn = arena_printf(a, "%s/%lld", project_key_dsn(a, key->public_key).p,
                                   (long long)key->project_id);
    jw_open_k(j, "config", '{');
    jw_str_k(j, "dsn", str_of(dsn));
    if (is_on(options, "hasPerformance"))
        jw_int_k(j, "tracesSampleRate", 1);
    if (is_on(options, "hasReplay")) {
        jw_double_k(j, "replaysSessionSampleRate", 0.1);
        jw_int_k(j, "replaysOnErrorSampleRate", 1);
    }
    if (is_on(options, "hasLogsAndMetrics"))
        jw_bool_k(j, "enableLogs", true);
    if (is_on(options, "hasDebug"))
        jw_bool_k(j, "debug", true);
    jw_close(j, '}');
}

static bool is_lazy(const struct jt *options)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        if (parts[i].at_once && is_on(options, parts[i].option))
            return false;
    return true;
}

static void put_settings(struct jw *j, struct arena *a, const struct project_key *key)
{
    const char *error;
    const struct jt *options = jt_read(a, key->loader_options, OPTIONS_DEPTH, &error);
    jw_open(j, '{');
    put_bundle(j, a, options);
    put_config(j, a, key, options);
    jw_bool_k(j, "feedback", is_on(options, "hasFeedback"));
    jw_bool_k(j, "lazy", is_lazy(options));
    jw_close(j, '}');
}

static int reply_script(struct request *rq, struct str script)
{
    reply_header(rq, "Cache-Control", S(CACHE));
    return reply_bytes(rq, 200, SCRIPT_TYPE, script);
}

static int reply_loader(struct request *rq, const struct project_key *key, struct str script)
{
    struct buf text;
    struct jw j;
    size_t place = str_find(script, S(PLACE));
    buf_init(&text, SCRIPT_MAX);
    buf_put_str(&text, str_slice(script, 0, place));
    jw_begin(&j, &text);
    put_settings(&j, rq->arena, key);
    buf_puts(&text, ");\n");
    struct str copy = arena_str(rq->arena, buf_str(&text));
    buf_free(&text);
    return reply_script(rq, copy);
}

static int loader_get(struct request *rq)
{
    struct project_key key;
    struct str file = request_param(rq, S("file"));
    struct str name = str_slice(file, 0, str_index(file, '.'));
    struct str ending = str_slice(file, name.n, file.n);
    bool is_lean = str_eq(ending, S(".min.js"));
    if (name.n == 0 || (!is_lean && !str_eq(ending, S(".js"))))
        return reply_empty(rq, 404);
    switch (keys_find(visit_of(rq)->ingest->keys, name, rq->arena, &key)) {
    case KEY_FOUND:
        if (key.enabled)
            return reply_loader(rq, &key, str_of(is_lean ? script_loader_min : script_loader));
        break;
    case KEY_UNSURE:
        return refuse_overloaded(rq, "the key cannot be looked up right now");
    default:
        break;
    }
    return reply_script(rq, S("/* This key is not known, or it is switched off. */\n"));
}

static const struct endpoint endpoint = {AUTH_NONE, 0};

const struct route loader_routes[] = {
    {METHOD_GET, "/js-sdk-loader/{file}", 0, loader_get, &endpoint},
    {0},
};
