#include "base/route.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"

enum { TABLE_BYTES = 16 * 1024 * 1024, SEGMENTS_MAX = 16, METHOD_COUNT = METHOD_OPTIONS + 1 };

static const char *const method_names[METHOD_COUNT] = {
    [METHOD_GET] = "GET",         [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
    [METHOD_PATCH] = "PATCH",     [METHOD_DELETE] = "DELETE", [METHOD_HEAD] = "HEAD",
    [METHOD_OPTIONS] = "OPTIONS",
};

/* One segment of one or more paths. */
struct node {
    struct str name; /* of a fixed segment */
    struct node *fixed, *sibling;
    struct node *named; /* "{…}": any text */
    const struct route *routes[METHOD_COUNT];
};

struct routes {
    struct arena *arena;
    struct node root;
    const struct route *const *tables;
};

static struct node *find_fixed(const struct node *parent, struct str name)
{
    struct node *n = parent->fixed;
    while (n && !str_eq(n->name, name))
        n = n->sibling;
    return n;
}

static struct node *child_for(struct arena *a, struct node *parent, struct str segment)
{
    bool named = segment.n > 2 && segment.p[0] == '{';
    struct node *child = named ? parent->named : find_fixed(parent, segment);
    if (child)
        return child;
    child = arena_new_of(a, struct node);
    if (named)
        return parent->named = child;
    child->name = segment;
    child->sibling = parent->fixed;
    return parent->fixed = child;
}

/* Splits at slashes, the first and the last of which stand for nothing; -1 when there are too many
 * pieces. */
static int split_path(struct str path, struct str segments[SEGMENTS_MAX])
{
    int n = 0;
    if (!str_starts(path, S("/")))
        return -1;
    struct str rest = str_slice(path, 1, path.n - (path.n > 1 && str_ends(path, S("/"))));
    while (rest.n) {
        if (n == SEGMENTS_MAX)
            return -1;
        segments[n++] = str_split(&rest, '/');
    }
    return n;
}

static void refuse_table(const struct route *route, const char *reason)
{
    log_error(reason, LOG_STR("path", str_of(route->path)));
    abort();
}

static void add_route(struct routes *r, const struct route *route)
{
    struct str segments[SEGMENTS_MAX];
    struct node *at = &r->root;
    int names = 0, n = split_path(str_of(route->path), segments);
    for (int i = 0; i < n; i++) {
        at = child_for(r->arena, at, segments[i]);
        names += segments[i].p[0] == '{';
    }
    if (n < 0 || names > REQUEST_PARAMS_MAX)
        refuse_table(route, "a route's path has too many segments");
    if (at->routes[route->method])
        refuse_table(route, "two routes have the same method and path");
    at->routes[route->method] = route;
}

struct routes *routes_compile(const struct route *const *tables)
{
    struct arena *arena = arena_new(TABLE_BYTES);
    struct routes *r = arena_new_of(arena, struct routes);
    r->arena = arena;
    r->tables = tables;
    for (const struct route *const *table = tables; *table; table++) {
        for (const struct route *route = *table; route->path; route++)
            add_route(r, route);
    }
    return r;
}

void routes_free(struct routes *r)
{
    arena_free(r->arena);
}

/* A walk down the tree with the places it may have to come back to. */
struct search {
    const struct request *rq;
    struct str segments[SEGMENTS_MAX];
    int count;
    struct str params[REQUEST_PARAMS_MAX];
    bool allowed[METHOD_COUNT]; /* by all paths that match */
    const struct route *found;
};

/* Depth is bounded by SEGMENTS_MAX; branching happens only where the table has both a fixed and a
 * named segment. */
static bool search_from(struct search *s, const struct node *at, int depth, int names)
{
    if (depth == s->count) {
        for (int m = 0; m < METHOD_COUNT; m++)
            s->allowed[m] |= at->routes[m] != NULL;
        s->found = at->routes[s->rq->method];
        return s->found != NULL;
    }
    struct str segment = s->segments[depth];
    const struct node *fixed = find_fixed(at, segment);
    if (fixed && search_from(s, fixed, depth + 1, names))
        return true;
    if (!at->named || segment.n == 0)
        return false;
    s->params[names] = segment;
    return search_from(s, at->named, depth + 1, names + 1);
}

static bool decode_segments(struct search *s, struct request *rq)
{
    s->count = split_path(rq->path, s->segments);
    for (int i = 0; i < s->count; i++) {
        struct str decoded = text_percent_decode(rq->arena, s->segments[i], false);
        s->segments[i] = text_utf8(rq->arena, decoded);
    }
    return s->count >= 0;
}

/* The Allow header; false when no path matched at all. */
static bool allow_methods(const struct search *s, struct request *rq)
{
    const char *list = "";
    for (int m = 1; m < METHOD_COUNT; m++) {
        if (s->allowed[m])
            list = arena_printf(rq->arena, "%s%s%s%s", list, *list ? ", " : "", method_names[m],
                                m == METHOD_GET ? ", HEAD" : "");
    }
    if (*list)
        reply_header(rq, "Allow", str_of(list));
    return *list != '\0';
}

int routes_match(const struct routes *r, struct request *rq)
{
    struct search s = {.rq = rq};
    if (!decode_segments(&s, rq))
        return 404;
    if (!search_from(&s, &r->root, 0, 0))
        return allow_methods(&s, rq) ? 405 : 404;
    rq->route = s.found;
    memcpy(rq->params, s.params, sizeof(rq->params));
    return 0;
}

void routes_print(const struct routes *r, struct buf *to)
{
    for (const struct route *const *table = r->tables; *table; table++) {
        for (const struct route *route = *table; route->path; route++)
            buf_printf(to, "%-7s %s %08x\n", method_names[route->method], route->path,
                       route->access);
    }
}
