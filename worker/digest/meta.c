#include "worker/digest/meta.h"

enum { ORIGINAL_MAX = 500 };

void meta_begin(struct meta *m, struct arena *a)
{
    *m = (struct meta){.arena = a, .errors = jt_new(a, JT_ARRAY)};
}

static void enter(struct meta *m, struct meta_step step)
{
    if (m->depth < META_DEPTH_MAX)
        m->path[m->depth] = step;
    m->depth++;
}

void meta_enter(struct meta *m, struct str key)
{
    enter(m, (struct meta_step){.key = key});
}

void meta_enter_index(struct meta *m, size_t index)
{
    enter(m, (struct meta_step){.index = index});
}

void meta_leave(struct meta *m)
{
    m->depth--;
}

static struct str step_text(const struct meta *m, unsigned i)
{
    const struct meta_step *step = &m->path[i];
    return step->key.p ? step->key : str_of(arena_printf(m->arena, "%zu", step->index));
}

static unsigned path_length(const struct meta *m)
{
    return m->depth < META_DEPTH_MAX ? m->depth : META_DEPTH_MAX;
}

static struct str path_text(const struct meta *m)
{
    struct str path = {0};
    for (unsigned i = 0; i < path_length(m); i++) {
        struct str step = step_text(m, i);
        char *joined = arena_take(m->arena, path.n + 1 + step.n);
        size_t n = path.n;
        if (n) {
            memcpy(joined, path.p, n);
            joined[n++] = '.';
        }
        memcpy(joined + n, step.p, step.n);
        path = (struct str){joined, n + step.n};
    }
    return path;
}

static struct jt *member(struct meta *m, struct jt *object, struct str key, enum jt_kind kind)
{
    struct jt *v = jt_get(object, key);
    if (v && v->kind == kind)
        return v;
    v = jt_new(m->arena, kind);
    jt_set(object, key, v);
    return v;
}

/* The annotations of the path's end. */
static struct jt *annotations(struct meta *m)
{
    if (!m->tree)
        m->tree = jt_new(m->arena, JT_OBJECT);
    struct jt *at = m->tree;
    for (unsigned i = 0; i < path_length(m); i++)
        at = member(m, at, step_text(m, i), JT_OBJECT);
    return member(m, at, S(""), JT_OBJECT);
}

static size_t rough_size(const struct jt *v)
{
    size_t size = v->key.n + v->text.n + 4;
    for (const struct jt *child = v->first; child && size <= ORIGINAL_MAX; child = child->next)
        size += rough_size(child);
    return size;
}

static struct jt *copy(struct arena *a, const struct jt *v)
{
    struct jt *twin = arena_new_of(a, struct jt);
    *twin = *v;
    return twin;
}

static void annotate(struct meta *m, struct jt *kind, const struct jt *original, struct jt *data)
{
    struct jt *about = annotations(m);
    struct jt *error = jt_new(m->arena, JT_ARRAY);
    jt_append(error, kind);
    jt_append(error, copy(m->arena, data));
    jt_append(member(m, about, S("err"), JT_ARRAY), error);
    if (original)
        jt_set(about, S("val"), copy(m->arena, original));
}

void meta_error_data(struct meta *m, const char *kind, const struct jt *original, struct jt *data)
{
    struct arena *a = m->arena;
    if (m->errors->count >= META_ERRORS_MAX)
        return;
    if (original && rough_size(original) > ORIGINAL_MAX)
        original = NULL;
    annotate(m, jt_new_str(a, str_of(kind)), original, data);
    struct jt *error = jt_new(a, JT_OBJECT);
    jt_set(error, S("type"), jt_new_str(a, str_of(kind)));
    jt_set(error, S("name"), jt_new_str(a, path_text(m)));
    if (original)
        jt_set(error, S("value"), copy(a, original));
    for (const struct jt *v = data->first; v; v = v->next)
        jt_set(error, v->key, copy(a, v));
    jt_append(m->errors, error);
}

void meta_error(struct meta *m, const char *kind, const struct jt *original, struct str reason)
{
    struct jt *data = jt_new(m->arena, JT_OBJECT);
    if (reason.p)
        jt_set(data, S("reason"), jt_new_str(m->arena, reason));
    meta_error_data(m, kind, original, data);
}

void meta_original(struct meta *m, struct str text)
{
    jt_set(annotations(m), S("val"), jt_new_str(m->arena, text));
}

void meta_text_cut(struct meta *m, size_t end, size_t length)
{
    struct arena *a = m->arena;
    struct jt *about = annotations(m), *remark = jt_new(a, JT_ARRAY);
    jt_append(remark, jt_new_str(a, S("!limit")));
    jt_append(remark, jt_new_str(a, S("s")));
    jt_append(remark, jt_new_int(a, end > 3 ? (int64_t)end - 3 : 0));
    jt_append(remark, jt_new_int(a, (int64_t)end));
    jt_append(member(m, about, S("rem"), JT_ARRAY), remark);
    jt_set(about, S("len"), jt_new_int(a, (int64_t)length));
}

void meta_members_cut(struct meta *m, size_t count_before)
{
    jt_set(annotations(m), S("len"), jt_new_int(m->arena, (int64_t)count_before));
}
