/* Types, defaults, release, message, breadcrumbs, contexts, fingerprint: ingest.md §3. */
#include "tests/unit/understand.h"

static const struct understand_case cases[] = {
    /* Every event gets these. */
    {"{}", "event_id", "\"fc6d8c0c43fc4630ad850ee518f1b9d0\""},
    {"{}", "project", "7"},
    {"{}", "key_id", "\"8\""},
    {"{}", "type", "\"default\""},
    {"{}", "level", "\"error\""},
    {"{}", "platform", "\"other\""},
    {"{}", "logger", "\"\""},
    {"{}", "extra", "{}"},
    {"{}", "errors", "[]"},
    {"{}", "version", "\"7\""},
    {"{}", "received", "1795252524.693131"},
    {"{}", "timestamp", "1795252524.693131"},
    {"{}", "_meta", "absent"},
    {"{\"event_id\":\"00000000000000000000000000000001\"}", "event_id",
     "\"fc6d8c0c43fc4630ad850ee518f1b9d0\""},
    {"{\"project\":1,\"key_id\":\"2\",\"received\":3}", "project", "7"},
    /* Types. */
    {"{\"exception\":{\"type\":\"E\"}}", "type", "\"error\""},
    {"{\"type\":\"transaction\"}", "type", "\"default\""},
    {"{\"csp\":{\"effective_directive\":\"img-src\"}}", "type", "\"csp\""},
    {"{\"exception\":[],\"message\":\"x\"}", "type", "\"default\""},
    {"{\"measurements\":{\"lcp\":{\"value\":1}}}", "measurements", "absent"},
    /* Platforms and levels. */
    {"{\"platform\":\"python\"}", "platform", "\"python\""},
    {"{\"platform\":\"foo\"}", "platform", "\"other\""},
    {"{\"platform\":5}", "platform", "\"other\""},
    {"{\"level\":\"critical\"}", "level", "\"fatal\""},
    {"{\"level\":50}", "level", "\"fatal\""},
    {"{\"level\":\"log\"}", "level", "\"info\""},
    {"{\"level\":\"warn\"}", "level", "\"error\""},
    {"{\"level\":\"warn\"}", "errors",
     "[{\"type\":\"invalid_data\",\"name\":\"level\",\"value\":\"warn\",\"reason\":\"expected a "
     "level\"}]"},
    {"{\"level\":\"warn\"}", "_meta.level..err",
     "[[\"invalid_data\",{\"reason\":\"expected a level\"}]]"},
    /* Unknown keys. */
    {"{\"foo\":1}", "foo", "absent"},
    {"{\"foo\":1}", "errors", "[{\"type\":\"invalid_attribute\",\"name\":\"foo\",\"value\":1}]"},
    {"{\"hashes\":[1],\"device\":2}", "errors", "[]"},
    {"{\"exception\":[{\"type\":\"E\",\"foo\":1}]}", "exception.values.0.foo", "absent"},
    {"{\"foo\":null}", "errors.0.name", "\"foo\""},
    /* Old names. */
    {"{\"sentry.interfaces.Exception\":{\"type\":\"E\"}}", "exception.values.0.type", "\"E\""},
    {"{\"sentry.interfaces.User\":{\"id\":\"1\"}}", "user.id", "\"1\""},
    {"{\"sentry.interfaces.User\":{\"id\":\"1\"},\"user\":{\"id\":\"2\"}}", "user.id", "\"2\""},
    /* Lenient strings. */
    {"{\"release\":1.5}", "release", "\"1\""},
    {"{\"release\":true}", "release", "\"True\""},
    {"{\"release\":18446744073709551615}", "release", "\"18446744073709551615\""},
    {"{\"release\":1e300}", "release", "absent"},
    {"{\"release\":[1]}", "errors.0.reason", "\"expected a primitive value\""},
    /* Releases, environments, distributions. */
    {"{\"release\":\" my@1.0 \"}", "release", "\"my@1.0\""},
    {"{\"release\":\"latest\"}", "release", "absent"},
    {"{\"release\":\"Latest\"}", "errors.0.type", "\"invalid_data\""},
    {"{\"release\":\"\"}", "errors.0.name", "\"release\""},
    {"{\"release\":\"a\\nb\"}", "release", "absent"},
    {"{\"release\":\"a/b\"}", "release", "absent"},
    {"{\"environment\":\"prod\"}", "environment", "\"prod\""},
    {"{\"environment\":\"None\"}", "environment", "absent"},
    {"{\"environment\":\"\"}", "errors", "[]"},
    {"{\"release\":\"1\",\"dist\":\"  1 \"}", "dist", "\"1\""},
    {"{\"dist\":\"a b\"}", "errors.0.type", "\"invalid_data\""},
    {"{\"dist\":\"\"}", "errors", "[]"},
    /* Messages. */
    {"{\"message\":\"x\"}", "logentry", "{\"formatted\":\"x\"}"},
    {"{\"message\":{\"message\":\"a\",\"formatted\":\"a\"}}", "logentry", "{\"formatted\":\"a\"}"},
    {"{\"message\":{\"a\":1}}", "logentry.formatted", "\"{\\\"a\\\":1}\""},
    {"{\"message\":false}", "logentry", "absent"},
    {"{\"message\":false}", "errors", "[]"},
    {"{\"message\":\"\"}", "errors.0.reason", "\"no message present\""},
    {"{\"logentry\":{\"message\":\"Hello, %s!\",\"params\":[\"World\"]}}", "logentry",
     "{\"formatted\":\"Hello, World!\",\"message\":\"Hello, %s!\",\"params\":[\"World\"]}"},
    {"{\"logentry\":{\"message\":\"%(n)5.1f%%\",\"params\":{\"n\":7}}}", "logentry.formatted",
     "\"7%\""},
    {"{\"logentry\":{\"message\":\"Hi {name} {0}{{\",\"params\":{\"name\":\"x\",\"0\":1}}}",
     "logentry.formatted", "\"Hi x 1{\""},
    {"{\"logentry\":{\"message\":\"{} and {!r}\",\"params\":[1,{\"a\":2}]}}", "logentry.formatted",
     "\"1 and {\\\"a\\\":2}\""},
    {"{\"logentry\":{\"message\":\"%s %s\",\"params\":[1]}}", "logentry",
     "{\"formatted\":\"%s %s\"}"},
    {"{\"logentry\":{\"message\":\"100%, sure\",\"params\":[1]}}", "logentry.formatted",
     "\"100%, sure\""},
    /* Breadcrumbs. */
    {"{\"breadcrumbs\":[{\"message\":\"x\"}]}", "breadcrumbs.values",
     "[{\"message\":\"x\",\"type\":\"default\",\"level\":\"info\"}]"},
    {"{\"breadcrumbs\":{\"values\":[{\"ty\":\"http\",\"level\":\"log\"}]}}",
     "breadcrumbs.values.0.type", "\"http\""},
    {"{\"breadcrumbs\":[{\"timestamp\":1795252500.5}]}", "breadcrumbs.values.0.timestamp",
     "1795252500.5"},
    {"{\"breadcrumbs\":[{\"timestamp\":\"2026-11-21T09:15:00Z\"}]}",
     "breadcrumbs.values.0.timestamp", "1795252500.0"},
    {"{\"breadcrumbs\":[3,{\"message\":\"x\"}]}", "errors.0.name", "\"breadcrumbs.values.0\""},
    {"{\"breadcrumbs\":[3,{\"message\":\"x\"}]}", "breadcrumbs.values.1.message", "\"x\""},
    /* Exceptions. */
    {"{\"exception\":[{\"value\":\"ValueError: boom \"}]}", "exception.values.0",
     "{\"value\":\"boom\",\"type\":\"ValueError\"}"},
    {"{\"exception\":{\"values\":[{\"type\":\"A\"}],\"more\":1}}", "exception",
     "{\"values\":[{\"type\":\"A\"}]}"},
    {"{\"exception\":{\"type\":\"A\",\"value\":{\"a\":1}}}", "exception.values.0.value",
     "\"{\\\"a\\\":1}\""},
    {"{\"exception\":[{}]}", "exception.values", "[null]"},
    {"{\"exception\":[{}]}", "errors.0",
     "{\"type\":\"missing_attribute\",\"name\":\"exception.values.0\",\"attribute\":\"type or "
     "value\"}"},
    {"{\"exception\":[null,{\"type\":\"A\"}]}", "exception.values", "[null,{\"type\":\"A\"}]"},
    {"{\"exception\":[{\"type\":\"A\"}],\"stacktrace\":{\"frames\":[{\"function\":\"f\"}]}}",
     "exception.values.0.stacktrace.frames.0.function", "\"f\""},
    {"{\"exception\":[{\"type\":\"A\"}],\"stacktrace\":{\"frames\":[{\"function\":\"f\"}]}}",
     "stacktrace", "absent"},
    {"{\"exception\":[{\"type\":\"A\"},{\"type\":\"B\"}],\"stacktrace\":{\"frames\":[]}}",
     "stacktrace", "{\"frames\":[]}"},
    /* Mechanisms. */
    {"{\"contexts\":{\"os\":{\"name\":\"Linux\"}},\"exception\":[{\"type\":\"A\",\"mechanism\":{"
     "\"type\":\"signal\",\"meta\":{\"signal\":{\"number\":11}}}}]}",
     "exception.values.0.mechanism.meta.signal.name", "\"SIGSEGV\""},
    {"{\"debug_meta\":{\"sdk_info\":{\"sdk_name\":\"macOS\"}},\"exception\":[{\"type\":\"A\","
     "\"mechanism\":{\"type\":\"mach\",\"meta\":{\"signal\":{\"number\":10},\"mach_exception\":{"
     "\"exception\":1}}}}]}",
     "exception.values.0.mechanism.meta",
     "{\"signal\":{\"number\":10,\"name\":\"SIGBUS\"},\"mach_exception\":{\"exception\":1,"
     "\"name\":\"EXC_BAD_ACCESS\"}}"},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"x\",\"meta\":{\"signal\":{"
     "\"number\":11,\"name\":\"MINE\"}}}}]}",
     "exception.values.0.mechanism.meta.signal.name", "\"MINE\""},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"x\",\"help_link\":\"ftp://x\"}}]}",
     "exception.values.0.mechanism", "{\"type\":\"x\"}"},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"handled\":\"no\"}}]}", "errors.0.name",
     "\"exception.values.0.mechanism.handled\""},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"x\",\"meta\":{\"errno\":{"
     "\"number\":1.5}}}}]}",
     "errors.0.reason", "\"expected a signed integer\""},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"x\",\"meta\":{\"errno\":{"
     "\"number\":-2.0}}}}]}",
     "exception.values.0.mechanism.meta.errno.number", "-2"},
    {"{\"exception\":5}", "errors.0.reason", "\"expected a list\""},
    {"{\"exception\":{\"values\":5}}", "exception", "absent"},
    {"{\"stacktrace\":{\"frames\":5}}", "errors.0.name", "\"stacktrace.frames\""},
    {"{\"stacktrace\":{\"frames\":[{\"pre_context\":5}]}}", "errors.0.name",
     "\"stacktrace.frames.0.pre_context\""},
    {"{\"stacktrace\":{\"registers\":5}}", "stacktrace", "{}"},
    {"{\"breadcrumbs\":[{\"event_id\":\"x\"}]}", "errors.0.reason", "\"expected an event id\""},
    {"{\"breadcrumbs\":[{\"event_id\":\"FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0\"}]}",
     "breadcrumbs.values.0.event_id", "\"fc6d8c0c43fc4630ad850ee518f1b9d0\""},
    /* Contexts. */
    {"{\"contexts\":{\"foo\":{\"a\":1}}}", "contexts.foo", "{\"a\":1,\"type\":\"foo\"}"},
    {"{\"contexts\":{\"foo\":{},\"bar\":3,\"reprocessing\":{\"a\":1}}}", "contexts", "absent"},
    {"{\"contexts\":{\"browser\":{\"name\":\"Chrome\",\"version\":120}}}",
     "contexts.browser.browser", "\"Chrome 120\""},
    {"{\"contexts\":{\"trace\":{\"trace_id\":\"1\",\"exclusive_time\":1.5,\"x\":1}}}",
     "contexts.trace", "{\"exclusive_time\":1.5,\"x\":1,\"type\":\"trace\"}"},
    {"{\"contexts\":{\"trace\":{\"trace_id\":\"ABCDEFABCDEFABCDEFABCDEFABCDEFAB\",\"span_id\":"
     "\"1\",\"data\":{\"a\":1}}}}",
     "contexts.trace",
     "{\"trace_id\":\"abcdefabcdefabcdefabcdefabcdefab\",\"data\":{\"a\":1},\"type\":\"trace\"}"},
    /* Fingerprints. */
    {"{\"fingerprint\":\"x\"}", "fingerprint", "absent"},
    {"{\"fingerprint\":\"x\"}", "errors.0.reason", "\"expected a list\""},
    {"{\"fingerprint\":[1,true,{}]}", "fingerprint", "[\"1\",\"True\"]"},
    {"{\"fingerprint\":[1,true,{}]}", "errors.0.name", "\"fingerprint\""},
    /* SDK, debug images. */
    {"{\"sdk\":{\"name\":\"a\",\"version\":\"1\",\"extra\":2}}", "sdk",
     "{\"name\":\"a\",\"version\":\"1\"}"},
    {"{\"debug_meta\":{\"images\":[{\"type\":\"foo\"},{\"type\":\"elf\",\"name\":\"x\",\"id\":"
     "\"y\",\"image_addr\":4096}]}}",
     "debug_meta.images",
     "[{\"type\":\"elf\",\"code_file\":\"x\",\"debug_id\":\"y\",\"image_addr\":\"0x1000\"}]"},
    {"{\"debug_meta\":{\"images\":[{\"type\":\"apple\",\"name\":\"x\",\"uuid\":\"u\"}]}}",
     "debug_meta.images", "[{\"type\":\"macho\",\"code_file\":\"x\",\"debug_id\":\"u\"}]"},
    /* Java's long loggers keep their end. */
    {"{\"platform\":\"java\",\"logger\":\"com.example.a.very.long.package.name.that.goes.on.and.on."
     "and.ends.in.Service\"}",
     "logger", "\"*very.long.package.name.that.goes.on.and.on.and.ends.in.Service\""},
    {"{\"logger\":\" app \"}", "logger", "\"app\""},
    {"{\"logger\":\"a\\nb\"}", "logger", "\"\""},
};

START_TEST(normalizes)
{
    understand_check(&cases[_i]);
}
END_TEST

START_TEST(the_client_names_the_sdk)
{
    record.client = S("raven-node/2.6.3");
    understand("{}");
    ck_assert_text(understood_at("sdk"), "{\"name\":\"raven-node\",\"version\":\"2.6.3\"}");
    understand("{\"sdk\":{\"name\":\"a\"}}");
    ck_assert_text(understood_at("sdk"), "{\"name\":\"a\"}");
}
END_TEST

static const struct {
    const char *payload, *reason;
} refused[] = {{"", "no_data"},
               {"[]", "invalid_json"},
               {"null", "invalid_json"},
               {"{", "invalid_json"},
               {"{}x", "invalid_json"},
               {"\"a\"", "invalid_json"},
               {"{\"a\"}", "invalid_json"}};

START_TEST(refuses_what_is_no_event)
{
    struct str why;
    ck_assert(!understand_any(str_of(refused[_i].payload), &why));
    ck_assert_text(why, refused[_i].reason);
}
END_TEST

START_TEST(refuses_deep_nesting)
{
    static const size_t DEEP = 500000;
    struct str why;
    char *json = arena_take(arena, 2 * DEEP);
    memset(json, '[', DEEP);
    memset(json + DEEP, ']', DEEP);
    ck_assert(!understand_any((struct str){json, 2 * DEEP}, &why));
    ck_assert_text(why, "invalid_json");
}
END_TEST

static struct str long_text(char c, size_t n)
{
    char *text = arena_take(arena, n);
    memset(text, c, n);
    return (struct str){text, n};
}

START_TEST(texts_are_cut)
{
    struct str text = long_text('x', 9000);
    understand(arena_printf(arena, "{\"message\":\"%.*s\"}", STR_ARG(text)));
    struct str cut = jt_str(understood_node("logentry.formatted"));
    ck_assert_uint_eq(cut.n, 8192);
    ck_assert(str_ends(cut, S("x...")));
    ck_assert_text(understood_at("_meta.logentry.formatted."),
                   "{\"rem\":[[\"!limit\",\"s\",8189,8192]],\"len\":9000}");
    understand(arena_printf(arena, "{\"message\":\"%.8300s\"}", text.p));
    ck_assert_uint_eq(jt_str(understood_node("logentry.formatted")).n, 8300);
    ck_assert_text(understood_at("_meta"), "absent");
}
END_TEST

START_TEST(names_that_are_too_long_go)
{
    struct str text = long_text('r', 201);
    understand(arena_printf(arena,
                            "{\"release\":\"%.*s\",\"environment\":\"%.65s\",\"dist\":\"%.65s\"}",
                            STR_ARG(text), text.p, text.p));
    ck_assert_text(understood_at("release"), "absent");
    ck_assert_text(understood_at("errors.0.type"), "\"value_too_long\"");
    ck_assert_text(understood_at("environment"), "absent");
    ck_assert_text(understood_at("errors.1.type"), "\"value_too_long\"");
    ck_assert_text(understood_at("dist"), "absent");
    ck_assert_text(understood_at("errors.2.type"), "\"value_too_long\"");
}
END_TEST

START_TEST(containers_are_cut)
{
    understand(arena_printf(arena, "{\"contexts\":{\"foo\":{\"a\":\"%.*s\",\"b\":1,\"c\":2}}}",
                            STR_ARG(long_text('x', 20000))));
    ck_assert_uint_le(understood_at("contexts.foo").n, 8300);
    ck_assert_text(understood_at("contexts.foo.b"), "absent");
    ck_assert_text(understood_at("_meta.contexts.foo..len"), "4");
    understand(
        "{\"extra\":{\"1\":{\"2\":{\"3\":{\"4\":{\"5\":{\"6\":{\"7\":{\"8\":{\"9\":1}}}}}}}}}}");
    ck_assert_text(understood_at("extra.1.2.3.4.5.6"), "\"{\\\"7\\\":{\\\"8\\\":{\\\"9\\\":1}}}\"");
}
END_TEST

/* A text with a limit of its own, one without, one in a budget, one that nobody declared. */
static const struct {
    const char *before, *after, *path;
} ceiled[] = {
    {"{\"logentry\":{\"formatted\":\"", "\"}}", "logentry.formatted"},
    {"{\"stacktrace\":{\"frames\":[{\"context_line\":\"", "\"}]}}",
     "stacktrace.frames.0.context_line"},
    {"{\"stacktrace\":{\"frames\":[{\"pre_context\":[\"a\",\"", "\"]}]}}",
     "stacktrace.frames.0.pre_context.1"},
    {"{\"extra\":{\"a\":[1,\"", "\"]}}", "extra.a.1"},
    {"{\"contexts\":{\"trace\":{\"trace_id\":\"0102030405060708090a0b0c0d0e0f10\",\"span_id\":"
     "\"0102030405060708\",\"mine\":\"",
     "\"}}}", "contexts.trace.mine"},
    {"{\"breadcrumbs\":[{\"data\":{\"b\":\"", "\"}}]}", "breadcrumbs.values.0.data.b"},
};

static void understand_ceiled(int i, size_t most)
{
    understand_policy.max_field_bytes = most;
    understand(arena_printf(arena, "%s%.*s%s", ceiled[i].before, STR_ARG(long_text('x', 1500)),
                            ceiled[i].after));
}

START_TEST(no_text_is_longer_than_the_project_lets_it)
{
    const char *path = ceiled[_i].path;
    understand_ceiled(_i, 1024);
    ck_assert_uint_eq(jt_str(understood_node(path)).n, 1024);
    ck_assert(str_ends(jt_str(understood_node(path)), S("x...")));
    ck_assert_text(understood_at(arena_printf(arena, "_meta.%s.", path)),
                   "{\"rem\":[[\"!limit\",\"s\",1021,1024]],\"len\":1500}");
    understand_ceiled(_i, 2000);
    ck_assert_uint_eq(jt_str(understood_node(path)).n, 1500);
    ck_assert_text(understood_at("_meta"), "absent");
}
END_TEST

/* What the project's ceiling cuts it cuts first: its neighbours stay within the container's budget.
 */
START_TEST(a_ceiling_saves_the_neighbours)
{
    understand_policy.max_field_bytes = 1024;
    struct str text = long_text('x', 9000);
    understand(
        arena_printf(arena, "{\"contexts\":{\"foo\":{\"a\":\"%.*s\",\"b\":1}}}", STR_ARG(text)));
    ck_assert_text(understood_at("contexts.foo.b"), "1");
    ck_assert_text(understood_at("_meta.contexts.foo.a..len"), "9000");
}
END_TEST

/* Both limits cut: one remark, with the shorter. */
START_TEST(the_shorter_limit_cuts)
{
    enum { POINTS = 9000 };
    char *text = arena_take(arena, (size_t)2 * POINTS);
    for (size_t i = 0; i < POINTS; i++)
        memcpy(text + 2 * i, "\xC3\xBC", 2);
    const char *message = arena_printf(arena, "{\"message\":\"%.*s\"}", 2 * POINTS, text);
    understand_policy.max_field_bytes = 10000;
    understand(message);
    ck_assert_text(understood_at("_meta.logentry.formatted."),
                   "{\"rem\":[[\"!limit\",\"s\",9996,9999]],\"len\":18000}");
    understand_policy.max_field_bytes = 17000;
    understand(message);
    ck_assert_text(understood_at("_meta.logentry.formatted."),
                   "{\"rem\":[[\"!limit\",\"s\",16378,16381]],\"len\":9000}");
}
END_TEST

START_TEST(errors_are_limited)
{
    struct buf json;
    buf_init(&json, 1 << 20);
    for (int i = 0; i < 5000; i++)
        buf_printf(&json, "%c\"unknown%d\":%d", i ? ',' : '{', i, i);
    buf_putc(&json, '}');
    struct str why;
    ck_assert(understand_any(buf_str(&json), &why));
    ck_assert_uint_eq(understood_node("errors")->count, 100);
    buf_free(&json);
}
END_TEST

START_TEST(what_others_noted_is_kept)
{
    understand("{\"level\":\"x\",\"_meta\":{\"user\":{\"\":{\"len\":3}},\"level\":5},"
               "\"errors\":[{\"type\":\"js_no_source\"}]}");
    ck_assert_text(understood_at("_meta.user..len"), "3");
    ck_assert_text(understood_at("_meta.level..val"), "\"x\"");
    ck_assert_text(understood_at("errors.0.type"), "\"js_no_source\"");
    ck_assert_text(understood_at("errors.1.name"), "\"level\"");
}
END_TEST

START_TEST(columns_are_set)
{
    understand(
        "{\"level\":\"warning\",\"release\":\"r\",\"dist\":\"d\",\"environment\":\"e\","
        "\"transaction\":\"t\",\"logger\":\"l\",\"platform\":\"go\",\"contexts\":{\"trace\":{"
        "\"trace_id\":\"0102030405060708090a0b0c0d0e0f10\",\"span_id\":\"0102030405060708\"}},"
        "\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"m\",\"handled\":false}}]}");
    ck_assert_int_eq(event.project_id, 7);
    ck_assert_int_eq(event.key_id, 8);
    ck_assert_int_eq(event.received, UNDERSTAND_RECEIVED);
    ck_assert_text(event.type, "error");
    ck_assert_int_eq(event.category, CATEGORY_ERROR);
    ck_assert_int_eq(event.level, LEVEL_WARNING);
    ck_assert_text(event.release, "r");
    ck_assert_text(event.dist, "d");
    ck_assert_text(event.environment, "e");
    ck_assert_text(event.transaction, "t");
    ck_assert_text(event.logger, "l");
    ck_assert_text(event.platform, "go");
    ck_assert_int_eq(event.handled, 0);
    ck_assert(event.has_trace && event.trace_id.bytes[15] == 0x10);
    understand("{\"dist\":\"d\"}");
    ck_assert_ptr_null(event.dist.p);
    ck_assert_ptr_null(event.release.p);
    ck_assert_int_eq(event.handled, -1);
    ck_assert(!event.has_trace && !event.has_user);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, normalizes, 0, COUNT_OF(cases));
    tcase_add_test(tc, the_client_names_the_sdk);
    tcase_add_loop_test(tc, refuses_what_is_no_event, 0, COUNT_OF(refused));
    tcase_add_test(tc, refuses_deep_nesting);
    tcase_add_test(tc, texts_are_cut);
    tcase_add_test(tc, names_that_are_too_long_go);
    tcase_add_test(tc, containers_are_cut);
    tcase_add_loop_test(tc, no_text_is_longer_than_the_project_lets_it, 0, COUNT_OF(ceiled));
    tcase_add_test(tc, a_ceiling_saves_the_neighbours);
    tcase_add_test(tc, the_shorter_limit_cuts);
    tcase_add_test(tc, errors_are_limited);
    tcase_add_test(tc, what_others_noted_is_kept);
    tcase_add_test(tc, columns_are_set);
}

int main(void)
{
    return suite_run("normalize", add_tests);
}
