#include "worker/digest/span_times.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "worker/digest/transaction.h"

struct interval {
    struct jt *span;
    struct str parent, kind; /* kind: of its op, for the breakdown */
    int64_t start, end;      /* us */
};

struct intervals {
    struct interval *list;
    size_t count;
};

static double milliseconds(int64_t us)
{
    return (double)us / 1000;
}

static struct intervals intervals_of(struct arena *a, const struct jt *spans)
{
    struct intervals all = {0};
    all.list = arena_take(a, ((spans ? spans->count : 0) + 1) * sizeof(*all.list));
    for (struct jt *span = spans ? spans->first : NULL; span; span = span->next) {
        struct interval *i = &all.list[all.count++];
        *i = (struct interval){.span = span, .parent = jt_get_str(span, S("parent_span_id"))};
        transaction_time(span, S("start_timestamp"), &i->start);
        transaction_time(span, S("timestamp"), &i->end);
    }
    return all;
}

static int by_start(const struct interval *a, const struct interval *b)
{
    return (a->start > b->start) - (a->start < b->start);
}

static int by_parent(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;
    int order = str_compare(x->parent, y->parent);
    return order ? order : by_start(x, y);
}

static int by_kind(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;
    int order = str_compare(x->kind, y->kind);
    return order ? order : by_start(x, y);
}

/* The first whose parent is not below `id`. */
static size_t first_child(const struct intervals *all, struct str id)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_compare(all->list[middle].parent, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* us between start and end that no child covers; `all` is sorted by_parent. */
static int64_t time_alone(const struct intervals *all, struct str id, int64_t start, int64_t end)
{
    int64_t alone = end - start, covered_to = start;
    size_t i = first_child(all, id);
    for (; i < all->count && str_eq(all->list[i].parent, id); i++) {
        const struct interval *child = &all->list[i];
        int64_t from = child->start > covered_to ? child->start : covered_to;
        int64_t to = child->end < end ? child->end : end;
        if (to <= from)
            continue;
        alone -= to - from;
        covered_to = to;
    }
    return alone;
}

static void set_alone(struct arena *a, struct jt *of, int64_t us)
{
    jt_set(of, S("exclusive_time"), jt_new_double(a, milliseconds(us)));
}

static void set_exclusive(struct arena *a, struct jt *event, struct intervals *all)
{
    struct jt *trace = jt_get(jt_get(event, S("contexts")), S("trace"));
    int64_t start = 0, end = 0;
    qsort(all->list, all->count, sizeof(*all->list), by_parent);
    for (size_t i = 0; i < all->count; i++) {
        const struct interval *v = &all->list[i];
        struct str id = jt_get_str(v->span, S("span_id"));
        set_alone(a, v->span, time_alone(all, id, v->start, v->end));
    }
    transaction_time(event, S("start_timestamp"), &start);
    transaction_time(event, S("timestamp"), &end);
    if (!jt_get(trace, S("exclusive_time")))
        set_alone(a, trace, time_alone(all, jt_get_str(trace, S("span_id")), start, end));
}

/* ---- the breakdown */

static const struct str kinds[] = {
    {"http", 4}, {"db", 2}, {"browser", 7}, {"resource", 8}, {"ui", 2}};

static bool is_shown(struct str kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (str_eq(kind, kinds[i]))
            return true;
    return false;
}

static struct str kind_of(const struct jt *span)
{
    struct str op = jt_get_str(span, S("op"));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (str_starts(op, kinds[i]))
            return kinds[i];
    return op;
}

/* us that the intervals from `from` on, all of one kind, cover together; *next is the kind after.
 */
static int64_t time_covered(const struct intervals *all, size_t from, size_t *next)
{
    int64_t sum = 0, covered_to = INT64_MIN;
    size_t i = from;
    for (; i < all->count && str_eq(all->list[i].kind, all->list[from].kind); i++) {
        const struct interval *v = &all->list[i];
        int64_t start = v->start > covered_to ? v->start : covered_to;
        sum += v->end > start ? v->end - start : 0;
        covered_to = v->end > covered_to ? v->end : covered_to;
    }
    *next = i;
    return sum;
}

static void put_time(struct arena *a, struct jt *breakdown, struct str name, int64_t us)
{
    struct jt *entry = jt_new(a, JT_OBJECT);
    jt_set(entry, S("value"), jt_new_double(a, milliseconds(us)));
    jt_set(entry, S("unit"), jt_new_str(a, S("millisecond")));
    jt_set(breakdown, name, entry);
}

static void set_breakdown(struct arena *a, struct jt *event, struct intervals *all)
{
    struct jt *breakdowns = jt_new(a, JT_OBJECT), *span_ops = jt_new(a, JT_OBJECT);
    int64_t total = 0;
    for (size_t i = 0; i < all->count; i++)
        all->list[i].kind = kind_of(all->list[i].span);
    qsort(all->list, all->count, sizeof(*all->list), by_kind);
    for (size_t i = 0, next; i < all->count; i = next) {
        struct str kind = all->list[i].kind;
        int64_t us = time_covered(all, i, &next);
        total += us;
        if (is_shown(kind))
            put_time(a, span_ops, text_join(a, S("ops"), S("."), kind), us);
    }
    put_time(a, span_ops, S("total.time"), total);
    jt_set(breakdowns, S("span_ops"), span_ops);
    jt_set(event, S("breakdowns"), breakdowns);
}

void span_times_set(struct arena *a, struct jt *event)
{
    struct intervals all = intervals_of(a, jt_get(event, S("spans")));
    set_exclusive(a, event, &all);
    if (all.count)
        set_breakdown(a, event, &all);
}
