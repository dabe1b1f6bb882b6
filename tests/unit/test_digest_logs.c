#include "base/settings.h"
#include "tests/unit/digesting.h"
#include "tests/unit/shared.h"

#define TRACE "\"trace_id\":\"c76ce110c74e490d8c8eca838384c6f7\""

/* A record of one container.  */
static struct log_record *container(enum item_type type, const char *holds, int item_count,
                                    const char *payload)
{
    static uint64_t number;
    struct log_record *record = record_of(arena, type, ++number, day, str_of(payload));
    record->items[0].header = str_of(arena_printf(
        arena, "{\"item_count\":%d,\"content_type\":\"application/vnd.sentry.items.%s+json\"}",
        item_count, holds));
    record->items[0].quantity = item_count > 0 ? (uint64_t)item_count : 1;
    return record;
}

static struct log_record *logs(int item_count, const char *payload)
{
    return container(ITEM_LOG, "log", item_count, payload);
}

static struct log_record *metrics(int item_count, const char *payload)
{
    return container(ITEM_TRACE_METRIC, "trace-metric", item_count, payload);
}

/* {"items": [one log]} with these further members, which begin with a comma. */
static struct log_record *one_log(const char *more)
{
    return logs(1, arena_printf(arena,
                                "{\"items\":[{\"timestamp\":%lld.1234567,\"body\":\"hello\"," TRACE
                                "%s}]}",
                                (long long)(day / CLOCK_SECOND) - 60, more));
}

static struct log_record *with_attributes(const char *attributes)
{
    return one_log(arena_printf(arena, ",\"attributes\":{%s}", attributes));
}

START_TEST(a_log_is_stored_with_all_it_says)
{
    add(one_log(",\"level\":\"warn\",\"span_id\":\"8c739fd7b8194d1f\",\"attributes\":{"
                "\"n\":{\"type\":\"integer\",\"value\":7},\"d\":{\"type\":\"double\",\"value\":7},"
                "\"b\":{\"type\":\"boolean\",\"value\":true},"
                "\"a\":{\"type\":\"array\",\"value\":[1,\"x\",2.5]},"
                "\"sentry.release\":{\"type\":\"string\",\"value\":\"shop@1\"},"
                "\"sentry.environment\":{\"type\":\"string\",\"value\":\"production\"}}"));
    stored();
    ck_assert_int_eq(
        count("select count(*) from log join environment e on e.id = environment_id "
              "where body = 'hello' and severity = 'warn' and severity_number = 13 and "
              "release = 'shop@1' and e.name = 'production' and "
              "to_hex(span_id) = '8c739fd7b8194d1f' and "
              "trace_id = 'c76ce110c74e490d8c8eca838384c6f7' and meta is null"),
        1);
    ck_assert_int_eq(count("select nanoseconds % 1000000000 from log"), 123456700);
    ck_assert_int_eq(count("select count(*) from log where attributes ->> 'n' = '7' and "
                           "attributes ->> 'd' = '7.0' and attributes -> 'b' = 'true' and "
                           "attributes -> 'a' = '[1, \"x\", 2.5]'"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_LOG_BYTE, OUTCOME_ACCEPTED, ""),
                     count("select payload_size from log"));
}
END_TEST

START_TEST(logs_of_one_moment_keep_their_order)
{
    const char *items = "";
    for (int i = 0; i < 300; i++) {
        const char *item = arena_printf(arena, "{\"timestamp\":%lld,\"body\":\"%d\"," TRACE "}%s",
                                        (long long)(day / CLOCK_SECOND), i, i < 299 ? "," : "");
        items = arena_printf(arena, "%s%s", items, item);
    }
    add(logs(300, arena_printf(arena, "{\"items\":[%s]}", items)));
    stored();
    ck_assert_int_eq(count("select count(*) from (select body::int - lag(body::int) over (order by "
                           "nanoseconds, id) as step from log) s where step = 1"),
                     299);
}
END_TEST

/* Nothing but the request tells a repeat. */
START_TEST(logs_sent_twice_are_stored_once)
{
    struct log_record *record = one_log("");
    for (int i = 0; i < 2; i++) {
        add(record);
        stored();
    }
    ck_assert_int_eq(count("select count(*) from log"), 1);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_DUPLICATE, ""), 1);
}
END_TEST

/* more members; the row that must be there */
static const char *const severities[][2] = {
    {"", "severity = 'info' and severity_number = 9"},
    {",\"level\":\"fatal\"", "severity = 'fatal' and severity_number = 21"},
    {",\"level\":\"notice\"", "severity = 'notice' and severity_number = 0"},
    {",\"level\":7", "severity = 'info' and severity_number = 9"},
    {",\"level\":\"error\",\"severity_number\":18", "severity = 'error' and severity_number = 18"},
    {",\"level\":\"error\",\"severity_number\":99", "severity = 'error' and severity_number = 17"},
    {",\"span_id\":\"xyz\"", "span_id is null"},
    {",\"attributes\":[]", "attributes = '{}'"},
};

START_TEST(a_log_is_read_kindly)
{
    add(one_log(severities[_i][0]));
    stored();
    ck_assert_int_eq(
        count(arena_printf(arena, "select count(*) from log where %s", severities[_i][1])), 1);
}
END_TEST

/* attribute; whether its value is taken */
static const struct {
    const char *attribute;
    bool good;
} attributes[] = {
    {"{\"type\":\"string\",\"value\":\"\"}", true},
    {"{\"type\":\"integer\",\"value\":-9223372036854775808}", true},
    {"{\"type\":\"double\",\"value\":1e300}", true},
    {"{\"type\":\"double\",\"value\":5e-324}", true},
    {"{\"type\":\"array\",\"value\":[]}", true},
    {"{\"type\":\"integer\",\"value\":\"5\"}", false},
    {"{\"type\":\"integer\",\"value\":5.5}", false},
    {"{\"type\":\"integer\",\"value\":9223372036854775808}", false},
    {"{\"type\":\"double\",\"value\":\"5\"}", false},
    {"{\"type\":\"double\",\"value\":1e999999}", false},
    {"{\"type\":\"double\",\"value\":NaN}", false},
    {"{\"type\":\"boolean\",\"value\":1}", false},
    {"{\"type\":\"string\",\"value\":{}}", false},
    {"{\"type\":\"array\",\"value\":[{}]}", false},
    {"{\"type\":\"array\",\"value\":[[1]]}", false},
    {"{\"type\":\"date\",\"value\":1}", false},
    {"{\"type\":7,\"value\":1}", false},
    {"{\"type\":\"string\"}", false},
    {"{\"value\":\"x\"}", false},
    {"\"x\"", false},
    {"null", false},
    {"{}", false},
};

START_TEST(an_attribute_is_of_its_type)
{
    add(with_attributes(arena_printf(arena,
                                     "\"x\":%s,\"fine\":{\"type\":\"string\",\"value\":"
                                     "\"yes\"}",
                                     attributes[_i].attribute)));
    stored();
    ck_assert_int_eq(count("select count(*) from log where attributes ->> 'fine' = 'yes'"), 1);
    ck_assert_int_eq(count("select count(*) from log where attributes ? 'x'"), attributes[_i].good);
    ck_assert_int_eq(count("select count(*) from log where meta #> '{attributes,x}' is not null"),
                     !attributes[_i].good);
}
END_TEST

/* A thousand digits, with and without a fraction, must not stop a whole batch. */
START_TEST(a_number_of_any_length_is_stored)
{
    char digits[2001];
    memset(digits, '7', sizeof(digits) - 1);
    digits[sizeof(digits) - 1] = '\0';
    digits[300] = '.';
    add(with_attributes(arena_printf(
        arena, "\"x\":{\"type\":\"double\",\"value\":%s},\"y\":{\"type\":\"array\",\"value\":[%s]}",
        digits, digits)));
    stored();
    ck_assert_int_eq(count("select count(*) from log"), 1);
}
END_TEST

START_TEST(secrets_are_scrubbed)
{
    add(with_attributes("\"password\":{\"type\":\"string\",\"value\":\"hunter2\"},"
                        "\"card\":{\"type\":\"string\",\"value\":\"it is 4111111111111111\"}"));
    stored();
    ck_assert_int_eq(count("select count(*) from log where attributes ->> 'password' = "
                           "'[Filtered]' and attributes ->> 'card' = 'it is [Filtered]' and "
                           "meta #> '{attributes,password}' is not null"),
                     1);
    ck_assert_int_eq(count("select count(*) from log where log::text like '%hunter2%' or "
                           "log::text like '%4111111%'"),
                     0);
}
END_TEST

/* The original of a refused value goes the same way. */
START_TEST(secrets_are_scrubbed_in_what_is_noted)
{
    add(with_attributes("\"password\":{\"type\":\"integer\",\"value\":\"hunter2\"}"));
    stored();
    ck_assert_int_eq(count("select count(*) from log where log::text like '%hunter2%'"), 0);
}
END_TEST

/* settings; whether browser and address are inferred */
static const struct {
    const char *settings;
    bool browser, address;
} inferences[] = {
    {"\"version\":2,\"ingest_settings\":{\"infer_ip\":\"auto\",\"infer_user_agent\":\"auto\"}",
     true, true},
    {"\"version\":2,\"ingest_settings\":{\"infer_ip\":\"never\",\"infer_user_agent\":\"never\"}",
     false, false},
    {"\"version\":2", false, false},
    {"\"version\":[2],\"ingest_settings\":[]", true, false},
    {"\"x\":1", true, false},
};

START_TEST(the_client_is_inferred_where_the_sdk_asks)
{
    struct log_record *record = logs(
        1, arena_printf(arena, "{\"items\":[{\"timestamp\":%lld,\"body\":\"b\"," TRACE "}],%s}",
                        (long long)(day / CLOCK_SECOND), inferences[_i].settings));
    record->client_ip = S("203.0.113.7");
    record->user_agent = S("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
                           "Firefox/128.0");
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from log where attributes ->> 'browser.name' = "
                           "'Firefox' and attributes ->> 'browser.version' = '128.0'"),
                     inferences[_i].browser);
    ck_assert_int_eq(count("select count(*) from log where attributes ? 'client.address'"),
                     inferences[_i].address);
}
END_TEST

/* seconds from the time of receipt; whether the time is taken for true */
static const struct {
    int64_t from_now;
    bool kept;
} moments[] = {{-3600, true},         {30, true},   {-86400 * 29, true}, {-86400 * 31, false},
               {-86400 * 365, false}, {3600, false}};

START_TEST(a_time_that_cannot_be_is_that_of_receipt)
{
    int64_t at = day / CLOCK_SECOND + moments[_i].from_now;
    add(logs(1, arena_printf(arena, "{\"items\":[{\"timestamp\":%lld,\"body\":\"b\"," TRACE "}]}",
                             (long long)at)));
    stored();
    ck_assert_int_eq(count("select nanoseconds / 1000000000 from log"),
                     moments[_i].kept ? at : day / CLOCK_SECOND);
}
END_TEST

START_TEST(the_clock_of_the_sender_is_corrected)
{
    struct log_record *record =
        logs(1, arena_printf(arena, "{\"items\":[{\"timestamp\":%lld,\"body\":\"b\"," TRACE "}]}",
                             (long long)(day / CLOCK_SECOND) - 7260));
    record->sent_at = day - 7200 * (int64_t)CLOCK_SECOND;
    add(record);
    stored();
    ck_assert_int_eq(count("select nanoseconds / 1000000000 from log"), day / CLOCK_SECOND - 60);
}
END_TEST

START_TEST(an_invalid_log_costs_no_neighbour)
{
    const char *time = arena_printf(arena, "%lld", (long long)(day / CLOCK_SECOND));
    add(logs(8, arena_printf(arena,
                             "{\"items\":[{\"timestamp\":%s,\"body\":\"good\"," TRACE "},"
                             "{\"timestamp\":%s,\"body\":\"no trace\"},"
                             "{\"body\":\"no time\"," TRACE "},{\"timestamp\":%s," TRACE "},"
                             "{\"timestamp\":{},\"body\":\"b\"," TRACE "},7,null,[]]}",
                             time, time, time)));
    stored();
    ck_assert_int_eq(count("select count(*) from log where body = 'good'"), 1);
    ck_assert_int_eq(count("select count(*) from log"), 1);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_INVALID, "invalid_log"), 7);
}
END_TEST

START_TEST(only_invalid_logs_are_no_accepted_ones)
{
    add(logs(1, "{\"items\":[{}]}"));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_INVALID, "invalid_log"), 1);
    ck_assert_int_eq(count("select count(*) from outcome_hour where outcome = 0"), 0);
}
END_TEST

/* declared number of items; payload of a container that is refused whole */
static const struct {
    int declared;
    const char *payload;
} broken[] = {
    {3, "{\"items\":[{},{}]}"},
    {1, "{\"items\":[{},{}]}"},
    {-1, "{\"items\":[]}"},
    {0, "{\"items\":[{}]}"},
    {1000000000, "{\"items\":[{}]}"},
    {1, ""},
    {1, "[]"},
    {1, "{"},
    {1, "{\"items\":{}}"},
    {1, "{\"items\":[{}"},
    {1, "{\"items\":[{}]} x"},
    {1, "{\"items\":[{]}"},
    {1, "null"},
};

START_TEST(a_broken_container_is_refused_whole)
{
    add(logs(broken[_i].declared, broken[_i].payload));
    stored();
    ck_assert_int_eq(count("select count(*) from log"), 0);
    ck_assert_int_gt(outcome(CATEGORY_LOG_ITEM, OUTCOME_INVALID, "invalid_log"), 0);
    ck_assert_int_eq(outcome(CATEGORY_LOG_BYTE, OUTCOME_INVALID, "invalid_log"),
                     (int64_t)strlen(broken[_i].payload));
    ck_assert_int_eq(count("select count(*) from outcome_hour where outcome <> 3"), 0);
}
END_TEST

START_TEST(an_empty_container_is_nothing)
{
    struct log_record *record = logs(0, "{\"items\":[]}");
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
}
END_TEST

START_TEST(a_container_of_another_kind_is_refused)
{
    struct log_record *record = one_log("");
    record->items[0].header = S("{\"type\":\"log\",\"item_count\":1,\"content_type\":\"text/x\"}");
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from log"), 0);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_INVALID, "invalid_log"), 1);
}
END_TEST

START_TEST(two_containers_are_one_too_many)
{
    struct log_record *record = one_log("");
    struct log_item *items = arena_alloc(arena, 2 * sizeof(*items));
    items[0] = items[1] = record->items[0];
    record->items = items;
    record->item_count = 2;
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from log"), 0);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_INVALID, "duplicate_item"), 2);
}
END_TEST

START_TEST(deep_nesting_costs_its_own_place_only)
{
    enum { DEEP = 500000 };
    char *deep = arena_alloc(arena, DEEP + 1);
    memset(deep, '[', DEEP);
    add(logs(1, arena_printf(arena, "{\"items\":[%s", deep)));
    char *closed = arena_alloc(arena, 201);
    memset(closed, '[', 100);
    memset(closed + 100, ']', 100);
    add(one_log(arena_printf(arena, ",\"x\":%s", closed)));
    stored();
    ck_assert_int_eq(count("select count(*) from log"), 1);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_INVALID, "invalid_log"), 1);
    ck_assert_int_eq(count("select count(*) from poison"), 0);
}
END_TEST

/* A real SDK's containers: item type, file, how many rows of the table. */
static const struct {
    enum item_type type;
    const char *file, *table;
    int rows;
} sdk_containers[] = {
    {ITEM_LOG, "data/corpus/dev/browser-11/logs/0002.body", "log", 8},
    {ITEM_TRACE_METRIC, "data/corpus/dev/native-inproc/metrics/0001.body", "trace_metric", 4},
};

START_TEST(what_sdks_send_is_stored)
{
    struct str body;
    if (!shared_file(arena, sdk_containers[_i].file, &body))
        return;
    str_split(&body, '\n');
    struct str header = str_split(&body, '\n'), payload = str_split(&body, '\n');
    struct log_record *record = record_of(arena, sdk_containers[_i].type, 77, day, payload);
    record->items[0].header = header;
    add(record);
    stored();
    ck_assert_int_eq(
        count(arena_printf(arena, "select count(*) from %s", sdk_containers[_i].table)),
        sdk_containers[_i].rows);
    ck_assert_int_eq(count("select count(*) from outcome_hour where outcome <> 0"), 0);
}
END_TEST

static const char *metric(const char *members)
{
    return arena_printf(arena, "{\"items\":[{\"timestamp\":%lld," TRACE ",%s}]}",
                        (long long)(day / CLOCK_SECOND), members);
}

START_TEST(a_metric_is_stored)
{
    add(metrics(1, metric("\"name\":\"cart.value\",\"type\":\"distribution\",\"unit\":\"euro\","
                          "\"value\":15.25,\"attributes\":{\"page\":{\"type\":\"string\","
                          "\"value\":\"/\"}}")));
    stored();
    ck_assert_int_eq(count("select count(*) from trace_metric where name = 'cart.value' and "
                           "type = 'distribution' and unit = 'euro' and value = 15.25 and "
                           "attributes = '{\"page\":\"/\"}'"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_TRACE_METRIC, OUTCOME_ACCEPTED, ""), 1);
}
END_TEST

static const char *const invalid_metrics[] = {
    "\"name\":\"x\",\"type\":\"foo\",\"value\":1",
    "\"name\":\"x\",\"value\":1",
    "\"name\":\"\",\"type\":\"gauge\",\"value\":1",
    "\"type\":\"gauge\",\"value\":1",
    "\"name\":7,\"type\":\"gauge\",\"value\":1",
    "\"name\":\"x\",\"type\":\"gauge\",\"value\":\"1\"",
    "\"name\":\"x\",\"type\":\"gauge\",\"value\":1e999",
    "\"name\":\"x\",\"type\":\"gauge\",\"value\":NaN",
    "\"name\":\"x\",\"type\":\"gauge\"",
};

START_TEST(an_invalid_metric_is_counted)
{
    add(metrics(1, metric(invalid_metrics[_i])));
    stored();
    ck_assert_int_eq(count("select count(*) from trace_metric"), 0);
    ck_assert_int_eq(outcome(CATEGORY_TRACE_METRIC, OUTCOME_INVALID, "invalid_trace_metric"), 1);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_add_test(tc, a_log_is_stored_with_all_it_says);
    tcase_add_test(tc, logs_of_one_moment_keep_their_order);
    tcase_add_test(tc, logs_sent_twice_are_stored_once);
    tcase_add_loop_test(tc, a_log_is_read_kindly, 0, COUNT_OF(severities));
    tcase_add_loop_test(tc, an_attribute_is_of_its_type, 0, COUNT_OF(attributes));
    tcase_add_test(tc, a_number_of_any_length_is_stored);
    tcase_add_test(tc, secrets_are_scrubbed);
    tcase_add_test(tc, secrets_are_scrubbed_in_what_is_noted);
    tcase_add_loop_test(tc, the_client_is_inferred_where_the_sdk_asks, 0, COUNT_OF(inferences));
    tcase_add_loop_test(tc, a_time_that_cannot_be_is_that_of_receipt, 0, COUNT_OF(moments));
    tcase_add_test(tc, the_clock_of_the_sender_is_corrected);
    tcase_add_test(tc, an_invalid_log_costs_no_neighbour);
    tcase_add_test(tc, only_invalid_logs_are_no_accepted_ones);
    tcase_add_loop_test(tc, a_broken_container_is_refused_whole, 0, COUNT_OF(broken));
    tcase_add_test(tc, an_empty_container_is_nothing);
    tcase_add_test(tc, a_container_of_another_kind_is_refused);
    tcase_add_test(tc, two_containers_are_one_too_many);
    tcase_add_test(tc, deep_nesting_costs_its_own_place_only);
    tcase_add_loop_test(tc, what_sdks_send_is_stored, 0, COUNT_OF(sdk_containers));
    tcase_add_test(tc, a_metric_is_stored);
    tcase_add_loop_test(tc, an_invalid_metric_is_counted, 0, COUNT_OF(invalid_metrics));
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "digest_logs", add_tests);
}
