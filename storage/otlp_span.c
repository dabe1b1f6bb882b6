#include "base/text.h"
#include "storage/otlp_record.h"

/* Of the flags: whether the parent's whereabouts are known, and whether it lives in another
 * process; and, of a link's, W3C's sampled. */
enum { FLAG_SAMPLED = 1 << 0, FLAG_KNOWS_REMOTE = 1 << 8, FLAG_REMOTE = 1 << 9 };
enum { STATUS_ERROR = 2 };

static int64_t integer_of(const struct jt *object, struct str key)
{
    int64_t v;
    return otlp_integer(jt_get(object, key), &v) ? v : 0;
}

static struct str kind_name(int64_t kind)
{
    static const struct str names[] = {
        {0}, {"internal", 8}, {"server", 6}, {"client", 6}, {"producer", 8}, {"consumer", 8},
    };
    return kind > 0 && kind < (int64_t)(sizeof(names) / sizeof(*names)) ? names[kind]
                                                                        : (struct str){0};
}

/* The name of a span that has none, by what it says of itself. */
static struct str name_by_attributes(const struct jt *span)
{
    const struct jt *list = jt_get(span, S("attributes"));
    struct str kind = kind_name(integer_of(span, S("kind")));
    for (const struct jt *v = list ? list->first : NULL; v; v = v->next) {
        struct str key = jt_get_str(v, S("key"));
        if (str_starts(key, S("db.")))
            return S("db");
        if (!str_eq(key, S("http.method")) && !str_eq(key, S("http.request.method")))
            continue;
        if (str_eq(kind, S("server")))
            return S("http.server");
        return str_eq(kind, S("client")) ? S("http.client") : S("http");
    }
    return S("unknown");
}

/* Without parent, or with one in another process, it is the first of its service. */
static bool is_segment(const struct jt *span, struct str parent)
{
    enum { REMOTE = FLAG_KNOWS_REMOTE | FLAG_REMOTE };
    return !parent.n || (integer_of(span, S("flags")) & REMOTE) == REMOTE;
}

static void put_id(struct jw *j, const char *key, struct str id)
{
    if (id.p)
        jw_str_k(j, key, id);
}

static void put_link(struct jw *j, struct arena *a, const struct jt *link)
{
    jw_open(j, '{');
    put_id(j, "trace_id", otlp_id(a, jt_get(link, S("traceId"))));
    put_id(j, "span_id", otlp_id(a, jt_get(link, S("spanId"))));
    jw_bool_k(j, "sampled", integer_of(link, S("flags")) & FLAG_SAMPLED);
    jw_open_k(j, "attributes", '{');
    otlp_put_attributes(j, a, (struct str){0}, jt_get(link, S("attributes")));
    jw_close(j, '}');
    jw_close(j, '}');
}

static void put_links(struct jw *j, struct arena *a, const struct jt *links)
{
    if (!links || !links->first)
        return;
    jw_open_k(j, "links", '[');
    for (const struct jt *v = links->first; v; v = v->next)
        put_link(j, a, v);
    jw_close(j, ']');
}

static void put_attributes(struct otlp_writer *w, const struct jt *span)
{
    struct jw *j = &w->json;
    struct str kind = kind_name(integer_of(span, S("kind")));
    struct str message = jt_get_str(jt_get(span, S("status")), S("message"));
    jw_open_k(j, "attributes", '{');
    if (w->shared.n)
        jw_raw(j, w->shared);
    otlp_put_text(j, S("sentry.origin"), S("auto.otlp.spans"));
    if (kind.n)
        otlp_put_text(j, S("sentry.kind"), kind);
    if (message.n)
        otlp_put_text(j, S("sentry.status.message"), message);
    otlp_put_attributes(j, w->arena, (struct str){0}, jt_get(span, S("attributes")));
    jw_close(j, '}');
}

void otlp_put_span(struct otlp_writer *w, const struct jt *span)
{
    struct jw *j = &w->json;
    struct str name = jt_get_str(span, S("name"));
    struct str parent = otlp_id(w->arena, jt_get(span, S("parentSpanId")));
    bool failed = integer_of(jt_get(span, S("status")), S("code")) == STATUS_ERROR;
    jw_open(j, '{');
    put_id(j, "trace_id", otlp_id(w->arena, jt_get(span, S("traceId"))));
    put_id(j, "span_id", otlp_id(w->arena, jt_get(span, S("spanId"))));
    put_id(j, "parent_span_id", parent);
    jw_str_k(j, "name", name.n ? name : name_by_attributes(span));
    jw_str_k(j, "status", failed ? S("error") : S("ok"));
    jw_bool_k(j, "is_segment", is_segment(span, parent));
    otlp_put_time(j, "start_timestamp", jt_get(span, S("startTimeUnixNano")));
    otlp_put_time(j, "end_timestamp", jt_get(span, S("endTimeUnixNano")));
    put_links(j, w->arena, jt_get(span, S("links")));
    put_attributes(w, span);
    jw_close(j, '}');
}
