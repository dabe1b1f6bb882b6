#include "worker/scrub/suggest.h"

#include <stdlib.h>

#include "base/map.h"
#include "worker/scrub/walk.h"

enum { SELECTOR_PRINT_MAX = 1 << 16 };

struct found {
    const struct selector *selector;
    struct suggestion suggestion;
};

struct suggesting {
    struct arena *arena;
    struct map *seen; /* selector and value, joined */
    struct found **list;
    size_t count;
};

static struct str printed(struct arena *a, const struct selector *s)
{
    struct buf out;
    buf_init(&out, SELECTOR_PRINT_MAX);
    selector_print(s, &out);
    struct str text = arena_str(a, buf_str(&out));
    buf_free(&out);
    return text;
}

static void keep(struct suggesting *s, const struct selector *selector, struct str value)
{
    struct str text = printed(s->arena, selector);
    const char *joined =
        arena_printf(s->arena, "%.*s\n%s%.*s", STR_ARG(text), value.p ? "=" : "", STR_ARG(value));
    if (s->count == SUGGESTIONS_MAX || map_get(s->seen, str_of(joined)))
        return;
    struct found *f = arena_new_of(s->arena, struct found);
    *f = (struct found){selector, {text, value}};
    map_set(s->seen, str_of(joined), f);
    s->list[s->count++] = f;
}

/* False when the selector would not reach the value. */
static bool offer(struct suggesting *s, const struct selector *selector, const struct walk_node *n)
{
    if (!selector || !selector_matches(selector, &n->path))
        return false;
    keep(s, selector, jt_str(n->value));
    return true;
}

/* Types that say what a value means are where a selector best begins. */
static bool offer_typed(struct suggesting *s, const struct walk_node *n,
                        const struct scrub_path *at, unsigned steps)
{
    for (int type = TYPE_EVENT; type <= TYPE_STACK_MEMORY; type++)
        if (at->types & TYPE_BIT(type) && at->parent &&
            offer(s, selector_of_path(s->arena, &n->path, steps, type), n))
            return true;
    return false;
}

static void look(void *suggesting, struct walk_node *n)
{
    struct suggesting *s = suggesting;
    unsigned steps = 0;
    for (int type = TYPE_STRING; type < TYPE_ARRAY; type++)
        if (n->path.types & TYPE_BIT(type))
            offer(s, selector_of_path(s->arena, &n->path, 0, type), n);
    for (const struct scrub_path *at = &n->path; at->parent; at = at->parent, steps++)
        if (offer_typed(s, n, at, steps))
            return;
    offer(s, selector_of_path(s->arena, &n->path, steps, SELECTOR_NO_TYPE), n);
}

static int compare_values(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return (a.p != NULL) - (b.p != NULL);
    return str_compare(a, b);
}

static int compare(const void *x, const void *y)
{
    const struct found *a = *(struct found *const *)x, *b = *(struct found *const *)y;
    int first = selector_compare(a->selector, b->selector);
    return first ? first : compare_values(a->suggestion.value, b->suggestion.value);
}

struct suggestions suggest_selectors(struct arena *a, struct jt *event)
{
    struct suggesting s = {.arena = a, .seen = map_new(a, 64)};
    struct walk walk = {a, look, &s};
    struct walk_node n = walk_event(event, NULL);
    s.list = arena_alloc(a, SUGGESTIONS_MAX * sizeof(struct found *));
    walk_visit(&walk, &n);
    qsort(s.list, s.count, sizeof(struct found *), compare);
    struct suggestions out = {s.count, arena_alloc(a, (s.count + 1) * sizeof(struct suggestion))};
    for (size_t i = 0; i < s.count; i++)
        out.list[i] = s.list[i]->suggestion;
    return out;
}
