#include "worker/digest/java_name.h"

#include "base/text.h"

#define DIGITS "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"
#define WORD DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static const struct str automatic = {"<auto>", 6};

/* An optional "_12" after a generated part. */
static size_t counter(struct str s, size_t at)
{
    if (at >= s.n || s.p[at] != '_')
        return 0;
    size_t digits = text_run(s, at + 1, DIGITS);
    return digits ? digits + 1 : 0;
}

/* Where the variable part after a mark lies; `to` is 0 when there is none. */
struct span {
    size_t from, to;
};

/* [$…]<run>[_counter], where the run is of `bytes`. */
static struct span plain_part(struct str s, size_t at, const char *bytes)
{
    at += text_run(s, at, "$");
    size_t run = text_run(s, at, bytes);
    return (struct span){at, run ? at + run + counter(s, at + run) : 0};
}

/* <word>$$<hex>[_counter]: the generator's name before the dollars stays. */
static struct span part_after_word(struct str s, size_t at, const char *bytes)
{
    at += text_run(s, at, WORD);
    struct span part = plain_part(s, at, bytes);
    return part.from > at ? part : (struct span){at, 0};
}

/* [_seam][_counter], which may be empty. */
static struct span seam_part(struct str s, size_t at, const char *bytes)
{
    (void)bytes;
    size_t seam = str_starts(str_from(s, at), S("_seam")) ? 5 : 0;
    return (struct span){at, at + seam + counter(s, at + seam)};
}

enum { JAVASSIST = 3 };

static const struct generator {
    struct str mark;
    struct span (*part)(struct str s, size_t at, const char *bytes);
    const char *bytes;
} generators[] = {
    {{"sun.reflect.GeneratedConstructorAccessor", 40}, plain_part, DIGITS},
    {{"sun.reflect.GeneratedSerializationConstructorAccessor", 53}, plain_part, DIGITS},
    {{"CGLIB$$", 7}, plain_part, HEX_DIGITS},
    [JAVASSIST] = {{"$$_javassist", 12}, seam_part, NULL},
    {{"$fn__", 5}, plain_part, DIGITS},
    {{"EnhancerBy", 10}, part_after_word, HEX_DIGITS},
    {{"FastClassBy", 11}, part_after_word, HEX_DIGITS},
    {{"HibernateProxy$", 15}, plain_part, WORD},
};

static size_t copy(char *out, struct str s)
{
    if (s.p)
        memcpy(out, s.p, s.n);
    return s.n;
}

/* Every occurrence, in one pass. */
static struct str clean(struct arena *a, struct str s, const struct generator *g)
{
    if (!str_has(s, g->mark))
        return s;
    /* The shortest mark grows most: "$fn__1" by five bytes. */
    char *out = arena_take(a, s.n * 2);
    size_t n = 0, from = 0;
    for (size_t at; (at = from + str_find(str_from(s, from), g->mark)) < s.n;) {
        struct span part = g->part(s, at + g->mark.n, g->bytes);
        size_t end = part.to ? part.from : at + g->mark.n;
        n += copy(out + n, str_slice(s, from, end));
        if (part.to && !str_starts(str_from(s, part.from), automatic))
            n += copy(out + n, automatic);
        from = part.to ? part.to : end;
    }
    n += copy(out + n, str_from(s, from));
    return (struct str){out, n};
}

struct str java_name_file(struct arena *a, struct str filename)
{
    return clean(a, filename, &generators[JAVASSIST]);
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
    for (size_t i = 0; i < sizeof(generators) / sizeof(generators[0]); i++)
        module = clean(a, module, &generators[i]);
    return module;
}
