#include "worker/scrub/walk.h"

static void become_null(struct jt *v)
{
    v->kind = JT_NULL;
    v->text = (struct str){0};
    v->first = v->last = NULL;
    v->count = 0;
}

static uint32_t types_of(const struct scrub_field *field, const struct jt *v)
{
    static const uint32_t by_kind[] = {
        [JT_NULL] = 0,
        [JT_FALSE] = TYPE_BIT(TYPE_BOOLEAN),
        [JT_TRUE] = TYPE_BIT(TYPE_BOOLEAN),
        [JT_NUMBER] = TYPE_BIT(TYPE_NUMBER),
        [JT_STRING] = TYPE_BIT(TYPE_STRING),
        [JT_ARRAY] = TYPE_BIT(TYPE_ARRAY),
        [JT_OBJECT] = TYPE_BIT(TYPE_OBJECT),
    };
    if (field->form == FORM_STRUCT)
        return field->shape->types;
    if (field->form == FORM_VALUES)
        return 0;
    if (field->form == FORM_PAIRS)
        return TYPE_BIT(TYPE_ARRAY) | TYPE_BIT(TYPE_OBJECT);
    uint32_t message = field->form == FORM_MESSAGE ? TYPE_BIT(TYPE_MESSAGE) : 0;
    return by_kind[v->kind] | message;
}

/* Nothing in it is ever scrubbed. */
bool walk_is_inert(const struct scrub_field *field)
{
    return field->pii == PII_NONE &&
           (field->form == FORM_ANY || field->form == FORM_MESSAGE || field->form == FORM_PATH);
}

struct scrub_path walk_step(const struct scrub_path *parent, const struct scrub_field *field,
                            const struct jt *v)
{
    return (struct scrub_path){.parent = parent,
                               .types = types_of(field, v),
                               .pii = field->pii,
                               .depth = parent->depth + 1};
}

static void visit_key(struct walk *w, const struct walk_node *parent, struct jt *v)
{
    struct walk_node n = {.value = v, .field = scrub_field_of(&parent->field, v->key, v)};
    struct remark_place place;
    if (walk_is_inert(&n.field))
        return;
    n.path = walk_step(&parent->path, &n.field, v);
    n.path.key = v->key;
    if (parent->at) {
        place = remark_of_key(w->arena, parent->at, v->key);
        n.at = &place;
    }
    walk_visit(w, &n);
}

static void visit_index(struct walk *w, const struct walk_node *parent, struct jt *v, size_t index)
{
    struct walk_node n = {.value = v, .field = scrub_element_of(&parent->field)};
    struct remark_place place;
    n.path = walk_step(&parent->path, &n.field, v);
    n.path.index = index;
    if (parent->at) {
        place = remark_of_index(w->arena, parent->at, index);
        n.at = &place;
    }
    walk_visit(w, &n);
}

static bool is_pair(const struct jt *v)
{
    return v->kind == JT_ARRAY && v->count == 2 && v->first->kind == JT_STRING;
}

static bool is_pair_list(const struct jt *list)
{
    for (const struct jt *v = list->first; v; v = v->next)
        if (!is_pair(v))
            return false;
    return list->first != NULL;
}

/* The value of a pair is seen as a member of the list, named by the pair's key. */
static void visit_pair_value(struct walk *w, const struct walk_node *list, struct walk_node *pair)
{
    struct jt *key = pair->value->first;
    struct walk_node n = {.value = key->next, .field = pair->field};
    struct remark_place place;
    n.path = walk_step(&list->path, &n.field, n.value);
    n.path.key = key->text;
    if (pair->at) {
        place = remark_of_index(w->arena, pair->at, 1);
        n.at = &place;
    }
    walk_visit(w, &n);
}

static void visit_pair(struct walk *w, const struct walk_node *list, struct jt *v, size_t index)
{
    struct walk_node pair = {.value = v, .field = scrub_element_of(&list->field)};
    struct remark_place place;
    pair.path = walk_step(&list->path, &pair.field, v);
    pair.path.index = index;
    if (list->at) {
        place = remark_of_index(w->arena, list->at, index);
        pair.at = &place;
    }
    visit_pair_value(w, list, &pair);
    /* In a free-form list the first text need not be a name. */
    if (list->field.form != FORM_PAIRS)
        visit_index(w, &pair, v->first, 0);
}

static void visit_list(struct walk *w, const struct walk_node *n)
{
    size_t index = 0;
    bool pairs =
        n->field.form == FORM_PAIRS || (n->field.form == FORM_ANY && is_pair_list(n->value));
    for (struct jt *v = n->value->first; v; v = v->next, index++) {
        if (pairs && is_pair(v))
            visit_pair(w, n, v, index);
        else
            visit_index(w, n, v, index);
    }
}

void walk_visit(struct walk *w, struct walk_node *n)
{
    if (n->path.depth > WALK_DEPTH_MAX)
        become_null(n->value);
    if (n->path.pii != PII_NONE && n->value->kind > JT_TRUE)
        w->look(w->visitor, n);
    if (n->value->kind == JT_ARRAY)
        visit_list(w, n);
    for (struct jt *v = n->value->kind == JT_OBJECT ? n->value->first : NULL; v; v = v->next)
        visit_key(w, n, v);
}

struct walk_node walk_root(struct jt *value, const struct scrub_shape *shape,
                           struct remark_place *at)
{
    return (struct walk_node){.value = value,
                              .field = {.form = FORM_STRUCT, .shape = shape},
                              .path = {.types = shape->types},
                              .at = at};
}

struct walk_node walk_event(struct jt *event, struct remark_place *at)
{
    return walk_root(event, &scrub_shape_event, at);
}
