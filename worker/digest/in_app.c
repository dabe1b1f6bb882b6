#include "worker/digest/in_app.h"

#include "base/text.h"
#include "worker/digest/frames.h"
#include "worker/digest/function.h"

enum subject { MODULE, FUNCTION, PATH, PACKAGE, SUBJECTS };
enum how { IS, STARTS, HAS };
enum effect {
    OURS,    /* in-app, whatever the SDK says */
    LIBRARY, /* not in-app */
    HIDDEN,  /* not in-app, and kept out of grouping */
    THROWS,  /* hidden with every frame after it: what raises an error is not its place */
    REPORTS, /* not in-app with every frame after it */
};
enum { ANY = 1 << FAMILY_OTHER | 1 << FAMILY_NATIVE | 1 << FAMILY_JAVASCRIPT };
enum { OTHER = 1 << FAMILY_OTHER, NATIVE = 1 << FAMILY_NATIVE, SCRIPT = 1 << FAMILY_JAVASCRIPT };

/* Paths and packages are compared in lower case, with "/" between and before their parts.  Of
 * several rules that match a frame the last one counts. */
static const struct rule {
    struct str text;
    unsigned families;
    enum subject subject;
    enum how how;
    enum effect effect;
} rules[] = {
#define RULE(families, subject, how, text, effect)                                                 \
    {{text, sizeof(text) - 1}, families, subject, how, effect},
    /* Where phones and desktops install applications, and where systems keep their libraries. */
    RULE(NATIVE, PACKAGE, HAS, "/containers/bundle/application/",
         OURS) RULE(NATIVE, PACKAGE, HAS, "/developer/coresimulator/devices/",
                    OURS) RULE(NATIVE, PACKAGE, STARTS, "/lib/",
                               LIBRARY) RULE(NATIVE, PACKAGE, STARTS, "/usr/lib/", LIBRARY)
        RULE(NATIVE, PACKAGE, STARTS, "/system/",
             LIBRARY) RULE(NATIVE, PACKAGE, STARTS, "/c:/windows/",
                           LIBRARY) RULE(NATIVE, PACKAGE, STARTS, "/linux-gate.so", LIBRARY)
            RULE(NATIVE, PACKAGE, STARTS, "/linux-vdso.so",
                 LIBRARY) RULE(NATIVE, PATH, STARTS, "/usr/local/lib/", LIBRARY)
                RULE(NATIVE, PATH, STARTS, "/usr/local/cellar/", LIBRARY)
                    RULE(NATIVE, PACKAGE, HAS, ".app/contents/", OURS)
                        RULE(NATIVE, PACKAGE, STARTS, "/users/", OURS)
                            RULE(NATIVE, PACKAGE, HAS, "/frameworks/libswift", LIBRARY)
                                RULE(NATIVE, PACKAGE, HAS, "/frameworks/sentry.framework/", LIBRARY)
                                    RULE(NATIVE, PACKAGE, HAS, "/frameworks/sentryswift.framework/",
                                         LIBRARY) RULE(NATIVE, PACKAGE, HAS,
                                                       "/frameworks/kscrash.framework/", LIBRARY)
    /* Standard libraries of compiled languages. */
    RULE(NATIVE, FUNCTION, STARTS, "std::", LIBRARY)
        RULE(NATIVE, FUNCTION, STARTS, "core::", LIBRARY)
            RULE(NATIVE, FUNCTION, STARTS, "alloc::", LIBRARY)
                RULE(NATIVE, FUNCTION, STARTS, "__rust_", LIBRARY)
    /* What throws, panics and asserts. */
    RULE(NATIVE, FUNCTION, IS, "std::panicking::begin_panic",
         THROWS) RULE(NATIVE, FUNCTION, IS, "core::panicking::begin_panic", THROWS)
        RULE(NATIVE, FUNCTION, IS, "core::panicking::panic_fmt", THROWS)
            RULE(NATIVE, FUNCTION, IS, "rust_begin_unwind", THROWS)
                RULE(NATIVE, FUNCTION, IS, "failure::backtrace::Backtrace::new", THROWS)
                    RULE(NATIVE, FUNCTION, IS, "error_chain::make_backtrace", THROWS)
                        RULE(NATIVE, FUNCTION, IS, "_CxxThrowException", THROWS)
                            RULE(NATIVE, FUNCTION, IS, "__cxa_throw", THROWS)
                                RULE(NATIVE, FUNCTION, IS, "__assert_rtn", THROWS)
                                    RULE(NATIVE, FUNCTION, IS, "_NSRaiseError", THROWS)
                                        RULE(NATIVE, FUNCTION, IS, "objc_exception_throw", THROWS)
                                            RULE(NATIVE, FUNCTION, IS, "RaiseException", THROWS)
                                                RULE(NATIVE, FUNCTION, IS, "abort", THROWS)
                                                    RULE(NATIVE, FUNCTION, IS, "raise", THROWS)
    /* Crash reporters. */
    RULE(NATIVE, FUNCTION, STARTS, "google_breakpad::", HIDDEN)
        RULE(NATIVE, FUNCTION, STARTS, "crashpad::", HIDDEN)
            RULE(NATIVE, FUNCTION, HAS, "sentrycrash", HIDDEN)
                RULE(NATIVE, FUNCTION, STARTS, "kscm_", HIDDEN)
                    RULE(NATIVE, FUNCTION, STARTS, "kscrash_", HIDDEN)
                        RULE(NATIVE, FUNCTION, HAS, "[Sentry", HIDDEN)
                            RULE(NATIVE, FUNCTION, HAS, "[RNSentry", HIDDEN)
                                RULE(NATIVE, FUNCTION, HAS, "[KSCrash", HIDDEN)
                                    RULE(NATIVE, FUNCTION, IS, "_mh_execute_header", HIDDEN)
    /* Package folders. */
    RULE(ANY, PATH, HAS, "/vendor/", LIBRARY) RULE(ANY, PATH, HAS, "/site-packages/", LIBRARY)
        RULE(ANY, PATH, HAS, "/dist-packages/", LIBRARY)
            RULE(ANY, PATH, HAS, "/node_modules/", LIBRARY)
                RULE(ANY, PATH, HAS, "/go/pkg/mod/", LIBRARY)
    /* Scripts from public networks, helpers of compilers, the event loop. */
    RULE(SCRIPT, PATH, HAS, "https://unpkg.com/",
         LIBRARY) RULE(SCRIPT, PATH, HAS, "https://cdnjs.cloudflare.com/",
                       LIBRARY) RULE(SCRIPT, PATH, HAS, "https://cdn.jsdelivr.net/", LIBRARY)
        RULE(SCRIPT, PATH, HAS, "https://esm.run/", LIBRARY) RULE(
            SCRIPT, PATH, STARTS, "/node:", LIBRARY) RULE(SCRIPT, MODULE, STARTS, "unpkg/", LIBRARY)
            RULE(SCRIPT, FUNCTION, IS, "reportError",
                 REPORTS) RULE(SCRIPT, MODULE, STARTS, "@babel/",
                               HIDDEN) RULE(SCRIPT, MODULE, STARTS, "core-js/", HIDDEN)
                RULE(SCRIPT, MODULE, STARTS, "regenerator-runtime/",
                     HIDDEN) RULE(SCRIPT, MODULE, STARTS, "tslib/", HIDDEN)
                    RULE(SCRIPT, FUNCTION, IS, "runMicrotasks", HIDDEN)
                        RULE(SCRIPT, FUNCTION, IS, "queueMicrotask", HIDDEN)
                            RULE(SCRIPT, FUNCTION, IS, "processTicksAndRejections", HIDDEN)
                                RULE(SCRIPT, FUNCTION, IS, "runNextTicks", HIDDEN)
                                    RULE(SCRIPT, FUNCTION, IS, "nextTick", HIDDEN)
                                        RULE(SCRIPT, PATH, STARTS, "/org-dartlang-sdk:///", HIDDEN)
                                            RULE(SCRIPT, MODULE, HAS, "/packages/flutter/", LIBRARY)
    /* The Java world. */
    RULE(OTHER, MODULE, STARTS, "jdk.", LIBRARY) RULE(OTHER, MODULE, STARTS, "sun.", LIBRARY) RULE(
        OTHER, MODULE, STARTS, "com.sun.", LIBRARY) RULE(OTHER, MODULE, STARTS, "java.", LIBRARY)
        RULE(OTHER, MODULE, STARTS, "javax.",
             LIBRARY) RULE(OTHER, MODULE, STARTS, "android.", LIBRARY) RULE(OTHER, MODULE, STARTS,
                                                                            "androidx.", LIBRARY)
            RULE(OTHER, MODULE, STARTS, "com.android.",
                 LIBRARY) RULE(OTHER, MODULE, STARTS, "dalvik.system.",
                               LIBRARY) RULE(OTHER, MODULE, STARTS, "scala.", LIBRARY)
                RULE(OTHER, MODULE, STARTS, "akka.",
                     LIBRARY) RULE(OTHER, MODULE, STARTS, "kotlin.", LIBRARY)
                    RULE(OTHER, MODULE, STARTS, "kotlinx.",
                         LIBRARY) RULE(OTHER, MODULE, STARTS, "org.apache.", LIBRARY)
                        RULE(OTHER, MODULE, STARTS, "org.springframework.",
                             LIBRARY) RULE(OTHER, MODULE, STARTS, "org.glassfish.", LIBRARY)
                            RULE(OTHER, MODULE, STARTS, "org.jboss.", LIBRARY)
                                RULE(OTHER, MODULE, STARTS, "feign.", LIBRARY)
                                    RULE(OTHER, MODULE, STARTS, "io.opentelemetry.", LIBRARY)
                                        RULE(OTHER, MODULE, STARTS, "io.ktor.", LIBRARY)
                                            RULE(OTHER, MODULE, STARTS, "io.netty.", LIBRARY)
                                                RULE(OTHER, MODULE, STARTS, "io.sentry.", HIDDEN)
#undef RULE
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

/* What the rules look at of one frame. */
struct view {
    unsigned family;
    struct str subjects[SUBJECTS];
};

static struct str comparable_path(struct arena *a, struct str path)
{
    if (!path.n)
        return path;
    char *out = arena_take(a, path.n + 1);
    bool rooted = path.p[0] == '/' || path.p[0] == '\\';
    size_t n = 0;
    if (!rooted)
        out[n++] = '/';
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        out[n++] = c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return (struct str){out, n};
}

static struct view view_of(struct normalizer *n, const struct jt *frame)
{
    struct str path = jt_get_str(frame, S("abs_path"));
    struct str platform = frame_platform(frame, n->out->platform);
    return (struct view){
        .family = 1u << platform_family(platform),
        .subjects = {
            [MODULE] = jt_get_str(frame, S("module")),
            [FUNCTION] = jt_get_str(frame, S("function")),
            [PATH] = comparable_path(n->arena, path.n ? path : jt_get_str(frame, S("filename"))),
            [PACKAGE] = comparable_path(n->arena, jt_get_str(frame, S("package")))}};
}

static bool matches(const struct rule *rule, const struct view *view)
{
    struct str subject = view->subjects[rule->subject];
    if (!(rule->families & view->family) || subject.n < rule->text.n)
        return false;
    switch (rule->how) {
    case IS:
        return str_eq(subject, rule->text);
    case STARTS:
        return str_starts(subject, rule->text);
    case HAS:
        return str_has(subject, rule->text);
    }
    return false;
}

/* A stack while it is classified; `in_app` by frame: 1, 0, or -1 where nobody said. */
struct run {
    size_t count;
    struct view *views;
    int *in_app;
    bool *ungrouped;
};

static void apply(struct run *run, const struct rule *rule, size_t at)
{
    bool onward = rule->effect == THROWS || rule->effect == REPORTS;
    bool hides = rule->effect == THROWS || rule->effect == HIDDEN;
    size_t end = onward ? run->count : at + 1;
    for (size_t i = at; i < end; i++) {
        run->in_app[i] = rule->effect == OURS;
        run->ungrouped[i] = run->ungrouped[i] || hides;
    }
}

static void apply_rules(struct run *run)
{
    for (const struct rule *rule = rules; rule < rules + RULES; rule++)
        for (size_t i = 0; i < run->count; i++)
            if (matches(rule, &run->views[i]))
                apply(run, rule, i);
}

static void trim_function(struct normalizer *n, struct jt *frame)
{
    struct jt *function = jt_get(frame, S("function"));
    if (!function || jt_get(frame, S("raw_function")))
        return;
    struct str name = function->text;
    struct str trimmed = function_trim(n->arena, name, frame_platform(frame, n->out->platform));
    if (str_eq(trimmed, name))
        return;
    jt_set(frame, S("raw_function"), jt_new_str(n->arena, name));
    function->text = trimmed;
}

static int said(const struct jt *frame)
{
    const struct jt *v = jt_get(frame, S("in_app"));
    return v ? v->kind == JT_TRUE : -1;
}

static void look_at(struct normalizer *n, struct run *run, const struct jt *frames)
{
    size_t i = 0;
    for (struct jt *f = frames->first; f; f = f->next, i++) {
        if (f->kind != JT_OBJECT)
            continue;
        trim_function(n, f);
        run->views[i] = view_of(n, f);
        run->in_app[i] = said(f);
    }
}

static void write_back(struct normalizer *n, const struct run *run, const struct jt *frames)
{
    size_t i = 0;
    for (struct jt *f = frames->first; f; f = f->next, i++)
        if (f->kind == JT_OBJECT && said(f) != (run->in_app[i] == 1))
            jt_set(f, S("in_app"), jt_new_bool(n->arena, run->in_app[i] == 1));
}

static void classify_stack(struct normalizer *n, struct stack *stack)
{
    struct arena *a = n->arena;
    const struct jt *frames = frames_of(stack->trace);
    if (!frames || !frames->count)
        return;
    struct run run = {.count = frames->count};
    run.views = arena_alloc(a, run.count * sizeof(struct view));
    run.in_app = arena_alloc(a, run.count * sizeof(int));
    run.ungrouped = arena_alloc(a, run.count * sizeof(bool));
    look_at(n, &run, frames);
    apply_rules(&run);
    write_back(n, &run, frames);
    stack->ungrouped = run.ungrouped;
}

void in_app_classify(struct normalizer *n)
{
    for (size_t i = 0; i < n->stack_count; i++)
        classify_stack(n, &n->stacks[i]);
}
