/* An operating system that describes itself in one line: ingest.md §3.14. */
#include "tests/unit/understand.h"

#define OS(members) "{\"contexts\":{\"os\":{" members "}}}"
#define RAW(text) OS("\"raw_description\":\"" text "\"")
#define NAMED(raw, name, more, all)                                                                \
    {                                                                                              \
        RAW(raw), "contexts.os",                                                                   \
            "{\"raw_description\":\"" raw "\",\"type\":\"os\",\"name\":\"" name "\"" more all "}"  \
    }
#define WINDOWS(raw, version, build)                                                               \
    NAMED(raw, "Windows", ",\"version\":\"" version "\",\"build\":\"" build "\"",                  \
          ",\"os\":\"Windows " version "\"")
#define UNREAD(raw)                                                                                \
    {                                                                                              \
        RAW(raw), "contexts.os", "{\"raw_description\":\"" raw "\",\"type\":\"os\"}"               \
    }

static const struct understand_case cases[] = {
    WINDOWS("Microsoft Windows NT 10.0.19045.0", "10.0.19045", "19045"),
    WINDOWS("Microsoft Windows NT 10.0.17763.0", "10", "17763"),
    WINDOWS("Microsoft Windows 10.0.22631", "11", "22631"),
    WINDOWS("Windows NT 5.1.2600", "XP", "2600"),
    WINDOWS("Windows 6.0.6002", "Vista", "6002"),
    WINDOWS("Windows NT 6.1.7601 x", "7", "7601"),
    WINDOWS("Windows NT 6.2.9200", "8", "9200"),
    WINDOWS("Windows NT 6.3.9600", "8.1", "9600"),
    WINDOWS("Windows 10  (10.0.19043)", "10", "19043"),
    NAMED("Mac OS X 10.14.2 (18C54)", "macOS", ",\"version\":\"10.14.2\",\"build\":\"18C54\"",
          ",\"os\":\"macOS 10.14.2\""),
    NAMED("Mac OS X 10.15.7", "macOS", ",\"version\":\"10.15.7\"", ",\"os\":\"macOS 10.15.7\""),
    NAMED("iOS 17.1.2", "iOS", ",\"version\":\"17.1.2\"", ",\"os\":\"iOS 17.1.2\""),
    NAMED("iPadOS 16.0", "iPadOS", ",\"version\":\"16.0\"", ",\"os\":\"iPadOS 16.0\""),
    NAMED("Android 9 / API-28", "Android", ",\"version\":\"9\"", ",\"os\":\"Android 9\""),
    NAMED("Android OS 4.4.2 / API-19", "Android", ",\"version\":\"4.4.2\"",
          ",\"os\":\"Android 4.4.2\""),
    NAMED("Linux 5.4.0 Ubuntu 20.04", "Ubuntu",
          ",\"version\":\"20.04\",\"kernel_version\":\"5.4.0\"", ",\"os\":\"Ubuntu 20.04\""),
    NAMED("Linux 5.4.0-135-generic #152", "Linux", ",\"kernel_version\":\"5.4.0\"", ""),
    NAMED("Darwin 17.0.0 Darwin Kernel", "Darwin", ",\"kernel_version\":\"17.0.0\"", ""),
    UNREAD("Windows 10"),
    UNREAD("Windows 10 ("),
    UNREAD("Windows NT 10.0."),
    UNREAD("Android 9"),
    UNREAD("Linux 5"),
    UNREAD("Linux 5.4 Ubuntu"),
    UNREAD("Darwin"),
    UNREAD("Darwin 17"),
    UNREAD("7"),
    UNREAD(""),
    /* What the SDK says itself stays. */
    {OS("\"raw_description\":\"iOS 17.1.2\",\"name\":\"mine\""), "contexts.os.name", "\"mine\""},
    {OS("\"raw_description\":\"iOS 17.1.2\",\"version\":\"1\""), "contexts.os.name", "absent"},
    {OS("\"raw_description\":\"Windows 6.0.6002\",\"build\":7"), "contexts.os.build", "\"7\""},
    {OS("\"raw_description\":[]"), "contexts.os.name", "absent"},
    {"{\"contexts\":{\"mine\":{\"type\":\"os\",\"raw_description\":\"iOS 17.1.2\"}}}",
     "contexts.mine.name", "\"iOS\""},
    {"{\"contexts\":{\"os\":{\"type\":\"x\",\"raw_description\":\"iOS 17.1.2\"}}}",
     "contexts.os.name", "absent"},
};

START_TEST(reads_what_a_system_calls_itself)
{
    understand_check(&cases[_i]);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, reads_what_a_system_calls_itself, 0, COUNT_OF(cases));
}

int main(void)
{
    return suite_run("os_description", add_tests);
}
