/* Contexts from the User-Agent header and client hints: ingest.md §3.13; their tags: §3.6. */
#include "tests/unit/shared.h"
#include "tests/unit/understand.h"

#define WINDOWS_CHROME                                                                             \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "            \
    "Chrome/120.0.0.0 Safari/537.36"
#define MAC_SAFARI                                                                                 \
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "    \
    "Version/17.4 Safari/605.1.15"
#define PIXEL                                                                                      \
    "Mozilla/5.0 (Linux; Android 14; Pixel 6 Pro) AppleWebKit/537.36 (KHTML, like Gecko) "         \
    "Chrome/119.0.6045.66 Mobile Safari/537.36"
#define HINTS                                                                                      \
    ",[\"Sec-Ch-Ua\",\"\\\"Not.A/Brand\\\";v=\\\"8\\\", \\\"Chromium\\\";v=\\\"114\\\", \\\"Opera" \
    "\\\";v=\\\"100\\\"\"],[\"sec-ch-ua-model\",\"\\\"moto g\\\"\"],[\"sec-ch-ua-platform\","      \
    "\"\\\"macOS\\\"\"],[\"Sec-CH-UA-Platform-Version\",\"\\\"13.1.0\\\"\"]"

#define SENT(platform, header, hints, contexts)                                                    \
    "{\"platform\":\"" platform "\",\"request\":{\"headers\":[[\"user-agent\",\"" header           \
    "\"]" hints "]}" contexts "}"
#define HINTED(list) "{\"request\":{\"headers\":{\"Sec-CH-UA\":" list "}}}"

static const struct understand_case cases[] = {
    {SENT("javascript", WINDOWS_CHROME, "", ""), "contexts",
     "{\"browser\":{\"name\":\"Chrome\",\"version\":\"120.0.0\",\"type\":\"browser\",\"browser\":"
     "\"Chrome 120.0.0\"},\"os\":{\"name\":\"Windows\",\"version\":\">=10\",\"type\":\"os\",\"os\":"
     "\"Windows >=10\"}}"},
    {SENT("python", WINDOWS_CHROME, "", ""), "contexts.os", "absent"},
    {SENT("python", WINDOWS_CHROME, "", ""), "contexts.client_os",
     "{\"name\":\"Windows\",\"version\":\">=10\",\"type\":\"os\",\"os\":\"Windows >=10\"}"},
    {SENT("javascript", MAC_SAFARI, "", ""), "contexts.os.os", "\"Mac OS X >=10.15.7\""},
    {SENT("javascript", PIXEL, "", ""), "contexts.device",
     "{\"family\":\"Pixel 6 Pro\",\"model\":\"Pixel 6 Pro\",\"brand\":\"Google\",\"type\":"
     "\"device\"}"},
    {SENT("javascript", PIXEL, "", ""), "contexts.os.version", "\"14\""},
    {SENT("javascript", "my own client", "", ""), "contexts", "absent"},
    {SENT("javascript", "", "", ""), "contexts", "absent"},
    {"{\"request\":{\"headers\":[[\"Host\",\"x\"]]}}", "contexts", "absent"},
    {"{\"request\":{\"url\":\"http://x/\"}}", "contexts", "absent"},
    /* What the SDK sent stays, by kind. */
    {SENT("javascript", WINDOWS_CHROME, "", ",\"contexts\":{\"browser\":{\"version\":\"1\"}}"),
     "contexts.browser", "{\"version\":\"1\",\"type\":\"browser\"}"},
    {SENT("javascript", WINDOWS_CHROME, "", ",\"contexts\":{\"browser\":{\"version\":\"1\"}}"),
     "contexts.os.name", "\"Windows\""},
    {SENT("python", WINDOWS_CHROME, "", ",\"contexts\":{\"os\":{\"name\":\"Linux\"}}"),
     "contexts.os", "{\"name\":\"Linux\",\"type\":\"os\"}"},
    {SENT("python", WINDOWS_CHROME, "", ",\"contexts\":{\"os\":{\"name\":\"Linux\"}}"),
     "contexts.client_os.name", "\"Windows\""},
    {SENT("python", WINDOWS_CHROME, "", ",\"contexts\":{\"client_os\":{\"name\":\"My\"}}"),
     "contexts.client_os", "{\"name\":\"My\",\"type\":\"client_os\"}"},
    /* An empty one is none. */
    {SENT("javascript", WINDOWS_CHROME, "",
          ",\"contexts\":{\"browser\":null,\"os\":{\"type\":\"os\",\"name\":null}}"),
     "contexts.browser.browser", "\"Chrome 120.0.0\""},
    {SENT("javascript", WINDOWS_CHROME, "",
          ",\"contexts\":{\"browser\":null,\"os\":{\"type\":\"os\",\"name\":null}}"),
     "contexts.os.os", "\"Windows >=10\""},
    {SENT("javascript", WINDOWS_CHROME, "", ",\"contexts\":5"), "contexts.os.os",
     "\"Windows >=10\""},
    /* Hints win, each context as a whole. */
    {SENT("javascript", WINDOWS_CHROME, HINTS, ""), "contexts.browser.browser", "\"Opera 100\""},
    {SENT("javascript", WINDOWS_CHROME, HINTS, ""), "contexts.os.os", "\"macOS 13.1.0\""},
    {SENT("javascript", PIXEL, HINTS, ""), "contexts.device",
     "{\"model\":\"moto g\",\"type\":\"device\"}"},
    {SENT("javascript", WINDOWS_CHROME, ",[\"Sec-CH-UA-Platform\",\"\\\"Linux\\\"\"]", ""),
     "contexts.os", "{\"name\":\"Linux\",\"type\":\"os\"}"},
    {SENT("javascript", WINDOWS_CHROME, ",[\"Sec-CH-UA-Platform\",\"\\\"\\\"\"]", ""),
     "contexts.os.os", "\"Windows >=10\""},
    {HINTED("\"\\\"Google Chrome\\\";v=\\\"120\\\"\""), "contexts.browser.browser",
     "\"Google Chrome 120\""},
    {HINTED("\"\\\"Chromium\\\";v=\\\"120\\\", \\\"Not_A Brand\\\";v=\\\"8\\\"\""), "contexts",
     "absent"},
    {HINTED("\"\\\"Edge\\\"\""), "contexts", "absent"},
    {HINTED("\"\\\"\\\";v=\\\"1\\\"\""), "contexts", "absent"},
    {HINTED("\",,;v=,\""), "contexts", "absent"},
};

START_TEST(adds_contexts)
{
    understand_check(&cases[_i]);
}
END_TEST

static const struct {
    const char *payload, *tag, *value;
} tags[] = {
    {SENT("javascript", WINDOWS_CHROME, "", ""), "browser", "Chrome 120.0.0"},
    {SENT("javascript", WINDOWS_CHROME, "", ""), "browser.name", "Chrome"},
    {SENT("javascript", WINDOWS_CHROME, "", ""), "os", "Windows >=10"},
    {SENT("javascript", WINDOWS_CHROME, "", ""), "os.name", "Windows"},
    {SENT("javascript", WINDOWS_CHROME, "", ""), "device", "absent"},
    {SENT("javascript", PIXEL, "", ""), "device", "Pixel 6 Pro"},
    {SENT("javascript", PIXEL, "", ""), "device.family", "Pixel 6 Pro"},
    {SENT("python", WINDOWS_CHROME, "", ""), "client_os.name", "Windows"},
    {SENT("python", WINDOWS_CHROME, "", ""), "os.name", "absent"},
    {SENT("javascript", WINDOWS_CHROME, "", ",\"tags\":{\"browser.name\":\"mine\"}"),
     "browser.name", "mine"},
};

START_TEST(tags_follow)
{
    understand(tags[_i].payload);
    ck_assert_text(tag_named(tags[_i].tag), tags[_i].value);
}
END_TEST

/* Events of real SDKs. */
static const struct {
    const char *file, *path, *json;
} files[] = {
    {"legacy_js_exception.json", "contexts.browser.name", "\"Chrome\""},
    {"legacy_js_exception.json", "contexts.os.name", "\"Mac OS X\""},
    {"legacy_js_exception.json", "contexts.client_os", "absent"},
    {"legacy_node_express.json", "contexts.browser.browser", "\"curl 7.54.0\""},
    {"dotnet.json", "contexts.client_os.os", "\"Windows >=10\""},
};

START_TEST(reads_events_of_sdks)
{
    struct str payload, why;
    if (!shared_file(arena, arena_printf(arena, "data/ingest/events/%s", files[_i].file), &payload))
        return;
    ck_assert(understand_any(payload, &why));
    ck_assert_text(understood_at(files[_i].path), files[_i].json);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, adds_contexts, 0, COUNT_OF(cases));
    tcase_add_loop_test(tc, tags_follow, 0, COUNT_OF(tags));
    tcase_add_loop_test(tc, reads_events_of_sdks, 0, COUNT_OF(files));
}

int main(void)
{
    return suite_run("client_contexts", add_tests);
}
