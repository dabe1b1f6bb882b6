#include "worker/digest/attributes.h"

#include <math.h>

/* A number written longer than this says no more than a double does. */
enum { NUMBER_TEXT_MAX = 40 };

/* ---- values by type: each is false when the value is none of the type */

static bool take_text(struct arena *a, struct jt *v)
{
    (void)a;
    return v->kind == JT_STRING;
}

static bool take_boolean(struct arena *a, struct jt *v)
{
    (void)a;
    return v->kind == JT_TRUE || v->kind == JT_FALSE;
}

static bool take_integer(struct arena *a, struct jt *v)
{
    int64_t number;
    if (v->kind != JT_NUMBER || !jt_int64(v, &number))
        return false;
    v->text = str_of(arena_printf(a, "%lld", (long long)number));
    return true;
}

static bool is_fraction(struct str number)
{
    return number.n <= NUMBER_TEXT_MAX && str_has(number, S(".")) && !str_has(number, S("e")) &&
           !str_has(number, S("E"));
}

/* A double keeps its point, by which it is known as one. */
static bool take_double(struct arena *a, struct jt *v)
{
    double number;
    if (v->kind != JT_NUMBER || !jt_double(v, &number) || !isfinite(number))
        return false;
    if (is_fraction(v->text))
        return true;
    v->text = str_of(arena_printf(a, "%.17g", number));
    if (!str_has(v->text, S(".")) && !str_has(v->text, S("e")))
        v->text = str_of(arena_printf(a, "%.*s.0", STR_ARG(v->text)));
    return true;
}

static bool take_element(struct arena *a, struct jt *v)
{
    return take_text(a, v) || take_boolean(a, v) || take_integer(a, v) || take_double(a, v);
}

static bool take_array(struct arena *a, struct jt *v)
{
    bool fits = v->kind == JT_ARRAY;
    for (struct jt *e = fits ? v->first : NULL; e && fits; e = e->next)
        fits = e->kind == JT_NULL || take_element(a, e);
    return fits;
}

static const struct {
    struct str name;
    bool (*take)(struct arena *a, struct jt *value);
} types[] = {
    {{"string", 6}, take_text},   {{"integer", 7}, take_integer}, {{"boolean", 7}, take_boolean},
    {{"double", 6}, take_double}, {{"array", 5}, take_array},
};

static bool is_of_type(struct arena *a, struct str type, struct jt *value)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (str_eq(type, types[i].name))
            return types[i].take(a, value);
    return false;
}

/* ---- attributes */

static void refuse(struct meta *m, const struct jt *attribute, const char *kind)
{
    meta_enter(m, attribute->key);
    meta_error(m, kind, attribute, (struct str){0});
    meta_leave(m);
}

static void become(struct jt *attribute, const struct jt *value)
{
    attribute->kind = value->kind;
    attribute->text = value->text;
    attribute->first = value->first;
    attribute->last = value->last;
    attribute->count = value->count;
}

static bool normalize_one(struct jt *attribute, void *notes)
{
    struct meta *m = notes;
    struct str type = jt_get_str(attribute, S("type"));
    struct jt *value = jt_get(attribute, S("value"));
    bool complete = type.p && value && value->kind != JT_NULL;
    bool good = complete && is_of_type(m->arena, type, value);
    if (good)
        become(attribute, value);
    else
        refuse(m, attribute, complete ? "invalid_data" : "missing_attribute");
    return good;
}

void attributes_normalize(struct meta *m, struct jt *attributes)
{
    jt_filter(attributes, normalize_one, m);
}
