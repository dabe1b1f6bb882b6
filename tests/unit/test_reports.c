/* What browsers report by themselves, and what users say, as events. */
#include "tests/unit/shared.h"
#include "tests/unit/understand.h"

#define CHROME                                                                                     \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "            \
    "Chrome/74.0.3729.169 Safari/537.36"
#define RELEASE "01d5c3165d9fbc5c8bdcf9550a1d6793a80fc02b"

static struct event_refusal refusal;

static bool report(enum item_type type, struct str payload)
{
    struct log_item item = {.type = type,
                            .payload = payload,
                            .header = S("{\"sentry_release\":\"" RELEASE "\","
                                        "\"sentry_environment\":\"production\","
                                        "\"client_hints\":{\"Sec-Ch-Ua-Model\":\"Pixel\"}}")};
    record.user_agent = S(CHROME);
    refusal = (struct event_refusal){0};
    return understand_item(&item, &refusal);
}

static bool csp(const char *fields)
{
    return report(ITEM_RAW_SECURITY, str_of(arena_printf(arena, "{\"csp-report\":{%s}}", fields)));
}

static struct str message(void)
{
    return jt_get_str(jt_get(body, S("logentry")), S("formatted"));
}

static struct str json_of(const struct jt *v)
{
    struct buf out;
    struct jw w;
    buf_init(&out, 1 << 20);
    jw_begin(&w, &out);
    jt_write(&w, v);
    struct str text = arena_str(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static struct str tag(const char *name)
{
    for (size_t i = 0; i < event.tag_count; i++)
        if (str_eq(event.tags[i].key, str_of(name)))
            return event.tags[i].value;
    return (struct str){0};
}

/* ---- the samples of Relay */

static const char *const samples[] = {
    "csp",
    "csp_chrome",
    "csp_chrome_blocked_asset",
    "csp_firefox_blocked_asset",
    "expect_ct",
    "expect_staple",
    "hpkp",
};

/* Members of `expected` are in `actual`, and are the same. */
static void compare(const struct jt *expected, const struct jt *actual, struct str where)
{
    if (expected->kind != JT_OBJECT) {
        struct str one = json_of(expected), two = json_of(actual);
        ck_assert_msg(str_eq(one, two), "%.*s: expected %.*s, got %.*s", STR_ARG(where),
                      STR_ARG(one), STR_ARG(two));
        return;
    }
    for (const struct jt *v = expected->first; v; v = v->next)
        compare(v, jt_get(actual, v->key), v->key);
}

static void compare_member(const struct jt *expected, const char *key)
{
    const struct jt *wanted = jt_get(expected, str_of(key));
    if (wanted)
        compare(wanted, jt_get(body, str_of(key)), str_of(key));
}

static void compare_headers(const struct jt *expected)
{
    const struct jt *headers = jt_get(jt_get(expected, S("request")), S("headers"));
    struct str got = json_of(jt_get(jt_get(body, S("request")), S("headers")));
    for (const struct jt *header = headers->first; header; header = header->next) {
        struct str wanted = json_of(header);
        ck_assert_msg(str_has(got, wanted), "%.*s lacks %.*s", STR_ARG(got), STR_ARG(wanted));
    }
    ck_assert(str_has(got, S("[\"Sec-Ch-Ua-Model\",\"Pixel\"]")));
}

START_TEST(samples_become_their_events)
{
    static const char *const members[] = {"type",    "csp",          "hpkp",        "expectct",
                                          "culprit", "expectstaple", "environment", "release",
                                          "logger",  "logentry"};
    const char *error;
    struct str input, output;
    const char *folder = "data/ingest/security/";
    if (!shared_file(arena, arena_printf(arena, "%s%s.input.json", folder, samples[_i]), &input) ||
        !shared_file(arena,
                     arena_printf(arena, "%s%s.no_processing.output.json", folder, samples[_i]),
                     &output))
        return;
    const struct jt *expected = jt_read(arena, output, 64, &error);
    ck_assert(report(ITEM_RAW_SECURITY, input));
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        compare_member(expected, members[i]);
    compare_headers(expected);
    compare(jt_get(jt_get(expected, S("contexts")), S("browser")),
            understood_node("contexts.browser"), S("browser"));
    for (const struct jt *pair = jt_get(expected, S("tags"))->first; pair; pair = pair->next)
        ck_assert(str_eq(tag(arena_strdup(arena, jt_str(pair->first))), jt_str(pair->last)));
    ck_assert_text(jt_str(understood_node("request.url")),
                   arena_strdup(arena, jt_get_str(jt_get(expected, S("request")), S("url"))));
    ck_assert_int_eq(event.category, CATEGORY_SECURITY);
}
END_TEST

/* ---- policies of content */

static const struct {
    const char *effective, *violated, *blocked, *message;
} blocked[] = {
    {"script-src", "script-src 'unsafe-inline'", "self", "Blocked unsafe inline 'script'"},
    {"script-src", "script-src 'unsafe-eval'", "self", "Blocked unsafe eval() 'script'"},
    {"script-src", "script-src example.com", "", "Blocked unsafe (eval() or inline) 'script'"},
    {"script-src", "script-src", "data", "Blocked 'script' from 'data:'"},
    {"style-src-elem", "style-src-elem", "http://localhost:8000/lol.css",
     "Blocked 'style' from 'localhost:8000'"},
    {"style-src-elem", "", "'self'", "Blocked 'style' or 'link' element"},
    {"img-src", "img-src", "data:text/plain,x", "Blocked 'image' from 'data:'"},
    {"img-src", "img-src", "https", "Blocked 'image' from 'https://'"},
    {"img-src", "img-src", "https://user@a.example/b?c", "Blocked 'image' from 'a.example'"},
    {"connect-src", "connect-src", "wss://a.example/b", "Blocked 'connect' from 'wss://a.example'"},
    {"connect-src", "connect-src", "self", "Blocked inline 'connect'"},
    {"form-action", "form-action", "https://a.example", "Blocked 'form' action to 'a.example'"},
    {"frame-ancestors", "frame-ancestors", "https://a.example",
     "Blocked 'frame-ancestors' from 'a.example'"},
    {"", "worker-src blob:", "self", "Blocked inline 'worker-src'"},
    {"no-such-src", "font-src x", "https://a.example", "Blocked 'font' from 'a.example'"},
};

START_TEST(blocked_things_are_told)
{
    const char *fields = arena_printf(
        arena,
        "\"effective-directive\":\"%s\",\"violated-directive\":\"%s\",\"blocked-uri\":\"%s\"",
        blocked[_i].effective, blocked[_i].violated, blocked[_i].blocked);
    ck_assert(csp(fields));
    ck_assert_text(message(), blocked[_i].message);
    ck_assert_text(event.title, blocked[_i].message);
}
END_TEST

START_TEST(what_is_not_told_is_the_page_itself)
{
    ck_assert(csp("\"violated-directive\":\"img-src\""));
    ck_assert_text(message(), "Blocked inline 'image'");
    ck_assert_text(jt_str(understood_node("csp.blocked_uri")), "self");
}
END_TEST

START_TEST(the_own_host_reads_self)
{
    ck_assert(
        csp("\"effective-directive\":\"img-src\",\"document-uri\":\"http://example.com/p\","
            "\"violated-directive\":\"img-src https://cdn.example.com/ http://example.com\""));
    ck_assert_text(event.culprit, "img-src https://cdn.example.com/ 'self'");
}
END_TEST

START_TEST(card_numbers_do_not_stay)
{
    ck_assert(csp("\"effective-directive\":\"connect-src\","
                  "\"blocked-uri\":\"https://api.stripe.com/v1/tokens?card[number]=1#a\""));
    ck_assert_text(tag("blocked-uri"), "https://api.stripe.com/v1/tokens");
}
END_TEST

START_TEST(numbers_may_be_texts)
{
    ck_assert(csp("\"effective-directive\":\"img-src\",\"status-code\":\"200\","
                  "\"line-number\":\"17\",\"column-number\":[],\"disposition\":7"));
    ck_assert_text(understood_at("csp.status_code"), "200");
    ck_assert_text(understood_at("csp.line_number"), "17");
    ck_assert_ptr_null(understood_node("csp.column_number"));
    ck_assert_ptr_null(understood_node("csp.disposition"));
}
END_TEST

START_TEST(the_reporting_api_wraps)
{
    ck_assert(report(ITEM_RAW_SECURITY,
                     S("{\"type\":\"csp-violation\",\"url\":\"https://a.example/\",\"age\":1,"
                       "\"body\":{\"documentURL\":\"https://a.example/\",\"referrer\":\"\","
                       "\"effectiveDirective\":\"script-src-elem\",\"statusCode\":200,"
                       "\"blockedURL\":\"http://evil.example/x.js\",\"sample\":\"alert\"}}")));
    ck_assert_text(message(), "Blocked 'script' from 'evil.example'");
    ck_assert_text(jt_str(understood_node("csp.script_sample")), "alert");
    ck_assert_text(jt_str(understood_node("request.url")), "https://a.example/");
}
END_TEST

static const struct {
    enum item_type type;
    const char *payload;
    enum outcome verdict;
    const char *reason;
} refused[] = {
    {ITEM_RAW_SECURITY, "{\"type\":\"deprecation\",\"body\":{}}", OUTCOME_FILTERED, "invalid-csp"},
    {ITEM_RAW_SECURITY, "{\"something\":{}}", OUTCOME_INVALID, "security_report_type"},
    {ITEM_RAW_SECURITY, "{}", OUTCOME_INVALID, "security_report_type"},
    {ITEM_RAW_SECURITY, "[]", OUTCOME_INVALID, "security_report"},
    {ITEM_RAW_SECURITY, "", OUTCOME_INVALID, "security_report"},
    {ITEM_RAW_SECURITY, "{\"csp-report\":", OUTCOME_INVALID, "security_report"},
    {ITEM_RAW_SECURITY, "{\"csp-report\":7}", OUTCOME_INVALID, "security_report"},
    {ITEM_RAW_SECURITY, "{\"type\":\"csp-violation\"}", OUTCOME_INVALID, "security_report"},
    {ITEM_RAW_SECURITY, "{\"csp-report\":{\"effective-directive\":\"none-src\"}}", OUTCOME_INVALID,
     "security_report"},
    {ITEM_NEL, "7", OUTCOME_INVALID, "invalid_json"},
    {ITEM_NEL, "{\"body\":[]}", OUTCOME_INVALID, "invalid_json"},
    {ITEM_FEEDBACK, "{}", OUTCOME_INVALID, "missing_context"},
    {ITEM_FEEDBACK, "{\"contexts\":{\"feedback\":{\"message\":\" \"}}}", OUTCOME_INVALID, "empty"},
    {ITEM_FEEDBACK, "{\"contexts\":{\"feedback\":{\"message\":\"Sent in the unattended mode\"}}}",
     OUTCOME_INVALID, "unreal.unattended"},
    {ITEM_FEEDBACK,
     "{\"contexts\":{\"feedback\":{\"message\":\"a\",\"associated_event_id\":\"b\"}}}",
     OUTCOME_INVALID, "invalid_associated_event_id"},
    {ITEM_FEEDBACK, "[", OUTCOME_INVALID, "invalid_json"},
    {ITEM_SECURITY, "", OUTCOME_INVALID, "no_data"},
};

START_TEST(others_are_refused)
{
    ck_assert(!report(refused[_i].type, str_of(refused[_i].payload)));
    ck_assert_int_eq(refusal.verdict, refused[_i].verdict);
    ck_assert_text(refusal.reason, refused[_i].reason);
}
END_TEST

/* ---- network errors */

#define NEL(type, status)                                                                          \
    "{\"age\":60000,\"type\":\"network-error\",\"url\":\"https://a.example/b?c=d\",\"body\":{"     \
    "\"type\":\"" type "\",\"phase\":\"application\",\"status_code\":" status                      \
    ",\"server_ip\":\"10.0.0.1\",\"elapsed_time\":37,\"method\":\"GET\",\"protocol\":\"h2\","      \
    "\"referrer\":\"https://c.example/\",\"sampling_fraction\":0.5}}"

START_TEST(network_errors_become_events)
{
    ck_assert(report(ITEM_NEL, S(NEL("http.error", "500"))));
    ck_assert_text(event.type, "nel");
    ck_assert_int_eq(event.category, CATEGORY_ERROR);
    ck_assert_text(event.logger, "nel");
    ck_assert_text(event.title, "application / http.error (500)");
    ck_assert_text(event.culprit, "The server answered with an error");
    ck_assert_text(
        understood_at("contexts.nel"),
        "{\"error_type\":\"http.error\",\"server_ip\":\"10.0.0.1\",\"phase\":"
        "\"application\",\"elapsed_time\":37,\"sampling_fraction\":0.5,\"type\":\"nel\"}");
    ck_assert_text(understood_at("contexts.response.status_code"), "500");
    ck_assert_text(jt_str(understood_node("request.method")), "GET");
    ck_assert_text(jt_str(understood_node("user.ip_address")), "203.0.113.7");
    ck_assert_int_eq(event.timestamp, record.received - 60 * (int64_t)CLOCK_SECOND);
}
END_TEST

START_TEST(network_errors_may_lack_a_status)
{
    ck_assert(report(ITEM_NEL, S(NEL("tcp.reset", "0"))));
    ck_assert_text(event.title, "application / tcp.reset");
    ck_assert_ptr_null(understood_node("contexts.response"));
    ck_assert(report(ITEM_NEL, S("{\"body\":{}}")));
    ck_assert(event.title.n);
}
END_TEST

/* ---- feedback */

START_TEST(feedback_is_an_issue_of_its_own)
{
    ck_assert(
        report(ITEM_FEEDBACK,
               S("{\"contexts\":{\"feedback\":{\"message\":\"It is\\nslow\",\"contact_email\":"
                 "\"a@b.example\",\"name\":\"A\",\"associated_event_id\":"
                 "\"fc6d8c0c43fc4630ad850ee518f1b9d0\"}}}")));
    ck_assert_text(event.type, "feedback");
    ck_assert_text(event.title, "User Feedback: It is");
    ck_assert_text(event.culprit, "user");
    ck_assert_text(event.environment, "production");
    ck_assert_int_eq(event.level, LEVEL_INFO);
    ck_assert_text(tag("has_linked_error"), "true");
    ck_assert_text(jt_str(understood_node("user.email")), "a@b.example");
    struct grouping_hash first = event.hashes[0];
    uuid_parse(S("fc6d8c0c43fc4630ad850ee518f1b9d1"), &record.event_id);
    ck_assert(
        report(ITEM_FEEDBACK, S("{\"contexts\":{\"feedback\":{\"message\":\"It is\\nslow\"}}}")));
    ck_assert_mem_ne(&first, &event.hashes[0], sizeof(first));
    ck_assert_text(tag("has_linked_error"), "false");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, samples_become_their_events, 0, COUNT_OF(samples));
    tcase_add_loop_test(tc, blocked_things_are_told, 0, COUNT_OF(blocked));
    tcase_add_test(tc, what_is_not_told_is_the_page_itself);
    tcase_add_test(tc, the_own_host_reads_self);
    tcase_add_test(tc, card_numbers_do_not_stay);
    tcase_add_test(tc, numbers_may_be_texts);
    tcase_add_test(tc, the_reporting_api_wraps);
    tcase_add_loop_test(tc, others_are_refused, 0, COUNT_OF(refused));
    tcase_add_test(tc, network_errors_become_events);
    tcase_add_test(tc, network_errors_may_lack_a_status);
    tcase_add_test(tc, feedback_is_an_issue_of_its_own);
}

int main(void)
{
    return suite_run("reports", add_tests);
}
