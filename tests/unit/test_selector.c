/* Selectors: reading, printing, order, matching, suggestions: ingest.md §4.5. */
#include "tests/unit/scrub.h"
#include "worker/scrub/selector.h"
#include "worker/scrub/suggest.h"

#define CASES "data/ingest/pii/relay22_selector_cases.json"

static struct selector *parsed(struct str text)
{
    const char *error;
    struct selector *s = selector_parse(arena, text, &error);
    ck_assert_msg(s != NULL, "%s: %.*s", error, STR_ARG(text));
    return s;
}

static struct str canonical(struct str text)
{
    buf_clear(&printed);
    selector_print(parsed(text), &printed);
    return arena_str(arena, buf_str(&printed));
}

static struct jt *copy(const struct jt *v)
{
    return json(json_text(v));
}

/* As normalisation would leave it: a message is a logentry, headers are pairs. */
static struct jt *normalised(const struct jt *input)
{
    static const struct str names[] = {{"exception", 9}, {"extra", 5}, {"request", 7}};
    struct jt *event = json(S("{\"logentry\":{}}")), *headers = json(S("[[]]"));
    const struct jt *sent = jt_get(jt_get(input, S("request")), S("headers"));
    jt_set(event->first, S("formatted"), copy(jt_get(input, S("message"))));
    for (int i = 0; i < COUNT_OF(names); i++)
        jt_set(event, names[i], copy(jt_get(input, names[i])));
    jt_append(headers->first, jt_new_str(arena, sent->first->key));
    jt_append(headers->first, copy(sent->first));
    jt_set(jt_get(event, S("request")), S("headers"), headers);
    return event;
}

static void check_suggestions(const struct jt *input, const struct jt *expected)
{
    struct jt *event = normalised(input);
    struct suggestions s = suggest_selectors(arena, event);
    ck_assert_uint_eq(s.count, expected->count);
    for (size_t i = 0; i < s.count; i++) {
        const struct jt *pair = jt_at(expected, i);
        ck_assert_text(s.list[i].selector, arena_strdup(arena, pair->first->text));
        ck_assert(str_eq(s.list[i].value, jt_str(pair->last)));
    }
}

START_TEST(cases_of_relay_agree)
{
    struct str text;
    const char *error;
    size_t count = 1;
    if (!shared_file(arena, CASES, &text))
        return;
    const struct jt *cases = json(text);
    for (const struct jt *c = jt_get(cases, S("roundtrip"))->first; c; c = c->next, count++)
        ck_assert_text(canonical(c->text), arena_strdup(arena, c->text));
    for (const struct jt *c = jt_get(cases, S("invalid"))->first; c; c = c->next, count++) {
        ck_assert_ptr_null(selector_parse(arena, jt_get_str(c, S("selector")), &error));
        ck_assert_text(jt_get_str(c, S("error")), error);
    }
    check_suggestions(jt_get(cases, S("suggestions_input")),
                      jt_get(cases, S("suggestions_expected")));
    printf("%zu selector cases passed\n", count);
    ck_assert_uint_eq(count, 8);
}
END_TEST

static const struct {
    const char *text, *printed; /* NULL: invalid */
} texts[] = {
    {"a", "a"},
    {"a.b", "a.b"},
    {" a . b ", "a.b"},
    {"a&b|c", "a && b || c"},
    {"a & (b | c)", "a && (b || c)"},
    {"~a", "!a"},
    {"!(a | b) && c", "!(a || b) && c"},
    {"((a))", "a"},
    {"(a | b) | (c | d)", "a || b || c || d"},
    {"a & (b & c)", "a && b && c"},
    {"!(!a)", "!(!a)"},
    {"$string", "$string"},
    {"$exception.value", "$error.value"},
    {"$request.env", "$http.env"},
    {"$stacktrace", "$stack"},
    {"$list.0.*.**", "$array.0.*.**"},
    {"'it''s'.'a'", "'it''s'.a"},
    {"''''", "''''"},
    {"'9'", "'9'"},
    {"a-b_c9", "a-b_c9"},
    {"freeform", "$string"},
    {"container", "$object"},
    {"a.freeform", "a.freeform"},
    {"", NULL},
    {"!!a", NULL},
    {"a b", NULL},
    {"a.", NULL},
    {"(a", NULL},
    {"a)", NULL},
    {"''", NULL},
    {"'a", NULL},
    {"-a", NULL},
    {"$", NULL},
    {"$nothing", NULL},
    {"*", NULL},
    {"a || *", NULL},
    {"**.a.**", NULL},
    {"99999999999999999999", NULL},
    {"a && ", NULL},
};

START_TEST(texts_are_read)
{
    const char *error = NULL;
    struct str text = str_of(texts[_i].text);
    if (texts[_i].printed) {
        ck_assert_text(canonical(text), texts[_i].printed);
        ck_assert_text(canonical(canonical(text)), texts[_i].printed);
    } else {
        ck_assert_ptr_null(selector_parse(arena, text, &error));
        ck_assert_ptr_nonnull(error);
    }
}
END_TEST

START_TEST(nesting_and_length_are_limited)
{
    const char *error;
    char deep[201], wide[201];
    memset(deep, '(', 200);
    for (int i = 0; i < 200; i += 2)
        memcpy(wide + i, "a.", 2);
    ck_assert_ptr_null(selector_parse(arena, (struct str){deep, 200}, &error));
    ck_assert_str_eq(error, "nested too deeply");
    ck_assert_ptr_null(selector_parse(arena, (struct str){wide, 199}, &error));
    ck_assert_str_eq(error, "path is too long");
    struct str long_text = {arena_alloc(arena, SELECTOR_TEXT_MAX + 1), SELECTOR_TEXT_MAX + 1};
    ck_assert_ptr_null(selector_parse(arena, long_text, &error));
    ck_assert_str_eq(error, "selector is too long");
}
END_TEST

START_TEST(a_plain_name_is_a_key)
{
    const char *error;
    struct selector *s = selector_parse_plain(arena, S("email"), &error);
    buf_clear(&printed);
    selector_print(s, &printed);
    ck_assert_text(buf_str(&printed), "email");
}
END_TEST

/* In the order in which they run. */
static const char *const sorted[] = {"a && b", "a && c", "a || b", "!a",  "$string", "$string.a",
                                     "$error", "1",      "2",      "a",   "a.b",     "ab",
                                     "b",      "*.a",    "**",     "**.a"};

START_TEST(selectors_are_ordered)
{
    for (int i = 0; i < COUNT_OF(sorted); i++)
        for (int j = 0; j < COUNT_OF(sorted); j++) {
            int order = selector_compare(parsed(str_of(sorted[i])), parsed(str_of(sorted[j])));
            ck_assert_msg((order > 0) - (order < 0) == (i > j) - (i < j), "%s and %s: %d",
                          sorted[i], sorted[j], order);
        }
}
END_TEST

/* ---- Matching. */

/* exception.values.0.stacktrace.frames.3.vars.Foo, a text. */
static struct scrub_path steps[] = {
    {.types = TYPE_BIT(TYPE_EVENT)},
    {.key = {"exception", 9}},
    {.key = {"values", 6}, .types = TYPE_BIT(TYPE_ARRAY)},
    {.index = 0, .types = TYPE_BIT(TYPE_EXCEPTION)},
    {.key = {"stacktrace", 10}, .types = TYPE_BIT(TYPE_STACKTRACE)},
    {.key = {"frames", 6}, .types = TYPE_BIT(TYPE_ARRAY)},
    {.index = 3, .types = TYPE_BIT(TYPE_FRAME)},
    {.key = {"vars", 4}, .types = TYPE_BIT(TYPE_OBJECT)},
    {.key = {"Foo", 3}, .types = TYPE_BIT(TYPE_STRING)},
};

static const struct {
    const char *selector;
    bool always, maybe; /* with the place marked so */
} matches[] = {
    {"foo", true, true},
    {"FOO", true, true},
    {"'foo'", true, true},
    {"fo", false, false},
    {"vars", false, false},
    {"vars.foo", true, true},
    {"frames.*.vars.foo", true, true},
    {"frames.3.vars.foo", true, true},
    {"frames.2.vars.foo", false, false},
    {"vars.*", true, true},
    {"$frame.vars.foo", true, true},
    {"$frame.*.foo", true, true},
    {"$stack.vars.foo", false, false},
    {"$string", true, false},
    {"$number", false, false},
    {"vars.$string", true, false},
    {"$object.foo", true, false},
    {"$object.$string", true, false},
    {"**", true, false},
    {"$frame.**", true, false},
    {"exception.**", true, false},
    {"frames.**", true, false},
    {"$error.**.foo", true, false},
    {"values.**.vars.foo", true, false},
    {"values.0.**.foo", true, false},
    {"values.1.**.foo", false, false},
    {"vars.**.foo", false, false},
    {"frames.**.vars.foo", true, false},
    {"foo.**", false, false},
    {"$event.**", true, false},
    {"$event.exception.values.0.stacktrace.frames.3.vars.foo", true, true},
    {"*.exception.values.0.stacktrace.frames.3.vars.foo", false, false},
    {"x.exception.values.0.stacktrace.frames.3.vars.foo", false, false},
    {"foo && $string", true, false},
    {"foo && !vars", true, true},
    {"!foo", false, false},
    {"!bar", true, true},
    {"bar || foo", true, true},
    {"bar || baz", false, false},
};

START_TEST(places_are_matched)
{
    const struct selector *s = parsed(str_of(matches[_i].selector));
    struct scrub_path *leaf = &steps[COUNT_OF(steps) - 1];
    for (unsigned i = 1; i < (unsigned)COUNT_OF(steps); i++) {
        steps[i].parent = &steps[i - 1];
        steps[i].depth = i;
    }
    leaf->pii = PII_YES;
    ck_assert_int_eq(selector_matches(s, leaf), matches[_i].always);
    leaf->pii = PII_MAYBE;
    ck_assert_int_eq(selector_matches(s, leaf), matches[_i].maybe);
    ck_assert(!matches[_i].maybe || selector_reaches_maybe(s));
    leaf->pii = PII_NONE;
    ck_assert(!selector_matches(s, leaf));
    ck_assert(!matches[_i].always || (selector_last_keys(s) & selector_key_bit(leaf->key)));
}
END_TEST

START_TEST(what_cannot_match_is_known)
{
    ck_assert(!selector_reaches_maybe(parsed(S("($string || $number) && !a"))));
    ck_assert(selector_reaches_maybe(parsed(S("$string || a"))));
    uint64_t keys = selector_last_keys(parsed(S("*.cookies.a || *.cookies.bb")));
    ck_assert_uint_eq(keys, selector_key_bit(S("A")) | selector_key_bit(S("bb")));
    ck_assert_uint_eq(selector_last_keys(parsed(S("a || $string"))), UINT64_MAX);
    ck_assert_uint_eq(selector_last_keys(parsed(S("a && $string"))), selector_key_bit(S("a")));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, scrub_begin, scrub_end);
    tcase_add_test(tc, cases_of_relay_agree);
    tcase_add_loop_test(tc, texts_are_read, 0, COUNT_OF(texts));
    tcase_add_test(tc, nesting_and_length_are_limited);
    tcase_add_test(tc, a_plain_name_is_a_key);
    tcase_add_test(tc, selectors_are_ordered);
    tcase_add_loop_test(tc, places_are_matched, 0, COUNT_OF(matches));
    tcase_add_test(tc, what_cannot_match_is_known);
}

int main(void)
{
    return suite_run("selector", add_tests);
}
