#include "worker/filter/settings.h"

#include "base/buf.h"

enum { NETWORKS_MAX = 64 << 10 };

/* Numbers of the errors by which React says that the page of the server and its own differ. */
#define HYDRATION "{418,419,421,422,423,425}"

static const char *const hydration_errors[] = {
    "*https://reactjs.org/docs/error-decoder.html?invariant=" HYDRATION "*",
    "*https://react.dev/errors/" HYDRATION "*",
};

/* Pieces of scripts that are gone after a release, as webpack, Turbopack and promises tell it. */
static const char *const chunk_errors[] = {
    "ChunkLoadError: Loading chunk *",
    "*Uncaught *: ChunkLoadError: Loading chunk *",
    "ChunkLoadError: Failed to load chunk *",
    "*Uncaught *: ChunkLoadError: Failed to load chunk *",
    "Error: Uncaught (in promise): ChunkLoadError*",
};

static const char *const health_checks[] = {
    "*healthcheck*",   "*heartbeat*", "*/health", "*/healthy", "*/healthz", "*/_health",
    "*/\\[_health\\]", "*/live",      "*/livez",  "*/ready",   "*/readyz",  "*/ping",
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void add_all(struct arena *a, struct globs *g, const char *const *patterns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        globs_add_text(a, g, str_of(patterns[i]));
}

static bool is_on(const struct jt *option, bool otherwise)
{
    if (!option || option->kind == JT_NULL)
        return otherwise;
    return option->kind == JT_TRUE || str_eq(option->text, S("1"));
}

static bool is_list(const struct jt *option)
{
    return option && option->kind == JT_ARRAY;
}

static void read_networks(struct filter_settings *s, struct arena *a, const struct jt *option)
{
    struct buf all;
    s->networks = jt_str(option);
    if (!is_list(option))
        return;
    buf_init(&all, NETWORKS_MAX);
    for (const struct jt *v = option->first; v && buf_ok(&all); v = v->next) {
        buf_put_str(&all, jt_str(v));
        buf_putc(&all, ' ');
    }
    s->networks = arena_str(a, buf_str(&all));
    buf_free(&all);
}

static void read_csp_sources(struct filter_settings *s, struct arena *a, const struct jt *options)
{
    const struct jt *own = jt_get(options, S("sentry:csp_ignored_sources"));
    struct str lines = jt_str(own);
    if (is_on(jt_get(options, S("sentry:csp_ignored_sources_defaults")), true))
        s->csp_sources = csp_source_defaults(a, NULL);
    while (lines.p)
        s->csp_sources = csp_source_add(a, str_split(&lines, '\n'), s->csp_sources);
    for (const struct jt *v = is_list(own) ? own->first : NULL; v; v = v->next)
        s->csp_sources = csp_source_add(a, jt_str(v), s->csp_sources);
}

static void read_error_messages(struct filter_settings *s, struct arena *a,
                                const struct jt *options)
{
    globs_add(a, &s->error_messages, jt_get(options, S("sentry:error_messages")));
    if (is_on(jt_get(options, S("filters:react-hydration-errors")), true))
        add_all(a, &s->error_messages, hydration_errors, COUNT(hydration_errors));
    if (is_on(jt_get(options, S("filters:chunk-load-error")), true))
        add_all(a, &s->error_messages, chunk_errors, COUNT(chunk_errors));
}

static void read_transactions(struct filter_settings *s, struct arena *a, const struct jt *options)
{
    const struct jt *option = jt_get(options, S("filters:filtered-transaction"));
    globs_add(a, &s->transactions, jt_get(options, S("sentry:transactions")));
    if (is_list(option))
        globs_add(a, &s->transactions, option);
    else if (is_on(option, true))
        add_all(a, &s->transactions, health_checks, COUNT(health_checks));
}

static void read_legacy_browsers(struct filter_settings *s, const struct jt *option)
{
    if (is_on(option, false))
        s->legacy = legacy_browser_option(S("default"));
    for (const struct jt *v = is_list(option) ? option->first : NULL; v; v = v->next)
        s->legacy |= legacy_browser_option(jt_str(v));
}

static void read_generic(struct filter_settings *s, struct arena *a, const struct jt *option)
{
    const struct filter_generic **link = &s->generic;
    for (const struct jt *v = is_list(option) ? option->first : NULL; v; v = v->next) {
        struct str id = jt_get_str(v, S("id"));
        const struct condition *condition = condition_compile(a, jt_get(v, S("condition")));
        if (!id.n || !condition || !is_on(jt_get(v, S("isEnabled")), false))
            continue;
        struct filter_generic *one = arena_take(a, sizeof(*one));
        *one = (struct filter_generic){.id = id, .condition = condition};
        *link = one;
        link = &one->next;
    }
}

const struct filter_settings *filter_settings_read(struct arena *a, const struct jt *options)
{
    struct filter_settings *s = arena_new_of(a, struct filter_settings);
    read_networks(s, a, jt_get(options, S("sentry:blacklisted_ips")));
    globs_add(a, &s->releases, jt_get(options, S("sentry:releases")));
    read_error_messages(s, a, options);
    read_transactions(s, a, options);
    read_legacy_browsers(s, jt_get(options, S("filters:legacy-browsers")));
    read_csp_sources(s, a, options);
    read_generic(s, a, jt_get(options, S("filters:generic")));
    s->sampling = sampling_read(a, options);
    s->needs_trace = s->generic || s->sampling;
    s->localhost = is_on(jt_get(options, S("filters:localhost")), false);
    s->browser_extensions = is_on(jt_get(options, S("filters:browser-extensions")), false);
    s->web_crawlers = is_on(jt_get(options, S("filters:web-crawlers")), false);
    return s;
}
