#include "worker/digest/exception_component.h"

#include "worker/digest/exception_group.h"
#include "worker/digest/exceptions.h"
#include "worker/digest/message.h"

static struct component *ns_error(struct arena *a, const struct jt *exception)
{
    const struct jt *meta = jt_get(jt_get(exception, S("mechanism")), S("meta"));
    const struct jt *error = jt_get(meta, S("ns_error"));
    if (!error)
        return NULL;
    const struct jt *code = jt_get(error, S("code"));
    struct component *c = component_new(a, "ns_error");
    component_add(c, component_leaf(a, "domain", jt_get_str(error, S("domain"))));
    component_add(c, component_leaf(a, "code", code ? code->text : (struct str){0}));
    return c;
}

/* Members of a group are compared by their values even where these do not contribute. */
static bool is_group_member(const struct jt *exception)
{
    return jt_get(jt_get(exception, S("mechanism")), S("exception_id")) != NULL;
}

/* What the exception says, where nothing `better` tells it apart; then it need not be looked at. */
static struct component *value_of(struct normalizer *n, const struct jt *exception, bool better)
{
    struct str value = jt_get_str(exception, S("value"));
    if (value.n && (!better || is_group_member(exception)))
        value = message_parameterize(n->arena, value);
    struct component *c = component_leaf(n->arena, "value", value.n ? value : (struct str){0});
    c->contributes = c->contributes && !better;
    return c;
}

static struct component *variant_of(struct normalizer *n, const struct jt *exception,
                                    struct component *stack)
{
    struct arena *a = n->arena;
    struct str type = jt_get_str(exception, S("type"));
    struct component *c = component_new(a, "exception");
    struct component *kind = component_leaf(a, "type", type.n ? type : (struct str){0});
    struct component *error = ns_error(a, exception);
    if (exception_is_synthetic(exception))
        kind->contributes = false;
    component_add(c, kind);
    bool better = stack->contributes || (error && error->contributes);
    component_add(c, value_of(n, exception, better));
    if (error)
        component_add(c, error);
    component_add(c, stack);
    return c;
}

static void fill(struct normalizer *n, struct exception_node *node, const struct stack *stack)
{
    struct component *stacks[VARIANTS] = {0};
    if (stack)
        frame_component_stack(n, stack, stacks);
    else
        stacks[VARIANT_APP] = component_new(n->arena, "stacktrace");
    for (int v = 0; v < VARIANTS; v++)
        if (stacks[v])
            node->variants[v] = variant_of(n, node->exception, stacks[v]);
}

static size_t nodes_of(struct normalizer *n, const struct jt *values, struct exception_node *nodes)
{
    size_t count = 0, next_stack = 0;
    for (struct jt *v = values->first; v; v = v->next) {
        if (v->kind != JT_OBJECT)
            continue;
        const struct stack *stack = NULL;
        if (next_stack < n->stack_count && n->stacks[next_stack].exception == v)
            stack = &n->stacks[next_stack++];
        nodes[count].exception = v;
        fill(n, &nodes[count++], stack);
    }
    return count;
}

static struct component *chain(struct arena *a, const struct exception_node *nodes, size_t count,
                               enum variant variant)
{
    struct component *c = component_new(a, "chained_exception");
    for (size_t i = 0; i < count; i++)
        if (nodes[i].variants[variant])
            component_add(c, nodes[i].variants[variant]);
    return c;
}

void exception_component(struct normalizer *n, struct component *out[VARIANTS])
{
    const struct jt *values = normalize_values(n->event, S("exception"));
    if (!values || !values->count)
        return;
    struct exception_node *nodes =
        arena_alloc(n->arena, values->count * sizeof(struct exception_node));
    size_t count = nodes_of(n, values, nodes);
    count = exception_group_filter(n, nodes, count);
    if (count == 1) {
        memcpy(out, nodes[0].variants, sizeof(nodes[0].variants));
        return;
    }
    out[VARIANT_APP] = chain(n->arena, nodes, count, VARIANT_APP);
    out[VARIANT_SYSTEM] = chain(n->arena, nodes, count, VARIANT_SYSTEM);
}
