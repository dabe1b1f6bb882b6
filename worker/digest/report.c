#include "worker/digest/report.h"

#include "base/clock.h"
#include "base/text.h"
#include "worker/digest/pairs.h"

enum { HEADER_DEPTH = 8 };

void report_text(struct arena *a, struct jt *object, struct str key, struct str text)
{
    if (text.n)
        jt_set(object, key, jt_new_str(a, text));
}

void report_message(struct arena *a, struct jt *event, struct str text)
{
    struct jt *entry = jt_new(a, JT_OBJECT);
    report_text(a, entry, S("formatted"), text);
    jt_set(event, S("logentry"), entry);
}

static const struct jt *item_header(struct arena *a, const struct event_source *source)
{
    const char *error;
    struct str header = source->item->header;
    return header.n ? jt_read(a, header, HEADER_DEPTH, &error) : NULL;
}

struct jt *report_event(struct arena *a, const struct event_source *source)
{
    struct jt *event = jt_new(a, JT_OBJECT), *user = jt_new(a, JT_OBJECT);
    const struct jt *header = item_header(a, source);
    report_text(a, event, S("release"), jt_get_str(header, S("sentry_release")));
    report_text(a, event, S("environment"), jt_get_str(header, S("sentry_environment")));
    report_text(a, user, S("ip_address"), source->record->client_ip);
    if (user->count)
        jt_set(event, S("user"), user);
    return event;
}

static void add_header(struct arena *a, struct jt *headers, struct str name, struct str value)
{
    if (value.n)
        pairs_add(a, headers, name, jt_new_str(a, value));
}

struct jt *report_request(struct arena *a, const struct event_source *source, struct str url,
                          struct str referrer)
{
    struct jt *request = jt_new(a, JT_OBJECT), *headers = jt_new(a, JT_ARRAY);
    const struct jt *hints = jt_get(item_header(a, source), S("client_hints"));
    add_header(a, headers, S("Origin"), source->record->origin);
    add_header(a, headers, S("Referer"), referrer);
    add_header(a, headers, S("User-Agent"), text_utf8(a, source->record->user_agent));
    for (const struct jt *hint = hints ? hints->first : NULL; hint; hint = hint->next)
        add_header(a, headers, hint->key, jt_str(hint));
    report_text(a, request, S("url"), url);
    if (headers->count)
        jt_set(request, S("headers"), headers);
    return request;
}

/* ---- fields */

static struct jt *number_of(struct arena *a, const struct jt *v)
{
    int64_t number;
    bool is_number =
        jt_int64(v, &number) || (v->kind == JT_STRING && text_int64(str_trim(v->text), &number));
    return is_number ? jt_new_int(a, number) : NULL;
}

/* 2014-04-06T13:00:50+00:00, whatever the zone and fraction that were sent. */
static struct jt *time_of(struct arena *a, const struct jt *v)
{
    int64_t us;
    if (!clock_parse(jt_str(v), &us))
        return NULL;
    struct str text = clock_iso(a, us - us % CLOCK_SECOND);
    text = str_slice(text, 0, str_index(text, '.'));
    return jt_new_str(a, text_join(a, text, S(""), S("+00:00")));
}

static struct jt *copy(struct arena *a, const struct jt *v)
{
    struct jt *twin = arena_new_of(a, struct jt);
    *twin = *v;
    return twin;
}

static struct jt *field_of(struct arena *a, const struct jt *v, enum report_kind kind)
{
    switch (kind) {
    case REPORT_NUMBER:
        return number_of(a, v);
    case REPORT_TIME:
        return time_of(a, v);
    case REPORT_BOOL:
        return v->kind == JT_TRUE || v->kind == JT_FALSE ? copy(a, v) : NULL;
    case REPORT_LIST:
        return v->kind == JT_ARRAY ? copy(a, v) : NULL;
    default:
        return v->kind == JT_STRING ? copy(a, v) : NULL;
    }
}

struct jt *report_fields(struct arena *a, const struct jt *report,
                         const struct report_field *fields, size_t count)
{
    struct jt *object = jt_new(a, JT_OBJECT);
    for (const struct report_field *f = fields; f < fields + count; f++) {
        const struct jt *sent = jt_get(report, f->sent);
        struct jt *v = sent && !jt_get(object, f->name) ? field_of(a, sent, f->kind) : NULL;
        if (v)
            jt_set(object, f->name, v);
    }
    return object;
}
