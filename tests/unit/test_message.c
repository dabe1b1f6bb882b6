/* Parameterised messages: grouping-symbolication.md §1.7. */
#include <stdio.h>

#include "base/jt.h"
#include "tests/unit/shared.h"
#include "tests/unit/suite.h"
#include "worker/digest/message.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(64 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static const struct {
    const char *text, *parameterized;
} cases[] = {
    {"", ""},
    {"nothing varies here", "nothing varies here"},
    {"user 42 not found", "user <int> not found"},
    {"took 1.5s, then 200ms", "took <duration>, then <duration>"},
    {"at -3.25 degrees", "at <float> degrees"},
    {"mail to jane.doe+x@example.com failed", "mail to <email> failed"},
    {"GET https://example.com/a?b=c failed", "GET <url> failed"},
    {"cannot reach db1.example.com", "cannot reach <hostname>"},
    {"peer 10.0.0.1 and fe80::1 left", "peer <ip> and <ip> left"},
    {"999.999.999.999", "<float>.<float>"},
    {"route ::/200 id 7", "route ::/<int> id <int>"}, /* no such prefix: no address */
    {"id c1a2b3d4-1111-2222-3333-444455556666", "id <uuid>"},
    {"sha da39a3ee5e6b4b0d3255bfef95601890afd80709", "sha <sha1>"},
    {"sum d41d8cd98f00b204e9800998ecf8427e", "sum <md5>"},
    {"at 2026-11-21T09:15:24Z", "at <date>"},
    {"on Sat, 21 Nov 2026 09:15:24 GMT", "on <date>"},
    {"ptr 0xdeadBEEF", "ptr <hex>"},
    {"a='x y' b=true", "a=<quoted_str> b=<bool>"},
    {"one\n\n  \ntwo\nthree", "one\ntwo..."},
    {"one\ntwo", "one\ntwo"},
    {"\n\none", "one..."},
    {"gr\xC3\xBC\xC3\x9F 7", "gr\xC3\xBC\xC3\x9F <int>"},
    {"\xD9\xA3", "<int>"}, /* digits of any script */
};

START_TEST(what_varies_is_replaced)
{
    ck_assert_text(message_parameterize(arena, str_of(cases[_i].text)), cases[_i].parameterized);
}
END_TEST

START_TEST(long_texts_stay)
{
    char *text = arena_alloc(arena, 8194);
    memset(text, '1', 8193);
    for (int i = 0; i < 8193; i += 2)
        text[i] = ' ';
    ck_assert_uint_eq(message_parameterize(arena, (struct str){text, 8193}).n, 8193);
    struct str shorter = message_parameterize(arena, (struct str){text, 8000});
    ck_assert(str_has(shorter, S("<int> <int>")));
}
END_TEST

/* Texts made to keep a backtracking matcher busy; the bound ends it (Check's own limit is 4 s). */
static const char *const traps[] = {"a.", "a", "1:", "a@", "0-", "1.", "x=", "'", "-", "ffff:"};

START_TEST(no_text_takes_long)
{
    size_t n = strlen(traps[_i]), size = 8000 / n * n;
    char *text = arena_alloc(arena, size + 1);
    for (size_t i = 0; i < size; i += n)
        memcpy(text + i, traps[_i], n);
    ck_assert_uint_gt(message_parameterize(arena, (struct str){text, size}).n, 0);
}
END_TEST

static void check_case(struct str input, struct str expected)
{
    static const struct str around[][2] = {{{"", 0}, {"", 0}}, {{"prefix ", 7}, {" suffix", 7}}};
    for (int i = 0; i < 2; i++) {
        char *in = arena_printf(arena, "%.*s%.*s%.*s", STR_ARG(around[i][0]), STR_ARG(input),
                                STR_ARG(around[i][1]));
        char *out = arena_printf(arena, "%.*s%.*s%.*s", STR_ARG(around[i][0]), STR_ARG(expected),
                                 STR_ARG(around[i][1]));
        ck_assert_text(message_parameterize(arena, str_of(in)), out);
    }
}

/* The cases of Sentry's own tests. */
START_TEST(agrees_with_the_shared_cases)
{
    const char *error;
    struct str file;
    if (!shared_file(arena, "data/grouping/parameterization_2026.json", &file))
        return;
    const struct jt *list = jt_get(jt_read(arena, file, 8, &error), S("cases"));
    ck_assert_uint_ge(list->count, 171);
    for (const struct jt *v = list->first; v; v = v->next)
        check_case(jt_get_str(v, S("input")), jt_get_str(v, S("expected")));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, what_varies_is_replaced, 0, COUNT_OF(cases));
    tcase_add_test(tc, long_texts_stay);
    tcase_add_loop_test(tc, no_text_takes_long, 0, COUNT_OF(traps));
    tcase_add_test(tc, agrees_with_the_shared_cases);
}

int main(void)
{
    return suite_run("message", add_tests);
}
