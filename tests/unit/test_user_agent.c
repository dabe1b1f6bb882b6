/* Browser, system and device by a User-Agent header: ingest.md §3.13. */
#include "worker/digest/user_agent.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "tests/unit/shared.h"
#include "tests/unit/suite.h"
#include "worker/digest/user_agent_rules.h"

static struct arena *arena;

static void begin(void)
{
    arena = arena_new(256 << 20);
}

static void end(void)
{
    arena_free(arena);
}

#define WINDOWS "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
#define IPHONE "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 "
#define MAC "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "

/* browser, version, os, version, device, brand, model; NULL: absent */
static const struct {
    const char *text, *fields[7];
} cases[] = {
    {WINDOWS "Chrome/120.0.0.0 Safari/537.36",
     {"Chrome", "120.0.0", "Windows", "10", NULL, NULL, NULL}},
    {WINDOWS "Chrome/118.0.0.0 Safari/537.36 Edg/118.0.2088.76",
     {"Edge", "118.0.2088", "Windows", "10", NULL, NULL, NULL}},
    {IPHONE "(KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1",
     {"Mobile Safari", "17.1", "iOS", "17.1.2", "iPhone", "Apple", "iPhone"}},
    {MAC "(KHTML, like Gecko) Version/17.4 Safari/605.1.15",
     {"Safari", "17.4", "Mac OS X", "10.15.7", "Mac", "Apple", "Mac"}},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
     {"Firefox", "115.0", "Linux", NULL, NULL, NULL, NULL}},
    {"Mozilla/5.0 (Linux; Android 14; Pixel 6 Pro) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/119.0.6045.66 Mobile Safari/537.36",
     {"Chrome Mobile", "119.0.6045", "Android", "14", "Pixel 6 Pro", "Google", "Pixel 6 Pro"}},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
     {"IE", "11.0", "Windows", "7", NULL, NULL, NULL}},
    {"python-requests/2.31.0", {"Python Requests", "2.31", NULL, NULL, NULL, NULL, NULL}},
    {"Seznam.cz/prohlizec SznProhlizec/4.4.3",
     {"Seznam prohl\xC3\xAD\xC5\xBE"
      "e\xC4\x8D",
      "4.4.3", NULL, NULL, NULL, NULL, NULL}},
    {"something of my own", {NULL, NULL, NULL, NULL, NULL, NULL, NULL}},
    {"", {NULL, NULL, NULL, NULL, NULL, NULL, NULL}},
};

static void check_field(const char *text, struct str actual, const char *expected)
{
    struct str wanted = str_of(expected);
    ck_assert_msg(str_eq(actual, wanted) && !actual.p == !wanted.p,
                  "%s: got \"%.*s\", expected \"%s\"", text, STR_ARG(actual),
                  expected ? expected : "nothing");
}

/* Twice: read by the rules, then from the cache. */
START_TEST(tells_the_client)
{
    for (int round = 0; round < 2; round++) {
        struct user_agent ua;
        user_agent_parse(arena, str_of(cases[_i].text), &ua);
        struct str fields[] = {ua.browser, ua.browser_version, ua.os,   ua.os_version,
                               ua.device,  ua.brand,           ua.model};
        for (int i = 0; i < COUNT_OF(fields); i++)
            check_field(cases[_i].text, fields[i], cases[_i].fields[i]);
    }
}
END_TEST

START_TEST(compiles_every_rule)
{
    ck_assert(user_agent_rules_check());
}
END_TEST

/* Rules are compiled and results cached by whoever comes first. */
static void *parse_all(void *unused)
{
    struct arena *own = arena_new(16 << 20);
    (void)unused;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct user_agent ua;
        const char *text = arena_printf(own, "%s again", cases[i].text);
        user_agent_parse(own, str_of(text), &ua);
        ck_assert(str_eq(ua.os, str_of(cases[i].fields[2])));
    }
    arena_free(own);
    return NULL;
}

START_TEST(threads_share_rules)
{
    pthread_t threads[4];
    for (int i = 0; i < COUNT_OF(threads); i++)
        ck_assert(!pthread_create(&threads[i], NULL, parse_all, NULL));
    for (int i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
}
END_TEST

static const char *const hostile[] = {
    "MobileWindowshpw", "BotAaAppEngine",  "1.WindowsSKATE", "Linux; Android 9; ",
    "Mozilla/5.0 (",    "a a a a ",        "Build/Dalvik",   "; U; iPhone",
    "bot/1.",           "Chrome/1.1.1.1 ",
};

/* Long headers that bring the expressions to backtrack take milliseconds, not seconds. */
START_TEST(bounds_hostile_headers)
{
    enum { ROUNDS = 100 };
    struct user_agent ua;
    const char *piece = hostile[_i];
    size_t n = strlen(piece);
    char text[4 * USER_AGENT_MAX];
    clock_t before = clock();
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = piece[(i + (size_t)round) % n];
        text[0] = (char)('!' + round % 90); /* not known from before */
        user_agent_parse(arena, (struct str){text, sizeof(text)}, &ua);
    }
    ck_assert_int_lt((clock() - before) / ROUNDS, CLOCKS_PER_SEC / 50);
}
END_TEST

START_TEST(looks_at_the_beginning)
{
    struct user_agent ua;
    char text[USER_AGENT_MAX + 100];
    memset(text, ' ', sizeof(text));
    memcpy(text + USER_AGENT_MAX - 20, "Firefox/115.0 ", 14);
    user_agent_parse(arena, (struct str){text, sizeof(text)}, &ua);
    ck_assert_text(ua.browser, "Firefox");
    memset(text, ' ', sizeof(text));
    memcpy(text + USER_AGENT_MAX, "Firefox/115.0 ", 14);
    user_agent_parse(arena, (struct str){text, sizeof(text)}, &ua);
    ck_assert_ptr_null(ua.browser.p);
}
END_TEST

/* ---- the cases that uap-core brings along */

struct uap_case {
    struct str text, family, rest[3]; /* major, minor, patch; or brand, model */
};

static const struct {
    const char *file;
    enum user_agent_list list;
    const char *rest[3];
    int least; /* cases that the file has at least */
} uap_files[] = {
    {"test_ua.yaml", USER_AGENT_BROWSER, {"major", "minor", "patch"}, 1000},
    {"test_os.yaml", USER_AGENT_OS, {"major", "minor", "patch"}, 400},
    {"test_device.yaml", USER_AGENT_DEVICE, {"brand", "model", NULL}, 15000},
};

/* 'a''b' and "a\"b"; empty is absent. */
static struct str unquoted(struct str value)
{
    value = str_trim(value);
    if (value.n < 2)
        return (struct str){0};
    char quote = value.p[0], *out = arena_take(arena, value.n);
    size_t n = 0;
    for (size_t i = 1; i + 1 < value.n; i++) {
        bool escape = value.p[i] == (quote == '"' ? '\\' : quote);
        i += escape;
        out[n++] = value.p[i];
    }
    return n ? (struct str){out, n} : (struct str){0};
}

static void take_line(struct uap_case *c, int file, struct str key, struct str value)
{
    if (str_eq(key, S("user_agent_string")))
        *c = (struct uap_case){.text = value};
    else if (str_eq(key, S("family")))
        c->family = str_eq(value, S("Other")) ? (struct str){0} : value;
    for (int i = 0; i < 3; i++)
        if (uap_files[file].rest[i] && str_eq(key, str_of(uap_files[file].rest[i])))
            c->rest[i] = value;
}

static struct str dotted(const struct str numbers[3])
{
    char *text = arena_printf(arena, "%.*s", STR_ARG(numbers[0]));
    for (int i = 1; i < 3 && numbers[i - 1].p && numbers[i].p; i++)
        text = arena_printf(arena, "%s.%.*s", text, STR_ARG(numbers[i]));
    return *text ? str_of(text) : (struct str){0};
}

static bool agrees(const struct uap_case *c, enum user_agent_list list)
{
    struct user_agent ua;
    user_agent_parse(arena, c->text, &ua);
    if (list == USER_AGENT_DEVICE)
        return str_eq(ua.device, c->family) && str_eq(ua.brand, c->rest[0]) &&
               str_eq(ua.model, c->rest[1]);
    bool browser = list == USER_AGENT_BROWSER;
    return str_eq(browser ? ua.browser : ua.os, c->family) &&
           str_eq(browser ? ua.browser_version : ua.os_version, dotted(c->rest));
}

START_TEST(agrees_with_uap_core)
{
    char path[100];
    struct str rest;
    struct uap_case c = {.text = {0}};
    int count = 0, wrong = 0;
    snprintf(path, sizeof(path), "/usr/share/uap-core/tests/%s", uap_files[_i].file);
    if (!file_read(arena, path, &rest))
        return;
    while (rest.p) {
        struct str line = str_trim(str_split(&rest, '\n'));
        bool begins = str_starts(line, S("- "));
        if ((begins || !rest.p) && c.text.p) {
            count++;
            if (!agrees(&c, uap_files[_i].list) && ++wrong < 10)
                printf("wrong: %.*s\n", STR_ARG(c.text));
        }
        struct str key = str_trim(str_slice(line, begins ? 2 : 0, str_index(line, ':')));
        if (key.n && key.p[0] != '#')
            take_line(&c, _i, key, unquoted(str_slice(line, str_index(line, ':') + 1, line.n)));
    }
    ck_assert_int_ge(count, uap_files[_i].least);
    ck_assert_int_eq(wrong, 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, end);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, tells_the_client, 0, COUNT_OF(cases));
    tcase_add_test(tc, compiles_every_rule);
    tcase_add_test(tc, threads_share_rules);
    tcase_add_loop_test(tc, bounds_hostile_headers, 0, COUNT_OF(hostile));
    tcase_add_test(tc, looks_at_the_beginning);
    tcase_add_loop_test(tc, agrees_with_uap_core, 0, COUNT_OF(uap_files));
}

int main(void)
{
    return suite_run("user_agent", add_tests);
}
