/* Items that stand for others, and items that mean nothing by themselves. */
#include "base/settings.h"
#include "tests/unit/digesting.h"
#include "tests/unit/unreal.h"

#define TRACE "c76ce110c74e490d8c8eca838384c6f7"

/* A record of several items of a type. */
static struct log_record *several(enum item_type type, const char *const *payloads, size_t n)
{
    static uint64_t number;
    struct log_record *record = record_of(arena, type, ++number, day, S(""));
    record->items = arena_take(arena, n * sizeof(*record->items));
    record->item_count = n;
    for (size_t i = 0; i < n; i++)
        record->items[i] =
            (struct log_item){.type = type, .payload = str_of(payloads[i]), .quantity = 1};
    return record;
}

static const char *span(const char *id)
{
    int64_t end = day - CLOCK_SECOND;
    return arena_printf(arena,
                        "{\"traceId\":\"" TRACE "\",\"spanId\":\"%s\",\"name\":\"GET /\","
                        "\"startTimeUnixNano\":\"%lld000\",\"endTimeUnixNano\":\"%lld000\"}",
                        id, (long long)end - 1000, (long long)end);
}

static const char *log_of(const char *body)
{
    return arena_printf(arena,
                        "{\"traceId\":\"" TRACE "\",\"timeUnixNano\":\"%lld000\","
                        "\"severityText\":\"warn\",\"body\":{\"stringValue\":\"%s\"},"
                        "\"attributes\":[{\"key\":\"n\",\"value\":{\"intValue\":\"7\"}}]}",
                        (long long)day, body);
}

/* Of the same moment and the same place in what they become. */
START_TEST(logs_of_opentelemetry_are_logs)
{
    const char *const payloads[] = {log_of("one"), log_of("two")};
    struct log_record *record = several(ITEM_OTEL_LOG, payloads, 2);
    add(record);
    stored();
    add(record); /* the same request again */
    stored();
    ck_assert_text(database_text(db, arena,
                                 "select string_agg(body || severity || (attributes ->> 'n'), ' ' "
                                 "order by body) from log"),
                   "onewarn7 twowarn7");
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_ACCEPTED, ""), 2);
    ck_assert_int_eq(outcome(CATEGORY_LOG_ITEM, OUTCOME_DUPLICATE, ""), 2);
}
END_TEST

START_TEST(spans_of_opentelemetry_are_spans)
{
    const char *const payloads[] = {span("aaaaaaaaaaaaaaaa"), span("bbbbbbbbbbbbbbbb")};
    const char *const data[] = {
        arena_printf(arena, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s,%s]}]}]}",
                     span("cccccccccccccccc"), span("dddddddddddddddd"))};
    add(several(ITEM_OTEL_SPAN, payloads, 2));
    add(several(ITEM_OTEL_TRACES_DATA, data, 1));
    stored();
    ck_assert_int_eq(count("select count(*) from span where description = 'GET /'"), 4);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_ACCEPTED, ""), 4);
    ck_assert_int_eq(outcome(CATEGORY_SPAN_INDEXED, OUTCOME_ACCEPTED, ""), 4);
}
END_TEST

START_TEST(a_crash_of_unreal_is_an_event_with_its_files)
{
    struct log_record *record = record_of(arena, ITEM_UNREAL_REPORT, 7, day, unreal_packed(arena));
    add(record);
    stored();
    add(record);
    stored();
    ck_assert_text(
        database_text(db, arena,
                      "select string_agg(a.name || ' ' || a.type || ' ' || e.title, ', ' "
                      "order by a.name) from attachment a join event e using "
                      "(project_id, event_id)"),
        "CrashContext.runtime-xml unreal.context it fell, Game.log unreal.logs it fell");
    ck_assert_int_eq(count("select count(*) from user_report where comments = 'help'"), 1);
    ck_assert_int_eq(outcome(CATEGORY_ERROR, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_ERROR, OUTCOME_DUPLICATE, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT_ITEM, OUTCOME_ACCEPTED, ""), 2);
}
END_TEST

static const struct {
    enum item_type type;
    const char *payload;
    enum category category;
    const char *reason;
} unreadable[] = {
    {ITEM_OTEL_LOG, "nonsense", CATEGORY_LOG_ITEM, "invalid_log"},
    {ITEM_OTEL_SPAN, "[", CATEGORY_SPAN, "invalid_span"},
    {ITEM_OTEL_TRACES_DATA, "\xff\xff", CATEGORY_SPAN, "invalid_span"},
    {ITEM_UNREAL_REPORT, "nonsense", CATEGORY_ERROR, "process_unreal"},
};

/* An event beside it is not harmed. */
START_TEST(what_cannot_be_read_is_counted)
{
    struct log_record *record = record_event(arena, 1, day, "boom", "");
    struct log_item *items = arena_take(arena, 2 * sizeof(*items));
    items[0] = (struct log_item){
        .type = unreadable[_i].type, .payload = str_of(unreadable[_i].payload), .quantity = 1};
    items[1] = record->items[0];
    record->items = items;
    record->item_count = 2;
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from event"), 1);
    ck_assert_int_eq(outcome(unreadable[_i].category, OUTCOME_INVALID, unreadable[_i].reason), 1);
}
END_TEST

static const enum item_type meaningless[] = {ITEM_FORM_DATA, ITEM_STATSD, ITEM_METRIC_BUCKETS};

START_TEST(what_means_nothing_is_dropped_in_silence)
{
    add(record_of(arena, meaningless[_i], 1, day, S("[]")));
    stored();
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, logs_of_opentelemetry_are_logs);
    tcase_add_test(tc, spans_of_opentelemetry_are_spans);
    tcase_add_test(tc, a_crash_of_unreal_is_an_event_with_its_files);
    tcase_add_loop_test(tc, what_cannot_be_read_is_counted, 0, COUNT_OF(unreadable));
    tcase_add_loop_test(tc, what_means_nothing_is_dropped_in_silence, 0, COUNT_OF(meaningless));
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "expansion", add_tests);
}
