#include "worker/digest/client_contexts.h"

#include "base/text.h"
#include "worker/digest/pairs.h"
#include "worker/digest/user_agent.h"

struct str client_header(const struct jt *event, struct str name)
{
    return jt_str(pairs_get(jt_get(jt_get(event, S("request")), S("headers")), name));
}

/* What the client said; the User-Agent is only read when a context needs it. */
struct client {
    struct normalizer *n;
    struct str header;
    bool is_read;
    struct user_agent ua;
};

static const struct user_agent *user_agent_of(struct client *c)
{
    if (!c->is_read)
        user_agent_parse(c->n->arena, c->header, &c->ua);
    c->is_read = true;
    return &c->ua;
}

/* Without blanks at the ends and quotes. */
static struct str unquoted(struct arena *a, struct str text)
{
    text = str_trim(text);
    if (str_index(text, '"') == text.n)
        return text;
    char *out = arena_take(a, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '"')
            out[n++] = text.p[i];
    return str_trim((struct str){out, n});
}

static struct str hint(const struct client *c, struct str name)
{
    return unquoted(c->n->arena, client_header(c->n->event, name));
}

static void put(const struct client *c, struct jt *context, struct str key, struct str value)
{
    if (value.n)
        jt_set(context, key, jt_new_str(c->n->arena, value));
}

/* Every Chromium names itself, its engine and a made-up brand besides; "Not.A/Brand". */
static bool is_brand(struct str item)
{
    static const struct str others[] = {{"Brand", 5}, {"Chromium", 8}, {"Gecko", 5}, {"WebKit", 6}};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (str_has(item, others[i]))
            return false;
    return true;
}

/* "Chromium";v="120", "Google Chrome";v="120" */
static bool browser_of_hints(struct client *c, struct jt *context)
{
    struct str list = client_header(c->n->event, S("Sec-CH-UA")), mark = S(";v=");
    while (list.p) {
        struct str item = str_split(&list, ',');
        if (!is_brand(item))
            continue;
        size_t at = str_find(item, mark);
        struct str name = unquoted(c->n->arena, str_slice(item, 0, at));
        struct str version = unquoted(c->n->arena, str_slice(item, at + mark.n, item.n));
        if (!name.n || !version.n)
            return false;
        put(c, context, S("name"), name);
        put(c, context, S("version"), version);
        return true;
    }
    return false;
}

static bool browser_of_header(struct client *c, struct jt *context)
{
    put(c, context, S("name"), user_agent_of(c)->browser);
    put(c, context, S("version"), user_agent_of(c)->browser_version);
    return context->count > 0;
}

static bool device_of_hints(struct client *c, struct jt *context)
{
    put(c, context, S("model"), hint(c, S("Sec-CH-UA-Model")));
    return context->count > 0;
}

static bool device_of_header(struct client *c, struct jt *context)
{
    put(c, context, S("family"), user_agent_of(c)->device);
    put(c, context, S("model"), user_agent_of(c)->model);
    put(c, context, S("brand"), user_agent_of(c)->brand);
    return context->count > 0;
}

static bool os_of_hints(struct client *c, struct jt *context)
{
    struct str name = hint(c, S("Sec-CH-UA-Platform"));
    if (!name.n)
        return false;
    put(c, context, S("name"), name);
    put(c, context, S("version"), hint(c, S("Sec-CH-UA-Platform-Version")));
    return true;
}

/* Browsers have named these versions ever since, whatever they run on. */
static bool is_frozen(const struct user_agent *ua)
{
    return (str_eq(ua->os, S("Windows")) && str_eq(ua->os_version, S("10"))) ||
           (str_eq(ua->os, S("Mac OS X")) && str_eq(ua->os_version, S("10.15.7")));
}

static bool os_of_header(struct client *c, struct jt *context)
{
    const struct user_agent *ua = user_agent_of(c);
    struct str version = ua->os_version;
    if (is_frozen(ua))
        version = text_join(c->n->arena, S(">="), S(""), version);
    put(c, context, S("name"), ua->os);
    put(c, context, S("version"), version);
    return context->count > 0;
}

/* Hints count before the header, for each context as a whole.  Each function fills an empty
 * context; false when it knows nothing. */
static const struct {
    struct str type;
    bool (*of_hints)(struct client *c, struct jt *context);
    bool (*of_header)(struct client *c, struct jt *context);
} kinds[] = {
    {{"browser", 7}, browser_of_hints, browser_of_header},
    {{"device", 6}, device_of_hints, device_of_header},
    {{"os", 2}, os_of_hints, os_of_header},
};

/* A context that only says of what type it is says nothing. */
static bool says_something(const struct jt *context)
{
    for (const struct jt *v = context ? context->first : NULL; v; v = v->next)
        if (v->kind != JT_NULL && !str_eq(v->key, S("type")))
            return context->kind == JT_OBJECT;
    return false;
}

void client_contexts_add(struct normalizer *n, struct jt *contexts)
{
    struct client c = {.n = n, .header = client_header(n->event, S("User-Agent"))};
    bool in_browser = str_eq(n->out->platform, S("javascript"));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        bool is_os = str_eq(kinds[i].type, S("os"));
        struct str key = is_os && !in_browser ? S("client_os") : kinds[i].type;
        struct jt *context = jt_new(n->arena, JT_OBJECT);
        if (says_something(jt_get(contexts, key)))
            continue;
        if (!kinds[i].of_hints(&c, context) && !kinds[i].of_header(&c, context))
            continue;
        jt_set(context, S("type"), jt_new_str(n->arena, kinds[i].type));
        jt_set(contexts, key, context);
    }
}
