#include "worker/filter/globs.h"

#include "base/text.h"

void globs_add_text(struct arena *a, struct globs *g, struct str pattern)
{
    pattern = str_trim(pattern);
    const struct glob *glob = pattern.n ? glob_compile(a, text_fold(a, pattern)) : NULL;
    if (!glob || g->count == GLOBS_MAX)
        return;
    struct globs_entry *entry = arena_take(a, sizeof(*entry));
    *entry = (struct globs_entry){.next = g->first, .glob = glob};
    g->first = entry;
    g->count++;
}

void globs_add(struct arena *a, struct globs *g, const struct jt *patterns)
{
    struct str lines = jt_str(patterns);
    while (lines.p)
        globs_add_text(a, g, str_split(&lines, '\n'));
    if (!patterns || patterns->kind != JT_ARRAY)
        return;
    for (const struct jt *v = patterns->first; v; v = v->next)
        globs_add_text(a, g, jt_str(v));
}

bool globs_match(const struct globs *g, struct str folded)
{
    for (const struct globs_entry *e = g->first; folded.p && e; e = e->next)
        if (glob_matches(e->glob, folded))
            return true;
    return false;
}
