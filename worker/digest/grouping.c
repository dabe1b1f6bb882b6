#include "worker/digest/grouping.h"

#include "base/text.h"
#include "storage/md5.h"
#include "worker/digest/exception_component.h"
#include "worker/digest/fingerprint.h"
#include "worker/digest/message.h"

enum { VALUES_MAX = 8 << 20 };

typedef void strategy(struct normalizer *n, struct component *out[VARIANTS]);

static const struct stack *stack_of(const struct normalizer *n, const struct jt *holder)
{
    const struct jt *trace = jt_get(holder, S("stacktrace"));
    for (size_t i = 0; i < n->stack_count; i++)
        if (trace && n->stacks[i].trace == trace)
            return &n->stacks[i];
    return NULL;
}

static bool is_true(const struct jt *object, struct str key)
{
    const struct jt *v = jt_get(object, key);
    return v && v->kind == JT_TRUE;
}

/* The only thread with that mark; an absent mark: the only thread. */
static const struct jt *only_thread(const struct jt *values, struct str mark)
{
    const struct jt *found = NULL;
    for (const struct jt *v = values->first; v; v = v->next) {
        if (v->kind != JT_OBJECT || (mark.p && !is_true(v, mark)))
            continue;
        if (found)
            return NULL;
        found = v;
    }
    return found;
}

static void by_threads(struct normalizer *n, struct component *out[VARIANTS])
{
    const struct jt *values = normalize_values(n->event, S("threads"));
    if (!values)
        return;
    const struct jt *thread = only_thread(values, S("crashed"));
    thread = thread ? thread : only_thread(values, S("current"));
    thread = thread ? thread : only_thread(values, (struct str){0});
    const struct stack *stack = stack_of(n, thread);
    if (stack)
        frame_component_stack(n, stack, out);
}

static void by_stacktrace(struct normalizer *n, struct component *out[VARIANTS])
{
    const struct stack *stack = stack_of(n, n->event);
    if (stack)
        frame_component_stack(n, stack, out);
}

static void by_template(struct normalizer *n, struct component *out[VARIANTS])
{
    const struct jt *template = jt_get(n->event, S("template"));
    struct arena *a = n->arena;
    if (!template)
        return;
    out[VARIANT_DEFAULT] = component_new(a, "template");
    component_add(out[VARIANT_DEFAULT],
                  component_leaf(a, "filename", jt_get_str(template, S("filename"))));
    component_add(out[VARIANT_DEFAULT],
                  component_leaf(a, "context_line", jt_get_str(template, S("context_line"))));
}

/* The host of an http address; the scheme and host of another; 'self' for the page itself. */
static struct str blocked_origin(struct arena *a, struct str uri)
{
    if (!uri.n || str_eq(uri, S("self")) || str_eq(uri, S("'self'")))
        return S("'self'");
    size_t colon = str_index(uri, ':');
    struct str scheme = str_slice(uri, 0, colon), host = str_slice(uri, colon + 1, uri.n);
    bool has_host = str_starts(host, S("//"));
    host = has_host ? str_from(host, 2) : S("");
    host = str_slice(host, 0, str_index(host, '/'));
    if (str_eq(scheme, S("http")) || str_eq(scheme, S("https")))
        return host;
    return str_of(
        arena_printf(a, "%.*s%s%.*s", STR_ARG(scheme), host.n ? "://" : ":", STR_ARG(host)));
}

/* The quoted keyword of a script that the page itself holds and its policy forbids. */
static struct str local_violation(const struct jt *csp, struct str origin)
{
    static const struct str keywords[] = {{"'unsafe-inline'", 15}, {"'unsafe-eval'", 13}};
    struct str violated = jt_get_str(csp, S("violated_directive"));
    bool script = str_eq(jt_get_str(csp, S("effective_directive")), S("script-src"));
    for (int i = 0; i < 2; i++)
        if (script && str_eq(origin, S("'self'")) && str_has(violated, keywords[i]))
            return keywords[i];
    return (struct str){0};
}

static void by_csp(struct normalizer *n, struct component *out[VARIANTS])
{
    const struct jt *csp = jt_get(n->event, S("csp"));
    struct arena *a = n->arena;
    if (!csp)
        return;
    struct str origin = blocked_origin(a, jt_get_str(csp, S("blocked_uri")));
    struct component *c = out[VARIANT_DEFAULT] = component_new(a, "csp");
    struct component *violation = component_leaf(a, "violation", local_violation(csp, origin));
    struct component *uri = component_leaf(a, "uri", origin);
    uri->contributes = !violation->contributes;
    component_add(c, component_leaf(a, "salt", jt_get_str(csp, S("effective_directive"))));
    component_add(c, violation);
    component_add(c, uri);
}

static void by_host(struct normalizer *n, struct component *out[VARIANTS], struct str interface,
                    const char *salt)
{
    const struct jt *report = jt_get(n->event, interface);
    if (!report)
        return;
    struct component *c = out[VARIANT_DEFAULT] = component_new(n->arena, salt);
    component_add(c, component_leaf(n->arena, "salt", str_of(salt)));
    component_add(c, component_leaf(n->arena, "hostname", jt_get_str(report, S("hostname"))));
}

static void by_hpkp(struct normalizer *n, struct component *out[VARIANTS])
{
    by_host(n, out, S("hpkp"), "hpkp");
}

static void by_expectstaple(struct normalizer *n, struct component *out[VARIANTS])
{
    by_host(n, out, S("expectstaple"), "expect-staple");
}

static void by_expectct(struct normalizer *n, struct component *out[VARIANTS])
{
    by_host(n, out, S("expectct"), "expect-ct");
}

static void by_message(struct normalizer *n, struct component *out[VARIANTS])
{
    const struct jt *entry = jt_get(n->event, S("logentry"));
    struct str text = jt_get_str(entry, S("message"));
    text = text.n ? text : jt_get_str(entry, S("formatted"));
    if (text.n)
        out[VARIANT_DEFAULT] =
            component_leaf(n->arena, "message", message_parameterize(n->arena, text));
}

static strategy *const strategies[] = {exception_component, by_threads,  by_stacktrace,
                                       by_template,         by_csp,      by_hpkp,
                                       by_expectstaple,     by_expectct, by_message};

static bool contributes(const struct component *c)
{
    return c && c->contributes;
}

/* All frames say no more than the in-app ones, or only one of the two has a stack to speak of. */
static void settle(struct component *variants[VARIANTS])
{
    struct component *app = variants[VARIANT_APP], *system = variants[VARIANT_SYSTEM];
    struct grouping_hash a, b;
    if (!contributes(app) || !contributes(system))
        return;
    component_hash(app, &a);
    component_hash(system, &b);
    bool app_stack = component_has(app, "stacktrace");
    bool system_stack = component_has(system, "stacktrace");
    if (memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0)
        system->contributes = false;
    else if (app_stack != system_stack)
        (app_stack ? system : app)->contributes = false;
}

static bool run(strategy *s, struct normalizer *n, struct component *variants[VARIANTS])
{
    bool any = false;
    for (int v = 0; v < VARIANTS; v++)
        variants[v] = NULL;
    s(n, variants);
    settle(variants);
    for (int v = 0; v < VARIANTS; v++)
        any = any || contributes(variants[v]);
    return any;
}

static void add_hash(struct normalizer *n, struct str values)
{
    struct grouping_hash *hash = &n->out->hashes[n->out->hash_count++];
    md5(values, hash->bytes);
}

/* A fingerprint with {{ default }} in it: that part stands for the variant's own values.  Without a
 * variant nothing does. */
static void add_fingerprint(struct normalizer *n, const struct jt *fingerprint,
                            const struct component *variant)
{
    struct buf values;
    buf_init(&values, VALUES_MAX);
    for (const struct jt *part = fingerprint->first; part; part = part->next) {
        if (variant && fingerprint_is_default(part->text))
            component_values(variant, &values);
        else
            buf_put_str(&values, fingerprint_resolve(n, part->text));
    }
    add_hash(n, buf_str(&values));
    buf_free(&values);
}

static bool has_default(const struct jt *fingerprint)
{
    for (const struct jt *part = fingerprint->first; part; part = part->next)
        if (fingerprint_is_default(part->text))
            return true;
    return false;
}

static void add_variant(struct normalizer *n, const struct jt *fingerprint,
                        const struct component *variant)
{
    if (!contributes(variant))
        return;
    if (fingerprint)
        add_fingerprint(n, fingerprint, variant);
    else if (component_hash(variant, &n->out->hashes[n->out->hash_count]))
        n->out->hash_count++;
}

/* A checksum is a hash that the client made itself. */
static bool add_checksum(struct normalizer *n)
{
    struct str checksum = normalize_text(n, S("checksum"));
    if (!checksum.n)
        return false;
    bool plain = checksum.n == 32 && text_unhex(checksum, n->out->hashes[0].bytes) &&
                 str_eq(checksum, text_lower(n->arena, checksum));
    if (plain)
        n->out->hash_count = 1;
    else
        add_hash(n, checksum);
    return true;
}

void grouping_finish(struct normalizer *n)
{
    const struct jt *fingerprint = fingerprint_of(n);
    struct component *variants[VARIANTS] = {0};
    bool found = false;
    n->out->hash_count = 0;
    if (add_checksum(n))
        return;
    for (size_t i = 0; i < sizeof(strategies) / sizeof(strategies[0]) && !found; i++)
        found = run(strategies[i], n, variants);
    if (fingerprint && !has_default(fingerprint)) {
        add_fingerprint(n, fingerprint, NULL);
        return;
    }
    for (int v = 0; v < VARIANTS; v++)
        add_variant(n, fingerprint, variants[v]);
    if (!n->out->hash_count)
        add_hash(n, S(""));
}
