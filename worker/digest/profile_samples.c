#include "worker/digest/profile_samples.h"

#include <math.h>

#include "base/map.h"
#include "base/text.h"

bool profile_number(const struct jt *v, double *out)
{
    if (v && v->kind == JT_STRING)
        return text_double(v->text, out) && isfinite(*out);
    return jt_double(v, out) && isfinite(*out);
}

static struct jt *list_of(const struct jt *profile, struct str key)
{
    struct jt *list = jt_get(profile, key);
    return list && list->kind == JT_ARRAY ? list : NULL;
}

/* An index below `count`. */
static bool is_index(const struct jt *v, size_t count)
{
    double n;
    return profile_number(v, &n) && n >= 0 && n < (double)count && n == floor(n);
}

static bool stacks_are_sound(const struct jt *stacks, size_t frames)
{
    for (const struct jt *stack = stacks->first; stack; stack = stack->next) {
        if (stack->kind != JT_ARRAY)
            return false;
        for (const struct jt *frame = stack->first; frame; frame = frame->next)
            if (!is_index(frame, frames))
                return false;
    }
    return true;
}

static bool samples_are_sound(const struct profile_samples *s, const struct jt *samples,
                              size_t stacks)
{
    double time;
    for (const struct jt *sample = samples->first; sample; sample = sample->next)
        if (!is_index(jt_get(sample, S("stack_id")), stacks) ||
            !profile_number(jt_get(sample, s->time_key), &time) || time < 0)
            return false;
    return true;
}

static void measure(struct profile_samples *s, const struct jt *samples)
{
    s->count = samples->count;
    s->first = s->last = 0;
    for (const struct jt *sample = samples->first; sample; sample = sample->next) {
        double time = 0;
        profile_number(jt_get(sample, s->time_key), &time);
        s->first = sample == samples->first || time < s->first ? time : s->first;
        s->last = time > s->last ? time : s->last;
    }
}

struct str profile_samples_check(struct profile_samples *s)
{
    const struct jt *samples = list_of(s->profile, S("samples"));
    const struct jt *stacks = list_of(s->profile, S("stacks"));
    const struct jt *frames = list_of(s->profile, S("frames"));
    if (!samples || !stacks || !frames)
        return S("profiling_invalid_json");
    if (!samples->count)
        return S("profiling_not_enough_samples");
    if (!samples_are_sound(s, samples, stacks->count))
        return S("profiling_malformed_samples");
    if (!stacks_are_sound(stacks, frames->count))
        return S("profiling_malformed_stacks");
    measure(s, samples);
    return (struct str){0};
}

/* ---- cleaning */

/* What is known of a thread: the times of its first and last sample that is not idle. */
struct thread {
    double first, last;
    size_t samples, kept;
};

struct cleaning {
    struct arena *arena;
    const struct profile_samples *s;
    const struct jt **stacks; /* by number */
    struct map *threads;      /* id -> struct thread */
    double from, to;
};

static struct str thread_id(const struct jt *sample)
{
    const struct jt *id = jt_get(sample, S("thread_id"));
    bool named = id && (id->kind == JT_STRING || id->kind == JT_NUMBER);
    return named ? id->text : S("");
}

static struct thread *thread_of(struct cleaning *c, const struct jt *sample)
{
    struct str id = thread_id(sample);
    struct thread *t = map_get(c->threads, id);
    if (t)
        return t;
    t = arena_new_of(c->arena, struct thread);
    map_set(c->threads, id, t);
    return t;
}

static double time_of(const struct cleaning *c, const struct jt *sample)
{
    double time = 0;
    profile_number(jt_get(sample, c->s->time_key), &time);
    return time;
}

static bool is_idle(const struct cleaning *c, const struct jt *sample)
{
    double stack = 0;
    profile_number(jt_get(sample, S("stack_id")), &stack);
    return !c->stacks[(size_t)stack]->count;
}

static bool is_inside(struct jt *sample, void *cleaning)
{
    struct cleaning *c = cleaning;
    double time = time_of(c, sample);
    struct thread *t = thread_of(c, sample);
    if (time < c->from || time > c->to)
        return false;
    if (is_idle(c, sample))
        return true;
    t->first = t->samples == 0 || time < t->first ? time : t->first;
    t->last = t->samples == 0 || time > t->last ? time : t->last;
    t->samples++;
    return true;
}

static bool is_busy(struct jt *sample, void *cleaning)
{
    struct cleaning *c = cleaning;
    struct thread *t = thread_of(c, sample);
    double time = time_of(c, sample);
    bool busy = t->samples && time >= t->first && time <= t->last;
    t->kept += busy;
    return busy;
}

static bool is_of_many(struct jt *sample, void *cleaning)
{
    return thread_of(cleaning, sample)->kept > 1;
}

static bool has_samples(struct jt *thread, void *cleaning)
{
    struct cleaning *c = cleaning;
    const struct thread *t = map_get(c->threads, thread->key);
    return t && t->kept > 1;
}

void profile_samples_clean(struct arena *a, struct profile_samples *s, double from, double to)
{
    struct jt *samples = list_of(s->profile, S("samples"));
    const struct jt *stacks = list_of(s->profile, S("stacks"));
    struct jt *threads = jt_get(s->profile, S("thread_metadata"));
    struct cleaning c = {.arena = a, .s = s, .from = from, .to = to, .threads = map_new(a, 64)};
    size_t size = sizeof(const struct jt *);
    c.stacks = arena_take(a, (stacks->count + 1) * size);
    size_t n = 0;
    for (const struct jt *stack = stacks->first; stack; stack = stack->next)
        c.stacks[n++] = stack;
    jt_filter(samples, is_inside, &c);
    jt_filter(samples, is_busy, &c);
    jt_filter(samples, is_of_many, &c);
    if (threads && threads->kind == JT_OBJECT)
        jt_filter(threads, has_samples, &c);
    measure(s, samples);
}
