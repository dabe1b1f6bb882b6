#include "worker/span/description.h"

#include "base/text.h"
#include "worker/span/redis.h"
#include "worker/span/sql.h"
#include "worker/span/url.h"

enum { HEX_LEAST = 8 };

/* What a rule looks at. */
struct subject {
    struct arena *arena;
    const struct jt *span;
    struct str op, text; /* text: the description */
};

struct str span_data(const struct jt *span, struct str key)
{
    const struct jt *v = jt_get(jt_get(span, S("data")), key);
    bool fits = v && (v->kind == JT_STRING || v->kind == JT_NUMBER);
    return fits ? v->text : (struct str){0};
}

static struct subject subject_of(struct arena *a, const struct jt *span)
{
    return (struct subject){a, span, jt_get_str(span, S("op")), jt_get_str(span, S("description"))};
}

/* Of the op "http" itself, and of those below it: "http.client". */
static bool is_below(struct str op, struct str prefix)
{
    return str_starts(op, prefix) && (op.n == prefix.n || op.p[prefix.n] == '.');
}

/* ---- calls */

/* "GET" of "GET https://…"; *rest is what follows.  Absent when there is no verb. */
static struct str method_of(struct str text, struct str *rest)
{
    static const struct str verbs[] = {{"GET", 3},     {"HEAD", 4},   {"POST", 4},
                                       {"PUT", 3},     {"DELETE", 6}, {"CONNECT", 7},
                                       {"OPTIONS", 7}, {"TRACE", 5},  {"PATCH", 5}};
    size_t end = str_index(text, ' ');
    struct str verb = str_slice(text, 0, end);
    for (size_t i = 0; end < text.n && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!str_case_eq(verb, verbs[i]))
            continue;
        *rest = str_trim(str_from(text, end + 1));
        return verbs[i];
    }
    return (struct str){0};
}

static struct str describe_call(const struct subject *s)
{
    struct span_url url;
    struct str rest, method = method_of(s->text, &rest);
    if (!method.p)
        return (struct str){0};
    if (str_starts(rest, S("data:image/")))
        return text_join(s->arena, method, S(" "), S("data:image/*"));
    if (!url_parse(rest, &url))
        return text_join(s->arena, method, S(" "), S("*"));
    struct str domain = url_domain(s->arena, &url);
    return str_of(arena_printf(s->arena, "%.*s %.*s://%.*s", STR_ARG(method), STR_ARG(url.scheme),
                               STR_ARG(domain)));
}

/* ---- databases */

static bool is_redis(const struct subject *s)
{
    return is_below(s->op, S("cache")) || str_eq(s->op, S("db.redis")) ||
           (is_below(s->op, S("db")) && str_eq(span_data(s->span, S("db.system")), S("redis")));
}

static struct str describe_redis(const struct subject *s)
{
    return redis_description(s->arena, s->text);
}

/* Runs of hex digits and dashes that hold a digit become `mark`, when they are as long as `least`;
 * runs of digits alone whatever their length, when `numbers`. */
static struct str without_ids(struct arena *a, struct str text, struct str mark, bool numbers)
{
    char *out = arena_take(a, text.n * (mark.n + 1) + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n;) {
        size_t run = text_run(text, i, "0123456789abcdefABCDEF-");
        size_t digits = text_run(text, i, "0123456789");
        bool inside = i && text_is_word_byte(text.p[i - 1]);
        bool ends = i + run == text.n || !text_is_word_byte(text.p[i + run]);
        size_t id = run >= HEX_LEAST && !inside && ends ? run : numbers ? digits : 0;
        if (id) {
            memcpy(out + n, mark.p, mark.n);
            n += mark.n;
        } else {
            out[n++] = text.p[i];
        }
        i += id ? id : 1;
    }
    return (struct str){out, n};
}

static void hide_values(struct arena *a, struct jt *v)
{
    for (struct jt *child = v->first; child; child = child->next) {
        if (child->kind == JT_OBJECT || child->kind == JT_ARRAY) {
            hide_values(a, child);
            continue;
        }
        child->kind = JT_STRING;
        child->text = S("?");
    }
}

static struct str json_of(struct arena *a, const struct jt *v)
{
    struct buf out;
    struct jw w;
    buf_init(&out, (size_t)1 << 20);
    jw_begin(&w, &out);
    jt_write(&w, v);
    struct str text = buf_ok(&out) ? arena_str(a, buf_str(&out)) : (struct str){0};
    buf_free(&out);
    return text;
}

static struct str describe_mongo(const struct subject *s)
{
    enum { DEPTH_MAX = 16 };
    const char *error;
    struct str command = span_data(s->span, S("db.operation"));
    struct str collection = span_data(s->span, S("db.collection.name"));
    struct jt *query = jt_read(s->arena, s->text, DEPTH_MAX, &error);
    if (!command.n || !collection.n || !query || query->kind != JT_OBJECT)
        return (struct str){0};
    hide_values(s->arena, query);
    struct jt *named = jt_get(query, command);
    if (named && named->kind == JT_STRING)
        named->text = without_ids(s->arena, collection, S("{%s}"), true);
    return json_of(s->arena, query);
}

/* Kinds of databases whose spans say nothing that could be grouped by. */
static bool is_mute(const struct subject *s, struct str system)
{
    static const struct str mute[] = {{"clickhouse", 10}, {"mongodb", 7}, {"redis", 5}};
    for (size_t i = 0; i < sizeof(mute) / sizeof(mute[0]); i++)
        if (str_has(s->op, mute[i]))
            return true;
    bool mongo = !system.n && (str_starts(s->text, S("{")) || str_has(s->text, S("\"$")));
    return mongo || (str_has(s->op, S("active_record")) && !system.n);
}

static struct str describe_query(const struct subject *s)
{
    struct str system = span_data(s->span, S("db.system"));
    struct str origin = jt_get_str(s->span, S("origin"));
    if (str_eq(system, S("mongodb")))
        return describe_mongo(s);
    if (is_mute(s, system))
        return (struct str){0};
    if (str_eq(origin, S("auto.db.core_data")))
        return without_ids(s->arena, s->text, S("*"), true);
    if (str_has(s->op, S("prisma")))
        return s->text;
    if (str_eq(origin, S("auto.db.supabase")) && str_starts(s->text, S("from(")))
        return without_ids(s->arena, s->text, S("{%s}"), true);
    return sql_description(s->arena, s->text);
}

/* ---- others */

static struct str describe_resource(const struct subject *s)
{
    return url_resource(s->arena, s->text);
}

static struct str describe_file(const struct subject *s)
{
    struct str extension = url_extension(text_after_last(s->text, "/\\"));
    return extension.p ? text_join(s->arena, S("*"), S("."), extension) : S("*");
}

static struct str describe_function(const struct subject *s)
{
    return without_ids(s->arena, s->text, S("*"), false);
}

static struct str describe_component(const struct subject *s)
{
    return span_data(s->span, S("ui.component_name"));
}

static struct str describe_as_is(const struct subject *s)
{
    return s->text;
}

/* The first prefix that the op is below says how. */
static const struct {
    struct str prefix;
    struct str (*describe)(const struct subject *s);
} rules[] = {
    {{"http", 4}, describe_call},
    {{"db", 2}, describe_query},
    {{"resource", 8}, describe_resource},
    {{"ai.run", 6}, describe_as_is},
    {{"ai.pipeline", 11}, describe_as_is},
    {{"ui.load", 7}, describe_as_is},
    {{"ui.interaction", 14}, describe_component},
    {{"ui.react", 8}, describe_component},
    {{"app", 3}, describe_as_is},
    {{"contentprovider.load", 20}, describe_as_is},
    {{"application.load", 16}, describe_as_is},
    {{"activity.load", 13}, describe_as_is},
    {{"file", 4}, describe_file},
    {{"function", 8}, describe_function},
};

struct str span_description(struct arena *a, const struct jt *span)
{
    struct subject s = subject_of(a, span);
    struct str text = {0};
    if (s.text.n && is_redis(&s))
        text = describe_redis(&s);
    for (size_t i = 0; !text.p && s.text.n && i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (is_below(s.op, rules[i].prefix))
            return rules[i].describe(&s);
    }
    return text;
}

static struct str capitals(struct arena *a, struct str word)
{
    char *text = arena_take(a, word.n + 1);
    for (size_t i = 0; i < word.n; i++)
        text[i] = word.p[i] >= 'a' && word.p[i] <= 'z' ? (char)(word.p[i] - 'a' + 'A') : word.p[i];
    return (struct str){text, word.n};
}

struct str span_action(struct arena *a, const struct jt *span)
{
    struct subject s = subject_of(a, span);
    struct str rest;
    if (is_below(s.op, S("http"))) {
        struct str sent = span_data(span, S("http.request_method"));
        return sent.n ? capitals(a, sent) : method_of(s.text, &rest);
    }
    if (is_redis(&s))
        return redis_command(a, s.text);
    if (!is_below(s.op, S("db")))
        return (struct str){0};
    struct str operation = span_data(span, S("db.operation"));
    return operation.n ? capitals(a, operation) : sql_action(a, s.text);
}

struct str span_domain(struct arena *a, const struct jt *span)
{
    struct subject s = subject_of(a, span);
    struct span_url url;
    struct str rest = s.text;
    bool call = is_below(s.op, S("http")), resource = is_below(s.op, S("resource"));
    if (is_below(s.op, S("db")) && !is_redis(&s) && !is_mute(&s, span_data(span, S("db.system"))))
        return sql_tables(a, s.text);
    if ((call && method_of(s.text, &rest).p && url_parse(rest, &url)) ||
        (resource && url_parse(rest, &url)))
        return url_domain(a, &url);
    return (struct str){0};
}
