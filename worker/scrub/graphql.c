#include "worker/scrub/graphql.h"

#include "base/map.h"

static void filter(struct jt *v)
{
    v->kind = JT_STRING;
    v->text = S("[Filtered]");
    v->first = v->last = NULL;
    v->count = 0;
}

/* The names of the variables; their values are gone afterwards. */
static struct map *take_variables(struct arena *a, const struct jt *variables)
{
    bool named = variables && variables->kind == JT_OBJECT;
    struct map *names = map_new(a, named ? variables->count : 1);
    for (struct jt *v = named ? variables->first : NULL; v; v = v->next) {
        map_set(names, v->key, v);
        filter(v);
    }
    return names;
}

static void filter_named(struct jt *data, const struct map *names)
{
    for (struct jt *v = data->first; v; v = v->next) {
        if (v->kind == JT_OBJECT)
            filter_named(v, names);
        else if (map_get(names, v->key))
            filter(v);
    }
}

void graphql_scrub(struct arena *a, struct jt *event)
{
    const struct jt *request = jt_get(event, S("request")), *body = jt_get(request, S("data"));
    if (!body || !str_case_eq(jt_get_str(request, S("api_target")), S("graphql")))
        return;
    const struct map *names = take_variables(a, jt_get(body, S("variables")));
    struct jt *answer = jt_get(jt_get(jt_get(event, S("contexts")), S("response")), S("data"));
    struct jt *data = jt_get(answer, S("data"));
    if (!data || data->kind != JT_OBJECT)
        return;
    /* Without variables the values stand in the query itself. */
    if (map_count(names))
        filter_named(data, names);
    else
        jt_remove(answer, data);
}
