#include "worker/crash/crash_event.h"

struct jt *crash_object(struct arena *a, struct jt *parent, struct str key)
{
    struct jt *object = jt_get(parent, key);
    if (object && object->kind == JT_OBJECT)
        return object;
    object = jt_new(a, JT_OBJECT);
    jt_set(parent, key, object);
    return object;
}

void crash_put(struct arena *a, struct jt *object, struct str key, struct str text)
{
    const struct jt *there = jt_get(object, key);
    if (text.n && (!there || there->kind == JT_NULL))
        jt_set(object, key, jt_new_str(a, text));
}

void crash_put_address(struct arena *a, struct jt *object, struct str key, uint64_t address)
{
    const char *text = arena_printf(a, "0x%llx", (unsigned long long)address);
    jt_set(object, key, jt_new_str(a, str_of(text)));
}

struct jt *crash_exception(struct arena *a, struct jt *event, const struct crash_kind *kind)
{
    struct jt *exception = jt_new(a, JT_OBJECT), *list = jt_new(a, JT_ARRAY);
    struct jt *mechanism = crash_object(a, exception, S("mechanism"));
    jt_set(exception, S("type"), jt_new_str(a, kind->type));
    jt_set(exception, S("value"), jt_new_str(a, kind->unread));
    jt_set(mechanism, S("type"), jt_new_str(a, kind->mechanism));
    jt_set(mechanism, S("handled"), jt_new_bool(a, false));
    jt_set(mechanism, S("synthetic"), jt_new_bool(a, true));
    jt_append(list, exception);
    struct jt *values = jt_new(a, JT_OBJECT);
    jt_set(values, S("values"), list);
    jt_set(event, S("exception"), values);
    jt_set(event, S("platform"), jt_new_str(a, S("native")));
    crash_put(a, event, S("level"), S("fatal"));
    return exception;
}
