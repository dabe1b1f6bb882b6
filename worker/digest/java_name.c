#include "worker/digest/java_name.h"

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
#define WORD DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static const struct str automatic = {"<auto>", 6};

static size_t run_of(struct str s, size_t at, const char *bytes)
{
    size_t from = at;
    while (at < s.n && s.p[at] && strchr(bytes, s.p[at]))
        at++;
    return at - from;
}

/* An optional "_12" after a generated part. */
static size_t counter(struct str s, size_t at)
{
    if (at >= s.n || s.p[at] != '_')
        return 0;
    size_t digits = run_of(s, at + 1, DIGITS);
    return digits ? digits + 1 : 0;
}

static struct str replaced(struct arena *a, struct str s, size_t from, size_t to)
{
    struct str head = str_slice(s, 0, from), tail = str_from(s, to);
    return str_of(
        arena_printf(a, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(automatic), STR_ARG(tail)));
}

/* <mark>[$…]<variable run>[_counter], where the run is of `bytes`. */
static struct str cut_after(struct arena *a, struct str s, struct str mark, const char *bytes)
{
    size_t at = str_find(s, mark);
    if (at == s.n)
        return s;
    at += mark.n;
    at += run_of(s, at, "$");
    size_t run = run_of(s, at, bytes);
    return run ? replaced(a, s, at, at + run + counter(s, at + run)) : s;
}

/* <mark><word>$$<hex>[_counter]: the generator's name between mark and dollars stays. */
static struct str cut_after_word(struct arena *a, struct str s, struct str mark)
{
    size_t at = str_find(s, mark);
    if (at == s.n)
        return s;
    at += mark.n;
    at += run_of(s, at, WORD);
    size_t dollars = run_of(s, at, "$");
    size_t run = run_of(s, at + dollars, HEX_DIGITS);
    at += dollars;
    return dollars && run ? replaced(a, s, at, at + run + counter(s, at + run)) : s;
}

/* Foo$$_javassist_seam_3 */
static struct str cut_javassist(struct arena *a, struct str s)
{
    struct str mark = S("$$_javassist");
    size_t at = str_find(s, mark);
    if (at == s.n)
        return s;
    at += mark.n;
    size_t seam = str_starts(str_from(s, at), S("_seam")) ? 5 : 0;
    return replaced(a, s, at, at + seam + counter(s, at + seam));
}

struct str java_name_file(struct arena *a, struct str filename)
{
    return cut_javassist(a, filename);
}

struct str java_name_module(struct arena *a, struct str module)
{
    static const struct str accessors[] = {{"sun.reflect.GeneratedMethodAccessor", 35},
                                           {"jdk.internal.reflect.GeneratedMethodAccessor", 44}};
    for (size_t i = 0; i < sizeof(accessors) / sizeof(accessors[0]); i++)
        if (str_starts(module, accessors[i]))
            return accessors[i];
    if (str_index(module, '$') == module.n && !str_starts(module, S("sun.reflect.")))
        return module;
    module = cut_after(a, module, S("sun.reflect.GeneratedConstructorAccessor"), DIGITS);
    module =
        cut_after(a, module, S("sun.reflect.GeneratedSerializationConstructorAccessor"), DIGITS);
    module = cut_after(a, module, S("CGLIB$$"), HEX_DIGITS);
    module = cut_javassist(a, module);
    module = cut_after(a, module, S("$fn__"), DIGITS);
    module = cut_after_word(a, module, S("EnhancerBy"));
    module = cut_after_word(a, module, S("FastClassBy"));
    return cut_after(a, module, S("HibernateProxy$"), WORD);
}
