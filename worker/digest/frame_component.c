#include "worker/digest/frame_component.h"

#include "base/text.h"
#include "worker/digest/frames.h"
#include "worker/digest/function.h"
#include "worker/digest/java_name.h"

enum { CONTEXT_LINE_MAX = 120 };

static bool is_remote(struct str path)
{
    static const struct str schemes[] = {
        {"http:", 5}, {"https:", 6}, {"applewebdata:", 13}, {"blob:", 5}};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (str_starts(path, schemes[i]))
            return true;
    return false;
}

static bool is_address(struct str path)
{
    return is_remote(path) || str_starts(path, S("file:"));
}

static bool is_one_of(struct str s, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(s, list[i]))
            return true;
    return false;
}

#define IS_ONE_OF(s, list) is_one_of((s), (list), sizeof(list) / sizeof((list)[0]))

static struct component *filename_component(struct arena *a, const struct jt *frame,
                                            struct str platform)
{
    const struct jt *filename = jt_get(frame, S("filename"));
    if (!filename)
        return component_new(a, "filename");
    struct str base = text_lower(a, text_after_last(filename->text, "/\\"));
    if (str_eq(platform, S("java")))
        base = java_name_file(a, base);
    struct component *c = component_leaf(a, "filename", base);
    if (is_remote(jt_get_str(frame, S("abs_path"))) || str_eq(base, S("<anonymous>")) ||
        str_eq(base, S("[native code]")))
        c->contributes = false;
    return c;
}

static struct component *module_component(struct arena *a, const struct jt *frame,
                                          struct str platform)
{
    struct str module = jt_get_str(frame, S("module"));
    if (!module.p)
        return component_new(a, "module");
    bool java = str_eq(platform, S("java"));
    bool script = str_eq(platform, S("javascript"));
    struct component *c = component_leaf(a, "module", java ? java_name_module(a, module) : module);
    if (script && str_index(module, '/') < module.n &&
        str_ends(jt_get_str(frame, S("abs_path")), module))
        c->contributes = false;
    if (java && str_has(module, S("$$Lambda$")))
        c->contributes = false;
    return c;
}

/* Runs of blanks become one, none stay at the ends. */
static struct str squeeze(struct arena *a, struct str line)
{
    char *out = arena_take(a, line.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++) {
        char c = line.p[i];
        bool blank = c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
        if (!blank)
            out[n++] = c;
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    n -= n && out[n - 1] == ' ';
    return (struct str){out, n};
}

static bool shows_context(struct str platform)
{
    static const struct str platforms[] = {
        {"javascript", 10}, {"node", 4}, {"python", 6}, {"php", 3}, {"ruby", 4}};
    return IS_ONE_OF(platform, platforms);
}

/* NULL where the platform's lines say nothing. */
static struct component *context_component(struct arena *a, const struct jt *frame,
                                           struct str platform)
{
    struct str raw = jt_get_str(frame, S("context_line"));
    if (!raw.n || !shows_context(platform))
        return NULL;
    struct str line = squeeze(a, raw);
    if (!line.n)
        return component_new(a, "context_line");
    struct component *c = component_leaf(a, "context_line", line);
    bool nameless = platform_family(platform) == FAMILY_JAVASCRIPT &&
                    !jt_get_str(frame, S("function")).n &&
                    is_address(jt_get_str(frame, S("abs_path")));
    if (nameless || text_points(raw) > CONTEXT_LINE_MAX)
        c->contributes = false;
    return c;
}

/* Ruby: blocks and the numbers that template engines put into names. */
static struct str ruby_function(struct str name)
{
    if (str_starts(name, S("block ")))
        return S("block");
    size_t end = name.n;
    for (int group = 0; group < 2; group++) {
        size_t at = end;
        while (at && name.p[at - 1] >= '0' && name.p[at - 1] <= '9')
            at--;
        if (end - at < 4 || at == 0 || name.p[at - 1] != '_')
            return name;
        end = at - 1;
    }
    return end && name.p[end - 1] == '_' ? str_slice(name, 0, end - 1) : name;
}

static struct str php_function(struct str name)
{
    if (!str_starts(name, S("class@anonymous")))
        return name;
    for (size_t at = name.n; at >= 2; at--)
        if (name.p[at - 1] == ':' && name.p[at - 2] == ':')
            return str_from(name, at);
    return name;
}

/* A name that tells nothing apart. */
static bool function_is_noise(struct str name, struct str platform)
{
    if (str_eq(platform, S("php")))
        return str_starts(name, S("[Anonymous")) || str_starts(name, S("class@anonymous"));
    if (str_eq(platform, S("java")))
        return str_starts(name, S("lambda$"));
    return platform_family(platform) == FAMILY_NATIVE &&
           (str_eq(name, S("<redacted>")) || str_eq(name, S("<unknown>")));
}

static struct str shown_function(struct arena *a, const struct jt *frame, struct str platform)
{
    struct str name = jt_get_str(frame, S("function"));
    struct str raw = jt_get_str(frame, S("raw_function"));
    if (str_eq(platform, S("csharp")))
        return raw.n ? raw : name;
    if (name.n && !raw.n)
        return function_trim(a, name, platform);
    return name.n ? name : raw;
}

static struct component *function_component(struct arena *a, const struct jt *frame,
                                            struct str platform)
{
    struct str name = shown_function(a, frame, platform);
    if (!name.n)
        return component_new(a, "function");
    if (str_eq(platform, S("ruby")))
        name = ruby_function(name);
    else if (str_eq(platform, S("php")))
        name = php_function(name);
    else if (platform_family(platform) == FAMILY_JAVASCRIPT)
        name = text_after_last(name, ".");
    struct component *c = component_leaf(a, "function", name);
    if (function_is_noise(name, platform))
        c->contributes = false;
    return c;
}

static bool is_unknown_script_function(struct str name)
{
    static const struct str unknown[] = {
        {"?", 1}, {"<anonymous function>", 20}, {"<anonymous>", 11}, {"Anonymous function", 18}};
    return !name.n || IS_ONE_OF(name, unknown) || str_ends(name, S("/<"));
}

/* Browsers name functions and places in ways that say little.  False when the whole frame is of no
 * use. */
static bool judge_script(const struct jt *frame, struct component *function,
                         const struct component *context)
{
    static const struct str nowhere[] = {
        {"[native code]", 13}, {"native code", 11}, {"eval code", 9}, {"<anonymous>", 11}};
    struct str raw = jt_get_str(frame, S("raw_function"));
    struct str name = text_after_last(raw.n ? raw : jt_get_str(frame, S("function")), ".");
    const struct jt *mapped = jt_get(jt_get(frame, S("data")), S("sourcemap"));
    bool told_by_line = mapped && mapped->kind != JT_NULL && context && context->contributes;
    if (is_unknown_script_function(name) || told_by_line)
        function->contributes = false;
    return !str_eq(name, S("eval")) && !IS_ONE_OF(jt_get_str(frame, S("abs_path")), nowhere);
}

static struct component *frame_component(struct normalizer *n, const struct jt *frame)
{
    struct arena *a = n->arena;
    struct str platform = frame_platform(frame, n->out->platform);
    struct component *module = module_component(a, frame, platform);
    struct component *filename = filename_component(a, frame, platform);
    struct component *function = function_component(a, frame, platform);
    struct component *context = context_component(a, frame, platform);
    struct component *c = component_new(a, "frame");
    bool script = platform_family(platform) == FAMILY_JAVASCRIPT;
    bool useful = !script || judge_script(frame, function, context);
    filename->contributes = filename->contributes && !module->contributes;
    component_add(c, module);
    component_add(c, filename);
    component_add(c, function);
    if (context)
        component_add(c, context);
    c->contributes = c->contributes && useful;
    return c;
}

/* A call of the same line by itself. */
static bool is_recursion(const struct jt *frame, const struct jt *before)
{
    static const struct str keys[] = {{"function", 8}, {"lineno", 6}, {"filename", 8},
                                      {"abs_path", 8}, {"module", 6}, {"package", 7},
                                      {"colno", 5}};
    for (size_t i = 0; before && i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct jt *a = jt_get(frame, keys[i]), *b = jt_get(before, keys[i]);
        if (!a != !b || (a && !str_eq(a->text, b->text)))
            return false;
    }
    return before != NULL;
}

/* A script of one nameless frame is told apart by its address alone. */
static bool is_lone_script(struct normalizer *n, const struct jt *frames, const struct jt *frame)
{
    struct str platform = frame_platform(frame, n->out->platform);
    return frames->count == 1 && platform_family(platform) == FAMILY_JAVASCRIPT &&
           !jt_get_str(frame, S("function")).n && !is_address(jt_get_str(frame, S("abs_path")));
}

void frame_component_stack(struct normalizer *n, const struct stack *stack,
                           struct component *out[VARIANTS])
{
    const struct jt *frames = frames_of(stack->trace), *before = NULL;
    struct component *app = component_new(n->arena, "stacktrace");
    struct component *system = component_new(n->arena, "stacktrace");
    size_t i = 0;
    for (const struct jt *f = frames ? frames->first : NULL; f; f = f->next, i++) {
        if (f->kind != JT_OBJECT)
            continue;
        struct component *all = frame_component(n, f);
        if (is_recursion(f, before) || is_lone_script(n, frames, f) || stack->ungrouped[i])
            all->contributes = false;
        struct component *own = component_twin(n->arena, all);
        own->contributes = all->contributes && frame_is_in_app(f);
        component_add(system, all);
        component_add(app, own);
        before = f;
    }
    out[VARIANT_APP] = app;
    out[VARIANT_SYSTEM] = system;
}
