#include "worker/digest/exception_group.h"

/* The exceptions as a tree; links are indices into nodes[]. */
enum { NONE = -1 };

struct link {
    int64_t id, parent;
    bool has_parent, is_group;
};

struct group {
    const struct exception_node *nodes;
    struct link *links;
    size_t count;
    size_t *top; /* the first exceptions below the root that are no groups themselves */
    size_t top_count;
};

static bool read_link(const struct jt *exception, struct link *link)
{
    const struct jt *mechanism = jt_get(exception, S("mechanism"));
    const struct jt *group = jt_get(mechanism, S("is_exception_group"));
    if (!jt_int64(jt_get(mechanism, S("exception_id")), &link->id))
        return false;
    link->has_parent = jt_int64(jt_get(mechanism, S("parent_id")), &link->parent);
    link->is_group = group && group->kind == JT_TRUE;
    return !link->has_parent || link->parent != link->id;
}

static int index_of(const struct group *g, int64_t id)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->links[i].id == id)
            return (int)i;
    return NONE;
}

static bool read_links(struct group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        if (!read_link(g->nodes[i].exception, &g->links[i]))
            return false;
        if (index_of(g, g->links[i].id) != (int)i)
            return false;
    }
    return index_of(g, 0) != NONE;
}

/* Children are visited in the order of the reversed event: the thrown exception comes last in it.
 */
static bool is_child(const struct group *g, size_t i, int64_t parent)
{
    return g->links[i].has_parent && g->links[i].parent == parent;
}

/* False when the links run in a circle.  Recursion goes no deeper than there are exceptions. */
static bool find_top(struct group *g, size_t at, size_t depth)
{
    if (depth > g->count)
        return false;
    if (!g->links[at].is_group) {
        if (g->top_count == g->count)
            return false;
        g->top[g->top_count++] = at;
        return true;
    }
    for (size_t i = g->count; i--;)
        if (is_child(g, i, g->links[at].id) && !find_top(g, i, depth + 1))
            return false;
    return true;
}

static struct str type_of(const struct group *g, size_t i)
{
    struct str type = jt_get_str(g->nodes[i].exception, S("type"));
    return type.p ? type : S("None");
}

/* By type, descending; stable. */
static void sort_top(struct group *g)
{
    for (size_t i = 1; i < g->top_count; i++) {
        size_t moving = g->top[i], at = i;
        for (; at && str_compare(type_of(g, moving), type_of(g, g->top[at - 1])) > 0; at--)
            g->top[at] = g->top[at - 1];
        g->top[at] = moving;
    }
}

static bool same(const struct exception_node *a, const struct exception_node *b)
{
    for (int v = 0; v < VARIANTS; v++) {
        if (!a->variants[v] != !b->variants[v])
            return false;
        if (a->variants[v] && !component_eq(a->variants[v], b->variants[v]))
            return false;
    }
    return true;
}

static void drop_equal_neighbours(struct group *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->top_count; i++)
        if (!kept || !same(&g->nodes[g->top[i]], &g->nodes[g->top[kept - 1]]))
            g->top[kept++] = g->top[i];
    g->top_count = kept;
}

static int first_child(const struct group *g, size_t at)
{
    for (size_t i = g->count; i--;)
        if (is_child(g, i, g->links[at].id))
            return (int)i;
    return NONE;
}

/* The exception and its first child, that one's first child, and so on. */
static size_t follow(const struct group *g, size_t at, struct exception_node *out)
{
    size_t n = 0;
    for (int i = (int)at; i != NONE; i = first_child(g, (size_t)i)) {
        if (n == g->count)
            return 0;
        out[n++] = g->nodes[i];
    }
    return n;
}

static size_t pick(struct normalizer *n, const struct group *g, struct exception_node *out)
{
    if (g->top_count == 1) {
        size_t count = follow(g, g->top[0], out);
        if (count)
            jt_set(n->event, S("main_exception_id"), jt_new_int(n->arena, g->links[g->top[0]].id));
        return count;
    }
    for (size_t i = 0; i < g->top_count; i++)
        out[i] = g->nodes[g->top[i]];
    out[g->top_count] = g->nodes[index_of(g, 0)];
    return g->top_count + 1;
}

/* Python's SDK 3 numbers its exceptions in another way. */
static bool is_exempt(const struct normalizer *n)
{
    struct str version = jt_get_str(jt_get(n->event, S("sdk")), S("version"));
    return str_eq(n->out->platform, S("python")) && str_starts(version, S("3"));
}

size_t exception_group_filter(struct normalizer *n, struct exception_node *nodes, size_t count)
{
    if (count < 2 || count > EXCEPTION_GROUP_MAX || is_exempt(n))
        return count;
    struct group g = {.nodes = nodes, .count = count};
    g.links = arena_alloc(n->arena, count * sizeof(struct link));
    g.top = arena_alloc(n->arena, count * sizeof(size_t));
    if (!read_links(&g) || !find_top(&g, (size_t)index_of(&g, 0), 0) || !g.top_count)
        return count;
    sort_top(&g);
    drop_equal_neighbours(&g);
    struct exception_node *picked =
        arena_alloc(n->arena, (count + 1) * sizeof(struct exception_node));
    size_t picks = pick(n, &g, picked);
    if (!picks || picks > count)
        return count;
    memcpy(nodes, picked, picks * sizeof(struct exception_node));
    return picks;
}
