#include "worker/digest/http.h"

#include <stdlib.h>

#include "base/text.h"
#include "worker/digest/pairs.h"
#include "worker/digest/scalar.h"
#include "worker/digest/trim.h"

enum { URL_MAX = 256, URL_ALLOWANCE = 40, BODY_DEPTH = 7, BODY_BYTES = 8192 };
enum { QUERY_DEPTH = 3, QUERY_BYTES = 1024, COOKIES_DEPTH = 5, COOKIES_BYTES = 2048 };

static void set_text(struct normalizer *n, struct jt *object, struct str key, struct str text)
{
    jt_set(object, key, jt_new_str(n->arena, text));
}

static bool is_set(const struct jt *object, struct str key)
{
    const struct jt *v = jt_get(object, key);
    return v && v->kind != JT_NULL && (v->kind != JT_STRING || v->text.n);
}

/* The part after the first `mark` of *url, which loses it; absent when there is none. */
static struct str cut_off(struct str *url, char mark)
{
    size_t at = str_index(*url, mark);
    struct str part = at < url->n ? str_from(*url, at + 1) : (struct str){0};
    *url = str_slice(*url, 0, at);
    return part;
}

static struct str without_ellipsis(struct arena *a, struct str url)
{
    struct str sign = S("\xE2\x80\xA6");
    if (!str_ends(url, sign))
        return url;
    url.n -= sign.n;
    return str_of(arena_printf(a, "%.*s...", STR_ARG(url)));
}

static void normalize_url(struct normalizer *n, struct jt *request)
{
    struct jt *url = jt_get(request, S("url"));
    if (!url)
        return;
    struct str text = without_ellipsis(n->arena, url->text);
    struct str fragment = cut_off(&text, '#'), query = cut_off(&text, '?');
    if (query.n && !is_set(request, S("query_string")))
        set_text(n, request, S("query_string"), query);
    if (fragment.n && !is_set(request, S("fragment")))
        set_text(n, request, S("fragment"), fragment);
    url->text = text;
    meta_enter(&n->meta, url->key);
    trim_text(&n->meta, url, URL_MAX, URL_ALLOWANCE);
    meta_leave(&n->meta);
}

static bool is_method(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'A' || s.p[i] > 'Z') && s.p[i] != '-' && s.p[i] != '_')
            return false;
    return s.n >= 3 && s.n <= 32;
}

static void normalize_method(struct normalizer *n, struct jt *request)
{
    struct jt *method = jt_get(request, S("method"));
    if (!method)
        return;
    char *upper = arena_strdup(n->arena, method->text);
    for (size_t i = 0; i < method->text.n; i++)
        if (upper[i] >= 'a' && upper[i] <= 'z')
            upper[i] = (char)(upper[i] - 'a' + 'A');
    struct str text = {upper, method->text.n};
    if (is_method(text)) {
        method->text = text;
        return;
    }
    meta_enter(&n->meta, method->key);
    meta_error(&n->meta, "invalid_data", method, S("expected an HTTP method"));
    meta_leave(&n->meta);
    jt_remove(request, method);
}

/* Puts pairs, made of texts, in the place of a field; nothing when there are none. */
static void put_pairs(struct normalizer *n, struct jt *request, struct str key, struct jt *pairs)
{
    const struct jt *old = jt_get(request, key);
    if (!pairs || !pairs->count) {
        if (old)
            jt_remove(request, old);
        return;
    }
    for (struct jt *pair = pairs->first; pair; pair = pair->next) {
        scalar_json_text(n->arena, pair_key(pair));
        scalar_json_text(n->arena, pair_value(pair));
    }
    jt_set(request, key, pairs);
}

static void normalize_pairs(struct normalizer *n, struct jt *request, struct str key,
                            struct jt *(*of_text)(struct arena *a, struct str text))
{
    struct jt *v = jt_get(request, key);
    if (!v)
        return;
    struct jt *pairs = v->kind == JT_STRING ? of_text(n->arena, v->text) : pairs_of(n->arena, v);
    put_pairs(n, request, key, pairs);
}

/* user-agent -> User-Agent; the rest of each word stays. */
static struct str header_name(struct arena *a, struct str name)
{
    char *out = arena_strdup(a, name);
    for (size_t i = 0; i < name.n; i++)
        if ((i == 0 || out[i - 1] == '-') && out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 'a' + 'A');
    return (struct str){out, name.n};
}

/* A header sent more than once comes as a list. */
static struct str header_value(struct arena *a, struct jt *v)
{
    struct str joined = {0};
    if (v->kind != JT_ARRAY) {
        scalar_json_text(a, v);
        return v->text;
    }
    for (struct jt *part = v->first; part; part = part->next) {
        scalar_json_text(a, part);
        joined = joined.p
                     ? str_of(arena_printf(a, "%.*s,%.*s", STR_ARG(joined), STR_ARG(part->text)))
                     : part->text;
        if (joined.n > BODY_BYTES)
            break;
    }
    return joined.p ? joined : S("");
}

static int by_name(const void *a, const void *b)
{
    const struct jt *const *x = a, *const *y = b;
    return str_compare(pair_key(*x)->text, pair_key(*y)->text);
}

static void sort_pairs(struct arena *a, struct jt *pairs)
{
    size_t count = pairs->count, i = 0;
    struct jt **order = arena_take(a, count * sizeof(struct jt *));
    for (struct jt *pair = pairs->first; pair; pair = pair->next)
        order[i++] = pair;
    qsort(order, count, sizeof(struct jt *), by_name);
    *pairs = (struct jt){.kind = JT_ARRAY, .key = pairs->key, .next = pairs->next};
    for (i = 0; i < count; i++)
        jt_append(pairs, order[i]);
}

static void normalize_headers(struct normalizer *n, struct jt *request)
{
    struct jt *headers = jt_get(request, S("headers"));
    if (!headers)
        return;
    bool sorted = headers->kind == JT_OBJECT;
    struct jt *pairs = pairs_of(n->arena, headers);
    for (struct jt *pair = pairs ? pairs->first : NULL; pair; pair = pair->next) {
        struct jt *key = pair_key(pair), *value = pair_value(pair);
        scalar_json_text(n->arena, key);
        key->text = header_name(n->arena, key->text);
        *value = (struct jt){.kind = JT_STRING, .text = header_value(n->arena, value)};
    }
    if (pairs && sorted && pairs->count > 1)
        sort_pairs(n->arena, pairs);
    put_pairs(n, request, S("headers"), pairs);
}

static void take_cookie_header(struct normalizer *n, struct jt *request)
{
    struct jt *headers = jt_get(request, S("headers"));
    for (struct jt *pair = headers ? headers->first : NULL; pair; pair = pair->next) {
        if (!str_case_eq(pair_key(pair)->text, S("cookie")))
            continue;
        if (!is_set(request, S("cookies")))
            set_text(n, request, S("cookies"), pair_value(pair)->text);
        jt_remove(headers, pair);
        return;
    }
}

static struct jt *body_of_json(struct arena *a, struct str text)
{
    const char *error;
    struct str start = str_trim(text);
    if (!str_starts(start, S("{")) && !str_starts(start, S("[")))
        return NULL;
    return jt_read(a, text, 64, &error);
}

static bool is_plain_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

/* One pair alone is a form only if its value is something: "hello" and "aGk==" are not. */
static bool is_form(const struct jt *pairs)
{
    if (pairs->count != 1)
        return pairs->count > 1;
    struct str value = pair_value(pairs->first)->text;
    return value.n && !str_eq(value, S("="));
}

static struct jt *body_of_form(struct arena *a, struct str text)
{
    bool markup =
        str_starts(text, S("<?xml")) || str_starts(text, S("{")) || str_starts(text, S("["));
    if (markup || !is_plain_ascii(text))
        return NULL;
    const struct jt *pairs = pairs_of_query(a, text);
    if (!is_form(pairs))
        return NULL;
    struct jt *form = jt_new(a, JT_OBJECT);
    for (const struct jt *pair = pairs->first; pair && form->count < BODY_BYTES / 4;
         pair = pair->next)
        jt_set(form, pair_key(pair)->text, pair_value(pair));
    return form;
}

static void replace_body(struct normalizer *n, struct jt *request, struct jt *body, struct str type)
{
    jt_set(request, S("data"), body);
    set_text(n, request, S("inferred_content_type"), type);
}

static void infer_type(struct normalizer *n, struct jt *request)
{
    struct str type = jt_str(pairs_get(jt_get(request, S("headers")), S("content-type")));
    type = str_trim(str_slice(type, 0, str_index(type, ';')));
    if (type.n && !is_set(request, S("inferred_content_type")))
        set_text(n, request, S("inferred_content_type"), type);
}

static void normalize_data(struct normalizer *n, struct jt *request)
{
    struct jt *data = jt_get(request, S("data"));
    if (!data)
        return;
    struct str text = jt_str(data);
    struct jt *json = text.n ? body_of_json(n->arena, text) : NULL;
    struct jt *form = text.n && !json ? body_of_form(n->arena, text) : NULL;
    if (json)
        replace_body(n, request, json, S("application/json"));
    else if (form)
        replace_body(n, request, form, S("application/x-www-form-urlencoded"));
    else
        infer_type(n, request);
}

static void limit(struct normalizer *n, struct jt *request)
{
    static const struct {
        struct str key;
        unsigned depth;
        size_t bytes;
    } limits[] = {{{"data", 4}, BODY_DEPTH, BODY_BYTES},
                  {{"headers", 7}, BODY_DEPTH, BODY_BYTES},
                  {{"query_string", 12}, QUERY_DEPTH, QUERY_BYTES},
                  {{"cookies", 7}, COOKIES_DEPTH, COOKIES_BYTES}};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        struct jt *v = jt_get(request, limits[i].key);
        meta_enter(&n->meta, limits[i].key);
        if (v)
            trim_value(&n->meta, v, limits[i].depth, limits[i].bytes);
        meta_leave(&n->meta);
    }
}

void http_normalize(struct normalizer *n)
{
    struct jt *request = jt_get(n->event, S("request"));
    if (!request)
        return;
    meta_enter(&n->meta, request->key);
    normalize_url(n, request);
    normalize_method(n, request);
    normalize_headers(n, request);
    take_cookie_header(n, request);
    normalize_pairs(n, request, S("query_string"), pairs_of_query);
    normalize_pairs(n, request, S("cookies"), pairs_of_cookies);
    normalize_data(n, request);
    limit(n, request);
    meta_leave(&n->meta);
}
