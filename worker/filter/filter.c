#include "worker/filter/filter.h"

#include "base/network.h"
#include "base/text.h"
#include "worker/digest/client_contexts.h"
#include "worker/filter/browser_extension.h"
#include "worker/filter/web_crawler.h"

struct run {
    struct arena *arena;
    const struct filter_settings *settings;
    const struct filter_subject *subject;
    struct str reason; /* of a filter that has many */
};

static bool match_generic(struct run *r)
{
    for (const struct filter_generic *g = r->settings->generic; g; g = g->next) {
        if (!condition_matches(r->arena, g->condition, r->subject->event, r->subject->trace))
            continue;
        r->reason = g->id;
        return true;
    }
    return false;
}

static bool match_csp(struct run *r)
{
    const struct jt *report = jt_get(r->subject->event, S("csp"));
    return report && csp_source_matches(r->arena, r->settings->csp_sources, report);
}

static bool match_address(struct run *r)
{
    return network_has(r->settings->networks, r->subject->client_ip);
}

static bool match_release(struct run *r)
{
    struct str release = jt_get_str(r->subject->event, S("release"));
    return r->settings->releases.count &&
           globs_match(&r->settings->releases, text_fold(r->arena, release));
}

/* ---- error messages */

static bool is_unwanted(struct run *r, struct str text)
{
    return text.n && globs_match(&r->settings->error_messages, text_fold(r->arena, text));
}

static bool match_exception(struct run *r, const struct jt *exception)
{
    struct str type = jt_get_str(exception, S("type")), value = jt_get_str(exception, S("value"));
    if (!type.n || !value.n)
        return is_unwanted(r, type.n ? type : value);
    return is_unwanted(r, text_join(r->arena, type, S(": "), value));
}

static bool match_error_message(struct run *r)
{
    const struct jt *entry = jt_get(r->subject->event, S("logentry"));
    const struct jt *values = jt_get(jt_get(r->subject->event, S("exception")), S("values"));
    struct str formatted = jt_get_str(entry, S("formatted"));
    if (!r->settings->error_messages.count)
        return false;
    if (is_unwanted(r, formatted.n ? formatted : jt_get_str(entry, S("message"))))
        return true;
    for (const struct jt *v = values ? values->first : NULL; v; v = v->next)
        if (match_exception(r, v))
            return true;
    return false;
}

/* ---- localhost */

static bool is_local_host(struct str host)
{
    static const struct str names[] = {{"localhost", 9}, {"127.0.0.1", 9}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!str_ends(host, names[i]))
            continue;
        if (host.n == names[i].n || host.p[host.n - names[i].n - 1] == '.')
            return true;
    }
    return false;
}

static bool is_local_url(struct arena *a, struct str url)
{
    url = text_lower(a, url);
    struct str scheme = str_slice(url, 0, str_index(url, ':'));
    struct str rest = str_slice(url, scheme.n, url.n);
    if (str_eq(scheme, S("file")))
        return rest.n > 0;
    if (!str_starts(rest, S("://")))
        return false;
    rest = str_from(rest, 3);
    struct str authority = str_slice(rest, 0, str_index(rest, '/'));
    struct str place = text_after_last(authority, "@");
    return is_local_host(str_slice(place, 0, str_index(place, ':')));
}

static bool match_localhost(struct run *r)
{
    const struct jt *event = r->subject->event;
    struct str ip = jt_get_str(jt_get(event, S("user")), S("ip_address"));
    if (!r->settings->localhost)
        return false;
    return str_eq(ip, S("127.0.0.1")) || str_eq(ip, S("::1")) ||
           is_local_url(r->arena, jt_get_str(jt_get(event, S("request")), S("url")));
}

/* ---- browsers */

static bool match_extension(struct run *r)
{
    return r->settings->browser_extensions && browser_extension_raised(r->arena, r->subject->event);
}

static struct str user_agent(const struct run *r)
{
    return client_header(r->subject->event, S("User-Agent"));
}

static bool match_legacy_browser(struct run *r)
{
    struct user_agent ua;
    if (!r->settings->legacy)
        return false;
    user_agent_parse(r->arena, user_agent(r), &ua);
    return legacy_browser_is(r->settings->legacy, &ua);
}

static bool match_crawler(struct run *r)
{
    return r->settings->web_crawlers && web_crawler_is(r->arena, user_agent(r));
}

static bool match_transaction(struct run *r)
{
    struct str name = jt_get_str(r->subject->event, S("transaction"));
    return globs_match(&r->settings->transactions, text_fold(r->arena, name));
}

/* ---- which and in what order */

#define OF(category) (1u << CATEGORY_##category)

enum {
    ERRORS = OF(DEFAULT) | OF(ERROR),
    EVENTS = ERRORS | OF(SECURITY) | OF(TRANSACTION),
    ALL = EVENTS | OF(REPLAY) | OF(SPAN) | OF(LOG_ITEM) | OF(PROFILE) | OF(TRACE_METRIC),
};

/* The first that hits counts.  A filter without a reason leaves its own in the run. */
static const struct {
    struct str reason;
    unsigned categories;
    bool (*matches)(struct run *r);
} filters[] = {
    {{NULL, 0}, ALL, match_generic},
    {{"invalid-csp", 11}, OF(SECURITY), match_csp},
    {{"ip-address", 10}, ALL, match_address},
    {{"release-version", 15}, ALL, match_release},
    {{"error-message", 13}, EVENTS, match_error_message},
    {{"localhost", 9}, EVENTS | OF(REPLAY), match_localhost},
    {{"browser-extensions", 18}, ERRORS, match_extension},
    {{"legacy-browsers", 15}, EVENTS | OF(REPLAY), match_legacy_browser},
    {{"web-crawlers", 12}, EVENTS | OF(REPLAY), match_crawler},
    {{"filtered-transaction", 20}, OF(TRANSACTION), match_transaction},
};

struct str filter_event(struct arena *a, const struct filter_settings *s,
                        const struct filter_subject *subject)
{
    struct run run = {.arena = a, .settings = s, .subject = subject};
    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
        if (filters[i].categories >> subject->category & 1 && filters[i].matches(&run))
            return filters[i].reason.p ? filters[i].reason : run.reason;
    return (struct str){0};
}
