#include "worker/scrub/remark.h"

#include "base/text.h"

/* Nodes with more members are looked up by a map, so that many remarks cost no square. */
enum { SCAN_MAX = 16 };

static void index_children(struct arena *a, struct remark_place *at)
{
    at->known = at->node ? at->node->count : 0;
    if (at->known <= SCAN_MAX)
        return;
    at->children = map_new(a, at->known);
    for (struct jt *v = at->node->first; v; v = v->next)
        map_set(at->children, v->key, v);
}

static struct jt *known_child(const struct remark_place *at, struct str key)
{
    struct jt *v = at->known ? at->node->first : NULL;
    if (at->children)
        return map_get(at->children, key);
    for (size_t i = 0; i < at->known; i++, v = v->next)
        if (str_eq(v->key, key))
            return v;
    return NULL;
}

/* Every child is asked for once, so those that we added are of no interest. */
static struct jt *child_named(const struct remark_place *at, struct str key)
{
    struct jt *v = known_child(at, key);
    return v && v->kind == JT_OBJECT ? v : NULL;
}

struct remark_place remark_root(struct arena *a, struct jt *tree)
{
    struct remark_place root = {.node = tree && tree->kind == JT_OBJECT ? tree : NULL};
    index_children(a, &root);
    return root;
}

struct remark_place remark_of_key(struct arena *a, struct remark_place *parent, struct str key)
{
    struct remark_place at = {.parent = parent, .key = key, .node = child_named(parent, key)};
    index_children(a, &at);
    return at;
}

static struct str index_text(struct arena *a, size_t index)
{
    return str_of(arena_printf(a, "%zu", index));
}

struct remark_place remark_of_index(struct arena *a, struct remark_place *parent, size_t index)
{
    struct remark_place at = {.parent = parent, .index = index};
    if (parent->node)
        at.node = child_named(parent, index_text(a, index));
    index_children(a, &at);
    return at;
}

/* The annotations of the place, or NULL. */
static struct jt *remark_annotations(const struct remark_place *at)
{
    if (!at || at->notes)
        return at ? at->notes : NULL;
    return child_named(at, S(""));
}

/* A member that is no object says nothing; ours takes its place. */
static struct jt *add_child(struct arena *a, const struct remark_place *parent, struct str key)
{
    struct jt *node = known_child(parent, key);
    if (!node) {
        node = jt_new(a, JT_OBJECT);
        node->key = key;
        jt_append(parent->node, node);
    }
    node->kind = JT_OBJECT;
    node->first = node->last = NULL;
    node->count = 0;
    return node;
}

static struct jt *node_of(struct arena *a, struct remark_place *at)
{
    while (!at->node) {
        /* The outermost missing node first: each turn adds one. */
        struct remark_place *above = at;
        while (above->parent && !above->parent->node)
            above = above->parent;
        struct str key = above->key.p ? above->key : index_text(a, above->index);
        above->node = above->parent ? add_child(a, above->parent, key) : jt_new(a, JT_OBJECT);
    }
    return at->node;
}

static struct jt *annotations_of(struct arena *a, struct remark_place *at)
{
    at->notes = remark_annotations(at);
    if (!at->notes) {
        node_of(a, at);
        at->notes = add_child(a, at, S(""));
    }
    return at->notes;
}

static struct jt *new_remark(struct arena *a, struct str rule, char type)
{
    struct jt *remark = jt_new(a, JT_ARRAY);
    char *letter = arena_take(a, 1);
    *letter = type;
    jt_append(remark, jt_new_str(a, rule));
    jt_append(remark, jt_new_str(a, (struct str){letter, 1}));
    return remark;
}

static struct jt *remarks_of(struct arena *a, struct jt *annotations)
{
    struct jt *remarks = jt_get(annotations, S("rem"));
    if (remarks && remarks->kind == JT_ARRAY)
        return remarks;
    remarks = jt_new(a, JT_ARRAY);
    jt_set(annotations, S("rem"), remarks);
    return remarks;
}

void remark_removed(struct arena *a, struct remark_place *at, struct str rule)
{
    if (at)
        jt_append(remarks_of(a, annotations_of(a, at)), new_remark(a, rule, 'x'));
}

void stretches_add(struct arena *a, struct stretches *s, struct stretch stretch)
{
    if (s->count == s->room) {
        size_t room = s->room ? s->room * 2 : 8;
        struct stretch *list = arena_take(a, room * sizeof(*list));
        if (s->count)
            memcpy(list, s->list, s->count * sizeof(*list));
        s->list = list;
        s->room = room;
    }
    s->list[s->count++] = stretch;
}

struct str stretches_text(struct arena *a, const struct stretches *s)
{
    size_t size = 0, n = 0;
    for (size_t i = 0; i < s->count; i++)
        size += s->list[i].text.n;
    char *text = arena_take(a, size + 1);
    for (size_t i = 0; i < s->count; n += s->list[i++].text.n)
        if (s->list[i].text.n)
            memcpy(text + n, s->list[i].text.p, s->list[i].text.n);
    return (struct str){text, n};
}

/* [rule, type, start, end] on the borders of characters, after `from`. */
static bool read_range(const struct jt *remark, struct str text, size_t from, size_t range[2])
{
    int64_t start, end;
    if (!jt_int64(jt_at(remark, 2), &start) || !jt_int64(jt_at(remark, 3), &end) ||
        start < (int64_t)from || end < start || end > (int64_t)text.n)
        return false;
    range[0] = (size_t)start;
    range[1] = (size_t)end;
    for (int i = 0; i < 2; i++)
        if (range[i] < text.n && ((unsigned char)text.p[range[i]] & 0xC0) == 0x80)
            return false;
    return jt_str(jt_at(remark, 0)).p && jt_str(jt_at(remark, 1)).n == 1;
}

struct stretches remark_stretches(struct arena *a, const struct remark_place *at, struct str text)
{
    struct stretches s = {0};
    const struct jt *remarks = jt_get(remark_annotations(at), S("rem"));
    size_t from = 0, range[2];
    for (const struct jt *v = remarks ? remarks->first : NULL; v; v = v->next) {
        if (v->kind != JT_ARRAY || !read_range(v, text, from, range))
            continue;
        if (range[0] > from)
            stretches_add(a, &s, (struct stretch){str_slice(text, from, range[0]), {0}, 0});
        stretches_add(a, &s,
                      (struct stretch){str_slice(text, range[0], range[1]), jt_str(v->first),
                                       v->first->next->text.p[0]});
        from = range[1];
    }
    if (from < text.n)
        stretches_add(a, &s, (struct stretch){str_slice(text, from, text.n), {0}, 0});
    return s;
}

void remark_redacted(struct arena *a, struct remark_place *at, const struct stretches *s,
                     size_t length)
{
    size_t start = 0;
    if (!at)
        return;
    struct jt *annotations = annotations_of(a, at), *remarks = jt_new(a, JT_ARRAY);
    for (size_t i = 0; i < s->count; start += s->list[i++].text.n) {
        if (!s->list[i].rule.p)
            continue;
        struct jt *remark = new_remark(a, s->list[i].rule, s->list[i].type);
        jt_append(remark, jt_new_int(a, (int64_t)start));
        jt_append(remark, jt_new_int(a, (int64_t)(start + s->list[i].text.n)));
        jt_append(remarks, remark);
    }
    jt_set(annotations, S("rem"), remarks);
    if (!jt_get(annotations, S("len")))
        jt_set(annotations, S("len"), jt_new_int(a, (int64_t)length));
}
