#include "worker/digest/component.h"

#include "storage/md5.h"

/* No event is larger than what ingest takes. */
enum { VALUES_MAX = 8 << 20 };

struct component *component_new(struct arena *a, const char *id)
{
    struct component *c = arena_new_of(a, struct component);
    c->id = id;
    return c;
}

struct component *component_leaf(struct arena *a, const char *id, struct str value)
{
    struct component *c = component_new(a, id);
    c->value = value;
    c->contributes = value.p != NULL;
    return c;
}

void component_add(struct component *parent, struct component *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->contributes = parent->contributes || child->contributes;
}

struct component *component_twin(struct arena *a, const struct component *of)
{
    struct component *c = arena_new_of(a, struct component);
    *c = *of;
    c->next = NULL;
    return c;
}

void component_values(const struct component *c, struct buf *to)
{
    if (!c->contributes)
        return;
    buf_put_str(to, c->value);
    for (const struct component *child = c->first; child; child = child->next)
        component_values(child, to);
}

bool component_hash(const struct component *c, struct grouping_hash *out)
{
    struct buf values;
    if (!c->contributes)
        return false;
    buf_init(&values, VALUES_MAX);
    component_values(c, &values);
    md5(buf_str(&values), out->bytes);
    buf_free(&values);
    return true;
}

bool component_has(const struct component *c, const char *id)
{
    for (const struct component *child = c->first; child; child = child->next)
        if (child->contributes && (strcmp(child->id, id) == 0 || component_has(child, id)))
            return true;
    return false;
}

bool component_eq(const struct component *a, const struct component *b)
{
    if (strcmp(a->id, b->id) != 0 || a->contributes != b->contributes ||
        !str_eq(a->value, b->value))
        return false;
    const struct component *x = a->first, *y = b->first;
    for (; x && y; x = x->next, y = y->next)
        if (!component_eq(x, y))
            return false;
    return !x && !y;
}
