/* Minidumps of real programs, cut and broken ones, and what events are made of them. */
#include "tests/unit/shared.h"
#include "tests/unit/understand.h"
#include "worker/crash/minidump_context.h"
#include "worker/crash/minidump_module.h"
#include "worker/crash/minidump_reason.h"

#define NATIVE "data/grouping/native/"

static bool expectations(const struct jt **tests)
{
    struct str json;
    const char *error;
    if (!shared_file(arena, NATIVE "expected_native.json", &json))
        return false;
    *tests = jt_get(jt_read(arena, json, 64, &error), S("tests"));
    ck_assert_ptr_nonnull(*tests);
    return true;
}

static const struct jt *expected_of(const struct jt *tests, const char *name)
{
    for (const struct jt *v = tests->first; v; v = v->next)
        if (str_eq(jt_get_str(v, S("name")), str_of(name)))
            return jt_get(v, S("expected"));
    ck_abort_msg("no expectation of that name");
}

/* Understands an event that comes with a dump. */
static void crash(struct str payload, struct str dump)
{
    struct log_item items[] = {
        {.type = ITEM_EVENT, .payload = payload},
        {.type = ITEM_ATTACHMENT,
         .header = S("{\"type\":\"attachment\",\"attachment_type\":\"event.minidump\"}"),
         .payload = dump}};
    struct event_refusal refusal = {0};
    record.items = items;
    record.item_count = 2;
    ck_assert(understand_item(&items[0], &refusal));
}

static const struct jt *image_at(struct str address)
{
    const struct jt *images = understood_node("debug_meta.images");
    for (const struct jt *image = images->first; image; image = image->next)
        if (str_eq(jt_get_str(image, S("image_addr")), address))
            return image;
    ck_abort_msg("no image at %.*s", STR_ARG(address));
}

static void check_modules(const struct jt *expected)
{
    static const char *const members[] = {"type", "code_id", "code_file", "debug_id", "debug_file"};
    ck_assert_uint_eq(understood_node("debug_meta.images")->count, expected->count);
    for (const struct jt *v = expected->first; v; v = v->next) {
        const struct jt *image = image_at(jt_get_str(v, S("image_addr")));
        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
            ck_assert_text(jt_get_str(image, str_of(members[i])),
                           arena_strdup(arena, jt_get_str(v, str_of(members[i]))));
    }
}

static void check_registers(const struct jt *expected)
{
    const struct jt *registers = understood_node("exception.values.0.stacktrace.registers");
    ck_assert_uint_eq(registers->count, expected->count);
    for (const struct jt *v = expected->first; v; v = v->next)
        ck_assert_text(jt_get_str(registers, v->key), arena_strdup(arena, v->text));
}

static const struct {
    const char *name, *file, *type, *thread, *build, *sdk;
} dumps[] = {
    {"minidump_linux", "linux.dmp", "SIGSEGV", "1304", "#1 SMP Mon Nov 6 16:00:12 UTC 2017",
     "unknown"},
    {"minidump_macos", "macos.dmp", "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS", "775", "16G29",
     "breakpad"},
    {"minidump_windows", "windows.dmp", "EXCEPTION_ACCESS_VIOLATION_WRITE", "1636", "", "breakpad"},
};

START_TEST(real_dumps_tell_what_symbolicator_reads)
{
    struct str dump;
    const struct jt *tests;
    if (!expectations(&tests) ||
        !shared_file(arena, arena_printf(arena, NATIVE "%s", dumps[_i].file), &dump))
        return;
    const struct jt *expected = expected_of(tests, dumps[_i].name);
    const struct jt *system = jt_get(expected, S("system_info"));
    crash(S("{}"), dump);
    ck_assert_text(jt_str(understood_node("exception.values.0.type")), dumps[_i].type);
    ck_assert_text(
        jt_str(understood_node("exception.values.0.value")),
        arena_printf(arena, "Fatal Error: %.*s", STR_ARG(jt_get_str(expected, S("crash_reason")))));
    ck_assert_text(understood_at("exception.values.0.thread_id"), dumps[_i].thread);
    ck_assert_text(jt_str(understood_node("exception.values.0.mechanism.type")), "minidump");
    const struct jt *trace = jt_get(expected, S("stacktraces"))->first;
    ck_assert_text(
        jt_str(understood_node("exception.values.0.stacktrace.frames.0.package")),
        arena_strdup(arena, jt_get_str(jt_get(trace, S("frames"))->first, S("package"))));
    ck_assert_text(jt_str(understood_node("contexts.os.name")),
                   arena_strdup(arena, jt_get_str(system, S("os_name"))));
    ck_assert_text(jt_str(understood_node("contexts.os.version")),
                   arena_strdup(arena, jt_get_str(system, S("os_version"))));
    ck_assert_text(jt_str(understood_node("contexts.os.build")), dumps[_i].build);
    ck_assert_text(jt_str(understood_node("contexts.device.arch")),
                   arena_strdup(arena, jt_get_str(system, S("cpu_arch"))));
    check_modules(jt_get(expected, S("modules")));
    check_registers(jt_get(trace, S("registers")));
    ck_assert_text(event.platform, "native");
    ck_assert_int_eq(event.level, LEVEL_FATAL);
    ck_assert_text(jt_str(understood_node("sdk.name")),
                   arena_printf(arena, "minidump.%s", dumps[_i].sdk));
    ck_assert_uint_gt(event.title.n, 0);
}
END_TEST

START_TEST(what_the_sdk_said_stays)
{
    struct str dump;
    if (!shared_file(arena, NATIVE "linux.dmp", &dump))
        return;
    crash(S("{\"level\":\"error\",\"user\":{\"id\":\"7\"},\"sdk\":{\"name\":\"sentry.native\","
            "\"version\":\"1\"},\"contexts\":{\"os\":{\"name\":\"My OS\"}},"
            "\"exception\":{\"values\":[{\"type\":\"A\"},{\"type\":\"B\"}]}}"),
          dump);
    ck_assert_text(jt_str(understood_node("contexts.os.name")), "My OS");
    ck_assert_text(jt_str(understood_node("sdk.name")), "sentry.native");
    ck_assert_text(jt_str(understood_node("user.id")), "7");
    ck_assert_int_eq(event.level, LEVEL_ERROR);
    ck_assert_text(jt_str(understood_node("exception.values.0.type")), "SIGSEGV");
    ck_assert_ptr_null(understood_node("exception.values.1"));
}
END_TEST

START_TEST(crashpads_annotations_are_contexts)
{
    struct str dump;
    if (!shared_file(arena, "data/ingest/native/annotations.dmp", &dump))
        return;
    crash(S("{}"), dump);
    ck_assert_text(jt_str(understood_node("contexts.crashpad.hello")), "world");
    ck_assert_ptr_nonnull(understood_node("contexts.dyld"));
    ck_assert_text(jt_str(understood_node("sdk.name")), "minidump.crashpad");
}
END_TEST

START_TEST(a_dump_that_cannot_be_read_is_a_crash)
{
    crash(S("{}"), S("MDMP and no more"));
    ck_assert_text(jt_str(understood_node("exception.values.0.type")), "Minidump");
    ck_assert_text(jt_str(understood_node("exception.values.0.value")), "Invalid Minidump");
    ck_assert_text(understood_at("exception.values.0.mechanism"),
                   "{\"type\":\"minidump\",\"handled\":false,\"synthetic\":true}");
    ck_assert_text(event.platform, "native");
    ck_assert_int_eq(event.handled, 0);
}
END_TEST

static void read_all(struct str dump)
{
    struct minidump d;
    if (!minidump_open(&d, arena, dump))
        return;
    minidump_modules(&d);
    minidump_context(&d);
    minidump_reason(&d);
}

/* A copy of its own, so that a look past the end is found. */
START_TEST(cut_dumps_are_read_as_far_as_they_go)
{
    struct str dump;
    if (!shared_file(arena, NATIVE "macos.dmp", &dump))
        return;
    for (size_t n = 0; n < dump.n; n += 61) {
        char *copy = malloc(n + 1);
        memcpy(copy, dump.p, n);
        read_all((struct str){copy, n});
        free(copy);
    }
}
END_TEST

START_TEST(counts_past_the_end_are_cut)
{
    static const unsigned char dump[] = {'M', 'D', 'M', 'P', 0, 0,   0,   0,   1,   0, 0, 0, 32,
                                         0,   0,   0,   0,   0, 0,   0,   1,   0,   0, 0, 0, 0,
                                         0,   0,   0,   0,   0, 0,   4,   0,   0,   0, 8, 0, 0,
                                         0,   44,  0,   0,   0, 255, 255, 255, 255, 0, 0, 0, 0};
    struct minidump d;
    ck_assert(minidump_open(&d, arena, (struct str){(const char *)dump, sizeof(dump)}));
    ck_assert_int_eq(d.time, CLOCK_SECOND);
    ck_assert_uint_eq(minidump_modules(&d).count, 0);
    ck_assert_ptr_null(minidump_at(&d, UINT64_MAX, 1).p);
    ck_assert_ptr_null(minidump_at(&d, 1, UINT64_MAX).p);
    ck_assert(!minidump_context(&d).has_thread);
    ck_assert(!minidump_reason(&d).text.p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, real_dumps_tell_what_symbolicator_reads, 0, COUNT_OF(dumps));
    tcase_add_test(tc, what_the_sdk_said_stays);
    tcase_add_test(tc, crashpads_annotations_are_contexts);
    tcase_add_test(tc, a_dump_that_cannot_be_read_is_a_crash);
    tcase_add_test(tc, cut_dumps_are_read_as_far_as_they_go);
    tcase_add_test(tc, counts_past_the_end_are_cut);
}

int main(void)
{
    return suite_run("minidump", add_tests);
}
