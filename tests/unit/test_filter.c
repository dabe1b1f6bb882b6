/* Inbound filters: ingest.md §5.1, ingest-checklist.md H. */
#include "worker/filter/filter.h"

#include "tests/unit/shared.h"
#include "tests/unit/understand.h"

static struct jt *tree_of(const char *json)
{
    const char *error = NULL;
    struct jt *tree = jt_read(arena, str_of(json), 64, &error);
    ck_assert_msg(tree != NULL, "%s: %s", json, error);
    return tree;
}

static struct str filtered(const char *options, const char *payload, enum category category)
{
    const struct filter_settings *s = filter_settings_read(arena, tree_of(options));
    understand(payload);
    /* Errors lose theirs, but conditions on them are tried here as well. */
    struct jt *measurements = jt_get(tree_of(payload), S("measurements"));
    if (measurements)
        jt_set(body, S("measurements"), measurements);
    struct filter_subject subject = {.event = body,
                                     .category = category ? category : event.category,
                                     .client_ip = record.client_ip,
                                     .trace = tree_of("{\"environment\":\"prod\"}")};
    return filter_event(arena, s, &subject);
}

static void check(const char *options, const char *payload, enum category category,
                  const char *reason)
{
    struct str actual = filtered(options, payload, category), expected = str_of(reason);
    ck_assert_msg(str_eq(actual, expected) && !actual.p == !expected.p,
                  "%s %s: got \"%.*s\", expected \"%s\"", options, payload, STR_ARG(actual),
                  reason ? reason : "nothing");
}

#define ON(name) "{\"filters:" name "\":\"1\"}"
#define ERRORS(list) "{\"sentry:error_messages\":" list "}"
#define RELEASES(list) "{\"sentry:releases\":" list "}"
#define RAISED(type, value) "{\"exception\":[{\"type\":\"" type "\",\"value\":\"" value "\"}]}"
#define VALUE(value) "{\"exception\":[{\"type\":\"Error\",\"value\":\"" value "\"}]}"
#define FRAMES(list)                                                                               \
    "{\"exception\":[{\"type\":\"E\",\"value\":\"v\",\"stacktrace\":{\"frames\":[" list "]}}]}"
#define FRAME(path) "{\"function\":\"f\",\"abs_path\":\"" path "\"}"
#define URL(url) "{\"request\":{\"url\":\"" url "\"}}"
#define AGENT(header) "{\"request\":{\"headers\":{\"User-Agent\":\"" header "\"}}}"
#define RELEASE(name) "{\"release\":\"" name "\"}"

static const struct {
    const char *options, *payload, *reason; /* NULL: kept */
} cases[] = {
    {"{}", "{}", NULL},
    {"{}", RAISED("TypeError", "x is not a function"), NULL},
    /* Releases. */
    {RELEASES("[\"1*\"]"), RELEASE("1.2.3"), "release-version"},
    {RELEASES("[\"1*\"]"), RELEASE("2.1"), NULL},
    {RELEASES("[\"1*\"]"), "{}", NULL},
    {RELEASES("[\"*\"]"), "{}", NULL},
    {RELEASES("[\"MY@*\"]"), RELEASE("my@1"), "release-version"},
    {RELEASES("\"0.*\\r\\n 1.* \\n\""), RELEASE("1.2"), "release-version"},
    {RELEASES("[null,5,\"\",\"1.*\"]"), RELEASE("1.2"), "release-version"},
    /* Error messages: the message and each exception. */
    {ERRORS("[\"Panic: originalCreateNotification\"]"),
     RAISED("Panic", "originalCreateNotification"), "error-message"},
    {ERRORS("[\"*warning*\"]"), "{\"message\":\"WARNING: x\"}", "error-message"},
    {ERRORS("[\"*warning*\"]"), "{\"message\":\"an error\"}", NULL},
    {ERRORS("[\"hello 7\"]"), "{\"logentry\":{\"message\":\"Hello %d\",\"params\":[7]}}",
     "error-message"},
    {ERRORS("[\"hello %d\"]"), "{\"logentry\":{\"message\":\"Hello %d\",\"params\":[7]}}", NULL},
    {ERRORS("[\"B: two\"]"),
     "{\"exception\":[{\"type\":\"A\",\"value\":\"one\"},{\"type\":\"B\",\"value\":\"two\"}]}",
     "error-message"},
    {ERRORS("[\"two\"]"), "{\"exception\":[null,{\"value\":\"two\"}]}", "error-message"},
    {ERRORS("[\"B\"]"), "{\"exception\":[{\"type\":\"B\"}]}", "error-message"},
    {ERRORS("[\"B: two\"]"), "{\"exception\":[{\"type\":\"B\",\"value\":\"three\"}]}", NULL},
    {ERRORS("[\"*\xD0\xBE\xD1\x88\xD0\xB8*\"]"), "{\"message\":\"\xD0\x9E\xD1\x88\xD0\xB8\"}",
     "error-message"},
    {ERRORS("[\"*4111*\"]"), "{\"message\":\"card 4111 1111 1111 1111\"}", "error-message"},
    /* Hydration and chunks, on unless switched off. */
    {"{}",
     VALUE("Minified React error #423; visit "
           "https://reactjs.org/docs/error-decoder.html?invariant=423 for more"),
     "error-message"},
    {"{}", VALUE("see https://react.dev/errors/418?x"), "error-message"},
    {"{}", VALUE("see https://react.dev/errors/400?x"), NULL},
    {"{\"filters:react-hydration-errors\":\"0\"}", VALUE("https://react.dev/errors/418"), NULL},
    {"{\"filters:react-hydration-errors\":false}", VALUE("https://react.dev/errors/418"), NULL},
    {"{\"filters:react-hydration-errors\":true}", VALUE("https://react.dev/errors/418"),
     "error-message"},
    {"{}", RAISED("ChunkLoadError", "Loading chunk 3662 failed."), "error-message"},
    {"{}", RAISED("ChunkLoadError", "Failed to load chunk /a.js"), "error-message"},
    {"{}", RAISED("Error", "Uncaught (in promise): ChunkLoadError: Loading chunk 1"),
     "error-message"},
    {"{}", RAISED("Error", "Loading chunk 3662 failed."), NULL},
    {"{\"filters:chunk-load-error\":0}", RAISED("ChunkLoadError", "Loading chunk 1 failed."), NULL},
    /* Localhost. */
    {"{}", URL("http://localhost/"), NULL},
    {ON("localhost"), URL("http://localhost/"), "localhost"},
    {ON("localhost"), URL("http://foo.localhost:8080/x"), "localhost"},
    {ON("localhost"), URL("HTTPS://user:pass@LOCALHOST"), "localhost"},
    {ON("localhost"), URL("http://127.0.0.1:3000/"), "localhost"},
    {ON("localhost"), URL("file:///x"), "localhost"},
    {ON("localhost"), URL("http://notlocalhost/"), NULL},
    {ON("localhost"), URL("http://localhost.example.com/"), NULL},
    {ON("localhost"), URL("http://example.com/localhost"), NULL},
    {ON("localhost"), URL("localhost"), NULL},
    {ON("localhost"), URL("file"), NULL},
    {ON("localhost"), "{\"user\":{\"ip_address\":\"127.0.0.1\"}}", "localhost"},
    {ON("localhost"), "{\"user\":{\"ip_address\":\"::1\"}}", "localhost"},
    {ON("localhost"), "{\"user\":{\"ip_address\":\"127.0.0.2\"}}", NULL},
    /* Browser extensions. */
    {"{}", VALUE("Extension context invalidated"), NULL},
    {ON("browser-extensions"), VALUE("Extension context invalidated"), "browser-extensions"},
    {ON("browser-extensions"), VALUE("x EXTENSION context invalidated."), "browser-extensions"},
    {ON("browser-extensions"), VALUE("Cannot redefine property: ethereum"), "browser-extensions"},
    {ON("browser-extensions"), VALUE("Cannot redefine property: mine"), NULL},
    {ON("browser-extensions"),
     "{\"exception\":[{\"type\":\"E\",\"value\":\"v\"},{\"type\":\"E\",\"value\":\"Extension "
     "context invalidated\"}]}",
     NULL},
    {ON("browser-extensions"), FRAMES(FRAME("chrome-extension://x") "," FRAME("<anonymous>")),
     "browser-extensions"},
    {ON("browser-extensions"), FRAMES(FRAME("chrome-extension://x") "," FRAME("[native code]")),
     "browser-extensions"},
    {ON("browser-extensions"), FRAMES(FRAME("chrome-extension://x") "," FRAME("http://a/b.js")),
     NULL},
    {ON("browser-extensions"), FRAMES(FRAME("chrome-extension://x") ",{\"function\":\"f\"}"), NULL},
    {ON("browser-extensions"), FRAMES(FRAME("http://a/chrome-extension://x")), NULL},
    {ON("browser-extensions"), FRAMES(FRAME("https://gc.kaspersky-labs.com/x.js")),
     "browser-extensions"},
    {ON("browser-extensions"), "{}", NULL},
    /* Crawlers. */
    {"{}", AGENT("BingBot"), NULL},
    {ON("web-crawlers"), AGENT("Mozilla/5.0 (compatible; BingBot/2.0)"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("facebookexternalhit/1.1"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("some Bots"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("My-Spider; x"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("robotics bottle"), NULL},
    {ON("web-crawlers"), AGENT("bottle bot"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("Slackbot-LinkExpanding 1.0"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("Slackbot 1.0 (+https://api.slack.com/robots)"), NULL},
    {ON("web-crawlers"), AGENT("Slackbot 1.x"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("SentryUptimeBot/1.0"), NULL},
    {ON("web-crawlers"), AGENT("Mozilla/5.0; compatible; ChatGPT-User/1.0; +https://x/bot"), NULL},
    {ON("web-crawlers"), AGENT("GPTBot/1.1"), "web-crawlers"},
    {ON("web-crawlers"), AGENT("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0"), NULL},
    {ON("web-crawlers"), "{}", NULL},
    /* The first in the table names the reason. */
    {"{\"filters:localhost\":true,\"sentry:releases\":[\"1\"],\"filters:web-crawlers\":true}",
     "{\"release\":\"1\",\"request\":{\"url\":\"http://localhost/\",\"headers\":{\"User-Agent\":"
     "\"bot\"}}}",
     "release-version"},
    {"{\"filters:localhost\":true,\"filters:web-crawlers\":true}",
     "{\"request\":{\"url\":\"http://localhost/\",\"headers\":{\"User-Agent\":\"bot\"}}}",
     "localhost"},
};

START_TEST(filters_events)
{
    check(cases[_i].options, cases[_i].payload, CATEGORY_NONE, cases[_i].reason);
}
END_TEST

/* ---- legacy browsers */

/* Since version 8 the engine tells, whatever version is claimed. */
#define IE(version, engine)                                                                        \
    "Mozilla/5.0 (compatible; MSIE " version "; Windows NT 6.1; Trident/" engine ")"
#define IE8 IE("8.0", "4.0")
#define IE9 IE("9.0", "5.0")
#define IE10 IE("10.0", "6.0")
#define IE11 "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"
#define IE_MOBILE                                                                                  \
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows Phone OS 7.5; Trident/5.0; IEMobile/9.0; NOKIA)"
#define CHROME(version)                                                                            \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "            \
    "Chrome/" version ".0.0.0 Safari/537.36"
#define EDGE(version)                                                                              \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "            \
    "Chrome/64.0.3282.140 Safari/537.36 Edge/" version ".17134"
#define FIREFOX(version)                                                                           \
    "Mozilla/5.0 (X11; Linux x86_64; rv:" version ".0) Gecko/20100101 Firefox/" version ".0"
#define SAFARI(version)                                                                            \
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9) AppleWebKit/600.1 (KHTML, like Gecko) "          \
    "Version/" version ".0 Safari/600.1"
#define OPERA(version) "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/" version ".16"
#define ANDROID(version)                                                                           \
    "Mozilla/5.0 (Linux; U; Android " version                                                      \
    ".3; de-de; GT Build/1) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1"
#define OPERA_MINI(version)                                                                        \
    "Opera/9.80 (J2ME/MIDP; Opera Mini/" version ".1.32052/29.3709; U; en) Presto/2.8.119"

static const struct {
    const char *option, *header;
    bool is_legacy;
} browsers[] = {
    {"\"1\"", IE9, true},
    {"\"1\"", IE11, false},
    {"true", IE9, true},
    {"\"0\"", IE8, false},
    {"[]", IE8, false},
    {"[\"unheard_of\",7]", IE8, false},
    {"[\"default\"]", IE9, true},
    {"[\"default\"]", IE10, false},
    {"[\"default\"]", IE11, false},
    {"[\"default\"]", SAFARI("5"), true},
    {"[\"default\"]", SAFARI("6"), false},
    {"[\"default\"]", OPERA("12"), true},
    {"[\"default\"]", ANDROID("3"), true},
    {"[\"default\"]", ANDROID("4"), false},
    {"[\"default\"]", OPERA_MINI("7"), true},
    {"[\"default\"]", OPERA_MINI("8"), false},
    {"[\"default\"]", CHROME("40"), false},
    {"[\"ie\"]", IE11, true},
    {"[\"ie\"]", IE_MOBILE, true},
    {"[\"ie\"]", CHROME("40"), false},
    {"[\"edge\"]", EDGE("17"), true},
    {"[\"edge\"]", EDGE("79"), false},
    {"[\"safari\"]", SAFARI("11"), true},
    {"[\"safari\"]", SAFARI("12"), false},
    {"[\"firefox\"]", FIREFOX("66"), true},
    {"[\"firefox\"]", FIREFOX("67"), false},
    {"[\"chrome\"]", CHROME("62"), true},
    {"[\"chrome\"]", CHROME("63"), false},
    {"[\"opera\"]", OPERA("50"), true},
    {"[\"opera\"]", OPERA("51"), false},
    {"[\"android\"]", ANDROID("3"), true},
    {"[\"android\"]", ANDROID("4"), false},
    {"[\"opera_mini\"]", OPERA_MINI("34"), true},
    {"[\"opera_mini\"]", OPERA_MINI("35"), false},
    {"[\"ie_pre_9\"]", IE8, true},
    {"[\"ie_pre_9\"]", IE9, false},
    {"[\"ie9\"]", IE9, true},
    {"[\"ie9\"]", IE8, false},
    {"[\"ie10\"]", IE10, true},
    {"[\"ie10\"]", IE9, false},
    {"[\"ie11\"]", IE11, true},
    {"[\"ie11\"]", IE10, false},
    {"[\"opera_pre_15\"]", OPERA("14"), true},
    {"[\"opera_pre_15\"]", OPERA("15"), false},
    {"[\"opera_mini_pre_8\"]", OPERA_MINI("7"), true},
    {"[\"opera_mini_pre_8\"]", OPERA_MINI("8"), false},
    {"[\"android_pre_4\"]", ANDROID("3"), true},
    {"[\"android_pre_4\"]", ANDROID("4"), false},
    {"[\"safari_pre_6\"]", SAFARI("5"), true},
    {"[\"safari_pre_6\"]", SAFARI("6"), false},
    {"[\"edge_pre_79\"]", EDGE("17"), true},
    {"[\"ie9\",\"safari_pre_6\"]", SAFARI("5"), true},
    {"[\"ie\",\"chrome\",\"firefox\"]", "something else", false},
    {"[\"ie\",\"chrome\",\"firefox\"]", "", false},
};

START_TEST(filters_legacy_browsers)
{
    const char *options =
        arena_printf(arena, "{\"filters:legacy-browsers\":%s}", browsers[_i].option);
    const char *payload = arena_printf(
        arena, "{\"request\":{\"headers\":[[\"User-Agent\",\"%s\"]]}}", browsers[_i].header);
    check(options, payload, CATEGORY_NONE, browsers[_i].is_legacy ? "legacy-browsers" : NULL);
}
END_TEST

/* ---- other kinds of events, and addresses */

#define SOURCES(list) "{\"sentry:csp_ignored_sources\":" list "}"
#define NO_DEFAULTS(list)                                                                          \
    "{\"sentry:csp_ignored_sources_defaults\":false,\"sentry:csp_ignored_sources\":" list "}"
#define REPORT(key, uri) "{\"csp\":{\"effective_directive\":\"img-src\",\"" key "\":\"" uri "\"}}"
#define OWN "{\"sentry:transactions\":[\"health*\"]}"
#define OWN_ALONE "{\"sentry:transactions\":[\"health*\"],\"filters:filtered-transaction\":false}"
#define NAMED(name) "{\"transaction\":\"" name "\"}"

static const struct {
    enum category category;
    const char *options, *payload, *reason;
} kinds[] = {
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", "chrome-extension://x"), "invalid-csp"},
    {CATEGORY_SECURITY, "{}", REPORT("source_file", "Moz-Extension://x/y.js"), "invalid-csp"},
    {CATEGORY_SECURITY, "{}", REPORT("document_uri", "http://localhost:3000/"), "invalid-csp"},
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", "about"), "invalid-csp"},
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", "data:text/html,chromewebdata"), "invalid-csp"},
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", "https://a.b.superfish.com/x"), "invalid-csp"},
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", "https://superfish.com"), "invalid-csp"},
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", "https://notsuperfish.com"), NULL},
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", "https://example.com/"), NULL},
    {CATEGORY_SECURITY, "{}", REPORT("blocked_uri", ""), NULL},
    {CATEGORY_SECURITY, NO_DEFAULTS("[]"), REPORT("blocked_uri", "chrome-extension://x"), NULL},
    {CATEGORY_SECURITY, NO_DEFAULTS("[\"example.com\"]"),
     REPORT("blocked_uri", "https://example.com:8080/x"), "invalid-csp"},
    {CATEGORY_SECURITY, NO_DEFAULTS("[\"https://example.com\"]"),
     REPORT("blocked_uri", "http://example.com/"), NULL},
    {CATEGORY_SECURITY, NO_DEFAULTS("[\"example.com:443\"]"),
     REPORT("blocked_uri", "https://example.com:443/"), "invalid-csp"},
    {CATEGORY_SECURITY, NO_DEFAULTS("[\"example.com:443\"]"),
     REPORT("blocked_uri", "https://example.com/"), NULL},
    {CATEGORY_SECURITY, NO_DEFAULTS("[\"*:8080\"]"), REPORT("blocked_uri", "http://a.b:8080"),
     "invalid-csp"},
    {CATEGORY_SECURITY, NO_DEFAULTS("[\"http://[::1]:8080\"]"),
     REPORT("blocked_uri", "http://[::1]:8080/x"), "invalid-csp"},
    {CATEGORY_SECURITY, NO_DEFAULTS("[\"*\"]"), REPORT("blocked_uri", "https://example.com/"),
     "invalid-csp"},
    {CATEGORY_SECURITY, SOURCES("\" a.com \\n\\nb.com\""), REPORT("blocked_uri", "http://b.com/"),
     "invalid-csp"},
    {CATEGORY_SECURITY, "{}", "{}", NULL},
    /* Not of other kinds. */
    {CATEGORY_ERROR, "{}", REPORT("blocked_uri", "chrome-extension://x"), NULL},
    /* Transactions. */
    {CATEGORY_TRANSACTION, "{}", NAMED("/healthz"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, "{}", NAMED("GET /api/HealthCheck/x"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, "{}", NAMED("/[_health]"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, "{}", NAMED("/ping"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, "{}", NAMED("/healthz/more"), NULL},
    {CATEGORY_TRANSACTION, "{}", NAMED("/shopping"), NULL},
    {CATEGORY_TRANSACTION, "{}", "{}", NULL},
    {CATEGORY_TRANSACTION, "{\"filters:filtered-transaction\":\"0\"}", NAMED("/healthz"), NULL},
    {CATEGORY_TRANSACTION, "{\"filters:filtered-transaction\":[\"health*\"]}",
     NAMED("health-check-1"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, "{\"filters:filtered-transaction\":[\"health*\"]}", NAMED("/healthz"),
     NULL},
    {CATEGORY_TRANSACTION, OWN, NAMED("health-check-1"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, OWN, NAMED("/healthz"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, OWN_ALONE, NAMED("HEALTH"), "filtered-transaction"},
    {CATEGORY_TRANSACTION, OWN_ALONE, NAMED("/healthz"), NULL},
    {CATEGORY_ERROR, OWN, NAMED("health-check-1"), NULL},
    {CATEGORY_ERROR, "{}", NAMED("/healthz"), NULL},
    {CATEGORY_TRANSACTION, ON("localhost"), URL("http://localhost/"), "localhost"},
    /* Replays. */
    {CATEGORY_REPLAY, ON("web-crawlers"), AGENT("BingBot/2.0"), "web-crawlers"},
    {CATEGORY_REPLAY, ON("localhost"), URL("http://localhost/"), "localhost"},
    {CATEGORY_REPLAY, RELEASES("[\"1\"]"), RELEASE("1"), "release-version"},
    {CATEGORY_REPLAY, "{\"sentry:blacklisted_ips\":[\"203.0.113.7\"]}", "{}", "ip-address"},
    /* What is never filtered. */
    {CATEGORY_SESSION, RELEASES("[\"1\"]"), RELEASE("1"), NULL},
    {CATEGORY_MONITOR, RELEASES("[\"1\"]"), RELEASE("1"), NULL},
    {CATEGORY_FEEDBACK, RELEASES("[\"1\"]"), RELEASE("1"), NULL},
};

START_TEST(looks_at_the_kind)
{
    check(kinds[_i].options, kinds[_i].payload, kinds[_i].category, kinds[_i].reason);
}
END_TEST

static const struct {
    const char *networks, *client;
    bool hit;
} addresses[] = {
    {"[\"127.43.41.0/24\"]", "127.43.41.31", true},
    {"[\"127.43.41.0/24\"]", "127.43.42.1", false},
    {"[\"10.0.0.1\",\"2001:db8::/32\"]", "2001:db8::7", true},
    {"\"10.0.0.1\\n10.0.0.2\"", "10.0.0.2", true},
    {"[\"x\",null,\"10.0.0.2\"]", "10.0.0.2", true},
    {"[]", "10.0.0.2", false},
    {"[\"0.0.0.0/0\"]", "", false},
};

START_TEST(filters_addresses)
{
    record.client_ip = str_of(addresses[_i].client);
    check(arena_printf(arena, "{\"sentry:blacklisted_ips\":%s}", addresses[_i].networks), "{}",
          CATEGORY_NONE, addresses[_i].hit ? "ip-address" : NULL);
}
END_TEST

/* ---- generic filters */

#define GLOB(name, value) "{\"op\":\"glob\",\"name\":\"" name "\",\"value\":" value "}"
#define EQ(name, value) "{\"op\":\"eq\",\"name\":\"" name "\",\"value\":" value "}"
#define GT(op, name, value) "{\"op\":\"" op "\",\"name\":\"" name "\",\"value\":" value "}"
#define ALL_OF(op, list) "{\"op\":\"" op "\",\"inner\":[" list "]}"
#define NOT(inner) "{\"op\":\"not\",\"inner\":" inner "}"
#define FOUR_NOT(inner) NOT(NOT(NOT(NOT(inner))))
#define OVER(op, name, inner) "{\"op\":\"" op "\",\"name\":\"" name "\",\"inner\":" inner "}"

static const char generic_event[] =
    "{\"release\":\"1.2.3\",\"environment\":\"Prod\",\"transaction\":\"/a\",\"tags\":{\"a.b\":"
    "\"x\"},\"start_timestamp\":1795252500,\"timestamp\":1795252502.5,\"level\":\"error\","
    "\"user\":{\"id\":\"7\"},\"request\":{\"headers\":{\"X-Test\":\"yes\"}},\"contexts\":{"
    "\"device\":{\"simulator\":true,\"battery_level\":42.5}},\"exception\":[{\"type\":\"A\","
    "\"value\":\"one\"},{\"type\":\"B\","
    "\"value\":\"two\"}]}";

static const struct {
    const char *condition;
    bool hit;
} conditions[] = {
    {GLOB("event.release", "[\"1.*\"]"), true},
    {GLOB("event.release", "[\"2.*\",\"1.2.?\"]"), true},
    {GLOB("event.release", "\"1.*\""), true},
    {GLOB("event.release", "[\"2.*\"]"), false},
    {GLOB("event.environment", "[\"PROD\"]"), true},
    {GLOB("event.dist", "[\"*\"]"), false},
    {EQ("event.environment", "\"Prod\""), true},
    {EQ("event.environment", "\"prod\""), false},
    {EQ("event.environment", "\"prod\",\"options\":{\"ignoreCase\":true}"), true},
    {EQ("event.environment", "[\"dev\",\"Prod\"]"), true},
    {EQ("event.environment", "[]"), false},
    {EQ("event.dist", "null"), true},
    {EQ("event.release", "null"), false},
    {EQ("event.tags.a.b", "\"x\""), true},
    {EQ("event.tags.a", "\"x\""), false},
    {EQ("event.request.headers.x-test", "\"yes\""), true},
    {EQ("event.user.id", "\"7\""), true},
    {EQ("event.contexts.device.simulator", "true"), true},
    {EQ("event.contexts.device.simulator", "false"), false},
    {EQ("event.contexts.device.battery_level", "42.5"), true},
    {EQ("trace.environment", "\"prod\""), true},
    {EQ("trace.release", "\"1.2.3\""), false},
    {EQ("other.release", "\"1.2.3\""), false},
    {EQ("release", "\"1.2.3\""), false},
    {GT("gt", "event.duration", "2499"), true},
    {GT("gt", "event.duration", "2500"), false},
    {GT("gte", "event.duration", "2500"), true},
    {GT("lt", "event.duration", "2500"), false},
    {GT("lt", "event.duration", "2501"), true},
    {GT("lte", "event.contexts.device.battery_level", "42.5"), true},
    {GT("lte", "event.measurements.fcp.value", "2500"), false},
    {GT("gt", "event.release", "\"1.1\""), true},
    {GT("gt", "event.release", "7"), false},
    {ALL_OF("and", EQ("event.level", "\"error\"") "," EQ("event.transaction", "\"/a\"")), true},
    {ALL_OF("and", EQ("event.level", "\"error\"") "," EQ("event.transaction", "\"/b\"")), false},
    {ALL_OF("and", ""), true},
    {ALL_OF("or", EQ("event.level", "\"info\"") "," EQ("event.transaction", "\"/a\"")), true},
    {ALL_OF("or", ""), false},
    {NOT(EQ("event.level", "\"info\"")), true},
    {NOT(EQ("event.level", "\"error\"")), false},
    {OVER("any", "event.exceptions", EQ("ty", "\"B\"")), true},
    {OVER("any", "event.exceptions", GLOB("value", "[\"t*\"]")), true},
    {OVER("any", "event.exception.values", EQ("ty", "\"C\"")), false},
    {OVER("all", "event.exceptions", GLOB("value", "[\"*o*\"]")), true},
    {OVER("all", "event.exceptions", EQ("ty", "\"B\"")), false},
    {OVER("all", "event.threads.values", EQ("ty", "\"B\"")), false},
    /* What is not understood hits nothing, nor does its contrary. */
    {"{\"op\":\"near\",\"name\":\"event.release\",\"value\":1}", false},
    {NOT("{\"op\":\"near\",\"name\":\"event.release\",\"value\":1}"), false},
    {ALL_OF("or", EQ("event.level", "\"error\"") ",{}"), false},
    {"{\"op\":\"eq\",\"name\":\"event.dist\"}", false},
    {"{\"op\":\"and\",\"inner\":{}}", false},
    {"{\"op\":\"not\"}", false},
    {"5", false},
    {FOUR_NOT(FOUR_NOT(ALL_OF("and", ""))), true},
    {FOUR_NOT(FOUR_NOT(FOUR_NOT(ALL_OF("and", "")))), false},
};

START_TEST(evaluates_conditions)
{
    const char *options = arena_printf(
        arena, "{\"filters:generic\":[{\"id\":\"mine\",\"isEnabled\":true,\"condition\":%s}]}",
        conditions[_i].condition);
    check(options, generic_event, CATEGORY_NONE, conditions[_i].hit ? "mine" : NULL);
}
END_TEST

#define GENERIC(id, enabled, condition)                                                            \
    "{\"id\":\"" id "\",\"isEnabled\":" enabled ",\"condition\":" condition "}"
#define MATCHING EQ("event.level", "\"error\"")

START_TEST(takes_generic_filters_in_order)
{
    check("{\"filters:generic\":[" GENERIC("a", "false", MATCHING) "," GENERIC(
              "b", "true", MATCHING) "," GENERIC("c", "true", MATCHING) "]}",
          generic_event, CATEGORY_NONE, "b");
    check("{\"sentry:releases\":[\"*\"],\"filters:generic\":[" GENERIC("x", "true", MATCHING) "]}",
          generic_event, CATEGORY_NONE, "x");
    check("{\"filters:generic\":5}", generic_event, CATEGORY_NONE, NULL);
    check("{\"filters:generic\":[5,{}," GENERIC("", "true", MATCHING) "]}", generic_event,
          CATEGORY_NONE, NULL);
}
END_TEST

START_TEST(needs_no_options)
{
    const struct filter_settings *s = filter_settings_read(arena, NULL);
    struct filter_subject subject = {.category = CATEGORY_TRANSACTION,
                                     .event = tree_of("{\"transaction\":\"/healthz\"}")};
    ck_assert_text(filter_event(arena, s, &subject), "filtered-transaction");
    subject.event = tree_of("{}");
    ck_assert_ptr_null(filter_event(arena, s, &subject).p);
}
END_TEST

/* Reports as browsers send them, normalised elsewhere: the default list knows the extension. */
START_TEST(knows_reports_of_browsers)
{
    struct str json;
    const char *error = NULL;
    const struct filter_settings *s = filter_settings_read(arena, NULL);
    if (!shared_file(arena, "data/ingest/security/csp.normalized.output.json", &json))
        return;
    struct filter_subject subject = {.category = CATEGORY_SECURITY,
                                     .event = jt_read(arena, json, 64, &error)};
    ck_assert_ptr_null(filter_event(arena, s, &subject).p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, filters_events, 0, COUNT_OF(cases));
    tcase_add_loop_test(tc, filters_legacy_browsers, 0, COUNT_OF(browsers));
    tcase_add_loop_test(tc, looks_at_the_kind, 0, COUNT_OF(kinds));
    tcase_add_loop_test(tc, filters_addresses, 0, COUNT_OF(addresses));
    tcase_add_loop_test(tc, evaluates_conditions, 0, COUNT_OF(conditions));
    tcase_add_test(tc, takes_generic_filters_in_order);
    tcase_add_test(tc, needs_no_options);
    tcase_add_test(tc, knows_reports_of_browsers);
}

int main(void)
{
    return suite_run("filter", add_tests);
}
