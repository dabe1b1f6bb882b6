/* Whole payloads of real SDKs. */
#include <dirent.h>
#include <stdio.h>

#include "tests/unit/shared.h"
#include "tests/unit/understand.h"

/* What people see of an event in the list of issues. */
static const struct {
    const char *file, *title, *culprit, *platform;
} events[] = {
    {"android", "Exception: Some exception.", "io.sentry.sample.MainActivity in lambda$onCreate$2",
     "java"},
    {"cocoa", "EXC_BAD_ACCESS: causeCrash: > crash >", "sentry_ios_cocoapods.ViewController",
     "cocoa"},
    {"dotnet", "System.InvalidOperationException: Bad POST! See Inner exception for details.",
     "Sentry.Samples.AspNetCore.Mvc.Controllers.HomeController in PostIndex", "csharp"},
    {"legacy_js_exception", "Error: captureException", "http://localhost:5001/error.js",
     "javascript"},
    {"legacy_js_message", "captureMessage", "?(/error.js)", "javascript"},
    {"legacy_node_express", "Error: Broken!", "main at mainHandler", "node"},
    {"legacy_python", "ZeroDivisionError: division by zero", "__main__ in <module>", "python"},
    {"legacy_swift", "EXC_BAD_ACCESS: Attempted to dereference garbage pointer 0x1.", "?", "cocoa"},
    {"unity_ios", "Exception: This is an exception",
     "TestMonoBehaviour.cs in Sentry.Unity.Tests.TestBehaviours.TestMonoBehaviour.TestException",
     "csharp"},
};

START_TEST(real_events_are_named)
{
    struct str payload, why;
    const char *path = arena_printf(arena, "data/ingest/events/%s.json", events[_i].file);
    if (!shared_file(arena, path, &payload))
        return;
    ck_assert(understand_any(payload, &why));
    ck_assert_text(event.title, events[_i].title);
    ck_assert_text(event.culprit, events[_i].culprit);
    ck_assert_text(event.platform, events[_i].platform);
    ck_assert_uint_gt(event.hash_count, 0);
    ck_assert_text(understood_at("event_id"), "\"fc6d8c0c43fc4630ad850ee518f1b9d0\"");
}
END_TEST

/* What was stored understands to itself: nothing is trimmed twice, nothing moves. */
START_TEST(understanding_twice_changes_nothing)
{
    struct str payload, why;
    const char *path = arena_printf(arena, "data/ingest/events/%s.json", events[_i].file);
    if (!shared_file(arena, path, &payload))
        return;
    ck_assert(understand_any(payload, &why));
    struct event first = event;
    ck_assert(understand_any(first.body, &why));
    ck_assert(str_eq(event.title, first.title));
    ck_assert(str_eq(event.culprit, first.culprit));
    ck_assert_uint_eq(event.hash_count, first.hash_count);
    ck_assert_mem_eq(event.hashes, first.hashes, first.hash_count * sizeof(first.hashes[0]));
    ck_assert_uint_eq(event.tag_count, first.tag_count);
}
END_TEST

/* Every cut of a payload is refused or understood; the sanitizer looks at the bytes past its end.
 */
START_TEST(cut_payloads_are_refused)
{
    static const char json[] =
        "{\"exception\":[{\"type\":\"A\",\"value\":\"\\ud83d\\ude00\",\"stacktrace\":{\"frames\":["
        "{\"function\":\"f\",\"vars\":{\"a\":[1,2.5e3,null]}}]}}],\"tags\":[[\"a\",\"b\"]]}";
    struct str why;
    for (size_t n = 0; n < sizeof(json) - 1; n++) {
        char *copy = malloc(n ? n : 1);
        memcpy(copy, json, n);
        ck_assert(!understand_any((struct str){copy, n}, &why));
        ck_assert_text(why, n ? "invalid_json" : "no_data");
        free(copy);
    }
}
END_TEST

/* A megabyte of one thing: what comes before, what is repeated, what comes after. */
static const struct {
    const char *before, *repeated, *after;
} hostile[] = {
    {"{\"extra\":[", "1,", "1]}"},
    {"{\"extra\":{\"a\":[", "[],", "1]}}"},
    {"{\"exception\":[", "{\"type\":\"a\"},", "1]}"},
    {"{\"exception\":[", "{\"type\":\"a\",\"value\":\"1.a.1.a.1.a.1.a.1.a.1.a.1.a.1.a.1.a\"},",
     "1]}"},
    {"{\"exception\":[", "{\"value\":\"x\",\"mechanism\":{\"exception_id\":0}},", "1]}"},
    {"{\"platform\":\"native\",\"stacktrace\":{\"frames\":[", "{\"function\":\"abort\"},", "1]}}"},
    {"{\"platform\":\"native\",\"threads\":[",
     "{\"stacktrace\":{\"frames\":[{\"function\":\"<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<>>>>>\"}]}},",
     "1]}"},
    {"{\"platform\":\"java\",\"stacktrace\":{\"frames\":[{\"module\":\"", "$fn__1", "\"}]}}"},
    {"{\"platform\":\"python\",\"stacktrace\":{\"frames\":[{\"context_line\":\"", "a ", "\"}]}}"},
    {"{\"tags\":[", "[\"a\",1],", "1]}"},
    {"{\"breadcrumbs\":[", "{\"timestamp\":1},", "1]}"},
    {"{\"request\":{\"query_string\":\"", "&a", "\"}}"},
    {"{\"request\":{\"cookies\":\"", ";a", "\"}}"},
    {"{\"request\":{\"data\":\"", "&a=1", "\"}}"},
    {"{\"request\":{\"headers\":[", "[\"a\",[1]],", "1]}}"},
    {"{\"fingerprint\":[", "\"{{ message }}\",", "\"a\"],\"message\":\"a.a.a.a.a.a.a.a.a.a.a.a\"}"},
    {"{\"logentry\":{\"params\":[1],\"message\":\"", "%s", "\"}}"},
    {"{\"message\":\"", "\\n", "\"}"},
    {"{\"message\":\"", "\x01", "\"}"},
    {"{\"debug_meta\":{\"images\":[", "{\"type\":\"elf\"},", "1]}}"},
    {"{\"_meta\":{\"level\":[", "1,", "1]},\"level\":1}"},
    {"{\"errors\":[", "1,", "1]}"},
};

static struct str hostile_payload(int i)
{
    struct buf json;
    buf_init(&json, 2 << 20);
    buf_puts(&json, hostile[i].before);
    while (json.len < 1 << 20)
        buf_puts(&json, hostile[i].repeated);
    buf_puts(&json, hostile[i].after);
    struct str payload = arena_str(arena, buf_str(&json));
    buf_free(&json);
    return payload;
}

/* The digest's arenas are bounded: a payload that takes more would end the process. */
START_TEST(hostile_payloads_stay_in_bounds)
{
    struct event_refusal why;
    struct str payload = hostile_payload(_i);
    struct log_item item = {.type = ITEM_EVENT, .payload = payload};
    const struct event_source source = {&record, &item, policy_usual()};
    ck_assert_msg(event_understand(arena, &source, &event, &why), "%.*s", STR_ARG(why.reason));
    ck_assert_uint_le(arena_total(arena), 96 << 20);
    ck_assert_uint_le(event.body.n, 12 << 20);
}
END_TEST

static bool understand_usual(const char *payload, struct event_refusal *why)
{
    struct log_item item = {.type = ITEM_EVENT, .payload = str_of(payload)};
    const struct event_source source = {&record, &item, policy_usual()};
    return event_understand(arena, &source, &event, why);
}

START_TEST(secrets_are_not_stored)
{
    struct event_refusal why;
    ck_assert(understand_usual("{\"message\":\"m\",\"extra\":{\"password\":\"hunter2\"},"
                               "\"request\":{\"headers\":{\"Authorization\":\"hunter2\"}}}",
                               &why));
    ck_assert_msg(!str_has(event.body, S("hunter2")), "%.*s", STR_ARG(event.body));
    ck_assert(str_has(event.body, S("[Filtered]")));
}
END_TEST

START_TEST(what_no_new_project_wants_is_filtered)
{
    struct event_refusal why;
    ck_assert(!understand_usual("{\"exception\":{\"values\":[{\"type\":\"ChunkLoadError\","
                                "\"value\":\"Loading chunk 3 failed.\"}]}}",
                                &why));
    ck_assert_int_eq(why.verdict, OUTCOME_FILTERED);
    ck_assert_text(why.reason, "error-message");
    ck_assert(!understand_usual("{", &why));
    ck_assert_int_eq(why.verdict, OUTCOME_INVALID);
    ck_assert_text(why.reason, "invalid_json");
}
END_TEST

/* Objects of very many members, each under a name of its own. */
static const char *const crowded[] = {"",        "user", "contexts", "extra",
                                      "request", "tags", "modules",  "sdk"};

START_TEST(crowded_objects_stay_in_bounds)
{
    struct buf json;
    struct str why;
    buf_init(&json, 2 << 20);
    bool top = _i == 0;
    if (!top)
        buf_printf(&json, "{\"%s\":", crowded[_i]);
    buf_puts(&json, "{\"a\":1");
    for (int i = 0; json.len < 1 << 20; i++)
        buf_printf(&json, ",\"k%d\":{\"b\":%d}", i, i);
    buf_puts(&json, top ? "}" : "}}");
    ck_assert(understand_any(buf_str(&json), &why));
    ck_assert_uint_le(arena_total(arena), 128 << 20);
    buf_free(&json);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, real_events_are_named, 0, COUNT_OF(events));
    tcase_add_loop_test(tc, understanding_twice_changes_nothing, 0, COUNT_OF(events));
    tcase_add_test(tc, cut_payloads_are_refused);
    tcase_add_test(tc, secrets_are_not_stored);
    tcase_add_test(tc, what_no_new_project_wants_is_filtered);
    tcase_add_loop_test(tc, hostile_payloads_stay_in_bounds, 0, COUNT_OF(hostile));
    tcase_add_loop_test(tc, crowded_objects_stay_in_bounds, 0, COUNT_OF(crowded));
}

int main(void)
{
    return suite_run("event", add_tests);
}
