#include "worker/digest/measurements.h"

#include <math.h>

#include "base/text.h"

enum { CUSTOM_MAX = 10, NAME_MAX = 200, UNIT_MAX = 15, REMOVED_SHOWN_MAX = 20 };
static const double app_time_most = 180000;

#define NAME(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

/* In whose unit, and whether more than three minutes are no measurement but a mistake. */
static const struct builtin {
    struct str name;
    const char *unit;
    bool app_time;
} builtins[] = {
    {NAME("app_start_cold"), "millisecond", true},
    {NAME("app_start_warm"), "millisecond", true},
    {NAME("fcp"), "millisecond", false},
    {NAME("fid"), "millisecond", false},
    {NAME("fp"), "millisecond", false},
    {NAME("inp"), "millisecond", false},
    {NAME("lcp"), "millisecond", false},
    {NAME("stall_longest_time"), "millisecond", false},
    {NAME("stall_total_time"), "millisecond", false},
    {NAME("ttfb"), "millisecond", false},
    {NAME("ttfb.requesttime"), "millisecond", false},
    {NAME("time_to_full_display"), "millisecond", true},
    {NAME("time_to_initial_display"), "millisecond", true},
    {NAME("cls"), "none", false},
    {NAME("frames_frozen"), "none", false},
    {NAME("frames_slow"), "none", false},
    {NAME("frames_total"), "none", false},
    {NAME("stall_count"), "none", false},
    {NAME("frames_frozen_rate"), "ratio", false},
    {NAME("frames_slow_rate"), "ratio", false},
    {NAME("stall_percentage"), "ratio", false},
};

static const struct builtin *builtin_named(struct str name)
{
    static const struct builtin score = {.unit = "ratio"};
    for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
        if (str_eq(name, builtins[i].name))
            return &builtins[i];
    return str_starts(name, S("score.")) ? &score : NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!is_letter(c) && (!i || !((c >= '0' && c <= '9') || c == '.' || c == '_')))
            return false;
    }
    return name.n > 0;
}

static bool is_unit(struct str unit)
{
    for (size_t i = 0; i < unit.n; i++)
        if (!text_is_word_byte(unit.p[i]))
            return false;
    return unit.n && unit.n <= UNIT_MAX;
}

/* One walk over the members. */
struct run {
    struct meta *meta;
    size_t custom;
    struct jt *removed; /* custom ones above the limit */
};

static struct str name_of(struct arena *a, struct str key)
{
    struct str name = text_lower(a, key);
    if (str_eq(name, S("app.start.cold")))
        return S("app_start_cold");
    return str_eq(name, S("app.start.warm")) ? S("app_start_warm") : name;
}

/* Why a measurement with a value cannot be; NULL: it can. */
static const char *fault(const struct builtin *known, struct str unit, double value)
{
    if (known && !str_eq(unit, str_of(known->unit)))
        return "expected the unit of this measurement";
    if (known && value < 0)
        return "a negative value for a measurement that has none";
    if (known && known->app_time && value > app_time_most)
        return "longer than a start can take";
    return NULL;
}

static bool refuse(struct run *run, const struct jt *entry, const char *why)
{
    meta_error(run->meta, "invalid_data", entry, str_of(why));
    return false;
}

static struct jt *unit_node(struct arena *a, const struct jt *entry, const struct builtin *known)
{
    struct str unit = jt_get_str(entry, S("unit"));
    if (!is_unit(unit))
        unit = known ? str_of(known->unit) : S("none");
    return jt_new_str(a, unit);
}

static bool check(struct run *run, struct jt *entry)
{
    struct arena *a = run->meta->arena;
    const struct builtin *known = builtin_named(entry->key);
    struct jt *sent = jt_get(entry, S("value"));
    double value = 0;
    bool counts = jt_double(sent, &value) && isfinite(value);
    struct jt *unit = unit_node(a, entry, known);
    const char *why = fault(known, unit->text, value);
    if (entry->key.n + unit->text.n > NAME_MAX)
        why = "expected a shorter name";
    if (why)
        return refuse(run, entry, why);
    if (!known && ++run->custom > CUSTOM_MAX) {
        struct jt *twin = jt_new(a, JT_OBJECT);
        jt_set(twin, S("value"), jt_new_double(a, value));
        if (run->removed->count < REMOVED_SHOWN_MAX)
            jt_set(run->removed, entry->key, twin);
        return false;
    }
    entry->first = entry->last = NULL;
    entry->count = 0;
    jt_set(entry, S("value"), counts ? sent : jt_new(a, JT_NULL));
    jt_set(entry, S("unit"), unit);
    return true;
}

static bool stays(struct jt *entry, void *arg)
{
    struct run *run = arg;
    bool stays;
    if (entry->kind != JT_OBJECT)
        return false;
    entry->key = name_of(run->meta->arena, entry->key);
    meta_enter(run->meta, entry->key);
    stays = is_name(entry->key) ? check(run, entry) : refuse(run, entry, "expected a valid name");
    meta_leave(run->meta);
    return stays;
}

void measurements_normalize(struct meta *meta, struct jt *object, enum measurements_of what)
{
    struct run run = {.meta = meta, .removed = jt_new(meta->arena, JT_OBJECT)};
    struct jt *all = jt_get(object, S("measurements"));
    if (!all)
        return;
    meta_enter(meta, all->key);
    if (all->kind == JT_OBJECT)
        jt_filter(all, stays, &run);
    else if (all->kind != JT_NULL)
        meta_error(meta, "invalid_data", all, S("expected an object"));
    if (run.removed->count && what == MEASUREMENTS_OF_TRANSACTION)
        meta_error(meta, "invalid_data", run.removed, S("Too many measurements"));
    meta_leave(meta);
    if (all->kind != JT_OBJECT || !all->count)
        jt_remove(object, all);
}

void measurements_drop(struct normalizer *n)
{
    normalize_drop(n, jt_get(n->event, S("measurements")));
}

bool measurements_get(const struct jt *object, struct str name, double *value)
{
    const struct jt *entry = jt_get(jt_get(object, S("measurements")), name);
    return jt_double(jt_get(entry, S("value")), value);
}

void measurements_set(struct arena *a, struct jt *object, struct str name, double value)
{
    const struct builtin *known = builtin_named(name);
    struct jt *all = jt_get(object, S("measurements")), *entry = jt_new(a, JT_OBJECT);
    if (!all) {
        all = jt_new(a, JT_OBJECT);
        jt_set(object, S("measurements"), all);
    }
    jt_set(entry, S("value"), jt_new_double(a, value));
    jt_set(entry, S("unit"), jt_new_str(a, known ? str_of(known->unit) : S("none")));
    jt_set(all, name, entry);
}

static void set_share(struct arena *a, struct jt *event, struct str of, double whole)
{
    double part;
    bool stall = str_eq(of, S("stall_total_time"));
    if (whole <= 0 || !measurements_get(event, of, &part))
        return;
    struct str name = stall ? S("stall_percentage") : text_join(a, of, S("_"), S("rate"));
    measurements_set(a, event, name, part / whole);
}

void measurements_compute(struct arena *a, struct jt *event, int64_t duration_us)
{
    double frames = 0;
    measurements_get(event, S("frames_total"), &frames);
    set_share(a, event, S("frames_frozen"), frames);
    set_share(a, event, S("frames_slow"), frames);
    set_share(a, event, S("stall_total_time"), (double)duration_us / 1000);
}
