#include "worker/digest/contexts.h"

#include "base/text.h"
#include "worker/digest/client_contexts.h"
#include "worker/digest/interfaces.h"
#include "worker/digest/os_description.h"
#include "worker/digest/scalar.h"
#include "worker/digest/trim.h"

enum { CONTEXT_DEPTH = 7, CONTEXT_BYTES = 8192 };

static const struct property trace_property = {
    .name = {"trace", 5}, .kind = VALUE_OBJECT, .shape = &shape_trace_context};

/* "Chrome 120.0": what people search for, as one text beside its parts. */
static void combine(struct normalizer *n, struct jt *context, struct str type)
{
    static const struct str kinds[] = {{"browser", 7}, {"os", 2}, {"runtime", 7}};
    struct str name = jt_get_str(context, S("name")), version = jt_get_str(context, S("version"));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!str_eq(type, kinds[i]) || !name.n || !version.n || jt_get(context, type))
            continue;
        struct str text = text_join(n->arena, name, S(" "), version);
        jt_set(context, kinds[i], jt_new_str(n->arena, text));
        return;
    }
}

/* A version may come as a number. */
static void make_lenient(struct arena *a, struct jt *context)
{
    static const struct str keys[] = {{"name", 4}, {"version", 7}, {"build", 5}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct jt *v = jt_get(context, keys[i]);
        if (v && v->kind == JT_NUMBER)
            scalar_lenient(a, v);
    }
}

static bool is_set(struct jt *v, void *unused)
{
    (void)unused;
    return v->kind != JT_NULL;
}

/* True when the context stays. */
static bool normalize_context(struct normalizer *n, struct jt *context)
{
    if (context->kind != JT_OBJECT || str_eq(context->key, S("reprocessing")))
        return false;
    jt_filter(context, is_set, NULL);
    if (!context->count)
        return false;
    struct str type = jt_get_str(context, S("type"));
    if (!type.n) {
        type = context->key;
        jt_set(context, S("type"), jt_new_str(n->arena, type));
    }
    if (str_eq(type, S("trace")))
        schema_value(&n->schema, context, &trace_property);
    if (str_eq(type, S("os")))
        os_description_read(n->arena, context);
    make_lenient(n->arena, context);
    combine(n, context, type);
    trim_value(&n->meta, context, CONTEXT_DEPTH, CONTEXT_BYTES);
    return true;
}

static bool context_stays(struct jt *context, void *normalizer)
{
    struct normalizer *n = normalizer;
    meta_enter(&n->meta, context->key);
    bool stays = normalize_context(n, context);
    meta_leave(&n->meta);
    return stays;
}

static void take_trace_id(struct normalizer *n, const struct jt *contexts)
{
    struct str id = jt_get_str(jt_get(contexts, S("trace")), S("trace_id"));
    n->out->has_trace = uuid_parse(id, &n->out->trace_id);
}

/* The event's contexts, made when it has none. */
static struct jt *contexts_of(struct normalizer *n)
{
    struct jt *contexts = jt_get(n->event, S("contexts"));
    if (contexts && contexts->kind == JT_OBJECT)
        return contexts;
    contexts = jt_new(n->arena, JT_OBJECT);
    jt_set(n->event, S("contexts"), contexts);
    return contexts;
}

void contexts_normalize(struct normalizer *n)
{
    struct jt *contexts = contexts_of(n);
    client_contexts_add(n, contexts);
    meta_enter(&n->meta, contexts->key);
    jt_filter(contexts, context_stays, n);
    meta_leave(&n->meta);
    take_trace_id(n, contexts);
    if (!contexts->count)
        normalize_drop(n, contexts);
}
