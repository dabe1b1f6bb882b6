#include "worker/digest/breadcrumbs.h"

static void set_default(struct arena *a, struct jt *crumb, struct str key, struct str text)
{
    const struct jt *v = jt_get(crumb, key);
    if (!v || (v->kind == JT_STRING && !v->text.n))
        jt_set(crumb, key, jt_new_str(a, text));
}

void breadcrumbs_normalize(struct normalizer *n)
{
    const struct jt *values = normalize_values(n->event, S("breadcrumbs"));
    for (struct jt *v = values ? values->first : NULL; v; v = v->next) {
        if (v->kind != JT_OBJECT)
            continue;
        set_default(n->arena, v, S("type"), S("default"));
        set_default(n->arena, v, S("level"), S("info"));
    }
}
