#include "worker/digest/schema.h"

#include "worker/digest/scalar.h"
#include "worker/digest/trim.h"

static struct arena *arena_of(const struct schema *s)
{
    return s->meta->arena;
}

static bool refuse(struct schema *s, const struct jt *value, const char *why)
{
    if (value->kind != JT_NULL)
        meta_error(s->meta, "invalid_data", value, str_of(why));
    return false;
}

static const struct property *property_named(const struct shape *shape, struct str name)
{
    for (const struct property *p = shape->properties; p < shape->properties + shape->count; p++)
        if (p->name.n == name.n && p->name.p[0] == name.p[0] && str_eq(p->name, name))
            return p;
    return NULL;
}

/* True when the member stays. */
static bool unknown_stays(struct schema *s, const struct jt *member, const struct shape *shape)
{
    if (shape->unknown == UNKNOWN_REPORTED)
        meta_error(s->meta, "invalid_attribute", member, (struct str){0});
    return shape->unknown == UNKNOWN_KEPT;
}

/* Gives a member sent under an old name its own; false when the new name was sent as well. */
static bool rename_member(const struct jt *object, struct jt *member, struct str means)
{
    const struct jt *present = jt_get(object, means);
    if (present && present->kind != JT_NULL)
        return false;
    member->key = means;
    return true;
}

struct object_run {
    struct schema *schema;
    const struct jt *object;
    const struct shape *shape;
};

static bool normalize_member(struct jt *member, void *arg)
{
    const struct object_run *run = arg;
    struct schema *s = run->schema;
    const struct property *p = member->key.n ? property_named(run->shape, member->key) : NULL;
    if (p && p->means.p) {
        if (!rename_member(run->object, member, p->means))
            return false;
        p = property_named(run->shape, p->means);
    }
    meta_enter(s->meta, member->key);
    bool stays = p ? schema_value(s, member, p) : unknown_stays(s, member, run->shape);
    meta_leave(s->meta);
    return stays;
}

void schema_object(struct schema *s, struct jt *object, const struct shape *shape)
{
    struct object_run run = {s, object, shape};
    jt_filter(object, normalize_member, &run);
}

static bool object_value(struct schema *s, struct jt *v, const struct property *p)
{
    if (v->kind != JT_OBJECT)
        return refuse(s, v, "expected an object");
    schema_object(s, v, p->shape);
    return true;
}

/* Members that are no objects become null, so that the others keep their places. */
static bool list_value(struct schema *s, struct jt *v, const struct property *p)
{
    size_t index = 0;
    if (v->kind != JT_ARRAY)
        return refuse(s, v, "expected a list");
    for (struct jt *item = v->first; item; item = item->next) {
        meta_enter_index(s->meta, index++);
        if (!object_value(s, item, p))
            item->kind = JT_NULL;
        meta_leave(s->meta);
    }
    return true;
}

static void wrap(struct arena *a, struct jt *v, enum jt_kind kind, struct str key)
{
    struct jt *inner = arena_new_of(a, struct jt);
    *inner = *v;
    inner->key = key;
    v->kind = kind;
    v->first = v->last = NULL;
    v->count = 0;
    jt_append(v, inner);
}

static bool values_value(struct schema *s, struct jt *v, const struct property *p)
{
    if (v->kind == JT_OBJECT && !jt_get(v, S("values")))
        wrap(arena_of(s), v, JT_ARRAY, (struct str){0});
    if (v->kind == JT_ARRAY)
        wrap(arena_of(s), v, JT_OBJECT, S("values"));
    if (v->kind != JT_OBJECT)
        return refuse(s, v, "expected a list");
    struct jt *list = jt_get(v, S("values"));
    v->first = v->last = NULL;
    v->count = 0;
    jt_append(v, list);
    meta_enter(s->meta, list->key);
    bool stays = list_value(s, list, p);
    meta_leave(s->meta);
    return stays;
}

static bool strings_value(struct schema *s, struct jt *v, const struct property *p)
{
    (void)p;
    if (v->kind != JT_ARRAY)
        return refuse(s, v, "expected a list");
    for (struct jt *item = v->first; item; item = item->next)
        if (item->kind != JT_STRING)
            item->kind = JT_NULL;
    return true;
}

static bool addresses_value(struct schema *s, struct jt *v, const struct property *p)
{
    (void)p;
    if (v->kind != JT_OBJECT)
        return refuse(s, v, "expected an object");
    for (struct jt *item = v->first; item; item = item->next)
        if (scalar_address(arena_of(s), item))
            item->kind = JT_NULL;
    return true;
}

static bool any_value(struct schema *s, struct jt *v, const struct property *p)
{
    if (p->kind == VALUE_MAP && v->kind != JT_OBJECT)
        return refuse(s, v, "expected an object");
    trim_value(s->meta, v, p->depth, p->bytes);
    return true;
}

static bool time_value(struct schema *s, struct jt *v, const struct property *p)
{
    int64_t us;
    const char *why = scalar_time(v, &us);
    (void)p;
    if (why)
        return refuse(s, v, why);
    struct moment *moment = arena_new_of(arena_of(s), struct moment);
    *moment = (struct moment){s->moments, v, us};
    s->moments = moment;
    return true;
}

static bool kept_value(struct schema *s, struct jt *v, const struct property *p)
{
    (void)s, (void)v, (void)p;
    return true;
}

static bool dropped_value(struct schema *s, struct jt *v, const struct property *p)
{
    (void)s, (void)v, (void)p;
    return false;
}

static const struct {
    const char *(*scalar)(struct arena *a, struct jt *v);
    bool (*value)(struct schema *s, struct jt *v, const struct property *p);
} kinds[] = {
    [VALUE_STRING] = {scalar_string, NULL},
    [VALUE_LENIENT] = {scalar_lenient, NULL},
    [VALUE_JSON_TEXT] = {scalar_json_text, NULL},
    [VALUE_UINT] = {scalar_uint, NULL},
    [VALUE_INT] = {scalar_int, NULL},
    [VALUE_FLOAT] = {scalar_float, NULL},
    [VALUE_BOOL] = {scalar_bool, NULL},
    [VALUE_ADDRESS] = {scalar_address, NULL},
    [VALUE_THREAD_ID] = {scalar_thread_id, NULL},
    [VALUE_EVENT_ID] = {scalar_event_id, NULL},
    [VALUE_TRACE_ID] = {scalar_trace_id, NULL},
    [VALUE_SPAN_ID] = {scalar_span_id, NULL},
    [VALUE_LEVEL] = {scalar_level, NULL},
    [VALUE_SPAN_STATUS] = {scalar_span_status, NULL},
    [VALUE_TIME] = {NULL, time_value},
    [VALUE_OBJECT] = {NULL, object_value},
    [VALUE_LIST] = {NULL, list_value},
    [VALUE_VALUES] = {NULL, values_value},
    [VALUE_STRINGS] = {NULL, strings_value},
    [VALUE_ADDRESSES] = {NULL, addresses_value},
    [VALUE_MAP] = {NULL, any_value},
    [VALUE_ANY] = {NULL, any_value},
    [VALUE_LATER] = {NULL, kept_value},
    [VALUE_IGNORED] = {NULL, dropped_value},
};

bool schema_value(struct schema *s, struct jt *v, const struct property *p)
{
    if (v->kind == JT_NULL)
        return false;
    if (kinds[p->kind].value)
        return kinds[p->kind].value(s, v, p);
    const char *why = kinds[p->kind].scalar(arena_of(s), v);
    if (why)
        return refuse(s, v, why);
    if (p->max)
        trim_text(s->meta, v, p->max, p->allowance);
    return true;
}
