/* OTLP's records as Sentry's items: ingest.md §1.9, §7.7, §8.4. */
#include "storage/otlp.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "tests/unit/protobuf.h"
#include "tests/unit/shared.h"
#include "tests/unit/suite.h"

static struct arena *arena;
static struct buf bytes;
static const char *error;

static void setup(void)
{
    arena = arena_new((size_t)128 << 20);
    buf_init(&bytes, PROTOBUF_TEST_MAX);
}

static void teardown(void)
{
    buf_free(&bytes);
    arena_free(arena);
}

static enum otlp_result convert(const struct otlp_signal *signal, enum otlp_format format,
                                struct str body, struct otlp_converted *out)
{
    struct otlp_request request = {signal, format, body, 5 * CLOCK_SECOND / 2};
    return otlp_convert(arena, &request, out, &error);
}

/* The items of the only container. */
static const struct jt *items_of(const struct otlp_signal *signal, enum otlp_format format,
                                 struct str body)
{
    struct otlp_converted out;
    const char *why = NULL;
    ck_assert_msg(convert(signal, format, body, &out) == OTLP_CONVERTED, "%s", error);
    ck_assert_uint_eq(out.count, 1);
    const struct jt *container = jt_read(arena, out.first->payload, 64, &why);
    ck_assert_msg(container != NULL, "%s in %.*s", why, STR_ARG(out.first->payload));
    const struct jt *items = jt_get(container, S("items"));
    ck_assert_uint_eq(items->count, out.first->count);
    return items;
}

static struct str text_of(const struct jt *v)
{
    struct buf to;
    struct jw j;
    buf_init(&to, 1 << 20);
    jw_begin(&j, &to);
    jt_write(&j, v);
    struct str text = arena_str(arena, buf_str(&to));
    buf_free(&to);
    return text;
}

#define SPANS(span) "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" span "]}]}]}"
#define LOGS(log) "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[" log "]}]}]}"
#define ORIGIN "\"sentry.origin\":{\"type\":\"string\",\"value\":\"auto.otlp.spans\"}"
#define LOG_ORIGIN "\"sentry.origin\":{\"type\":\"string\",\"value\":\"auto.otlp.logs\"}"
#define STRING(value) "{\"type\":\"string\",\"value\":" value "}"
#define TRACE "\"trace_id\":\"5b8efff798038103d269b633813fc60c\","

static const struct {
    const char *sent, *expected;
} spans[] = {
    {"{\"traceId\":\"5B8EFFF798038103D269B633813FC60C\",\"spanId\":\"EEE19B7EC3C1B174\","
     "\"parentSpanId\":\"0c7a7dea069bf5a6\",\"name\":\"n\",\"kind\":2,"
     "\"startTimeUnixNano\":\"1697620454980000000\",\"endTimeUnixNano\":1697620454980078800,"
     "\"status\":{\"code\":2,\"message\":\"no\"}}",
     "{" TRACE "\"span_id\":\"eee19b7ec3c1b174\",\"parent_span_id\":\"0c7a7dea069bf5a6\","
     "\"name\":\"n\",\"status\":\"error\",\"is_segment\":false,"
     "\"start_timestamp\":1697620454.980000000,\"end_timestamp\":1697620454.980078800,"
     "\"attributes\":{" ORIGIN
     ",\"sentry.kind\":" STRING("\"server\"") ","
                                              "\"sentry.status.message\":" STRING("\"no\"") "}}"},
    /* No parent, and a parent in another process. */
    {"{\"name\":\"n\",\"parentSpanId\":\"\",\"flags\":257}",
     "{\"name\":\"n\",\"status\":\"ok\",\"is_segment\":true,\"attributes\":{" ORIGIN "}}"},
    {"{\"name\":\"n\",\"parentSpanId\":\"0000000000000000\"}",
     "{\"name\":\"n\",\"status\":\"ok\",\"is_segment\":true,\"attributes\":{" ORIGIN "}}"},
    {"{\"name\":\"n\",\"parentSpanId\":\"0c7a7dea069bf5a6\",\"flags\":769,\"status\":{\"code\":1}}",
     "{\"parent_span_id\":\"0c7a7dea069bf5a6\",\"name\":\"n\",\"status\":\"ok\","
     "\"is_segment\":true,\"attributes\":{" ORIGIN "}}"},
    /* A span without a name. */
    {"{\"kind\":3,\"attributes\":[{\"key\":\"http.method\",\"value\":{\"stringValue\":\"GET\"}}]}",
     "{\"name\":\"http.client\",\"status\":\"ok\",\"is_segment\":true,\"attributes\":{" ORIGIN
     ",\"sentry.kind\":" STRING("\"client\"") ",\"http.method\":" STRING("\"GET\"") "}}"},
    {"{\"attributes\":[{\"key\":\"db.system\",\"value\":{\"stringValue\":\"x\"}}]}",
     "{\"name\":\"db\",\"status\":\"ok\",\"is_segment\":true,\"attributes\":{" ORIGIN
     ",\"db.system\":" STRING("\"x\"") "}}"},
    {"{}",
     "{\"name\":\"unknown\",\"status\":\"ok\",\"is_segment\":true,\"attributes\":{" ORIGIN "}}"},
    /* Links. */
    {"{\"name\":\"n\",\"links\":[{\"traceId\":\"5B8EFFF798038103D269B633813FC60C\","
     "\"spanId\":\"0c7a7dea069bf5a6\",\"flags\":1,"
     "\"attributes\":[{\"key\":\"a\",\"value\":{\"intValue\":\"1\"}}]}]}",
     "{\"name\":\"n\",\"status\":\"ok\",\"is_segment\":true,\"links\":[{" TRACE
     "\"span_id\":\"0c7a7dea069bf5a6\",\"sampled\":true,\"attributes\":{\"a\":"
     "{\"type\":\"integer\",\"value\":1}}}],\"attributes\":{" ORIGIN "}}"},
};

START_TEST(spans_of_json)
{
    const char *body = arena_printf(arena, SPANS("%s"), spans[_i].sent);
    const struct jt *items = items_of(&otlp_signal_traces, OTLP_JSON, str_of(body));
    ck_assert_text(text_of(items->first), spans[_i].expected);
}
END_TEST

static const struct {
    const char *sent, *expected; /* NULL: left out */
} values[] = {
    {"{\"stringValue\":\"\"}", STRING("\"\"")},
    {"{\"boolValue\":false}", "{\"type\":\"boolean\",\"value\":false}"},
    {"{\"intValue\":\"-9223372036854775808\"}",
     "{\"type\":\"integer\",\"value\":-9223372036854775808}"},
    {"{\"intValue\":7}", "{\"type\":\"integer\",\"value\":7}"},
    {"{\"intValue\":\"9223372036854775808\"}", NULL},
    {"{\"intValue\":true}", NULL},
    {"{\"doubleValue\":637.704}", "{\"type\":\"double\",\"value\":637.704}"},
    {"{\"doubleValue\":\"NaN\"}", NULL},
    {"{\"bytesValue\":\"AAE=\"}", STRING("\"AAE=\"")},
    {"{\"arrayValue\":{\"values\":[{\"stringValue\":\"a\\\"\"},{\"intValue\":\"1\"},"
     "{\"doubleValue\":0.5},{\"boolValue\":true},{},{\"arrayValue\":{}}]}}",
     STRING("\"[\\\"a\\\\\\\"\\\",1,0.5,true,null,[]]\"")},
    {"{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":{\"stringValue\":\"v\"}}]}}",
     STRING("\"{\\\"k\\\":\\\"v\\\"}\"")},
    {"{\"newValue\":1}", NULL},
    {"{}", NULL},
    {"null", NULL},
    {"7", NULL},
};

START_TEST(attributes_keep_their_types)
{
    const char *body = arena_printf(arena, SPANS("{\"attributes\":[{\"key\":\"a\",\"value\":%s}]}"),
                                    values[_i].sent);
    const struct jt *items = items_of(&otlp_signal_traces, OTLP_JSON, str_of(body));
    const struct jt *value = jt_get(jt_get(items->first, S("attributes")), S("a"));
    if (values[_i].expected)
        ck_assert_text(text_of(value), values[_i].expected);
    else
        ck_assert_ptr_null(value);
}
END_TEST

static const struct {
    const char *sent, *expected;
} logs[] = {
    {"{\"timeUnixNano\":\"1544712660300000000\",\"observedTimeUnixNano\":\"1\","
     "\"severityNumber\":10,\"severityText\":\"Error\",\"spanId\":\"EEE19B7EC3C1B174\","
     "\"traceId\":\"5B8EFFF798038103D269B633813FC60C\",\"body\":{\"stringValue\":\"hello\"}}",
     "{\"timestamp\":1544712660.300000000," TRACE "\"span_id\":\"eee19b7ec3c1b174\","
     "\"level\":\"info\",\"severity_number\":10,\"body\":\"hello\","
     "\"attributes\":{" LOG_ORIGIN "}}"},
    /* Seen, but not dated; dated by nobody. */
    {"{\"timeUnixNano\":\"0\",\"observedTimeUnixNano\":\"1000000001\",\"spanId\":\"x\","
     "\"traceId\":\"5B8EFFF798038103D269B633813FC60C\",\"severityText\":\"Information\"}",
     "{\"timestamp\":1.000000001," TRACE "\"level\":\"info\",\"attributes\":{" LOG_ORIGIN "}}"},
    {"{\"traceId\":\"5B8EFFF798038103D269B633813FC60C\",\"severityText\":\"WARNING\","
     "\"body\":{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":{\"intValue\":1}}]}}}",
     "{\"timestamp\":2.5," TRACE "\"level\":\"warn\",\"body\":\"{\\\"k\\\":1}\","
     "\"attributes\":{" LOG_ORIGIN "}}"},
};

START_TEST(logs_of_json)
{
    const char *body = arena_printf(arena, LOGS("%s"), logs[_i].sent);
    const struct jt *items = items_of(&otlp_signal_logs, OTLP_JSON, str_of(body));
    ck_assert_text(text_of(items->first), logs[_i].expected);
}
END_TEST

START_TEST(severities)
{
    static const char *const names[] = {"trace", "debug", "info", "warn", "error", "fatal"};
    const char *body = arena_printf(arena, LOGS("{\"severityNumber\":%d}"), _i);
    const struct jt *log = items_of(&otlp_signal_logs, OTLP_JSON, str_of(body))->first;
    ck_assert_text(jt_get_str(log, S("level")), _i < 1 || _i > 24 ? "info" : names[(_i - 1) / 4]);
}
END_TEST

START_TEST(a_log_without_trace_gets_one)
{
    static const struct {
        const char *sent, *remark;
    } cases[] = {
        {"{}", "{\"trace_id\":{\"\":{\"rem\":[[\"trace_id.missing\",\"s\"]]}}}"},
        {"{\"traceId\":\"\"}", "{\"trace_id\":{\"\":{\"rem\":[[\"trace_id.missing\",\"s\"]]}}}"},
        {"{\"traceId\":\"xyz\"}", "{\"trace_id\":{\"\":{\"rem\":[[\"trace_id.invalid\",\"s\"]]}}}"},
        {"{\"traceId\":\"00000000000000000000000000000000\"}",
         "{\"trace_id\":{\"\":{\"rem\":[[\"trace_id.invalid\",\"s\"]]}}}"},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct uuid id;
        const char *body = arena_printf(arena, LOGS("%s"), cases[i].sent);
        const struct jt *log = items_of(&otlp_signal_logs, OTLP_JSON, str_of(body))->first;
        ck_assert(uuid_parse(jt_get_str(log, S("trace_id")), &id) && !uuid_is_nil(id));
        ck_assert_text(text_of(jt_get(log, S("_meta"))), cases[i].remark);
    }
}
END_TEST

/* A record's own attribute comes after the shared ones, so that it counts. */
START_TEST(resource_and_scope_are_in_every_record)
{
    const struct jt *items = items_of(
        &otlp_signal_logs, OTLP_JSON,
        S("{\"resourceLogs\":[{\"scopeLogs\":["
          "{\"logRecords\":[{},{}],\"scope\":{\"name\":\"s\",\"version\":\"1\","
          "\"attributes\":[{\"key\":\"b\",\"value\":{\"boolValue\":true}}]}},"
          "{\"logRecords\":[{}]}],"
          "\"resource\":{\"attributes\":[{\"key\":\"a\",\"value\":{\"stringValue\":\"r\"}}]}},"
          "{\"scopeLogs\":[{\"logRecords\":[{\"attributes\":"
          "[{\"key\":\"sentry.origin\",\"value\":{\"stringValue\":\"own\"}}]}]}]}]}"));
#define RESOURCE "\"resource.a\":" STRING("\"r\"") ","
    static const char *const expected[] = {
        "{" RESOURCE "\"instrumentation.b\":{\"type\":\"boolean\",\"value\":true},"
        "\"instrumentation.name\":" STRING("\"s\"") ",\"instrumentation.version\":" STRING(
            "\"1\"") "," LOG_ORIGIN "}",
        "{" RESOURCE LOG_ORIGIN "}",
        "{\"sentry.origin\":" STRING("\"own\"") "}",
    };
    static const int of[] = {0, 0, 1, 2};
    ck_assert_uint_eq(items->count, 4);
    for (size_t i = 0; i < items->count; i++)
        ck_assert_text(text_of(jt_get(jt_at(items, i), S("attributes"))), expected[of[i]]);
}
END_TEST

/* ---- protobuf */

static struct str text_value(struct str text)
{
    put_bytes(&bytes, 1, text);
    return put_end(&bytes, arena);
}

static struct str attribute(struct str key, struct str value)
{
    put_bytes(&bytes, 1, key);
    put_bytes(&bytes, 2, value);
    return put_end(&bytes, arena);
}

static struct str wrapped(struct str message, uint32_t number)
{
    put_bytes(&bytes, number, message);
    return put_end(&bytes, arena);
}

/* Of one resource with one scope. */
static struct str body_of(struct str record)
{
    return wrapped(wrapped(wrapped(record, 2), 2), 1);
}

#define ID "\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c"

START_TEST(a_span_of_protobuf)
{
    uint64_t half;
    double number = 0.5;
    memcpy(&half, &number, sizeof(half));
    put_number(&bytes, 3, (uint64_t)-1);
    struct str integer = attribute(S("i"), put_end(&bytes, arena));
    put_fixed(&bytes, 4, half);
    struct str fraction = attribute(S("d"), put_end(&bytes, arena));
    put_bytes(&bytes, 7, S("\x01"));
    struct str binary = attribute(S("x"), put_end(&bytes, arena));
    put_bytes(&bytes, 1, text_value(S("a\xff")));
    struct str list = attribute(S("l"), wrapped(put_end(&bytes, arena), 5));
    put_number(&bytes, 3, 2);
    struct str status = put_end(&bytes, arena);

    put_bytes(&bytes, 1, S(ID));
    put_bytes(&bytes, 2, S("\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74"));
    put_bytes(&bytes, 5, S("n"));
    put_number(&bytes, 6, 5);
    put_fixed(&bytes, 7, 1697620454980000000);
    put_fixed(&bytes, 8, 1697620454980078800);
    put_bytes(&bytes, 9, integer);
    put_bytes(&bytes, 9, fraction);
    put_bytes(&bytes, 9, binary);
    put_bytes(&bytes, 9, list);
    put_bytes(&bytes, 11, S("an event, which is skipped"));
    put_bytes(&bytes, 15, status);
    put_flags(&bytes, 16, 257);
    put_number(&bytes, 5, 1); /* the name as a number: another field, in effect */
    put_number(&bytes, 4000, 1);
    const struct jt *items =
        items_of(&otlp_signal_traces, OTLP_PROTOBUF, body_of(put_end(&bytes, arena)));
    ck_assert_text(
        text_of(items->first),
        "{" TRACE "\"span_id\":\"eee19b7ec3c1b174\",\"name\":\"n\",\"status\":\"error\","
        "\"is_segment\":true,\"start_timestamp\":1697620454.980000000,"
        "\"end_timestamp\":1697620454.980078800,\"attributes\":{" ORIGIN ","
        "\"sentry.kind\":" STRING(
            "\"consumer\"") ","
                            "\"i\":{\"type\":\"integer\",\"value\":-1},"
                            "\"d\":{\"type\":\"double\",\"value\":0.5},\"x\":" STRING(
                                "\"AQ==\"") ","
                                            "\"l\":" STRING("\"[\\\"a\xEF\xBF\xBD\\\"]\"") "}}");
}
END_TEST

START_TEST(a_list_deeper_than_the_limit_ends_as_null)
{
    struct str value = text_value(S("deep"));
    for (int i = 0; i < 1000; i++)
        value = wrapped(wrapped(value, 1), 5);
    struct str body = body_of(wrapped(attribute(S("a"), value), 6));
    const struct jt *log = items_of(&otlp_signal_logs, OTLP_PROTOBUF, body)->first;
    struct str text = jt_get_str(jt_get(jt_get(log, S("attributes")), S("a")), S("value"));
    ck_assert(str_starts(text, S("[[[[")) && str_has(text, S("null")) && text.n < 100);
}
END_TEST

START_TEST(logs_of_a_real_exporter)
{
    struct str body;
    if (!shared_file(arena, "data/corpus/dev/opentelemetry-js/otlp-logs-proto/0001.body", &body))
        return;
    const struct jt *items = items_of(&otlp_signal_logs, OTLP_PROTOBUF, body);
    ck_assert_uint_eq(items->count, 2);
    const struct jt *first = items->first, *attributes = jt_get(first, S("attributes"));
    ck_assert_text(jt_get_str(first, S("body")), "order placed");
    ck_assert_text(jt_get_str(first, S("level")), "info");
    ck_assert_text(jt_get_str(jt_get(attributes, S("resource.service.name")), S("value")),
                   "shop-otel");
    ck_assert_text(jt_get_str(jt_get(attributes, S("instrumentation.name")), S("value")), "shop");
    ck_assert_text(text_of(jt_get(attributes, S("order.id"))),
                   "{\"type\":\"integer\",\"value\":17}");
    ck_assert_text(jt_get_str(first->next, S("body")), "{\"structured\":{\"a\":[1,\"x\"]}}");
    ck_assert_text(jt_get_str(first->next, S("level")), "error");
}
END_TEST

START_TEST(spans_of_a_real_exporter)
{
    struct str body;
    if (!shared_file(arena, "data/corpus/dev/opentelemetry-js/otlp-traces-json/0001.body", &body))
        return;
    const struct jt *items = items_of(&otlp_signal_traces, OTLP_JSON, body);
    ck_assert_uint_eq(items->count, 3);
    const struct jt *query = jt_at(items, 0), *server = jt_at(items, 1), *mail = jt_at(items, 2);
    ck_assert_text(jt_get_str(query, S("parent_span_id")), "779d07f9f483d02c");
    ck_assert_int_eq(jt_get(query, S("is_segment"))->kind, JT_FALSE);
    ck_assert_text(jt_get_str(server, S("status")), "error");
    ck_assert_int_eq(jt_get(server, S("is_segment"))->kind, JT_TRUE);
    ck_assert_text(jt_get(server, S("start_timestamp"))->text, "1795255047.540000000");
    const struct jt *attributes = jt_get(mail, S("attributes"));
    ck_assert_text(jt_get_str(jt_get(attributes, S("list")), S("value")), "[\"a\",\"b\"]");
    ck_assert_text(text_of(jt_get(attributes, S("f"))), "{\"type\":\"double\",\"value\":0.5}");
    ck_assert_text(jt_get_str(jt_get(attributes, S("sentry.kind")), S("value")), "producer");
}
END_TEST

/* ---- what is refused */

static const struct {
    enum otlp_format format;
    struct str body;
} broken[] = {
    {OTLP_JSON, {"", 0}},
    {OTLP_JSON, {"[]", 2}},
    {OTLP_JSON, {"{\"resourceSpans\":[", 18}},
    {OTLP_JSON, {"{\"resourceSpans\":[7]}", 21}},
    {OTLP_JSON, {"{\"resourceSpans\":[{\"scopeSpans\":[null]}]}", 41}},
    {OTLP_JSON, {"{}{}", 4}},
    {OTLP_PROTOBUF, {"\x0a\x05", 2}},
    {OTLP_PROTOBUF, {"\x0a\x02\x12\x05", 4}},
    {OTLP_PROTOBUF, {"\x0a\x04\x12\x02\x12\x07", 6}},
    {OTLP_PROTOBUF, {"\x0a\x06\x12\x04\x12\x02\x0a\x07", 8}},
    {OTLP_PROTOBUF, {"{\"resourceSpans\":[]}", 20}},
};

START_TEST(broken_bodies)
{
    struct otlp_converted out;
    ck_assert_int_eq(convert(&otlp_signal_traces, broken[_i].format, broken[_i].body, &out),
                     OTLP_BROKEN);
    ck_assert_ptr_nonnull(error);
}
END_TEST

START_TEST(bodies_without_records)
{
    static const char *const bodies[] = {
        "{}",
        "{\"resourceSpans\":[]}",
        "{\"resourceSpans\":null}",
        "{\"resourceSpans\":[{\"resource\":{}}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"scope\":null}]}],\"more\":[[{}]]}",
    };
    struct otlp_converted out;
    for (int i = 0; i < COUNT_OF(bodies); i++) {
        ck_assert_int_eq(convert(&otlp_signal_traces, OTLP_JSON, str_of(bodies[i]), &out),
                         OTLP_CONVERTED);
        ck_assert_uint_eq(out.count, 0);
    }
    ck_assert_int_eq(convert(&otlp_signal_traces, OTLP_PROTOBUF, S(""), &out), OTLP_CONVERTED);
    ck_assert_uint_eq(out.count, 0);
}
END_TEST

/* A body with so many equal records. */
static struct str many(size_t count, const char *record, const char *resource)
{
    struct buf to;
    buf_init(&to, PROTOBUF_TEST_MAX);
    buf_printf(&to, "{\"resourceSpans\":[{\"resource\":%s,\"scopeSpans\":[{\"spans\":[", resource);
    for (size_t i = 0; i < count; i++)
        buf_printf(&to, "%s%s", i ? "," : "", record);
    buf_puts(&to, "]}]}]}");
    ck_assert(buf_ok(&to));
    struct str body = arena_str(arena, buf_str(&to));
    buf_free(&to);
    return body;
}

START_TEST(many_records_are_cut_into_containers)
{
    struct otlp_converted out;
    size_t items = 0;
    ck_assert_int_eq(
        convert(&otlp_signal_traces, OTLP_JSON, many(2500, "{\"name\":\"n\"}", "{}"), &out),
        OTLP_CONVERTED);
    ck_assert_uint_ge(out.count, 3);
    for (const struct otlp_container *c = out.first; c; c = c->next) {
        const char *why;
        const struct jt *container = jt_read(arena, c->payload, 64, &why);
        int64_t announced;
        ck_assert_uint_eq(jt_get(container, S("items"))->count, c->count);
        ck_assert(
            jt_int64(jt_get(jt_read(arena, c->header, 8, &why), S("item_count")), &announced));
        ck_assert_int_eq(announced, (int64_t)c->count);
        ck_assert_uint_le(c->count, OTLP_CONTAINER_ITEMS);
        items += c->count;
    }
    ck_assert_uint_eq(items, 2500);
}
END_TEST

static const char *text_attribute(size_t n)
{
    char *text = arena_alloc(arena, n + 1);
    memset(text, 'x', n);
    return arena_printf(
        arena, "{\"attributes\":[{\"key\":\"k\",\"value\":{\"stringValue\":\"%s\"}}]}", text);
}

START_TEST(a_record_too_large_goes_alone)
{
    struct otlp_converted out;
    const char *body = arena_printf(arena, SPANS("{},%s,{}"), text_attribute(600 << 10));
    ck_assert_int_eq(convert(&otlp_signal_traces, OTLP_JSON, str_of(body), &out), OTLP_CONVERTED);
    ck_assert_uint_eq(out.too_large, 1);
    ck_assert_uint_eq(out.count, 1);
    ck_assert_uint_eq(out.first->count, 2);
}
END_TEST

START_TEST(what_is_shared_by_all_has_a_ceiling)
{
    struct otlp_converted out;
    ck_assert_int_eq(
        convert(&otlp_signal_traces, OTLP_JSON, many(1, "{}", text_attribute(65 << 10)), &out),
        OTLP_TOO_LARGE);
    ck_assert_int_eq(
        convert(&otlp_signal_traces, OTLP_JSON, many(5000, "{}", text_attribute(60 << 10)), &out),
        OTLP_TOO_LARGE);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, spans_of_json, 0, COUNT_OF(spans));
    tcase_add_loop_test(tc, attributes_keep_their_types, 0, COUNT_OF(values));
    tcase_add_loop_test(tc, logs_of_json, 0, COUNT_OF(logs));
    tcase_add_loop_test(tc, severities, 0, 26);
    tcase_add_test(tc, a_log_without_trace_gets_one);
    tcase_add_test(tc, resource_and_scope_are_in_every_record);
    tcase_add_test(tc, a_span_of_protobuf);
    tcase_add_test(tc, a_list_deeper_than_the_limit_ends_as_null);
    tcase_add_test(tc, logs_of_a_real_exporter);
    tcase_add_test(tc, spans_of_a_real_exporter);
    tcase_add_loop_test(tc, broken_bodies, 0, COUNT_OF(broken));
    tcase_add_test(tc, bodies_without_records);
    tcase_add_test(tc, many_records_are_cut_into_containers);
    tcase_add_test(tc, a_record_too_large_goes_alone);
    tcase_add_test(tc, what_is_shared_by_all_has_a_ceiling);
}

int main(void)
{
    return suite_run("otlp", add_tests);
}
