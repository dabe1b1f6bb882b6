/* What an event is grouped by: grouping-symbolication.md §1. */
#include <stdio.h>

#include "storage/md5.h"
#include "tests/unit/shared.h"
#include "tests/unit/understand.h"
#include "worker/digest/trim.h"

#define STACK(frames) "\"stacktrace\":{\"frames\":[" frames "]}"
#define OWN                                                                                        \
    "{\"module\":\"app\",\"function\":\"f\",\"context_line\":\" x = "                              \
    "1\",\"lineno\":1,\"in_app\":true}"
#define LIB "{\"module\":\"lib\",\"function\":\"g\",\"lineno\":2,\"in_app\":false}"

static struct str hash_text(size_t i)
{
    return text_hex(arena, event.hashes[i].bytes, sizeof(event.hashes[i].bytes));
}

/* What is hashed is the plain sequence of what contributes: app first, system last. */
static const struct {
    const char *payload, *app, *system; /* NULL: there is no such hash */
} hashed[] = {
    {"{}", "", NULL},
    {"{\"message\":\"user 42 left\"}", "user <int> left", NULL},
    {"{\"logentry\":{\"message\":\"user %s\",\"formatted\":\"user 42\"}}", "user %s", NULL},
    {"{\"exception\":[{\"type\":\"A\",\"value\":\"v 1\"}]}", "Av <int>", NULL},
    {"{\"exception\":[{\"type\":\"A\",\"value\":\"a\"},{\"type\":\"B\"}]}", "AaB", NULL},
    {"{\"exception\":[{\"type\":\"A\",\"value\":\"v\",\"mechanism\":{\"type\":\"m\",\"synthetic\":"
     "true}}]}",
     "v", NULL},
    {"{\"exception\":[{\"type\":\"A\",\"value\":\"v\",\"mechanism\":{\"type\":\"m\",\"meta\":{"
     "\"ns_error\":{\"domain\":\"D\",\"code\":5}}}}]}",
     "AD5", NULL},
    /* With a stack trace the value does not count. */
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\",\"value\":\"v\"," STACK(
         OWN "," LIB) "}]}",
     "Aappfx = 1", "Aappfx = 1libg"},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\",\"value\":\"v\"," STACK(OWN) "}]}",
     "Aappfx = 1", NULL},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\",\"value\":\"v\"," STACK(LIB) "}]}",
     NULL, "Alibg"},
    {"{\"platform\":\"python\"," STACK(OWN "," LIB) ",\"message\":\"m\"}", "appfx = 1",
     "appfx = 1libg"},
    {"{\"platform\":\"python\",\"threads\":[{\"id\":1},{\"id\":2,\"crashed\":true," STACK(
         OWN) "}]}",
     "appfx = 1", NULL},
    {"{\"platform\":\"python\",\"threads\":[{\"id\":1," STACK(OWN) "},{\"id\":2," STACK(
         LIB) "}],\"message\":\"m\"}",
     "m", NULL},
    /* Calls of one line by itself count once. */
    {"{\"platform\":\"python\"," STACK(OWN "," OWN) "}", "appfx = 1", NULL},
    /* Parts of a frame. */
    {"{\"platform\":\"python\"," STACK(
         "{\"filename\":\"/a/B.py\",\"function\":\"f\",\"in_app\":true}") "}",
     "b.pyf", NULL},
    {"{\"platform\":\"go\"," STACK(OWN) "}", "appf", NULL},
    {"{\"platform\":\"python\"," STACK("{\"function\":\"f\",\"context_line\":\"  a \\t b  \","
                                       "\"in_app\":true}") "}",
     "fa b", NULL},
    {"{\"platform\":\"javascript\"," STACK("{\"abs_path\":\"https://x/a.js\",\"function\":\"o.f\","
                                           "\"in_app\":true}") "}",
     "f", NULL},
    {"{\"platform\":\"javascript\"," STACK("{\"function\":\"eval\",\"in_app\":true},"
                                           "{\"filename\":\"a.js\",\"function\":\"?\",\"lineno\":1,"
                                           "\"in_app\":true}") "}",
     "a.js", NULL},
    {"{\"platform\":\"javascript\"," STACK(
         "{\"filename\":\"a.js\",\"in_app\":true}") ",\"message\":\"m\"}",
     "m", NULL},
    {"{\"platform\":\"java\"," STACK(
         "{\"module\":\"a.B$$EnhancerByGuice$$9f\",\"function\":\"lambda$x\","
         "\"in_app\":true}") "}",
     "a.B$$EnhancerByGuice$$<auto>", NULL},
    {"{\"platform\":\"ruby\"," STACK("{\"filename\":\"a.erb\",\"function\":\"_a_erb__1234_56789\","
                                     "\"in_app\":true}") "}",
     "a.erb_a_erb", NULL},
    {"{\"platform\":\"php\"," STACK(
         "{\"filename\":\"a.php\",\"function\":\"class@anonymous/x::run\","
         "\"in_app\":true}") "}",
     "a.phprun", NULL},
    {"{\"platform\":\"csharp\"," STACK(
         "{\"module\":\"N.C\",\"function\":\"F (int)\",\"in_app\":true}") "}",
     "N.CF (int)", NULL},
    /* What raises an error is not its place. */
    {"{\"platform\":\"native\"," STACK(
         "{\"function\":\"main\",\"in_app\":true},{\"function\":\"abort\"},"
         "{\"function\":\"x\"}") "}",
     "main", NULL},
    /* Other interfaces. */
    {"{\"template\":{\"filename\":\"a.html\",\"context_line\":\"b\"}}", "a.htmlb", NULL},
    {"{\"csp\":{\"effective_directive\":\"img-src\",\"blocked_uri\":\"http://x.y/z\"}}",
     "img-srcx.y", NULL},
    {"{\"csp\":{\"effective_directive\":\"script-src\",\"violated_directive\":\"script-src "
     "'unsafe-inline'\"}}",
     "script-src'unsafe-inline'", NULL},
    {"{\"csp\":{\"effective_directive\":\"script-src\",\"blocked_uri\":\"data:text\"}}",
     "script-srcdata:", NULL},
    {"{\"hpkp\":{\"hostname\":\"h\"}}", "hpkph", NULL},
    {"{\"expectct\":{\"hostname\":\"h\"}}", "expect-cth", NULL},
    {"{\"expectstaple\":{\"hostname\":\"h\"}}", "expect-stapleh", NULL},
    /* Fingerprints and checksums of the client. */
    {"{\"message\":\"m\",\"fingerprint\":[\"{{default}}\"]}", "m", NULL},
    {"{\"message\":\"m\",\"fingerprint\":[\"a\",\"b\"]}", "ab", NULL},
    {"{\"message\":\"m\",\"fingerprint\":[\"a\",\"{{ default }}\",\"b\"]}", "amb", NULL},
    {"{\"message\":\"m 1\",\"fingerprint\":[\"m 1\"]}", "m <int>", NULL},
    {"{\"fingerprint\":[\"{{ level }}\",\"{{ logger }}\",\"{{ transaction }}\",\"{{ message }}\"]}",
     "error<no-logger><no-transaction><no-message>", NULL},
    {"{\"tags\":{\"a\":\"b\"},\"fingerprint\":[\"{{ tags.a }}\",\"{{ tags.c }}\",\"{{ what }}\"]}",
     "b<no-value-for-tag-c><unrecognized-variable-what>", NULL},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\",\"value\":\"v 1\"," STACK(
         OWN "," LIB) "}],\"fingerprint\":[\"{{ type }}\",\"{{ error.value }}\",\"{{ function "
                      "}}\",\"{{ module }}\","
                      "\"{{ stack.filename }}\",\"{{ package }}\"]}",
     "Av <int>fapp<no-filename><no-package>", NULL},
    {"{\"platform\":\"python\",\"exception\":[{\"type\":\"A\"," STACK(
         OWN "," LIB) "}],\"fingerprint\":[\"x\",\"{{ default }}\"]}",
     "xAappfx = 1", "xAappfx = 1libg"},
    {"{\"checksum\":\"not hex\"}", "not hex", NULL},
};

static struct str md5_text(const char *values)
{
    uint8_t hash[MD5_SIZE];
    md5(str_of(values), hash);
    return text_hex(arena, hash, MD5_SIZE);
}

START_TEST(hashes)
{
    size_t i = 0;
    understand(hashed[_i].payload);
    if (hashed[_i].app)
        ck_assert_text(hash_text(i++), md5_text(hashed[_i].app).p);
    if (hashed[_i].system)
        ck_assert_text(hash_text(i++), md5_text(hashed[_i].system).p);
    ck_assert_uint_eq(event.hash_count, i);
}
END_TEST

START_TEST(a_checksum_may_be_the_hash)
{
    understand("{\"checksum\":\"0123456789abcdef0123456789abcdef\",\"message\":\"m\"}");
    ck_assert_uint_eq(event.hash_count, 1);
    ck_assert_text(hash_text(0), "0123456789abcdef0123456789abcdef");
}
END_TEST

#define MEMBER(type, id, parent, more)                                                             \
    "{\"type\":\"" type "\",\"value\":\"v\",\"mechanism\":{\"type\":\"m\",\"exception_id\":" id    \
    ",\"parent_id\":" parent more "}}"
#define ROOT                                                                                       \
    "{\"type\":\"Group\",\"value\":\"v\",\"mechanism\":{\"type\":\"m\",\"exception_id\":0,"        \
    "\"is_exception_group\":true}}"

/* Exceptions of a group; main_exception_id; what is hashed. */
static const struct {
    const char *payload, *main, *values;
} groups[] = {
    {"{\"exception\":[" MEMBER("A", "1", "0", "") "," ROOT "]}", "1", "Av"},
    {"{\"exception\":[" MEMBER("A", "2", "0", "") "," MEMBER("A", "1", "0", "") "," ROOT "]}", "1",
     "Av"},
    {"{\"exception\":[" MEMBER("A", "2", "0", "") "," MEMBER("B", "1", "0", "") "," ROOT "]}",
     "absent", "BvAvGroupv"},
    {"{\"exception\":[" MEMBER("C", "3", "1", "") "," MEMBER("A", "1", "0", "") "," ROOT "]}", "1",
     "AvCv"},
    {"{\"exception\":[" MEMBER("A", "2", "1", "") "," MEMBER(
         "Inner", "1", "0", ",\"is_exception_group\":true") "," ROOT "]}",
     "2", "Av"},
    /* No well-formed tree: all exceptions, in order. */
    {"{\"exception\":[" MEMBER("A", "1", "1", "") "," ROOT "]}", "absent", "AvGroupv"},
    {"{\"exception\":[" MEMBER("A", "0", "1", "") "," ROOT "]}", "absent", "AvGroupv"},
    {"{\"exception\":[" MEMBER("A", "1", "2", "") "," MEMBER("B", "2", "1", "") "]}", "absent",
     "AvBv"},
    {"{\"exception\":[{\"type\":\"A\",\"value\":\"v\"}," ROOT "]}", "absent", "AvGroupv"},
    {"{\"platform\":\"python\",\"sdk\":{\"name\":\"s\",\"version\":\"3.0\"},\"exception\":[" MEMBER(
         "A", "1", "0", "") "," ROOT "]}",
     "absent", "AvGroupv"},
};

START_TEST(groups_of_exceptions_come_down_to_what_differs)
{
    understand(groups[_i].payload);
    ck_assert_text(understood_at("main_exception_id"), groups[_i].main);
    ck_assert_text(hash_text(0), md5_text(groups[_i].values).p);
}
END_TEST

START_TEST(circles_of_exceptions_end)
{
    understand("{\"exception\":[" MEMBER("A", "1", "2", ",\"is_exception_group\":true") "," MEMBER(
        "B", "2", "1",
        ",\"is_exception_group\":true") "," MEMBER("C", "0", "1",
                                                   ",\"is_exception_group\":true") "]}");
    ck_assert_uint_eq(event.hash_count, 1);
    understand("{\"exception\":[" MEMBER("B", "2", "1", "") "," MEMBER(
        "A", "1", "2", "") "," MEMBER("C", "0", "1", "") "]}");
    ck_assert_uint_eq(event.hash_count, 1);
}
END_TEST

/* Fixtures whose hashes agree with Sentry's; this list only grows. */
static const char *const reached[] = {
    "bugly",
    "connection-error",
    "csp-img-src",
    "csp-no-blocked-uri",
    "csp-script-data-uri",
    "csp-style-src-elem",
    "custom-fingerprint",
    "exception-cocoa-nserror",
    "exception-comput-hashes",
    "exception-compute-hashes-2",
    "exception-compute-hashes-3",
    "exception-groups-bad-duplicate-id",
    "exception-groups-bad-out-of-sequence",
    "exception-groups-bad-parent-with-parent",
    "exception-groups-one-exception",
    "exception-groups-one-type-under-nested-groups",
    "exception-groups-one-type-with-similar-values",
    "exception-groups-one-type-with-similar-values-and-children",
    "exception-groups-two-types",
    "exception-javascript-no-in-app",
    "exception-without-type",
    "expectct",
    "frame-empty-list",
    "frame-ignores-ENHANCED-enhancer-by-classes",
    "frame-ignores-ENHANCED-fast-class-by-classes",
    "frame-ignores-dartlang-sdk",
    "frame-ignores-extra-ENHANCED-clojure-classes",
    "frame-ignores-extra-ENHANCED-spring-classes",
    "frame-ignores-filename-from-url-origin-corner-cases",
    "frame-ignores-filename-if-blob",
    "frame-ignores-filename-if-http",
    "frame-ignores-filename-if-https",
    "frame-ignores-hibernate-classes",
    "frame-ignores-java8-lambda-function",
    "frame-ignores-javassist",
    "frame-ignores-javassist-2",
    "frame-ignores-module-if-page-url",
    "frame-ignores-module-if-page-url-2",
    "frame-ignores-safari-native-code",
    "frame-ignores-sun-java-generated-constructors-2",
    "frame-ignores-sun-java-generated-methods",
    "frame-sanitizes-erb-templates",
    "frame-sanitizes-versioned-filenames",
    "frame-skips-symbol-if-unknown",
    "frame-uses-context-line-over-function",
    "frame-uses-function-over-lineno",
    "frame-uses-symbol-instead-of-function",
    "frame-with-only-required-vars",
    "hpkp",
    "java-chained",
    "javascript-exception-fallback-to-message-whistles",
    "javascript-exception-no-in-app",
    "javascript-polyfills",
    "javascript-unpkg",
    "javascript-xbrowser-chrome",
    "javascript-xbrowser-firefox",
    "javascript-xbrowser-http-chrome",
    "javascript-xbrowser-http-firefox",
    "javascript-xbrowser-http-safari",
    "javascript-xbrowser-sentryui-firefox",
    "javascript-xbrowser-sentryui-safari",
    "javascript_regression_tree_labels",
    "laravel-anonymous",
    "logentry-prefers-message",
    "message-prefers-message",
    "message-uses-formatted",
    "message_with_key_pair_values",
    "node-exception-weird",
    "node-low-level-async",
    "react-native",
    "stacktrace-cocoa",
    "stacktrace-collapse-recursion",
    "stacktrace-discards-seemingly-useless-stack",
    "stacktrace-does-not-discard-non-urls",
    "stacktrace-excludes-single-frame-urls",
    "stacktrace-ignores-singular-anonymous-frame",
    "stacktrace-with-minimal-app-frames",
    "template-compute-hashes",
    "threads-no-hash",
    "unity",
};

/* Where a variant's hash stands among an event's: app first, system last. */
static int rank(struct str variant)
{
    return str_eq(variant, S("app")) ? 0 : str_eq(variant, S("system")) ? 2 : 1;
}

static struct str expected_hash(const struct jt *variants, size_t wanted)
{
    for (int place = 0; place < 3; place++)
        for (const struct jt *v = variants->first; v; v = v->next)
            if (rank(v->key) == place && v->kind == JT_STRING && wanted-- == 0)
                return v->text;
    return (struct str){0};
}

static void check_fixture(const struct jt *expected, const char *name)
{
    struct str payload, why;
    const char *path = arena_printf(arena, "data/grouping/inputs/%s.json", name);
    ck_assert(shared_file(arena, path, &payload));
    ck_assert(understand_any(payload, &why));
    const struct jt *variants =
        jt_get(jt_get(jt_get(expected, S("events")), str_of(name)), S("newest"));
    ck_assert_msg(variants != NULL, "%s", name);
    for (size_t i = 0; i < event.hash_count; i++)
        ck_assert_msg(str_eq(hash_text(i), expected_hash(variants, i)), "%s: hash %zu is %s", name,
                      i, hash_text(i).p);
    ck_assert_msg(!expected_hash(variants, event.hash_count).p, "%s: a hash is missing", name);
}

START_TEST(agrees_with_sentry)
{
    const char *error;
    struct str file;
    if (!shared_file(arena, "data/grouping/expected_hashes.json", &file))
        return;
    const struct jt *expected = jt_read(arena, file, 16, &error);
    for (int i = 0; i < COUNT_OF(reached); i++)
        check_fixture(expected, reached[i]);
}
END_TEST

/* A case is an event with its hashes, or a fingerprint with its one. */
static struct str extra_payload(const struct jt *v)
{
    struct jt *made = jt_new(arena, JT_OBJECT), *parts = jt_get(v, S("fingerprint"));
    struct jt *message = jt_get(v, S("message"));
    if (jt_get(v, S("event")))
        return trim_json_text(arena, jt_get(v, S("event")));
    jt_set(made, S("fingerprint"), parts ? parts : jt_get(v, S("client_fingerprint")));
    if (message)
        jt_set(made, S("message"), message);
    return trim_json_text(arena, made);
}

START_TEST(agrees_with_sentry_on_the_extra_cases)
{
    const char *error;
    struct str file, why;
    if (!shared_file(arena, "data/grouping/expected_hashes.json", &file))
        return;
    struct jt *list = jt_get(jt_read(arena, file, 16, &error), S("extra_newest_checked"));
    for (struct jt *v = list->first, *next; v; v = next) {
        next = v->next;
        struct str md5 = jt_get_str(v, S("md5"));
        if (!md5.p)
            md5 = expected_hash(jt_get(v, S("newest")), 0);
        ck_assert(understand_any(extra_payload(v), &why));
        ck_assert_uint_eq(event.hash_count, 1);
        ck_assert_text(hash_text(0), arena_strdup(arena, md5));
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, hashes, 0, COUNT_OF(hashed));
    tcase_add_test(tc, a_checksum_may_be_the_hash);
    tcase_add_loop_test(tc, groups_of_exceptions_come_down_to_what_differs, 0, COUNT_OF(groups));
    tcase_add_test(tc, circles_of_exceptions_end);
    tcase_add_test(tc, agrees_with_sentry);
    tcase_add_test(tc, agrees_with_sentry_on_the_extra_cases);
}

int main(void)
{
    return suite_run("grouping", add_tests);
}
