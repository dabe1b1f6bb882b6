#include "worker/filter/sampling.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "worker/filter/condition.h"

enum { RULES_MAX = 100, REASON_MAX = 256 };

enum rule_type { OF_TRANSACTIONS, OF_TRACES };

struct rule {
    const struct rule *next;
    enum rule_type type;
    int64_t id, start, end; /* us; start INT64_MIN, end INT64_MAX: no limit */
    bool is_factor, is_decaying;
    double value, decayed;
    const struct condition *condition;
};

struct sampling {
    const struct rule *rules;
    const struct jt *public_keys; /* of the project */
};

/* ---- reading */

/* False when there is a time that is none. */
static bool read_time(const struct jt *range, struct str key, int64_t *us)
{
    struct str text = jt_get_str(range, key);
    return !text.n || clock_parse(text, us);
}

static bool read_value(const struct jt *from, struct rule *r)
{
    const struct jt *value = jt_get(from, S("samplingValue")),
                    *decay = jt_get(from, S("decayingFn"));
    struct str type = jt_get_str(value, S("type"));
    struct str decays = jt_get_str(decay, S("type"));
    r->is_factor = str_eq(type, S("factor"));
    r->is_decaying = str_eq(decays, S("linear"));
    if (!r->is_factor && !str_eq(type, S("sampleRate")))
        return false;
    if (decays.n && !r->is_decaying && !str_eq(decays, S("constant")))
        return false;
    return jt_double(jt_get(value, S("value")), &r->value) &&
           (!r->is_decaying || jt_double(jt_get(decay, S("decayedValue")), &r->decayed));
}

static struct rule *read_rule(struct arena *a, const struct jt *from)
{
    struct rule *r = arena_new_of(a, struct rule);
    const struct jt *range = jt_get(from, S("timeRange"));
    struct str type = jt_get_str(from, S("type"));
    *r = (struct rule){.type = str_eq(type, S("trace")) ? OF_TRACES : OF_TRANSACTIONS,
                       .start = INT64_MIN,
                       .end = INT64_MAX,
                       .condition = condition_compile(a, jt_get(from, S("condition")))};
    bool is_known = r->type == OF_TRACES || str_eq(type, S("transaction"));
    return is_known && r->condition && jt_int64(jt_get(from, S("id")), &r->id) &&
                   read_value(from, r) && read_time(range, S("start"), &r->start) &&
                   read_time(range, S("end"), &r->end)
               ? r
               : NULL;
}

const struct sampling *sampling_read(struct arena *a, const struct jt *options)
{
    const struct jt *rules = jt_get(jt_get(options, S("sentry:dynamic_sampling")), S("rules"));
    struct sampling *s = arena_new_of(a, struct sampling);
    const struct rule **link = &s->rules;
    if (!rules || rules->kind != JT_ARRAY || !rules->count || rules->count > RULES_MAX)
        return NULL;
    *s = (struct sampling){.public_keys = jt_get(options, S("publicKeys"))};
    for (const struct jt *v = rules->first; v; v = v->next) {
        struct rule *r = read_rule(a, v);
        if (!r)
            return NULL;
        *link = r;
        link = &r->next;
    }
    return s;
}

/* ---- deciding */

/* The first number of a PCG-32 generator that is seeded by the id, as a fraction. */
static uint32_t pcg_next(uint64_t *state, uint64_t increment)
{
    uint64_t old = *state;
    *state = old * UINT64_C(6364136223846793005) + increment;
    uint32_t mixed = (uint32_t)(((old >> 18) ^ old) >> 27);
    unsigned turn = (unsigned)(old >> 59);
    return mixed >> turn | mixed << (-turn & 31);
}

static uint64_t half_of(const struct uuid *id, int at)
{
    uint64_t half = 0;
    for (int i = at; i < at + 8; i++)
        half = half << 8 | id->bytes[i];
    return half;
}

static double number_of(struct uuid id)
{
    uint64_t increment = half_of(&id, 8) << 1 | 1, state = half_of(&id, 0) + increment;
    (void)pcg_next(&state, increment);
    uint64_t low = pcg_next(&state, increment), high = pcg_next(&state, increment);
    return (double)((high << 32 | low) >> 12) / (double)(UINT64_C(1) << 52);
}

/* What the rules have come to so far. */
struct run {
    struct arena *arena;
    const struct sampling_subject *subject;
    double factor;
    struct buf *ids; /* of the kinds of those that applied, with commas */
};

/* Rules of one purpose have many ids. */
static int64_t kind_of(int64_t id)
{
    if (id >= 1000 && id <= 1005)
        return id;
    if (id >= 1400 && id < 1500)
        return 1400;
    if (id >= 1500 && id < 1600)
        return 1500;
    return id >= 3000 && id < 5000 ? 3000 : 0;
}

static double value_at(const struct rule *r, int64_t now)
{
    if (!r->is_decaying || r->start == INT64_MIN || r->end == INT64_MAX || r->end <= r->start)
        return r->value;
    double passed = (double)(now - r->start) / (double)(r->end - r->start);
    return r->value + (r->decayed - r->value) * passed;
}

static bool applies(const struct run *run, const struct rule *r)
{
    const struct sampling_subject *s = run->subject;
    return s->now >= r->start && s->now < r->end &&
           condition_matches(run->arena, r->condition, s->event, s->trace);
}

/* Whether a rule decides; *is_kept then says how. */
static bool decide(struct run *run, const struct sampling *s, enum rule_type type, struct uuid seed,
                   bool *is_kept)
{
    for (const struct rule *r = s->rules; r; r = r->next) {
        if (r->type != type || !applies(run, r))
            continue;
        double value = value_at(r, run->subject->now);
        buf_printf(run->ids, "%s%lld", run->ids->len ? "," : "", (long long)kind_of(r->id));
        run->factor *= r->is_factor ? value : 1;
        if (r->is_factor)
            continue;
        *is_kept = number_of(seed) < run->factor * value;
        return true;
    }
    return false;
}

/* Rules of traces are those of the project where the trace began. */
static bool began_here(const struct sampling *s, const struct jt *trace)
{
    struct str key = jt_get_str(trace, S("public_key"));
    for (const struct jt *v = s->public_keys ? s->public_keys->first : NULL; v; v = v->next)
        if (key.n && str_eq(jt_str(v), key))
            return true;
    return false;
}

static bool decide_trace(struct run *run, const struct sampling *s, bool *is_kept)
{
    const struct jt *trace = run->subject->trace;
    struct uuid id;
    return uuid_parse(jt_get_str(trace, S("trace_id")), &id) && began_here(s, trace) &&
           decide(run, s, OF_TRACES, id, is_kept);
}

/* What the envelope of a transaction would have told, if its SDK knew how. */
static const struct jt *trace_of(struct arena *a, const struct sampling *s, const struct jt *event)
{
    static const struct str same[] = {{"release", 7}, {"environment", 11}, {"transaction", 11}};
    const struct jt *context = jt_get(jt_get(event, S("contexts")), S("trace"));
    struct jt *trace = jt_new(a, JT_OBJECT);
    jt_set(trace, S("trace_id"), jt_new_str(a, jt_get_str(context, S("trace_id"))));
    jt_set(trace, S("public_key"), jt_new_str(a, jt_str(jt_at(s->public_keys, 0))));
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        struct str text = jt_get_str(event, same[i]);
        if (text.n)
            jt_set(trace, same[i], jt_new_str(a, text));
    }
    return trace;
}

struct str sampling_reason(struct arena *a, const struct sampling *s,
                           const struct sampling_subject *asked)
{
    struct buf ids;
    struct sampling_subject subject = *asked;
    struct run run = {.arena = a, .subject = &subject, .factor = 1, .ids = &ids};
    struct str reason = {0};
    bool is_kept = true;
    buf_init(&ids, REASON_MAX);
    if (!subject.trace)
        subject.trace = trace_of(a, s, subject.event);
    if (!decide(&run, s, OF_TRANSACTIONS, subject.event_id, &is_kept))
        (void)decide_trace(&run, s, &is_kept);
    if (!is_kept)
        reason = text_join(a, S("Sampled"), S(":"), buf_ok(&ids) ? buf_str(&ids) : S("0"));
    buf_free(&ids);
    return reason;
}

bool sampling_of_trace(struct arena *a, const struct sampling *s,
                       const struct sampling_subject *subject, bool *is_kept)
{
    struct buf ids;
    struct run run = {.arena = a, .subject = subject, .factor = 1, .ids = &ids};
    buf_init(&ids, REASON_MAX);
    bool is_decided = decide_trace(&run, s, is_kept);
    buf_free(&ids);
    return is_decided;
}
