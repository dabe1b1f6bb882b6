#include "worker/digest/trim.h"

#include <limits.h>

#include "base/text.h"

/* No limit of a field is larger. */
enum { JSON_TEXT_MAX = 2 << 20 };

void trim_text(struct meta *m, struct jt *text, size_t max, size_t allowance)
{
    size_t ceiling = m->text_max ? m->text_max : SIZE_MAX;
    struct str sent = text->text;
    if (sent.n <= max + allowance && sent.n <= ceiling)
        return;
    size_t length = text_points(sent);
    if (length > max + allowance)
        text->text = text_ellipsis(m->arena, sent, max);
    if (text->text.n > ceiling) {
        text->text = text_ellipsis_bytes(m->arena, sent, ceiling);
        length = sent.n;
    }
    if (text->text.p != sent.p)
        meta_text_cut(m, text->text.n, length);
}

struct str trim_json_text(struct arena *a, const struct jt *value)
{
    struct buf out;
    struct jw w;
    buf_init(&out, JSON_TEXT_MAX);
    jw_begin(&w, &out);
    jt_write(&w, value);
    struct str text = arena_str(a, buf_str(&out));
    buf_free(&out);
    return text;
}

static bool is_container(const struct jt *v)
{
    return v->kind == JT_OBJECT || v->kind == JT_ARRAY;
}

static void become_text(struct arena *a, struct jt *v)
{
    v->text = trim_json_text(a, v);
    v->kind = JT_STRING;
    v->first = v->last = NULL;
    v->count = 0;
}

static void spend(size_t *left, size_t size)
{
    *left = *left > size ? *left - size : 0;
}

static void fit(struct meta *m, struct jt *v, unsigned depth, size_t *left);

static void cut_after(struct jt *container, struct jt *last, size_t kept)
{
    if (last)
        last->next = NULL;
    else
        container->first = NULL;
    container->last = last;
    container->count = kept;
}

static void fit_members(struct meta *m, struct jt *container, unsigned depth, size_t *left)
{
    struct jt *before = NULL;
    size_t kept = 0;
    for (struct jt *child = container->first; child; before = child, child = child->next, kept++) {
        if (*left == 0) {
            meta_members_cut(m, container->count);
            cut_after(container, before, kept);
            return;
        }
        if (container->kind == JT_OBJECT)
            meta_enter(m, child->key);
        else
            meta_enter_index(m, kept);
        spend(left, child->key.n);
        fit(m, child, depth - 1, left);
        meta_leave(m);
    }
}

/* Recursion ends at `depth`, which the fields' limits keep below ten, or with what was read. */
static void fit(struct meta *m, struct jt *v, unsigned depth, size_t *left)
{
    if (is_container(v) && depth <= 1 && v->first)
        become_text(m->arena, v);
    if (is_container(v)) {
        fit_members(m, v, depth, left);
        spend(left, 3);
        return;
    }
    if (v->kind == JT_STRING)
        trim_text(m, v, *left, 0);
    spend(left, v->text.n + 3);
}

void trim_value(struct meta *m, struct jt *value, unsigned depth, size_t bytes)
{
    fit(m, value, depth, &bytes);
}

void trim_texts(struct meta *m, struct jt *value)
{
    size_t endless = SIZE_MAX;
    if (m->text_max)
        fit(m, value, UINT_MAX, &endless);
}
