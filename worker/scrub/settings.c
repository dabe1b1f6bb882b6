#include "worker/scrub/settings.h"

#include <stdlib.h>

#include "worker/scrub/rule.h"
#include "worker/scrub/selector.h"

const struct scrub_options scrub_options_of_project = {.scrub_data = true, .scrub_defaults = true};
const struct scrub_options scrub_options_of_organization = {0};

static bool read_switch(const struct jt *options, struct str name, bool otherwise)
{
    const struct jt *v = jt_get(options, name);
    return v && (v->kind == JT_TRUE || v->kind == JT_FALSE) ? v->kind == JT_TRUE : otherwise;
}

static struct str_list read_list(struct arena *a, const struct jt *options, struct str name,
                                 struct str_list otherwise)
{
    const struct jt *v = jt_get(options, name);
    if (!v || v->kind != JT_ARRAY)
        return otherwise;
    struct str *list = arena_alloc(a, (v->count + 1) * sizeof(*list));
    size_t count = 0;
    for (const struct jt *item = v->first; item; item = item->next)
        if (item->kind == JT_STRING)
            list[count++] = item->text;
    return (struct str_list){count, list};
}

struct scrub_options scrub_options_read(struct arena *a, const struct jt *options,
                                        struct scrub_options otherwise)
{
    const struct jt *rules = jt_get(options, S("relayPiiConfig"));
    bool has_rules = rules && (rules->kind == JT_STRING || rules->kind == JT_NULL);
    return (struct scrub_options){
        read_switch(options, S("dataScrubber"), otherwise.scrub_data),
        read_switch(options, S("dataScrubberDefaults"), otherwise.scrub_defaults),
        read_switch(options, S("scrubIPAddresses"), otherwise.scrub_ip_addresses),
        read_list(a, options, S("sensitiveFields"), otherwise.sensitive_fields),
        read_list(a, options, S("safeFields"), otherwise.safe_fields),
        has_rules ? jt_str(rules) : otherwise.rules,
    };
}

static struct str_list join(struct arena *a, struct str_list x, struct str_list y)
{
    struct str *list = arena_alloc(a, (x.count + y.count + 1) * sizeof(*list));
    if (x.count)
        memcpy(list, x.list, x.count * sizeof(*list));
    if (y.count)
        memcpy(list + x.count, y.list, y.count * sizeof(*list));
    return (struct str_list){x.count + y.count, list};
}

struct scrub_options scrub_options_merge(struct arena *a, const struct scrub_options *organization,
                                         const struct scrub_options *project)
{
    return (struct scrub_options){
        organization->scrub_data || project->scrub_data,
        organization->scrub_defaults || project->scrub_defaults,
        organization->scrub_ip_addresses || project->scrub_ip_addresses,
        join(a, organization->sensitive_fields, project->sensitive_fields),
        join(a, organization->safe_fields, project->safe_fields),
        {0},
    };
}

/* ---- Selectors of the generated configuration. */

#define EVERYTHING "$string || $number || $array || $object"
#define IGNORED                                                                                    \
    "debug_meta.** || $frame.filename || $frame.abs_path || $logentry.formatted || $error.value "  \
    "|| $request.headers.user-agent"
#define ADDRESSES                                                                                  \
    "$request.env.REMOTE_ADDR || $user.ip_address || $sdk.client_ip || "                           \
    "$span.sentry_tags.'user.ip'"
#define MESSAGES "$logentry.formatted"

static const char *const cookies[] = {
    "sentrysid", "sudo",          "su",         "session",    "__session",
    "sessionid", "user_session",  "symfony",    "phpsessid",  "fasthttpsessionid",
    "mysession", "irissessionid", "csrf",       "xsrf",       "_xsrf",
    "_csrf",     "csrf-token",    "csrf_token", "xsrf-token", "xsrf_token",
    "fastcsrf",  "_iris_csrf",
};

static struct selector *parse_own(struct arena *a, const char *text)
{
    const char *error;
    struct selector *s = selector_parse(a, str_of(text), &error);
    if (!s)
        abort();
    return s;
}

static struct selector *cookies_selector(struct arena *a)
{
    struct selector *any = selector_new(a, SELECTOR_OR);
    for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++)
        selector_add(any, parse_own(a, arena_printf(a, "*.cookies.%s", cookies[i])));
    return any;
}

static struct selector *negated(struct arena *a, struct selector *s)
{
    struct selector *not = selector_new(a, SELECTOR_NOT);
    selector_add(not, s);
    return not ;
}

/* Old settings hold names of any form: what is no selector is a key. */
static struct selector *safe_selector(struct arena *a, struct str field)
{
    const char *error;
    struct selector *s = selector_parse_plain(a, field, &error);
    return s ? s : selector_of_key(a, field);
}

static struct selector *default_selector(struct arena *a, struct str_list safe)
{
    struct selector *all = selector_new(a, SELECTOR_AND);
    selector_add(all, parse_own(a, EVERYTHING));
    selector_add(all, negated(a, parse_own(a, IGNORED)));
    for (size_t i = 0; i < safe.count; i++) {
        struct str field = str_trim(safe.list[i]);
        if (field.n)
            selector_add(all, negated(a, safe_selector(a, field)));
    }
    return all;
}

/* ---- The configuration. */

static struct str printed(struct arena *a, const struct selector *s)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    selector_print(s, &out);
    struct str text = arena_str(a, buf_str(&out));
    buf_free(&out);
    return text;
}

/* "a|b|c", each taken literally; empty when no name is left. */
static struct str alternatives(struct arena *a, struct str_list fields)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < fields.count; i++) {
        struct str field = str_trim(fields.list[i]);
        if (!field.n)
            continue;
        if (out.len)
            buf_putc(&out, '|');
        buf_put_str(&out, rule_escape(a, field));
    }
    struct str text = arena_str(a, out.len ? buf_str(&out) : S(""));
    buf_free(&out);
    return text;
}

static struct jt *text_member(struct arena *a, struct jt *object, struct str key, struct str text)
{
    struct jt *v = jt_new_str(a, text);
    jt_set(object, key, v);
    return v;
}

static struct jt *new_member(struct arena *a, struct jt *object, struct str key, enum jt_kind kind)
{
    struct jt *v = jt_new(a, kind);
    jt_set(object, key, v);
    return v;
}

static void add_strip_fields(struct arena *a, struct jt *rules, struct str pattern)
{
    struct jt *rule = new_member(a, rules, S("strip-fields"), JT_OBJECT);
    text_member(a, rule, S("type"), S("redact_pair"));
    text_member(a, rule, S("keyPattern"), pattern);
    struct jt *redaction = new_member(a, rule, S("redaction"), JT_OBJECT);
    text_member(a, redaction, S("method"), S("replace"));
    text_member(a, redaction, S("text"), S("[Filtered]"));
}

static struct jt *apply(struct arena *a, struct jt *applications, const struct selector *selector)
{
    return new_member(a, applications, printed(a, selector), JT_ARRAY);
}

static void apply_fixed(struct arena *a, struct jt *applications, const struct scrub_options *o)
{
    if (o->scrub_data && o->scrub_defaults) {
        jt_append(apply(a, applications, cookies_selector(a)),
                  jt_new_str(a, S("@anything:filter")));
        jt_append(apply(a, applications, parse_own(a, MESSAGES)), jt_new_str(a, S("@bearer")));
    }
    if (o->scrub_ip_addresses)
        jt_append(apply(a, applications, parse_own(a, ADDRESSES)),
                  jt_new_str(a, S("@anything:remove")));
}

struct jt *scrub_options_config(struct arena *a, const struct scrub_options *o)
{
    struct jt *config = jt_new(a, JT_OBJECT);
    struct jt *rules = new_member(a, config, S("rules"), JT_OBJECT);
    struct jt *vars = new_member(a, config, S("vars"), JT_OBJECT);
    struct jt *applications = new_member(a, config, S("applications"), JT_OBJECT);
    struct jt *everywhere = jt_new(a, JT_ARRAY);
    struct str pattern = o->scrub_data ? alternatives(a, o->sensitive_fields) : S("");
    new_member(a, vars, S("hashKey"), JT_NULL);
    if (o->scrub_data && o->scrub_defaults)
        jt_append(everywhere, jt_new_str(a, S("@common:filter")));
    if (o->scrub_ip_addresses)
        jt_append(everywhere, jt_new_str(a, S("@ip:replace")));
    if (pattern.n) {
        add_strip_fields(a, rules, pattern);
        jt_append(everywhere, jt_new_str(a, S("strip-fields")));
    }
    if (everywhere->count)
        jt_set(applications, printed(a, default_selector(a, o->safe_fields)), everywhere);
    apply_fixed(a, applications, o);
    return applications->count ? config : NULL;
}
