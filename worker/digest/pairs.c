#include "worker/digest/pairs.h"

#include "base/text.h"

/* More than any limit keeps. */
enum { PAIRS_MAX = 2000 };

void pairs_add(struct arena *a, struct jt *pairs, struct str key, struct jt *value)
{
    struct jt *pair = jt_new(a, JT_ARRAY);
    jt_append(pair, jt_new_str(a, key));
    jt_append(pair, value);
    jt_append(pairs, pair);
}

struct jt *pair_key(const struct jt *pair)
{
    return pair->first;
}

struct jt *pair_value(const struct jt *pair)
{
    return pair->first->next;
}

static bool is_pair(const struct jt *v)
{
    return v->kind == JT_ARRAY && v->count == 2;
}

struct jt *pairs_of(struct arena *a, const struct jt *v)
{
    struct jt *pairs = jt_new(a, JT_ARRAY);
    if (!v || (v->kind != JT_OBJECT && v->kind != JT_ARRAY))
        return NULL;
    for (struct jt *member = v->first, *next; member; member = next) {
        next = member->next;
        if (v->kind == JT_OBJECT)
            pairs_add(a, pairs, member->key, member);
        else if (is_pair(member))
            jt_append(pairs, member);
    }
    return pairs;
}

struct jt *pairs_get(const struct jt *pairs, struct str key)
{
    for (const struct jt *pair = pairs ? pairs->first : NULL; pair; pair = pair->next)
        if (str_case_eq(jt_str(pair_key(pair)), key))
            return pair_value(pair);
    return NULL;
}

/* The decoded bytes may be any; stored text is UTF-8. */
static struct str decoded(struct arena *a, struct str s, bool plus_is_space)
{
    return text_utf8(a, text_percent_decode(a, s, plus_is_space));
}

struct jt *pairs_of_query(struct arena *a, struct str query)
{
    struct jt *pairs = jt_new(a, JT_ARRAY);
    if (str_starts(query, S("?")))
        query = str_from(query, 1);
    while (query.p && pairs->count < PAIRS_MAX) {
        struct str value = str_split(&query, '&');
        if (!value.n)
            continue;
        struct str key = decoded(a, str_split(&value, '='), true);
        pairs_add(a, pairs, key, jt_new_str(a, decoded(a, value, true)));
    }
    return pairs;
}

struct jt *pairs_of_cookies(struct arena *a, struct str cookies)
{
    struct jt *pairs = jt_new(a, JT_ARRAY);
    while (cookies.p && pairs->count < PAIRS_MAX) {
        struct str value = str_trim(str_split(&cookies, ';'));
        if (!value.n)
            continue;
        struct str key = decoded(a, str_trim(str_split(&value, '=')), false);
        pairs_add(a, pairs, key, jt_new_str(a, decoded(a, str_trim(value), false)));
    }
    return pairs;
}
