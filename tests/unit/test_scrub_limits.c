/* Scrubbing what was made to cost much, and by many threads at a time. */
#include <pthread.h>

#include "tests/unit/scrub.h"

#define PATTERN(regex)                                                                             \
    "{\"rules\":{\"r\":{\"type\":\"pattern\",\"pattern\":\"" regex                                 \
    "\"}},\"applications\":{\"$string\":[\"r\"]}}"

static struct str repeated(const char *part, size_t size, const char *end)
{
    struct str piece = str_of(part), tail = str_of(end);
    char *text = arena_take(arena, size + piece.n + tail.n);
    size_t n = 0;
    for (; n < size; n += piece.n)
        memcpy(text + n, piece.p, piece.n);
    memcpy(text + n, tail.p, tail.n);
    return (struct str){text, n + tail.n};
}

#define COMMON "{\"applications\":{\"$string\":[\"@common\"]}}"

static const struct {
    const char *config, *part, *end;
} hostile[] = {
    {PATTERN("(a+)+$"), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", ""},
    {PATTERN("(.*)*x"), "abc", ""},
    {PATTERN("(?s).*?.*?.*?z"), "abc", ""},
    {PATTERN("a[^b]{0,900}c"), "a", ""},
    {COMMON, "a.a.a.", "@"},
    {COMMON, "a@a.a.a", ""},
    {COMMON, "-----BEGIN A PRIVATE KEY-----x", "-----END"},
    {COMMON, "tokena", ":"},
    {COMMON, "1:2:3:", ""},
    {COMMON, "//a:", "@"},
    {COMMON, "DE12A-", "DE12345678901234567890"},
    {COMMON, "users/home/", ""},
    {"{\"applications\":{\"$string\":[\"@uuid\",\"@imei\",\"@mac\"]}}", "1234567-", "12345678"},
};

/* The limit is that of the searches and what lies around them, many times over. */
START_TEST(hostile_texts_cost_little)
{
    struct scrubber *s = scrubber_for(str_of(hostile[_i].config));
    int64_t before = clock_monotonic();
    scrub_tree(s, event_with(repeated(hostile[_i].part, 256 * 1024, hostile[_i].end)));
    int64_t cost = clock_monotonic() - before;
    ck_assert_msg(cost < 3000000, "took %lld us", (long long)cost);
}
END_TEST

START_TEST(what_cannot_be_searched_is_redacted)
{
    struct jt *event = event_with(str_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
    scrub_tree(scrubber_for(S(PATTERN("(a+)+$"))), event);
    ck_assert_text(text_at(event, "extra.value"), "\"\"");
}
END_TEST

START_TEST(deep_values_are_removed)
{
    struct jt *event = jt_new(arena, JT_OBJECT), *at = event;
    for (int i = 0; i < 100000; i++) {
        struct jt *inner = jt_new(arena, JT_OBJECT);
        jt_set(at, S("extra"), inner);
        at = inner;
    }
    scrub_tree(scrubber_for(S("{\"applications\":{\"$string\":[\"@ip\"]}}")), event);
    int depth = 0;
    for (at = event; at && at->kind == JT_OBJECT; at = at->first)
        depth++;
    ck_assert_int_lt(depth, 200);
}
END_TEST

/* Remarks about each of many members, twice, must not cost the square of their number. */
START_TEST(many_members_cost_little)
{
    struct scrubber *s = scrubber_for(S("{\"applications\":{\"$string\":[\"@anything:mask\"]}}"));
    struct jt *event = json(S("{\"extra\":{}}"));
    for (int i = 0; i < 50000; i++) {
        struct jt *v = jt_new_str(arena, S("a"));
        v->key = str_of(arena_printf(arena, "k%d", i));
        jt_append(event->first, v);
    }
    int64_t before = clock_monotonic();
    scrub_tree(s, event);
    for (struct jt *v = event->first->first; v; v = v->next)
        v->text = S("ab");
    scrub_tree(s, event);
    ck_assert_int_lt(clock_monotonic() - before, 3 * CLOCK_SECOND * SUITE_SLOWNESS);
    ck_assert_text(text_at(event, "_meta.extra.k49999..len"), "1");
    ck_assert_uint_eq(node_at(event, "_meta.extra")->count, 50000);
}
END_TEST

/* One scrubber, many threads, each with an arena of its own. */
static void *scrub_often(void *scrubber)
{
    const char *error;
    struct arena *a = arena_new((size_t)64 << 20);
    size_t redacted = 0;
    for (int i = 0; i < 200; i++) {
        struct scrub_notes notes = {0};
        struct jt *event =
            jt_read(a, S("{\"extra\":{\"a\":\"secret\",\"b\":\"x 1.2.3.4\"}}"), 8, &error);
        scrub_event(scrubber, a, event, &notes);
        redacted += str_eq(jt_get_str(event->first, S("a")), S("[Filtered]")) &&
                    str_eq(jt_get_str(event->first, S("b")), S("x [ip]"));
        arena_reset(a);
    }
    arena_free(a);
    return (void *)(uintptr_t)redacted;
}

START_TEST(threads_share_a_scrubber)
{
    struct scrub_options options = scrub_options_of_project;
    options.scrub_ip_addresses = true;
    const char *error;
    struct scrubber *s = scrubber_new(&scrub_options_of_organization, &options, &error);
    pthread_t threads[4];
    for (int i = 0; i < COUNT_OF(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, scrub_often, s), 0);
    for (int i = 0; i < COUNT_OF(threads); i++) {
        void *redacted;
        ck_assert_int_eq(pthread_join(threads[i], &redacted), 0);
        ck_assert_uint_eq((uintptr_t)redacted, 200);
    }
    scrubber_free(s);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, scrub_begin, scrub_end);
    tcase_add_loop_test(tc, hostile_texts_cost_little, 0, COUNT_OF(hostile));
    tcase_add_test(tc, what_cannot_be_searched_is_redacted);
    tcase_add_test(tc, deep_values_are_removed);
    tcase_add_test(tc, many_members_cost_little);
    tcase_add_test(tc, threads_share_a_scrubber);
}

int main(void)
{
    return suite_run("scrub_limits", add_tests);
}
