/* What arrives by other addresses than an SDK's: check-ins by URL, OpenTelemetry, reports of
 * people, the loader script. */
#include <stdio.h>

#include "base/bind.h"
#include "base/fault.h"
#include "tests/unit/ingest.h"
#include "tests/unit/shared.h"

/* ---- check-ins */

#define CRON "/api/42/cron/nightly/"
#define NIGHTLY "\"monitor_slug\":\"nightly\"}"

static const struct {
    const char *method, *uri, *auth, *type, *body;
    int status;
    const char *expected; /* the item's payload, or a part of the refusal */
} check_ins[] = {
    {"GET", CRON KEY "/?status=in_progress", NULL, NULL, NULL, 202,
     "{\"status\":\"in_progress\"," NIGHTLY},
    {"GET",
     CRON KEY "?status=ok&environment=staging&duration=12.5&check_in_id=01234567-89ab-cdef-0123-"
              "456789abcdef",
     NULL, NULL, NULL, 202,
     "{\"check_in_id\":\"01234567-89ab-cdef-0123-456789abcdef\",\"status\":\"ok\","
     "\"environment\":\"staging\",\"duration\":12.5," NIGHTLY},
    {"GET", CRON "?sentry_key=" KEY "&status=ok", NULL, NULL, NULL, 202,
     "{\"status\":\"ok\"," NIGHTLY},
    {"POST", CRON "?status=ok", SENTRY(KEY), NULL, NULL, 202, "{\"status\":\"ok\"," NIGHTLY},
    {"POST", CRON KEY "/?status=ok", NULL, "text/plain", "whatever", 202,
     "{\"status\":\"ok\"," NIGHTLY},
    {"POST", CRON KEY "/", NULL, "application/json; charset=utf-8",
     "{\"monitor_slug\":\"other\",\"status\":\"ok\",\"monitor_config\":{\"schedule\":{}}}", 202,
     "{\"monitor_slug\":\"nightly\",\"status\":\"ok\",\"monitor_config\":{\"schedule\":{}}}"},
    {"GET", CRON KEY "/?status=ok&sentry_key=" KEY, NULL, NULL, NULL, 401,
     "multiple authorization payloads detected"},
    {"GET", CRON KEY "/?status=ok", SENTRY(KEY), NULL, NULL, 401,
     "multiple authorization payloads detected"},
    {"GET", CRON "?status=ok", NULL, NULL, NULL, 401, "missing authorization information"},
    {"GET", CRON "tooshort/?status=ok", NULL, NULL, NULL, 400, "bad sentry DSN public key"},
    {"GET", "/api/43/cron/nightly/" KEY "/?status=ok", NULL, NULL, NULL, 403,
     "with_reason: ProjectId"},
    {"GET", CRON KEY "/", NULL, NULL, NULL, 400, "invalid query parameter status"},
    {"GET", CRON KEY "/?status=ok&duration=1e999", NULL, NULL, NULL, 400, "parameter duration"},
    {"GET", CRON KEY "/?status=ok&duration=fast", NULL, NULL, NULL, 400, "parameter duration"},
    {"GET", CRON KEY "/?status=ok&check_in_id=1", NULL, NULL, NULL, 400, "parameter check_in_id"},
    {"POST", CRON KEY "/", NULL, "application/json", "{\"status\"", 400, "invalid JSON data"},
    {"POST", CRON KEY "/", NULL, "application/json", "[]", 400, "invalid JSON data"},
};

START_TEST(check_ins_by_url)
{
    struct ask q = {
        .method = check_ins[_i].method, .uri = check_ins[_i].uri, .type = check_ins[_i].type};
    q.body = check_ins[_i].body ? str_of(check_ins[_i].body) : (struct str){0};
    if (check_ins[_i].auth)
        ask_header(&q, "HTTP_X_SENTRY_AUTH", check_ins[_i].auth);
    expect(serve(&q), check_ins[_i].status,
           check_ins[_i].status == 202 ? "" : check_ins[_i].expected);
    struct kept k = kept();
    ck_assert_uint_eq(k.count, check_ins[_i].status == 202);
    if (k.count == 0)
        return;
    ck_assert_int_eq(k.records[0].items[0].type, ITEM_CHECK_IN);
    ck_assert_text(k.records[0].items[0].payload, check_ins[_i].expected);
    ck_assert_text(k.records[0].client, check_ins[_i].auth ? "test/1.0" : "relay-http");
}
END_TEST

/* ---- OpenTelemetry */

#define TRACES "/api/42/integration/otlp/v1/traces"
#define SPAN "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"n\"}]}]}]}"

static struct request *post_otlp(const char *uri, const char *type, struct str body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST", .uri = uri, .body = body, .type = type};
    ask_header(q, "HTTP_X_SENTRY_AUTH", "sentry sentry_key=" KEY);
    return serve(q);
}

START_TEST(otlp_becomes_a_container)
{
    expect(post_otlp(TRACES, "application/json", S(SPAN)), 202, "");
    expect(post_otlp("/api/42/otlp/v1/traces/", "application/json;charset=utf-8", S(SPAN)), 202,
           "");
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 2);
    const struct log_item *item = &k.records[1].items[0];
    ck_assert_int_eq(item->type, ITEM_SPAN);
    ck_assert_uint_eq(item->quantity, 1);
    ck_assert_text(item->header, "{\"type\":\"span\",\"item_count\":1,\"content_type\":"
                                 "\"application/vnd.sentry.items.span.v2+json\"}");
    ck_assert(
        str_starts(item->payload, S("{\"version\":2,\"ingest_settings\":{\"infer_ip\":\"never\","
                                    "\"infer_user_agent\":\"never\"},\"items\":[{\"name\":\"n\"")));
}
END_TEST

START_TEST(otlp_logs_of_a_real_exporter)
{
    struct str body;
    if (!shared_file(arena, "data/corpus/dev/opentelemetry-js/otlp-logs-proto/0001.body", &body))
        return;
    expect(post_otlp("/api/42/integration/otlp/v1/logs", "application/x-protobuf", body), 202, "");
    const struct log_item *item = only_item();
    ck_assert_int_eq(item->type, ITEM_LOG);
    ck_assert_uint_eq(item->quantity, 2);
    ck_assert(str_has(item->header, S("application/vnd.sentry.items.log+json")));
}
END_TEST

START_TEST(otlp_that_is_refused)
{
    expect(post_otlp(TRACES, "text/plain", S(SPAN)), 415, "");
    expect(post_otlp(TRACES, "application/json", S("{\"resourceSpans\":[")), 400,
           "invalid OTLP data");
    expect(post_otlp(TRACES, "application/x-protobuf", S(SPAN)), 400, "broken protobuf");
    expect(post_otlp("/api/42/integration/otlp/v1/metrics", "application/json", S("{}")), 404, "");
    expect(post_otlp(TRACES, "application/json", S("{}")), 202, "");
    ck_assert_uint_eq(kept().count, 0);
}
END_TEST

static struct str many_spans(int count)
{
    struct buf to;
    buf_init(&to, 1 << 20);
    buf_puts(&to, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{}");
    for (int i = 1; i < count; i++)
        buf_puts(&to, ",{}");
    buf_puts(&to, "]}]}]}");
    struct str body = arena_str(arena, buf_str(&to));
    buf_free(&to);
    return body;
}

/* Each container is a record of its own with an id of its own, the same whenever the request comes.
 */
START_TEST(many_spans_become_several_records)
{
    uint64_t spans = 0;
    for (int i = 0; i < 2; i++)
        expect(post_otlp(TRACES, "application/json", many_spans(2500)), 202, "");
    struct kept k = kept();
    ck_assert_uint_ge(k.count, 6);
    for (size_t i = 0; i < k.count; i++) {
        spans += k.records[i].items[0].quantity;
        for (size_t other = 0; other < i; other++)
            ck_assert_int_eq(uuid_eq(k.records[i].request_id, k.records[other].request_id),
                             other + k.count / 2 == i);
    }
    ck_assert_uint_eq(spans, 5000);
}
END_TEST

START_TEST(an_outage_of_the_log_is_said_once)
{
    expect(post_otlp(TRACES, "application/json", many_spans(2500)), 202, "");
    fault_set("sync_fails");
    struct request *rq = post_otlp(TRACES, "application/json", many_spans(2500));
    fault_set(NULL);
    expect(rq, 503, "failed to queue envelope");
    ck_assert(ask_reply_header(rq, "Retry-After").n > 0);
}
END_TEST

START_TEST(a_span_too_large_is_counted)
{
    char *name = arena_alloc(arena, 600 << 10);
    memset(name, 'x', (600 << 10) - 1);
    const char *body = arena_printf(
        arena, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"%s\"}]}]}]}", name);
    expect(post_otlp(TRACES, "application/json", str_of(body)), 202, "");
    struct log_item outcome = only_outcome();
    ck_assert_int_eq(outcome.type, ITEM_SPAN);
    ck_assert_text(outcome.reason, "too_large:span");
    ck_assert_uint_eq(outcome.quantity, 1);
}
END_TEST

/* ---- quotas: of spans one is told, of logs and check-ins nobody is */

static void forbid(const char *category)
{
    ck_assert(pg_script(db, arena_printf(arena,
                                         "insert into quota (organization_id, project_id, "
                                         "categories, period, most, date_created) values (1, 42, "
                                         "'{%s}', 'day', 0, now())",
                                         category)));
    quotas_refresh(ingest.quotas, db, arena);
    ck_assert_int_eq(pg_failed(db), PG_OK);
}

static void expect_counted(enum item_type type, uint64_t quantity)
{
    struct log_item outcome = only_outcome();
    ck_assert_uint_eq(kept().count, 1);
    ck_assert_int_eq(outcome.type, type);
    ck_assert_int_eq(outcome.verdict, OUTCOME_RATE_LIMITED);
    ck_assert_uint_eq(outcome.quantity, quantity);
}

START_TEST(spans_over_a_quota)
{
    forbid("span");
    struct request *rq = post_otlp(TRACES, "application/json", many_spans(2500));
    expect(rq, 429, "Sentry dropped data");
    ck_assert(str_has(ask_reply_header(rq, "X-Sentry-Rate-Limits"), S("span")));
    expect_counted(ITEM_SPAN, 2500);
}
END_TEST

START_TEST(logs_over_a_quota)
{
    forbid("log_item");
    struct str body = S("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{},{}]}]}]}");
    expect(post_otlp("/api/42/integration/otlp/v1/logs", "application/json", body), 202, "");
    struct log_item bytes = only_outcome();
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 2);
    ck_assert_int_eq(k.records[0].items[0].type, ITEM_LOG);
    ck_assert_int_eq(k.records[0].items[0].verdict, OUTCOME_RATE_LIMITED);
    ck_assert_uint_eq(k.records[0].items[0].quantity, 2);
    ck_assert_int_eq(bytes.category, CATEGORY_LOG_BYTE);
    ck_assert_uint_gt(bytes.quantity, 2);
}
END_TEST

START_TEST(check_ins_over_a_quota)
{
    forbid("monitor");
    expect(ask_plain("GET", CRON KEY "/?status=ok"), 202, "");
    expect_counted(ITEM_CHECK_IN, 1);
}
END_TEST

/* ---- reports of people */

#define EVENT_ID "9ec79c33ec9942ab8353589fcb2e04dc"
#define DIALOG "/api/embed/error-page/?dsn=https://" KEY "@host/42&eventId=" EVENT_ID
#define ADA "name=Ada&email=ada%40example.com&comments=it+broke"

START_TEST(the_dialog)
{
    struct request *rq = ask_plain("GET", DIALOG "&lang=de&title=Oh");
    expect(rq, 200, "__sentry_reportdialog_closed__");
    ck_assert(str_starts(ask_reply_header(rq, "Content-Type"), S("text/javascript")));
    ck_assert_uint_eq(kept().count, 0);
}
END_TEST

static struct request *post_form(const char *uri, const char *form)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST",
                      .uri = uri,
                      .body = str_of(form),
                      .type = "application/x-www-form-urlencoded"};
    return serve(q);
}

START_TEST(the_dialog_s_report)
{
    expect(post_form(DIALOG, ADA "&more=x"), 200, "{}");
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 1);
    ck_assert_text(uuid_text(arena, k.records[0].event_id), EVENT_ID);
    ck_assert_int_eq(k.records[0].items[0].type, ITEM_USER_REPORT);
    ck_assert_text(k.records[0].items[0].payload,
                   "{\"event_id\":\"" EVENT_ID "\",\"name\":\"Ada\",\"email\":\"ada@example.com\","
                   "\"comments\":\"it broke\"}");
}
END_TEST

static const struct {
    const char *uri, *form;
    int status;
    const char *answer;
} wrong_dialogs[] = {
    {"/api/embed/error-page/?dsn=https://" KEY "@host/42", ADA, 400,
     "{\"eventId\":\"Missing or invalid parameter.\"}"},
    {"/api/embed/error-page/?eventId=" EVENT_ID, ADA, 404,
     "{\"dsn\":\"Missing or invalid parameter.\"}"},
    {"/api/embed/error-page/?dsn=https://" DISABLED "@host/42&eventId=" EVENT_ID, ADA, 404,
     "\"dsn\""},
    {"/api/embed/error-page/?dsn=https://" KEY "@host/43&eventId=" EVENT_ID, ADA, 404, "\"dsn\""},
    {DIALOG, "", 400,
     "{\"errors\":{\"name\":[\"This field is required.\"],\"email\":[\"This field is required.\"],"
     "\"comments\":[\"This field is required.\"]}}"},
    {DIALOG, "name=Ada&email=ada&comments=x", 400,
     "{\"errors\":{\"email\":[\"Enter a valid email address.\"]}}"},
    {DIALOG, "name=Ada&email=a@b@c.de&comments=x", 400, "Enter a valid email address."},
    {DIALOG, "name=Ada&email=a+b@c.de&comments=x", 400, "Enter a valid email address."},
    {DIALOG, "name=Ada&email=a@c.&comments=x", 400, "Enter a valid email address."},
    {DIALOG, "name=Ada&email=a@c.de&comments=+%0A", 400,
     "{\"errors\":{\"comments\":[\"This field is required.\"]}}"},
    {DIALOG,
     "name=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
     "890123456789012345678901234567890123456789&email=a@c.de&comments=x",
     400,
     "{\"errors\":{\"name\":[\"Ensure this value has at most 128 characters (it has 130).\"]}}"},
};

START_TEST(dialogs_that_are_refused)
{
    expect(post_form(wrong_dialogs[_i].uri, wrong_dialogs[_i].form), wrong_dialogs[_i].status,
           wrong_dialogs[_i].answer);
    ck_assert_uint_eq(kept().count, 0);
}
END_TEST

START_TEST(a_script_tag_gets_an_empty_script)
{
    struct ask q = {.method = "GET", .uri = "/api/embed/error-page/?eventId=" EVENT_ID};
    ask_header(&q, "HTTP_ACCEPT", "text/javascript");
    struct request *rq = serve(&q);
    ck_assert_int_eq(rq->status, 404);
    ck_assert_uint_eq(ask_body(rq).n, 0);
    ck_assert_text(ask_reply_header(rq, "Content-Type"), "text/javascript");
}
END_TEST

START_TEST(a_dialog_of_a_page_that_may_not_send)
{
    struct ask q = {.method = "GET",
                    .uri =
                        "/api/embed/error-page/?dsn=https://" CLOSED "@host/43&eventId=" EVENT_ID};
    ask_header(&q, "HTTP_ORIGIN", "https://evil.com");
    expect(serve(&q), 403, "with_reason: Cors");
}
END_TEST

#define FEEDBACK "/api/0/projects/o/a/user-feedback/"
#define ADA_JSON(id)                                                                               \
    "{\"event_id\":\"" id                                                                          \
    "\",\"name\":\"Ada\",\"email\":\"ada@example.com\",\"comments\":\"by api\"}"

static const struct {
    const char *uri, *authorization, *body;
    int status;
    const char *answer;
} feedbacks[] = {
    {FEEDBACK, "DSN https://" KEY "@host/42", ADA_JSON(EVENT_ID), 200,
     "\"eventID\":\"" EVENT_ID "\""},
    {"/api/0/projects/1/42/user-feedback", "dsn https://" KEY "@host/42", ADA_JSON(EVENT_ID), 200,
     "\"comments\":\"by api\""},
    {FEEDBACK, "DSN https://" KEY "@host/43", ADA_JSON(EVENT_ID), 403, "with_reason: ProjectId"},
    {FEEDBACK, "DSN nonsense", ADA_JSON(EVENT_ID), 401, "missing authorization"},
    {FEEDBACK, NULL, ADA_JSON(EVENT_ID), 401, "missing authorization"},
    {"/api/0/projects/o/b/user-feedback/", "DSN https://" KEY "@host/42", ADA_JSON(EVENT_ID), 404,
     ""},
    {"/api/0/projects/p/a/user-feedback/", "DSN https://" KEY "@host/42", ADA_JSON(EVENT_ID), 404,
     ""},
    {FEEDBACK, "DSN https://" KEY "@host/42", ADA_JSON("0123456789abcdef0123456789abcdeg"), 400,
     "{\"event_id\":[\"Invalid event ID.\"]}"},
    {FEEDBACK, "DSN https://" KEY "@host/42", "{\"event_id\":\"" EVENT_ID "\"}", 400,
     "{\"name\":[\"This field is required.\"]}"},
    {FEEDBACK, "DSN https://" KEY "@host/42",
     "{\"event_id\":\"" EVENT_ID "\",\"name\":\"\",\"email\":\"x\",\"comments\":\"x\"}", 400,
     "{\"email\":[\"Enter a valid email address.\"]}"},
    {FEEDBACK, "DSN https://" KEY "@host/42", "{", 400, ""},
};

START_TEST(user_feedback)
{
    struct ask q = {.method = "POST", .uri = feedbacks[_i].uri, .body = str_of(feedbacks[_i].body)};
    if (feedbacks[_i].authorization)
        ask_header(&q, "HTTP_AUTHORIZATION", feedbacks[_i].authorization);
    expect(serve(&q), feedbacks[_i].status, feedbacks[_i].answer);
    ck_assert_uint_eq(kept().count, feedbacks[_i].status == 200);
    if (feedbacks[_i].status == 200)
        ck_assert_text(only_item()->payload, ADA_JSON(EVENT_ID));
}
END_TEST

/* ---- the loader script */

static struct request *load(const char *file)
{
    return ask_plain("GET", arena_printf(arena, "/js-sdk-loader/%s", file));
}

START_TEST(the_loader)
{
    struct request *rq = load(KEY ".min.js");
    expect(rq, 200, "{\"dsn\":\"http://" KEY "@localhost:8900/42\"}");
    struct str script = ask_body(rq);
    ck_assert(str_has(script, S("\"bundle\":\"http://localhost:8900/js-sdk/")));
    ck_assert(str_has(script, S("/bundle.min.js\"")) && str_has(script, S("\"lazy\":true")));
    ck_assert(!str_has(script, S("LOADER")) && !str_has(script, S("//  ")));
    ck_assert(str_ends(script, S("});\n")));
    ck_assert_text(ask_reply_header(rq, "Cache-Control"),
                   "public, max-age=3600, s-maxage=60, stale-while-revalidate=315360000, "
                   "stale-if-error=315360000");
    ck_assert(str_starts(ask_reply_header(rq, "Content-Type"), S("text/javascript")));
    expect(load(KEY ".js"), 200, "// The script of /js-sdk-loader/");
    ck_assert_uint_lt(script.n, ask_body(load(KEY ".js")).n);
}
END_TEST

START_TEST(loaders_that_do_nothing)
{
    static const char *const files[] = {DISABLED ".min.js", "99999999999999999999999999999999.js",
                                        "unknown.min.js"};
    for (int i = 0; i < COUNT_OF(files); i++) {
        struct request *rq = load(files[i]);
        expect(rq, 200, "/* ");
        ck_assert(!str_has(ask_body(rq), S("dsn")));
    }
    expect(load(KEY), 404, "");
    expect(load(KEY ".map"), 404, "");
    expect(load(".js"), 404, "");
}
END_TEST

static const struct {
    const char *options, *part;
} options[] = {
    {"{\"hasPerformance\":true}", "/bundle.tracing.min.js\""},
    {"{\"hasPerformance\":true}", "\"tracesSampleRate\":1}"},
    {"{\"hasPerformance\":true}", "\"lazy\":false"},
    {"{\"hasReplay\":true,\"hasDebug\":true}", "/bundle.replay.debug.min.js\""},
    {"{\"hasReplay\":true}", "\"replaysSessionSampleRate\":0.1,\"replaysOnErrorSampleRate\":1}"},
    {"{\"hasPerformance\":true,\"hasReplay\":true,\"hasFeedback\":true}",
     "/bundle.tracing.replay.feedback.min.js\""},
    {"{\"hasFeedback\":true}", "\"feedback\":true,\"lazy\":false"},
    {"{\"hasDebug\":true}", "\"debug\":true},\"feedback\":false,\"lazy\":true"},
    {"{\"hasLogsAndMetrics\":true}", "\"enableLogs\":true}"},
    {"{\"hasReplay\":false,\"hasDebug\":7}", "/bundle.min.js\""},
};

START_TEST(options_of_a_key)
{
    ck_assert(pg_script(
        db,
        arena_printf(arena, "update project_key set options = '{\"dynamicSdkLoaderOptions\":%s}'",
                     options[_i].options)));
    int64_t until = clock_monotonic() + 10 * CLOCK_SECOND;
    while (!str_has(ask_body(load(KEY ".js")), str_of(options[_i].part)))
        ck_assert_msg(clock_monotonic() < until, "%s", options[_i].part);
}
END_TEST

static void add_tests(TCase *tc)
{
    bind_start();
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, check_ins_by_url, 0, COUNT_OF(check_ins));
    tcase_add_test(tc, otlp_becomes_a_container);
    tcase_add_test(tc, otlp_logs_of_a_real_exporter);
    tcase_add_test(tc, otlp_that_is_refused);
    tcase_add_test(tc, many_spans_become_several_records);
    tcase_add_test(tc, an_outage_of_the_log_is_said_once);
    tcase_add_test(tc, a_span_too_large_is_counted);
    tcase_add_test(tc, spans_over_a_quota);
    tcase_add_test(tc, logs_over_a_quota);
    tcase_add_test(tc, check_ins_over_a_quota);
    tcase_add_test(tc, the_dialog);
    tcase_add_test(tc, the_dialog_s_report);
    tcase_add_loop_test(tc, dialogs_that_are_refused, 0, COUNT_OF(wrong_dialogs));
    tcase_add_test(tc, a_script_tag_gets_an_empty_script);
    tcase_add_test(tc, a_dialog_of_a_page_that_may_not_send);
    tcase_add_loop_test(tc, user_feedback, 0, COUNT_OF(feedbacks));
    tcase_add_test(tc, the_loader);
    tcase_add_test(tc, loaders_that_do_nothing);
    tcase_add_loop_test(tc, options_of_a_key, 0, COUNT_OF(options));
}

int main(int argc, char **argv)
{
    (void)argc;
    return ingest_suite_run(argv[0], "ingest_urls", add_tests);
}
