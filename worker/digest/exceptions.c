#include "worker/digest/exceptions.h"

#include "base/text.h"
#include "worker/digest/mechanism.h"

struct jt *exceptions_last(const struct jt *event)
{
    const struct jt *values = normalize_values(event, S("exception"));
    struct jt *last = NULL;
    for (struct jt *v = values ? values->first : NULL; v; v = v->next)
        last = v->kind == JT_OBJECT ? v : last;
    return last;
}

bool exception_is_synthetic(const struct jt *exception)
{
    const struct jt *synthetic = jt_get(jt_get(exception, S("mechanism")), S("synthetic"));
    return synthetic && synthetic->kind == JT_TRUE;
}

/* Old SDKs sent the stack trace of their one exception beside it. */
static void adopt_stack(struct normalizer *n, const struct jt *values)
{
    struct jt *stack = jt_get(n->event, S("stacktrace"));
    struct jt *only = values->count == 1 ? values->first : NULL;
    if (!stack || !only || only->kind != JT_OBJECT || jt_get(only, S("stacktrace")))
        return;
    jt_remove(n->event, stack);
    jt_set(only, S("stacktrace"), stack);
}

/* "ValueError: no such thing" without a type. */
static void split_type(struct arena *a, struct jt *exception)
{
    struct jt *value = jt_get(exception, S("value"));
    if (!value || jt_get_str(exception, S("type")).n ||
        str_index(value->text, '\n') < value->text.n)
        return;
    size_t word = 0;
    while (word < value->text.n && text_is_word_byte(value->text.p[word]))
        word++;
    if (word == 0 || word == value->text.n || value->text.p[word] != ':')
        return;
    jt_set(exception, S("type"), jt_new_str(a, str_slice(value->text, 0, word)));
    value->text = str_trim(str_from(value->text, word + 1));
}

/* Becomes null when it says nothing, so that the others keep their places. */
static void require_type_or_value(struct normalizer *n, struct jt *exception)
{
    if (jt_get_str(exception, S("type")).n || jt_get_str(exception, S("value")).n)
        return;
    struct jt *data = jt_new(n->arena, JT_OBJECT);
    jt_set(data, S("attribute"), jt_new_str(n->arena, S("type or value")));
    meta_error_data(&n->meta, "missing_attribute", NULL, data);
    exception->kind = JT_NULL;
}

static void normalize_one(struct normalizer *n, struct jt *exception)
{
    struct jt *mechanism = jt_get(exception, S("mechanism"));
    split_type(n->arena, exception);
    require_type_or_value(n, exception);
    if (mechanism)
        mechanism_normalize(n, mechanism);
}

static int handled(const struct jt *event)
{
    const struct jt *v = jt_get(jt_get(exceptions_last(event), S("mechanism")), S("handled"));
    return v ? v->kind == JT_TRUE : -1;
}

void exceptions_normalize(struct normalizer *n)
{
    struct jt *values = normalize_values(n->event, S("exception"));
    size_t index = 0;
    n->out->handled = -1;
    if (!values)
        return;
    adopt_stack(n, values);
    meta_enter(&n->meta, S("exception"));
    meta_enter(&n->meta, S("values"));
    for (struct jt *v = values->first; v; v = v->next) {
        meta_enter_index(&n->meta, index++);
        if (v->kind == JT_OBJECT)
            normalize_one(n, v);
        meta_leave(&n->meta);
    }
    meta_leave(&n->meta);
    meta_leave(&n->meta);
    n->out->handled = handled(n->event);
}
