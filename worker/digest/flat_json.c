#include "worker/digest/flat_json.h"

#include <math.h>

#include "base/text.h"
#include "worker/digest/trim.h"

enum { KEY_MAX = 200, TEXT_MAX = 4096, MEMBERS_MAX = 128 };
#define JSON_MAX ((size_t)4 << 20)

static struct str cut(struct str text, size_t points)
{
    return text.n > points ? str_slice(text, 0, text_prefix(text, points)) : text;
}

static bool put_number(struct jw *j, struct str key, const struct jt *v)
{
    int64_t whole;
    double real;
    char text[32];
    if (!jt_double(v, &real) || !isfinite(real))
        return false;
    jw_name(j, key);
    if (jt_int64(v, &whole))
        snprintf(text, sizeof(text), "%lld", (long long)whole);
    else
        snprintf(text, sizeof(text), "%.17g", real);
    jw_raw(j, str_of(text));
    return true;
}

static bool put_member(struct jw *j, struct arena *a, const struct jt *v)
{
    struct str key = cut(v->key, KEY_MAX);
    if (v->kind == JT_NULL || !key.n)
        return false;
    if (v->kind == JT_NUMBER)
        return put_number(j, key, v);
    jw_name(j, key);
    if (v->kind == JT_TRUE || v->kind == JT_FALSE)
        jw_bool(j, v->kind == JT_TRUE);
    else
        jw_str(j, cut(v->kind == JT_STRING ? v->text : trim_json_text(a, v), TEXT_MAX));
    return true;
}

static struct str finish(struct arena *a, struct buf *out, struct jw *j)
{
    jw_close(j, '}');
    struct str json = arena_str(a, buf_ok(out) ? buf_str(out) : S("{}"));
    buf_free(out);
    return json;
}

static bool is_earlier(const struct jt *const *objects, size_t before, struct str key)
{
    for (size_t i = 0; i < before; i++)
        if (jt_get(objects[i], key))
            return true;
    return false;
}

struct str flat_json(struct arena *a, const struct jt *const *objects, size_t count)
{
    struct buf out;
    struct jw j;
    size_t left = MEMBERS_MAX;
    buf_init(&out, JSON_MAX);
    jw_begin(&j, &out);
    jw_open(&j, '{');
    for (size_t i = 0; i < count; i++) {
        const struct jt *object = objects[i];
        const struct jt *v = object && object->kind == JT_OBJECT ? object->first : NULL;
        for (; v && left; v = v->next)
            left -= !is_earlier(objects, i, v->key) && put_member(&j, a, v);
    }
    return finish(a, &out, &j);
}

struct str flat_json_measurements(struct arena *a, const struct jt *measurements)
{
    struct buf out;
    struct jw j;
    size_t count = 0;
    if (!measurements || measurements->kind != JT_OBJECT)
        return (struct str){0};
    buf_init(&out, JSON_MAX);
    jw_begin(&j, &out);
    jw_open(&j, '{');
    for (const struct jt *v = measurements->first; v && count < MEMBERS_MAX; v = v->next)
        count += put_number(&j, cut(v->key, KEY_MAX), jt_get(v, S("value")));
    return finish(a, &out, &j);
}
