/* Crashes of Unreal Engine: how they are packed, and what their context and log make of an event.
 */
#include <zlib.h>

#include "base/xml.h"
#include "storage/unreal_crash.h"
#include "tests/unit/shared.h"
#include "tests/unit/understand.h"
#include "worker/digest/tags.h"

enum { FILES_MAX = 16 };

static struct log_item items[FILES_MAX];

static struct str unpacked(struct str packed)
{
    uLongf n = 4 << 20;
    char *out = arena_take(arena, n);
    ck_assert_int_eq(uncompress((Bytef *)out, &n, (const Bytef *)packed.p, packed.n), Z_OK);
    return (struct str){out, n};
}

static void add(const char *type, struct str bytes)
{
    const char *header = arena_printf(arena, "{\"attachment_type\":\"%s\"}", type);
    ck_assert_uint_lt(record.item_count, FILES_MAX);
    items[record.item_count++] =
        (struct log_item){.type = ITEM_ATTACHMENT, .header = str_of(header), .payload = bytes};
}

static void understand_files(const char *payload)
{
    struct event_refusal refusal = {0};
    items[0] = (struct log_item){.type = ITEM_EVENT, .payload = str_of(payload)};
    record.items = items;
    ck_assert(understand_item(&items[0], &refusal));
}

/* ---- packing */

static const struct {
    const char *file, *names;
} crashes[] = {
    {"unreal_crash",
     "CrashReportClient.ini UE4Minidump.dmp YetAnother.log CrashContext.runtime-xml "},
    {"unreal_crash_with_config",
     "CrashContext.runtime-xml CrashReportClient.ini MyProject.log UE4Minidump.dmp "},
    {"unreal_crash_apple", "CrashReportClient.ini minidump.dmp info.txt YetAnotherMac.log "
                           "CrashContext.runtime-xml Diagnostics.txt "},
};

START_TEST(files_of_a_crash)
{
    struct str packed;
    struct unreal_crash crash;
    struct unreal_file file;
    const char *names = "", *path = arena_printf(arena, "data/ingest/native/%s", crashes[_i].file);
    if (!shared_file(arena, path, &packed))
        return;
    struct str whole = unpacked(packed);
    ck_assert(unreal_crash_begin(&crash, arena, whole));
    while (unreal_crash_next(&crash, &file))
        names = arena_printf(arena, "%s%.*s ", names, STR_ARG(file.name));
    ck_assert_str_eq(names, crashes[_i].names);
    ck_assert(!crash.is_broken);
    for (size_t n = 0; n < whole.n; n += 997) {
        char *copy = malloc(n + 1);
        memcpy(copy, whole.p, n);
        unreal_crash_begin(&crash, arena, (struct str){copy, n});
        while (unreal_crash_next(&crash, &file))
            ck_assert(file.bytes.n <= n);
        free(copy);
    }
}
END_TEST

START_TEST(newer_versions_have_one_header)
{
    static const char crash[] = "CR1\2\0\0\0a\0\2\0\0\0b\0\0\0\0\0\1\0\0\0"
                                "\0\0\0\0\xfe\xff\xff\xff"
                                "\xe4\0\0\0\3\0\0\0xyz";
    struct unreal_crash c;
    struct unreal_file file;
    ck_assert(unreal_crash_begin(&c, arena, (struct str){crash, sizeof(crash) - 1}));
    ck_assert(unreal_crash_next(&c, &file));
    ck_assert_text(file.name, "\xC3\xA4");
    ck_assert_text(file.bytes, "xyz");
    ck_assert(!unreal_crash_next(&c, &file) && !c.is_broken);
}
END_TEST

/* ---- events */

/* A file of the sample, by the end of its name. */
static struct str file_of(const char *sample, const char *ending)
{
    struct str packed;
    struct unreal_crash crash;
    struct unreal_file file;
    if (!shared_file(arena, arena_printf(arena, "data/ingest/native/%s", sample), &packed))
        return (struct str){0};
    unreal_crash_begin(&crash, arena, unpacked(packed));
    while (unreal_crash_next(&crash, &file))
        if (str_ends(file.name, str_of(ending)))
            return file.bytes;
    return (struct str){0};
}

START_TEST(a_crash_on_windows)
{
    struct str dump = file_of("unreal_crash", ".dmp");
    if (!dump.p)
        return;
    record.item_count = 1;
    record.envelope_header = S("{\"unreal_user_id\":\"login|epic|machine\"}");
    add("event.minidump", dump);
    add("unreal.context", file_of("unreal_crash", "xml"));
    add("unreal.logs", file_of("unreal_crash", ".log"));
    understand_files("{}");
    ck_assert_text(jt_str(understood_node("user.id")), "login");
    ck_assert_text(jt_str(understood_node("user.username")), "bruno");
    ck_assert_text(tag_named("epic_account_id"), "epic");
    ck_assert_text(tag_named("machine_id"), "machine");
    ck_assert_text(jt_str(understood_node("contexts.os.name")), "Windows");
    ck_assert_text(jt_str(understood_node("contexts.gpu.name")),
                   "Parallels Display Adapter (WDDM)");
    ck_assert_text(understood_at("contexts.device.memory_size"), "6896832512");
    ck_assert_text(jt_str(understood_node("contexts.unreal.GameName")), "UE4-YetAnother");
    ck_assert_ptr_null(understood_node("contexts.unreal.Modules"));
    ck_assert_text(jt_str(understood_node("logentry.formatted")),
                   "Access violation - code c0000005 (first/second chance not available)");
    ck_assert_uint_eq(understood_node("breadcrumbs.values")->count, 40);
    ck_assert_text(jt_str(understood_node("breadcrumbs.values.39.category")),
                   "LogContentStreaming");
    ck_assert_text(jt_str(understood_node("breadcrumbs.values.39.message")),
                   "Texture pool size now 1000 MB");
    ck_assert_text(jt_str(understood_node("exception.values.0.type")),
                   "EXCEPTION_ACCESS_VIOLATION_READ");
}
END_TEST

START_TEST(the_game_may_prepare_the_event)
{
    struct str context = file_of("unreal_crash_with_config", "xml");
    if (!context.p)
        return;
    record.item_count = 1;
    add("unreal.context", context);
    understand_files("{}");
    ck_assert_text(event.release, "foo-bar@1.0.0");
    ck_assert_text(jt_str(understood_node("contexts.gpu.name")), "NVIDIA GeForce GTX 1080");
    ck_assert_text(jt_str(understood_node("contexts.gpu.api_type")), "D3D11");
}
END_TEST

START_TEST(a_crash_on_apple)
{
    struct str report = file_of("unreal_crash_apple", ".dmp");
    if (!report.p)
        return;
    record.item_count = 1;
    add("event.applecrashreport", report);
    add("unreal.context", file_of("unreal_crash_apple", "xml"));
    understand_files("{}");
    ck_assert_text(jt_str(understood_node("exception.values.0.mechanism.type")),
                   "applecrashreport");
    ck_assert_text(jt_str(understood_node("exception.values.0.type")), "SIGSEGV");
    ck_assert_text(event.platform, "native");
}
END_TEST

static const struct {
    const char *property, *level;
} levels[] = {{"<IsAssert>true</IsAssert>", "error"},
              {"<IsEnsure>true</IsEnsure>", "warning"},
              {"<IsAssert>false</IsAssert>", "fatal"}};

START_TEST(levels_of_a_crash)
{
    record.item_count = 1;
    add("event.minidump", S("MDMP"));
    add("unreal.context", str_of(arena_printf(arena, "<a><RuntimeProperties>%s</RuntimeProperties>",
                                              levels[_i].property)));
    understand_files("{}");
    ck_assert_text(event_level_name(event.level), levels[_i].level);
}
END_TEST

START_TEST(a_missing_file_changes_nothing)
{
    record.item_count = 1;
    add("unreal.context", (struct str){0});
    add("unreal.logs", (struct str){0});
    understand_files("{\"message\":\"hi\"}");
    ck_assert_text(event.title, "hi");
    ck_assert_ptr_null(understood_node("breadcrumbs"));
}
END_TEST

/* ---- XML: leaves as parent/name=text, joined by | */

static const struct {
    const char *xml, *leaves;
} documents[] = {
    {"<?xml version=\"1.0\"?><a><b>1</b><c/><d>2</d></a>", "a/b=1|a/c=|a/d=2"},
    {"<a>1</a>", "/a=1"},
    {"<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#xe4;</a>", "/a=<>&\"'AB\xC3\xA4"},
    {"<a>&unknown;&#x;&#1114112;& ;</a>", "/a=&unknown;&#x;&#1114112;& ;"},
    {"<a>x<![CDATA[<b>&lt;]]>y</a>", "/a=x<b>&lt;y"},
    {"<!DOCTYPE a><!-- <b>1</b> --><a x=\"y\">1</a>", "/a=1"},
    {"<a><b><c>1</c>text</b></a>", "b/c=1"},
    {"</a><b>1</b>", "/b=1"},
    {"<a><b>1</c></a>", "a/b=1"},
    {"<a", ""},
    {"<a>1", ""},
    {"text", ""},
    {"<a><![CDATA[", ""},
    {"", ""},
};

START_TEST(leaves_are_read)
{
    struct xml x;
    struct xml_leaf leaf;
    const char *leaves = "";
    xml_begin(&x, arena, str_of(documents[_i].xml));
    while (xml_next(&x, &leaf))
        leaves = arena_printf(arena, "%s%s%.*s/%.*s=%.*s", leaves, *leaves ? "|" : "",
                              STR_ARG(leaf.parent), STR_ARG(leaf.name), STR_ARG(leaf.text));
    ck_assert_str_eq(leaves, documents[_i].leaves);
}
END_TEST

START_TEST(deep_documents_end)
{
    struct xml x;
    struct xml_leaf leaf;
    const char *text = "";
    for (int i = 0; i < 100; i++)
        text = arena_printf(arena, "%s<a>", text);
    xml_begin(&x, arena, str_of(text));
    ck_assert(!xml_next(&x, &leaf));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, files_of_a_crash, 0, COUNT_OF(crashes));
    tcase_add_test(tc, newer_versions_have_one_header);
    tcase_add_test(tc, a_crash_on_windows);
    tcase_add_test(tc, the_game_may_prepare_the_event);
    tcase_add_test(tc, a_crash_on_apple);
    tcase_add_loop_test(tc, levels_of_a_crash, 0, COUNT_OF(levels));
    tcase_add_test(tc, a_missing_file_changes_nothing);
    tcase_add_loop_test(tc, leaves_are_read, 0, COUNT_OF(documents));
    tcase_add_test(tc, deep_documents_end);
}

int main(void)
{
    return suite_run("unreal", add_tests);
}
