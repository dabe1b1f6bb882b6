#include "storage/otlp_record.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"

enum { TEXT_MAX = 8 << 20 };
#define NANOSECONDS 1000000000ull

bool otlp_integer(const struct jt *v, int64_t *out)
{
    return v && (v->kind == JT_NUMBER || v->kind == JT_STRING) && text_int64(v->text, out);
}

static bool number_of(const struct jt *v, double *out)
{
    return v && (v->kind == JT_NUMBER || v->kind == JT_STRING) && text_double(v->text, out) &&
           isfinite(*out);
}

bool otlp_put_time(struct jw *j, const char *key, const struct jt *nanoseconds)
{
    char seconds[48];
    uint64_t time;
    if (!nanoseconds || !text_uint64(nanoseconds->text, &time) || time == 0)
        return false;
    int n =
        snprintf(seconds, sizeof(seconds), "%llu.%09llu", (unsigned long long)(time / NANOSECONDS),
                 (unsigned long long)(time % NANOSECONDS));
    jw_raw_k(j, key, (struct str){seconds, (size_t)n});
    return true;
}

struct str otlp_id(struct arena *a, const struct jt *id)
{
    struct str text = jt_str(id);
    return text_run(text, 0, "0") < text.n ? text_lower(a, text) : (struct str){0};
}

/* ---- values: {"stringValue": …} and its kin */

static void put_plain(struct jw *j, const struct jt *any_value);

static void put_plain_list(struct jw *j, const struct jt *list)
{
    const struct jt *values = jt_get(list, S("values"));
    jw_open(j, '[');
    for (const struct jt *v = values ? values->first : NULL; v; v = v->next)
        put_plain(j, v);
    jw_close(j, ']');
}

static void put_plain_map(struct jw *j, const struct jt *map)
{
    const struct jt *values = jt_get(map, S("values"));
    jw_open(j, '{');
    for (const struct jt *v = values ? values->first : NULL; v; v = v->next) {
        jw_name(j, jt_get_str(v, S("key")));
        put_plain(j, jt_get(v, S("value")));
    }
    jw_close(j, '}');
}

/* As JSON would have written it in the first place.  As deep as the tree, which has a limit. */
static void put_plain(struct jw *j, const struct jt *any_value)
{
    const struct jt *v = any_value && any_value->kind == JT_OBJECT ? any_value->first : NULL;
    int64_t integer;
    double number;
    if (!v)
        jw_null(j);
    else if (str_eq(v->key, S("arrayValue")))
        put_plain_list(j, v);
    else if (str_eq(v->key, S("kvlistValue")))
        put_plain_map(j, v);
    else if (str_eq(v->key, S("intValue")) && otlp_integer(v, &integer))
        jw_int(j, integer);
    else if (str_eq(v->key, S("doubleValue")) && number_of(v, &number))
        jw_double(j, number);
    else if (v->kind == JT_TRUE || v->kind == JT_FALSE)
        jw_bool(j, v->kind == JT_TRUE);
    else
        jw_opt_str(j, jt_str(v));
}

struct str otlp_json_of(struct arena *a, const struct jt *any_value)
{
    struct buf to;
    struct jw j;
    if (!any_value || any_value->kind != JT_OBJECT || !any_value->first)
        return (struct str){0};
    buf_init(&to, TEXT_MAX);
    jw_begin(&j, &to);
    put_plain(&j, any_value);
    struct str text = buf_ok(&to) ? arena_str(a, buf_str(&to)) : (struct str){0};
    buf_free(&to);
    return text;
}

/* ---- attributes */

static void open_attribute(struct jw *j, struct str key, struct str type)
{
    jw_name(j, key);
    jw_open(j, '{');
    jw_str_k(j, "type", type);
    jw_key(j, "value");
}

void otlp_put_text(struct jw *j, struct str key, struct str value)
{
    open_attribute(j, key, S("string"));
    jw_str(j, value);
    jw_close(j, '}');
}

static void put_bool(struct jw *j, struct str key, bool value)
{
    open_attribute(j, key, S("boolean"));
    jw_bool(j, value);
    jw_close(j, '}');
}

static void put_integer(struct jw *j, struct str key, const struct jt *v)
{
    int64_t value;
    if (!otlp_integer(v, &value))
        return;
    open_attribute(j, key, S("integer"));
    jw_int(j, value);
    jw_close(j, '}');
}

static void put_double(struct jw *j, struct str key, const struct jt *v)
{
    double value;
    if (!number_of(v, &value))
        return;
    open_attribute(j, key, S("double"));
    jw_double(j, value);
    jw_close(j, '}');
}

/* A value has one member, which is named by its type. */
static void put_attribute(struct jw *j, struct arena *a, struct str key, const struct jt *any_value)
{
    const struct jt *v = any_value && any_value->kind == JT_OBJECT ? any_value->first : NULL;
    if (!v || v->kind == JT_NULL)
        return;
    if (str_eq(v->key, S("arrayValue")) || str_eq(v->key, S("kvlistValue")))
        otlp_put_text(j, key, otlp_json_of(a, any_value));
    else if (str_eq(v->key, S("intValue")))
        put_integer(j, key, v);
    else if (str_eq(v->key, S("doubleValue")))
        put_double(j, key, v);
    else if (v->kind == JT_TRUE || v->kind == JT_FALSE)
        put_bool(j, key, v->kind == JT_TRUE);
    else if (v->kind == JT_STRING)
        otlp_put_text(j, key, v->text);
}

void otlp_put_attributes(struct jw *j, struct arena *a, struct str prefix, const struct jt *list)
{
    for (const struct jt *v = list ? list->first : NULL; v; v = v->next) {
        struct str key = jt_get_str(v, S("key"));
        if (key.n)
            put_attribute(j, a, text_join(a, prefix, S(""), key), jt_get(v, S("value")));
    }
}

static void put_if_any(struct jw *j, struct str key, struct str value)
{
    if (value.n)
        otlp_put_text(j, key, value);
}

void otlp_put_resource(struct jw *j, struct arena *a, const struct jt *resource)
{
    otlp_put_attributes(j, a, S("resource."), jt_get(resource, S("attributes")));
}

void otlp_put_scope(struct jw *j, struct arena *a, const struct jt *scope)
{
    otlp_put_attributes(j, a, S("instrumentation."), jt_get(scope, S("attributes")));
    put_if_any(j, S("instrumentation.name"), jt_get_str(scope, S("name")));
    put_if_any(j, S("instrumentation.version"), jt_get_str(scope, S("version")));
}
