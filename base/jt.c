#include "base/jt.h"

#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/text.h"

/* Objects with more members look for equal keys by a map: a scan of each pair would let a hostile
 * object cost the square of its size. */
enum { SCAN_MAX = 32 };

struct jt *jt_new(struct arena *a, enum jt_kind kind)
{
    struct jt *v = arena_new_of(a, struct jt);
    v->kind = kind;
    return v;
}

struct jt *jt_new_str(struct arena *a, struct str text)
{
    struct jt *v = jt_new(a, JT_STRING);
    v->text = text;
    return v;
}

struct jt *jt_new_int(struct arena *a, int64_t number)
{
    char *digits = arena_printf(a, "%lld", (long long)number);
    struct jt *v = jt_new(a, JT_NUMBER);
    v->text = str_of(digits);
    return v;
}

struct jt *jt_new_double(struct arena *a, double number)
{
    struct jt *v = jt_new(a, isfinite(number) ? JT_NUMBER : JT_NULL);
    if (v->kind == JT_NUMBER)
        v->text = str_of(arena_printf(a, "%.15g", number));
    return v;
}

struct jt *jt_new_bool(struct arena *a, bool value)
{
    return jt_new(a, value ? JT_TRUE : JT_FALSE);
}

void jt_append(struct jt *parent, struct jt *value)
{
    value->next = NULL;
    if (parent->last)
        parent->last->next = value;
    else
        parent->first = value;
    parent->last = value;
    parent->count++;
}

static void unlink_after(struct jt *parent, struct jt *before, const struct jt *child)
{
    if (before)
        before->next = child->next;
    else
        parent->first = child->next;
    if (parent->last == child)
        parent->last = before;
    parent->count--;
}

bool jt_remove(struct jt *parent, const struct jt *child)
{
    struct jt *before = NULL;
    for (struct jt *v = parent->first; v; before = v, v = v->next) {
        if (v != child)
            continue;
        unlink_after(parent, before, child);
        return true;
    }
    return false;
}

void jt_filter(struct jt *parent, bool (*keep)(struct jt *child, void *arg), void *arg)
{
    struct jt **link = &parent->first, *last = NULL;
    size_t count = 0;
    while (*link) {
        struct jt *child = *link, *next = child->next;
        if (keep(child, arg)) {
            last = child;
            count++;
            link = &child->next;
        } else {
            *link = next;
        }
    }
    parent->last = last;
    parent->count = count;
}

/* Gives the place of the earlier member to the later one: order stays that of first appearance. */
static void take_value(struct jt *earlier, const struct jt *later)
{
    struct jt *next = earlier->next;
    *earlier = *later;
    earlier->next = next;
}

static void drop_repeated_keys_of_many(struct jt *object, struct arena *a)
{
    struct map *seen = map_new(a, object->count);
    struct jt *before = NULL;
    for (struct jt *v = object->first; v; v = v->next) {
        struct jt *earlier = map_get(seen, v->key);
        if (earlier) {
            take_value(earlier, v);
            unlink_after(object, before, v);
        } else {
            map_set(seen, v->key, v);
            before = v;
        }
    }
}

static struct jt *earlier_of(const struct jt *object, const struct jt *member)
{
    for (struct jt *v = object->first; v != member; v = v->next)
        if (str_eq(v->key, member->key))
            return v;
    return NULL;
}

static void drop_repeated_keys(struct jt *object, struct arena *a)
{
    if (object->count > SCAN_MAX) {
        drop_repeated_keys_of_many(object, a);
        return;
    }
    struct jt *before = NULL;
    for (struct jt *v = object->first; v; v = v->next) {
        struct jt *earlier = earlier_of(object, v);
        if (earlier) {
            take_value(earlier, v);
            unlink_after(object, before, v);
        } else {
            before = v;
        }
    }
}

static struct jt *node_of(struct jr *r, struct arena *a, enum jr_kind kind)
{
    static const enum jt_kind kinds[] = {
        [JR_OBJECT] = JT_OBJECT, [JR_ARRAY] = JT_ARRAY, [JR_STRING] = JT_STRING,
        [JR_NUMBER] = JT_NUMBER, [JR_TRUE] = JT_TRUE,   [JR_FALSE] = JT_FALSE,
        [JR_NULL] = JT_NULL,
    };
    struct jt *v = jt_new(a, kinds[kind]);
    if (kind == JR_STRING || kind == JR_NUMBER)
        v->text = jr_text(r, a);
    return v;
}

/* A reading under way: the containers that are open, outermost first.  The first of them is a list
 * around the document, so that every value has a parent. */
struct reading {
    struct jr tokens;
    struct arena *arena;
    struct str key; /* of the value that comes next */
    unsigned depth;
    struct jt *parents[JR_DEPTH_MAX + 1];
};

static void add_value(struct reading *read, enum jr_kind kind)
{
    struct jt *v = node_of(&read->tokens, read->arena, kind);
    v->key = read->key;
    read->key = (struct str){0};
    jt_append(read->parents[read->depth], v);
    if (kind == JR_OBJECT || kind == JR_ARRAY)
        read->parents[++read->depth] = v;
}

static void take_token(struct reading *read, enum jr_kind kind)
{
    if (kind == JR_KEY) {
        read->key = jr_text(&read->tokens, read->arena);
    } else if (kind == JR_OBJECT_END) {
        drop_repeated_keys(read->parents[read->depth--], read->arena);
    } else if (kind == JR_ARRAY_END) {
        read->depth--;
    } else {
        add_value(read, kind);
    }
}

struct jt *jt_read(struct arena *a, struct str input, unsigned depth_limit, const char **error)
{
    struct jt document = {.kind = JT_ARRAY};
    struct reading read = {.arena = a, .parents = {&document}};
    jr_begin_folding(&read.tokens, input, depth_limit);
    for (enum jr_kind kind; (kind = jr_next(&read.tokens)) != JR_END;) {
        if (kind == JR_ERROR) {
            *error = jr_error(&read.tokens);
            return NULL;
        }
        take_token(&read, kind);
    }
    return document.first;
}

static void write_children(struct jw *w, const struct jt *v)
{
    bool object = v->kind == JT_OBJECT;
    jw_open(w, object ? '{' : '[');
    for (const struct jt *child = v->first; child; child = child->next) {
        if (object)
            jw_name(w, child->key);
        jt_write(w, child);
    }
    jw_close(w, object ? '}' : ']');
}

void jt_write(struct jw *w, const struct jt *v)
{
    enum jt_kind kind = v ? v->kind : JT_NULL;
    if (kind == JT_OBJECT || kind == JT_ARRAY)
        write_children(w, v);
    else if (kind == JT_STRING)
        jw_str(w, v->text);
    else if (kind == JT_NUMBER)
        jw_raw(w, v->text);
    else if (kind == JT_NULL)
        jw_null(w);
    else
        jw_bool(w, kind == JT_TRUE);
}

struct jt *jt_get(const struct jt *object, struct str key)
{
    if (!object || object->kind != JT_OBJECT)
        return NULL;
    for (struct jt *v = object->first; v; v = v->next)
        if (str_eq(v->key, key))
            return v;
    return NULL;
}

struct jt *jt_at(const struct jt *array, size_t index)
{
    if (!array || array->kind != JT_ARRAY || index >= array->count)
        return NULL;
    struct jt *v = array->first;
    while (index--)
        v = v->next;
    return v;
}

struct str jt_str(const struct jt *v)
{
    return v && v->kind == JT_STRING ? v->text : (struct str){0};
}

struct str jt_get_str(const struct jt *object, struct str key)
{
    return jt_str(jt_get(object, key));
}

bool jt_int64(const struct jt *v, int64_t *out)
{
    return v && v->kind == JT_NUMBER && text_int64(v->text, out);
}

bool jt_double(const struct jt *v, double *out)
{
    return v && v->kind == JT_NUMBER && text_double(v->text, out);
}

void jt_set(struct jt *object, struct str key, struct jt *value)
{
    struct jt **link = &object->first;
    value->key = key;
    while (*link && !str_eq((*link)->key, key))
        link = &(*link)->next;
    if (!*link) {
        jt_append(object, value);
        return;
    }
    value->next = (*link)->next;
    if (object->last == *link)
        object->last = value;
    *link = value;
}
