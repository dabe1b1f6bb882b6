/* Title, culprit, metadata: ingest.md §3.15. */
#include "tests/unit/understand.h"

#define STACK(frames) "\"stacktrace\":{\"frames\":[" frames "]}"
#define OWN "{\"function\":\"f\",\"module\":\"app/x\",\"filename\":\"x.js\",\"in_app\":true}"
#define FOREIGN "{\"function\":\"g\",\"module\":\"lib/y\",\"filename\":\"y.js\",\"in_app\":false}"

static const struct {
    const char *payload, *title, *culprit;
} cases[] = {
    {"{}", "<unlabeled event>", ""},
    {"{\"message\":\"line1\\nline2\"}", "line1", ""},
    {"{\"message\":\"  \\n\"}", "<unlabeled event>", ""},
    {"{\"exception\":[{\"type\":\"A\",\"value\":\"a\"},{\"type\":\"B\",\"value\":\"b\\nc\"}]}",
     "B: b", ""},
    {"{\"exception\":[{\"type\":\"A\"}]}", "A", ""},
    {"{\"exception\":[{\"value\":\"a\"}]}", "Error: a", ""},
    {"{\"exception\":[{\"type\":\"A\"}],\"transaction\":\"/t\"}", "A", "/t"},
    {"{\"exception\":[{\"type\":\"A\"}],\"transaction\":\"/t\",\"culprit\":\"c\"}", "A", "c"},
    {"{\"exception\":[{\"type\":\"A\"}],\"request\":{\"url\":\"http://a/\"}}", "A", "http://a/"},
    {"{\"platform\":\"javascript\",\"exception\":[{\"type\":\"A\"," STACK(OWN "," FOREIGN) "}]}",
     "A", "f(app/x)"},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\"," STACK(OWN "," FOREIGN) "}]}", "A",
     "app/x in f"},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\"," STACK(FOREIGN) "}]}", "A",
     "lib/y in g"},
    {"{\"platform\":\"native\",\"exception\":[{\"type\":\"A\"," STACK(
         "{\"function\":\"main\"}") "}]}",
     "A", "main"},
    {"{\"platform\":\"native\",\"exception\":[{\"type\":\"A\"," STACK("{\"lineno\":1}") "}]}", "A",
     "?"},
    {"{\"platform\":\"node\",\"message\":\"m\"," STACK("{\"filename\":\"x.js\"}") "}", "m",
     "?(x.js)"},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\"," STACK("{\"lineno\":3}") "}]}", "A",
     ""},
    /* A synthetic exception is called after its function and has no culprit. */
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"m\","
     "\"synthetic\":true}," STACK(OWN) "}]}",
     "f", ""},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"m\",\"synthetic\":true}}]}",
     "<unknown>", ""},
    {"{\"csp\":{\"effective_directive\":\"img-src\"},\"message\":\"Blocked\"}", "Blocked", ""},
    {"{\"csp\":{\"effective_directive\":\"img-src\"}}", "<untitled>", ""},
};

START_TEST(events_are_named)
{
    understand(cases[_i].payload);
    ck_assert_text(event.title, cases[_i].title);
    ck_assert_text(event.culprit, cases[_i].culprit);
    ck_assert_text(jt_str(understood_node("title")), cases[_i].title);
    ck_assert_text(jt_str(understood_node("culprit")), cases[_i].culprit);
}
END_TEST

static const struct {
    const char *payload, *metadata, *location;
} details[] = {
    {"{\"message\":\"m\"}", "{\"title\":\"m\"}", "absent"},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\",\"value\":\"v\"," STACK(
         OWN "," FOREIGN) "}]}",
     "{\"value\":\"v\",\"type\":\"A\",\"filename\":\"x.js\",\"function\":\"f\"}", "\"x.js\""},
    {"{\"platform\":\"native\",\"exception\":[{\"type\":\"A\"," STACK(
         "{\"function\":\"main\",\"filename\":\"m.c\"},{\"function\":\"<redacted>\"}") "}]}",
     "{\"type\":\"A\",\"filename\":\"m.c\",\"function\":\"main\"}", "\"m.c\""},
    {"{\"csp\":{\"effective_directive\":\"img-src\",\"blocked_uri\":\"http://"
     "x\"},\"message\":\"B\"}",
     "{\"message\":\"B\",\"uri\":\"http://x\",\"directive\":\"img-src\"}", "\"http://x\""},
};

START_TEST(metadata_is_kept)
{
    understand(details[_i].payload);
    ck_assert_text(event.metadata, details[_i].metadata);
    ck_assert_text(understood_at("metadata"), details[_i].metadata);
    ck_assert_text(understood_at("location"), details[_i].location);
}
END_TEST

START_TEST(long_names_are_cut)
{
    char *text = arena_alloc(arena, 3001);
    memset(text, 'x', 3000);
    understand(arena_printf(
        arena, "{\"exception\":[{\"type\":\"T\",\"value\":\"%s\"}],\"transaction\":\"%s\"}", text,
        text));
    ck_assert_uint_eq(event.title.n, strlen("T: ") + 100);
    ck_assert(str_ends(event.title, S("x...")));
    ck_assert_uint_eq(event.culprit.n, 200);
    ck_assert_uint_eq(jt_str(understood_node("metadata.value")).n, 1024);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, events_are_named, 0, COUNT_OF(cases));
    tcase_add_loop_test(tc, metadata_is_kept, 0, COUNT_OF(details));
    tcase_add_test(tc, long_names_are_cut);
}

int main(void)
{
    return suite_run("title", add_tests);
}
