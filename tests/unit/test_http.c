/* The request interface: ingest.md §3.9. */
#include "tests/unit/understand.h"

#define REQUEST(fields) "{\"request\":{" fields "}}"

static const struct understand_case cases[] = {
    {REQUEST("\"url\":\"http://a/b?x=1&y=2#f\""), "request",
     "{\"url\":\"http://a/b\",\"query_string\":[[\"x\",\"1\"],[\"y\",\"2\"]],\"fragment\":\"f\"}"},
    {REQUEST("\"url\":\"http://a/b?x=1\",\"query_string\":\"?z=a%20b+c\""), "request.query_string",
     "[[\"z\",\"a b c\"]]"},
    {REQUEST("\"url\":\"http://a/\xE2\x80\xA6\""), "request.url", "\"http://a/...\""},
    {REQUEST("\"query_string\":{\"a\":1,\"b\":{\"c\":2}}"), "request.query_string",
     "[[\"a\",\"1\"],[\"b\",\"{\\\"c\\\":2}\"]]"},
    {REQUEST("\"query_string\":[[\"a\",\"1\"],3]"), "request.query_string", "[[\"a\",\"1\"]]"},
    {REQUEST("\"query_string\":\"%FF=1\""), "request.query_string", "[[\"\xEF\xBF\xBD\",\"1\"]]"},
    {REQUEST("\"query_string\":\"\""), "request.query_string", "absent"},
    {REQUEST("\"method\":\"post\""), "request.method", "\"POST\""},
    {REQUEST("\"method\":\"x!\""), "request.method", "absent"},
    {REQUEST("\"method\":\"x!\""), "errors.0.name", "\"request.method\""},
    {REQUEST("\"data\":\"{\\\"a\\\":1}\""), "request",
     "{\"data\":{\"a\":1},\"inferred_content_type\":\"application/json\"}"},
    {REQUEST("\"data\":\"foo=bar&x=1\""), "request",
     "{\"data\":{\"foo\":\"bar\",\"x\":\"1\"},\"inferred_content_type\":"
     "\"application/x-www-form-urlencoded\"}"},
    {REQUEST("\"data\":\"foo\""), "request", "{\"data\":\"foo\"}"},
    {REQUEST("\"data\":\"aGk==\""), "request.data", "\"aGk==\""},
    {REQUEST("\"data\":\"<?xml a=b&c=d\""), "request.data", "\"<?xml a=b&c=d\""},
    {REQUEST("\"data\":\"\xC3\xBC=1&b=2\""), "request.data", "\"\xC3\xBC=1&b=2\""},
    {REQUEST("\"data\":\"{broken\""), "request.data", "\"{broken\""},
    {REQUEST("\"data\":\"x\",\"headers\":{\"content-type\":\"text/plain; charset=x\"}"),
     "request.inferred_content_type", "\"text/plain\""},
    {REQUEST("\"data\":{\"a\":[1]}"), "request.data", "{\"a\":[1]}"},
    {REQUEST("\"headers\":{\"user-agent\":\"x\",\"accept\":\"y\"}"), "request.headers",
     "[[\"Accept\",\"y\"],[\"User-Agent\",\"x\"]]"},
    {REQUEST("\"headers\":[[\"b\",\"1\"],[\"a\",\"2\"]]"), "request.headers",
     "[[\"B\",\"1\"],[\"A\",\"2\"]]"},
    {REQUEST("\"headers\":{\"x-forwarded-for\":[\"a\",\"b\"],\"content-length\":5}"),
     "request.headers", "[[\"Content-Length\",\"5\"],[\"X-Forwarded-For\",\"a,b\"]]"},
    {REQUEST("\"headers\":{\"cookie\":\"a=b; c=d\",\"x\":\"y\"}"), "request",
     "{\"headers\":[[\"X\",\"y\"]],\"cookies\":[[\"a\",\"b\"],[\"c\",\"d\"]]}"},
    {REQUEST("\"headers\":{\"cookie\":\"a=b\"},\"cookies\":{\"z\":\"1\"}"), "request.cookies",
     "[[\"z\",\"1\"]]"},
    {REQUEST("\"cookies\":\"a=b;c\""), "request.cookies", "[[\"a\",\"b\"],[\"c\",\"\"]]"},
    {REQUEST("\"cookies\":\"a%20b=%7B+%FF\""), "request.cookies", "[[\"a b\",\"{+\xEF\xBF\xBD\"]]"},
    {REQUEST("\"env\":{\"A\":\"b\"},\"other\":1"), "request", "{\"env\":{\"A\":\"b\"}}"},
    {REQUEST("\"url\":5"), "errors.0.name", "\"request.url\""},
};

START_TEST(requests_are_normalized)
{
    understand_check(&cases[_i]);
}
END_TEST

START_TEST(long_bodies_are_cut)
{
    char *text = arena_alloc(arena, 20001);
    memset(text, 'x', 20000);
    understand(arena_printf(arena, "{\"request\":{\"data\":\"%s\",\"url\":\"http://a/%.400s\"}}",
                            text, text));
    ck_assert_uint_le(jt_str(understood_node("request.data")).n, 8192);
    ck_assert_text(understood_at("_meta.request.data..len"), "20000");
    ck_assert_uint_eq(jt_str(understood_node("request.url")).n, 256);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, requests_are_normalized, 0, COUNT_OF(cases));
    tcase_add_test(tc, long_bodies_are_cut);
}

int main(void)
{
    return suite_run("http", add_tests);
}
