#include "worker/filter/condition.h"

#include "base/text.h"
#include "worker/digest/pairs.h"
#include "worker/digest/scalar.h"
#include "worker/filter/globs.h"

/* What a condition is evaluated on: the event and its trace, or the member of a list. */
struct view {
    struct arena *arena;
    const struct jt *event, *trace, *member;
};

struct condition {
    bool (*matches)(const struct condition *c, const struct view *v);
    struct str name;
    const struct jt *value;
    bool ignore_case;
    struct globs globs;
    struct condition *inner; /* and, or, not, any, all */
    struct condition *next;  /* beside it in a list */
};

/* ---- paths */

/* Names that differ from where the value stands. */
static const struct {
    struct str name, path;
} aliases[] = {
    {{"exceptions", 10}, {"exception.values", 16}},
    {{"ty", 2}, {"type", 4}},
    {{"transaction.source", 18}, {"transaction_info.source", 23}},
};

static const struct jt *duration(const struct view *v)
{
    int64_t start, end;
    const struct jt *from = jt_get(v->event, S("start_timestamp"));
    const struct jt *to = jt_get(v->event, S("timestamp"));
    if (!from || !to || scalar_time(from, &start) || scalar_time(to, &end))
        return NULL;
    return jt_new_int(v->arena, (end - start) / 1000);
}

/* Keys of pairs may hold dots: they are the rest of the path. */
static const struct jt *walk(const struct jt *from, struct str path)
{
    while (from && path.p) {
        const struct jt *whole = jt_get(from, path);
        if (whole)
            return whole;
        if (from->kind == JT_ARRAY)
            return pairs_get(from, path);
        from = jt_get(from, str_split(&path, '.'));
    }
    return from;
}

static const struct jt *look_up(const struct view *v, struct str name)
{
    const struct jt *root = v->member;
    if (!root) {
        struct str head = str_split(&name, '.');
        root = str_eq(head, S("event")) ? v->event : str_eq(head, S("trace")) ? v->trace : NULL;
    }
    if (root == v->event && str_eq(name, S("duration")))
        return duration(v);
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (str_eq(name, aliases[i].name))
            name = aliases[i].path;
    const struct jt *found = walk(root, name);
    return found && found->kind != JT_NULL ? found : NULL;
}

/* ---- operators */

static struct str folded(const struct condition *c, const struct view *v, const struct jt *text)
{
    return c->ignore_case ? text_fold(v->arena, text->text) : text->text;
}

static bool equal(const struct condition *c, const struct view *v, const struct jt *a,
                  const struct jt *b)
{
    double x, y;
    if (!a || b->kind == JT_NULL)
        return !a && b->kind == JT_NULL;
    if (a->kind == JT_STRING && b->kind == JT_STRING)
        return str_eq(folded(c, v, a), folded(c, v, b));
    if (jt_double(a, &x) && jt_double(b, &y))
        return !(x < y || x > y);
    return a->kind == b->kind && (a->kind == JT_TRUE || a->kind == JT_FALSE);
}

static bool match_eq(const struct condition *c, const struct view *v)
{
    const struct jt *found = look_up(v, c->name);
    if (c->value->kind != JT_ARRAY)
        return equal(c, v, found, c->value);
    for (const struct jt *one = c->value->first; one; one = one->next)
        if (found && equal(c, v, found, one))
            return true;
    return false;
}

/* How the value found stands to the condition's: *order is below, above or 0.  False when they
 * cannot be compared. */
static bool compare(const struct condition *c, const struct view *v, int *order)
{
    double x, y;
    const struct jt *found = look_up(v, c->name);
    if (!found)
        return false;
    if (jt_double(found, &x) && jt_double(c->value, &y)) {
        *order = (x > y) - (x < y);
        return true;
    }
    struct str a = jt_str(found), b = jt_str(c->value);
    if (!a.p || !b.p)
        return false;
    *order = str_compare(a, b);
    return true;
}

static bool match_gt(const struct condition *c, const struct view *v)
{
    int order;
    return compare(c, v, &order) && order > 0;
}

static bool match_gte(const struct condition *c, const struct view *v)
{
    int order;
    return compare(c, v, &order) && order >= 0;
}

static bool match_lt(const struct condition *c, const struct view *v)
{
    int order;
    return compare(c, v, &order) && order < 0;
}

static bool match_lte(const struct condition *c, const struct view *v)
{
    int order;
    return compare(c, v, &order) && order <= 0;
}

static bool match_glob(const struct condition *c, const struct view *v)
{
    struct str text = jt_str(look_up(v, c->name));
    return text.p && globs_match(&c->globs, text_fold(v->arena, text));
}

static bool match_and(const struct condition *c, const struct view *v)
{
    for (const struct condition *one = c->inner; one; one = one->next)
        if (!one->matches(one, v))
            return false;
    return true;
}

static bool match_or(const struct condition *c, const struct view *v)
{
    for (const struct condition *one = c->inner; one; one = one->next)
        if (one->matches(one, v))
            return true;
    return false;
}

static bool match_not(const struct condition *c, const struct view *v)
{
    return !c->inner->matches(c->inner, v);
}

/* Members that do and do not match. */
static void count_members(const struct condition *c, const struct view *v, size_t counts[2])
{
    const struct jt *list = look_up(v, c->name);
    struct view inner = *v;
    counts[false] = counts[true] = 0;
    if (!list || list->kind != JT_ARRAY)
        return;
    for (inner.member = list->first; inner.member; inner.member = inner.member->next)
        counts[c->inner->matches(c->inner, &inner)]++;
}

static bool match_any(const struct condition *c, const struct view *v)
{
    size_t counts[2];
    count_members(c, v, counts);
    return counts[true] > 0;
}

static bool match_all(const struct condition *c, const struct view *v)
{
    size_t counts[2];
    count_members(c, v, counts);
    return counts[true] > 0 && !counts[false];
}

bool condition_matches(struct arena *a, const struct condition *c, const struct jt *event,
                       const struct jt *trace)
{
    struct view v = {.arena = a, .event = event, .trace = trace};
    return c->matches(c, &v);
}

/* ---- compiling */

static const struct {
    struct str op;
    bool (*matches)(const struct condition *c, const struct view *v);
    enum { VALUE, ONE, LIST } takes; /* a value, one inner condition, a list of them */
} operators[] = {
    {{"eq", 2}, match_eq, VALUE},  {{"gt", 2}, match_gt, VALUE},   {{"gte", 3}, match_gte, VALUE},
    {{"lt", 2}, match_lt, VALUE},  {{"lte", 3}, match_lte, VALUE}, {{"glob", 4}, match_glob, VALUE},
    {{"and", 3}, match_and, LIST}, {{"or", 2}, match_or, LIST},    {{"not", 3}, match_not, ONE},
    {{"any", 3}, match_any, ONE},  {{"all", 3}, match_all, ONE},
};

enum { OPERATORS = sizeof(operators) / sizeof(operators[0]) };

static struct condition *compile(struct arena *a, const struct jt *tree, unsigned depth);

/* Conditions of a list, in their order; false when one is not understood. */
static bool compile_list(struct arena *a, const struct jt *list, unsigned depth,
                         struct condition **link)
{
    if (!list || list->kind != JT_ARRAY)
        return false;
    for (const struct jt *v = list->first; v; v = v->next) {
        *link = compile(a, v, depth);
        if (!*link)
            return false;
        link = &(*link)->next;
    }
    return true;
}

static struct condition *compile(struct arena *a, const struct jt *tree, unsigned depth)
{
    struct str op = jt_get_str(tree, S("op"));
    const struct jt *inner = jt_get(tree, S("inner"));
    const struct jt *ignore = jt_get(jt_get(tree, S("options")), S("ignoreCase"));
    struct condition *c = arena_new_of(a, struct condition);
    size_t i = 0;
    while (i < OPERATORS && !str_eq(op, operators[i].op))
        i++;
    if (i == OPERATORS || depth == CONDITION_DEPTH_MAX)
        return NULL;
    *c = (struct condition){.matches = operators[i].matches,
                            .name = jt_get_str(tree, S("name")),
                            .value = jt_get(tree, S("value")),
                            .ignore_case = ignore && ignore->kind == JT_TRUE};
    if (operators[i].takes == LIST)
        return compile_list(a, inner, depth + 1, &c->inner) ? c : NULL;
    if (operators[i].takes == ONE)
        return (c->inner = compile(a, inner, depth + 1)) ? c : NULL;
    if (c->matches == match_glob)
        globs_add(a, &c->globs, c->value);
    return c->value ? c : NULL;
}

const struct condition *condition_compile(struct arena *a, const struct jt *tree)
{
    return compile(a, tree, 0);
}
