/* Dynamic sampling: ingest.md §5.4. */
#include "worker/filter/sampling.h"

#include "base/clock.h"
#include "tests/unit/suite.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new((size_t)16 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static struct jt *tree(const char *json)
{
    const char *error = NULL;
    struct jt *v = jt_read(arena, str_of(json), 32, &error);
    ck_assert_msg(v != NULL, "%s: %s", json, error);
    return v;
}

#define ALWAYS "\"condition\":{\"op\":\"and\",\"inner\":[]}"
#define NAMED(name)                                                                                \
    "\"condition\":{\"op\":\"eq\",\"name\":\"event.transaction\",\"value\":\"" name "\"}"
#define VALUE(type, value) "\"samplingValue\":{\"type\":\"" type "\",\"value\":" value "}"
#define RULE(id, type, value, more) "{\"id\":" id ",\"type\":\"" type "\"," value "," more "}"
#define KEEP_NONE VALUE("sampleRate", "0")
#define KEEP_ALL VALUE("sampleRate", "1")
#define IN(from, to) ",\"timeRange\":{\"start\":\"" from "\",\"end\":\"" to "\"}"
#define DECAYING ",\"decayingFn\":{\"type\":\"linear\",\"decayedValue\":1}"

static const struct sampling *rules(const char *list)
{
    return sampling_read(arena, tree(arena_printf(arena,
                                                  "{\"sentry:dynamic_sampling\":{\"rules\":[%s]},"
                                                  "\"publicKeys\":[\"ours\",\"ours too\"]}",
                                                  list)));
}

static struct sampling_subject subject_of(const char *event, const char *trace)
{
    struct sampling_subject subject = {.event = tree(event), .trace = trace ? tree(trace) : NULL};
    ck_assert(clock_parse(S("2026-03-01T12:00:00Z"), &subject.now));
    ck_assert(uuid_parse(S("0123456789abcdef0123456789abcdef"), &subject.event_id));
    return subject;
}

#define SHOP                                                                                       \
    "{\"transaction\":\"shop\",\"contexts\":{\"trace\":{\"trace_id\":"                             \
    "\"fedcba9876543210fedcba9876543210\"}}}"
#define TRACE(key) "{\"trace_id\":\"fedcba9876543210fedcba9876543210\",\"public_key\":\"" key "\"}"

/* Rules, a trace, and why a transaction of the shop is not kept; NULL: it is. */
static const struct {
    const char *rules, *trace, *reason;
} cases[] = {
    {RULE("7", "transaction", KEEP_NONE, ALWAYS), NULL, "Sampled:0"},
    {RULE("7", "transaction", KEEP_ALL, ALWAYS), NULL, NULL},
    {RULE("7", "transaction", KEEP_NONE, NAMED("shop")), NULL, "Sampled:0"},
    {RULE("7", "transaction", KEEP_NONE, NAMED("other")), NULL, NULL},
    /* The first that decides. */
    {RULE("7", "transaction", KEEP_ALL, ALWAYS) "," RULE("8", "transaction", KEEP_NONE, ALWAYS),
     NULL, NULL},
    {RULE("7", "trace", KEEP_ALL, ALWAYS) "," RULE("8", "transaction", KEEP_NONE, ALWAYS), NULL,
     "Sampled:0"},
    /* Factors go on. */
    {RULE("1000", "transaction", VALUE("factor", "0"), ALWAYS) "," RULE("1402", "transaction",
                                                                        KEEP_ALL, ALWAYS),
     NULL, "Sampled:1000,1400"},
    {RULE("1000", "transaction", VALUE("factor", "0"), ALWAYS), NULL, NULL},
    {RULE("1004", "transaction", VALUE("factor", "0"), ALWAYS) "," RULE("3999", "trace", KEEP_ALL,
                                                                        ALWAYS),
     TRACE("ours"), "Sampled:1004,3000"},
    {RULE("1599", "trace", KEEP_NONE, ALWAYS), TRACE("ours too"), "Sampled:1500"},
    /* A trace that began elsewhere, and one of which nothing was told. */
    {RULE("7", "trace", KEEP_NONE, ALWAYS), TRACE("theirs"), NULL},
    {RULE("7", "trace", KEEP_NONE, ALWAYS), NULL, "Sampled:0"},
    /* Times. */
    {RULE("7", "transaction", KEEP_NONE, ALWAYS IN("2026-03-01T11:00:00Z", "2026-03-01T13:00:00Z")),
     NULL, "Sampled:0"},
    {RULE("7", "transaction", KEEP_NONE, ALWAYS IN("2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z")),
     NULL, NULL},
    {RULE("7", "transaction", KEEP_NONE, ALWAYS IN("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z")),
     NULL, NULL},
    {RULE("7", "transaction", KEEP_NONE,
          ALWAYS IN("2026-02-01T00:00:00Z", "2026-03-01T12:00:00.000001Z") DECAYING),
     NULL, NULL},
    {RULE("7", "transaction", KEEP_NONE,
          ALWAYS IN("2026-03-01T12:00:00Z", "2026-04-01T00:00:00Z") DECAYING),
     NULL, "Sampled:0"},
};

START_TEST(transactions_are_kept_or_not)
{
    struct sampling_subject subject = subject_of(SHOP, cases[_i].trace);
    const struct sampling *s = rules(cases[_i].rules);
    ck_assert(s);
    struct str reason = sampling_reason(arena, s, &subject);
    ck_assert_int_eq(!reason.p, !cases[_i].reason);
    if (cases[_i].reason)
        ck_assert_text(reason, cases[_i].reason);
}
END_TEST

/* One that is not understood: all is kept. */
static const char *const unknown[] = {
    "",
    "7",
    RULE("7", "transaction", VALUE("reservoir", "10"), ALWAYS),
    RULE("7", "transaction", KEEP_NONE, ALWAYS) "," RULE("8", "session", KEEP_NONE, ALWAYS),
    RULE("7", "transaction", KEEP_NONE, "\"condition\":{\"op\":\"wish\"}"),
    RULE("7", "transaction", VALUE("sampleRate", "\"x\""), ALWAYS),
    RULE("\"x\"", "transaction", KEEP_NONE, ALWAYS),
    RULE("7", "transaction", KEEP_NONE, ALWAYS IN("soon", "2026-03-01T12:00:00Z")),
    RULE("7", "transaction", KEEP_NONE, ALWAYS ",\"decayingFn\":{\"type\":\"steep\"}"),
};

START_TEST(what_is_not_understood_drops_nothing)
{
    ck_assert_ptr_null(rules(unknown[_i]));
}
END_TEST

START_TEST(a_rate_keeps_that_share)
{
    enum { IDS = 20000 };
    int kept = 0;
    const struct sampling *s = rules(RULE("7", "transaction", VALUE("sampleRate", "0.3"), ALWAYS));
    struct sampling_subject subject = subject_of(SHOP, NULL);
    for (int i = 0; i < IDS; i++) {
        subject.event_id = uuid_random();
        bool is_kept = !sampling_reason(arena, s, &subject).p;
        ck_assert_int_eq(is_kept, !sampling_reason(arena, s, &subject).p);
        kept += is_kept;
    }
    ck_assert_int_gt(kept, IDS * 27 / 100);
    ck_assert_int_lt(kept, IDS * 33 / 100);
}
END_TEST

START_TEST(errors_are_told_of_their_trace)
{
    bool is_kept = true;
    const struct sampling *s = rules(RULE("7", "trace", KEEP_NONE, ALWAYS));
    struct sampling_subject subject = subject_of("{}", TRACE("ours"));
    ck_assert(sampling_of_trace(arena, s, &subject, &is_kept));
    ck_assert(!is_kept);
    s = rules(RULE("7", "trace", KEEP_ALL, ALWAYS));
    ck_assert(sampling_of_trace(arena, s, &subject, &is_kept));
    ck_assert(is_kept);
    subject = subject_of("{}", TRACE("theirs"));
    ck_assert(!sampling_of_trace(arena, s, &subject, &is_kept));
    s = rules(RULE("7", "transaction", KEEP_NONE, ALWAYS));
    subject = subject_of("{}", TRACE("ours"));
    ck_assert(!sampling_of_trace(arena, s, &subject, &is_kept));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, transactions_are_kept_or_not, 0, COUNT_OF(cases));
    tcase_add_loop_test(tc, what_is_not_understood_drops_nothing, 0, COUNT_OF(unknown));
    tcase_add_test(tc, a_rate_keeps_that_share);
    tcase_add_test(tc, errors_are_told_of_their_trace);
}

int main(void)
{
    return suite_run("sampling", add_tests);
}
