#include "base/settings.h"
#include "tests/unit/digesting.h"

#define TRACE "4c79f60c11214eb38604f4ae0781bfb2"

/* A transaction of two seconds that ended a minute ago, with two spans. */
static struct log_record *transaction(uint64_t number, const char *more)
{
    double end = (double)day / CLOCK_SECOND - 60;
    const char *payload = arena_printf(
        arena,
        "{\"transaction\":\"/"
        "shop\",\"start_timestamp\":%f,\"timestamp\":%f,\"contexts\":{\"trace\":"
        "{\"trace_id\":\"" TRACE "\",\"span_id\":\"aaaaaaaaaaaaaaaa\",\"op\":\"http.server\","
        "\"status\":\"internal_error\",\"data\":{\"room\":7}}},\"user\":{\"id\":\"u%d\"},"
        "\"platform\":\"python\",\"release\":\"shop@1\",\"environment\":\"live\","
        "\"measurements\":{\"lcp\":{\"value\":12.5}},\"spans\":["
        "{\"trace_id\":\"" TRACE "\",\"span_id\":\"bbbbbbbbbbbbbbbb\",\"parent_span_id\":"
        "\"aaaaaaaaaaaaaaaa\",\"op\":\"db\",\"description\":\"select 'x' from "
        "a\",\"status\":\"ok\","
        "\"start_timestamp\":%f,\"timestamp\":%f,\"data\":{\"n\":1e999,\"db.system\":\"mysql\","
        "\"deep\":{\"a\":[1]},\"on\":true,\"zero\":\"a\\u0000b\",\"big\":1e300}},"
        "{\"trace_id\":\"" TRACE "\",\"span_id\":\"bbbbbbbbbbbbbbbb\",\"start_timestamp\":%f}]%s}",
        end - 2, end, (int)number % 2, end - 1, end, end - 1, more);
    return record_of(arena, ITEM_TRANSACTION, number, day, str_of(payload));
}

START_TEST(a_transaction_is_stored_with_its_spans)
{
    add(transaction(1, ""));
    stored();
    ck_assert_int_eq(
        count("select count(*) from transaction t join environment e on e.id = t.environment_id "
              "join release r on r.id = t.release_id join transaction_body b on b.event_id = t."
              "event_id where t.name = '/shop' and op = 'http.server' and status = 13 and "
              "round(duration) = 2000 and span_count = 2 and e.name = 'live' and r.version = "
              "'shop@1' and user_hash is not null and measurements = '{\"lcp\": 12.5}' and "
              "tags ->> 'environment' = 'live' and source = 'unknown'"),
        1);
    ck_assert_int_eq(count("select count(*) from span"), 3);
    ck_assert_int_eq(
        count(
            "select count(*) from span where op = 'db' and grouped = 'SELECT %s FROM a' and "
            "category = 'db' and action = 'SELECT' and domain = ',a,' and system = 'mysql' and "
            "transaction = '/shop' and not is_segment and segment_id = x'aaaaaaaaaaaaaaaa'::bigint "
            "and status = 0 and round(exclusive_time) = 1000 and environment_id > 0 and "
            "release_id > 0 and transaction_id is not null and "
            "(attributes ->> 'big')::float8 = 1e300 and attributes - 'big' = "
            "'{\"db.system\": \"mysql\", \"deep\": \"{\\\"a\\\":[1]}\", \"on\": true, \"zero\": "
            "\"ab\"}'"),
        1);
    ck_assert_int_eq(count("select count(*) from span where is_segment and op = 'http.server' and "
                           "description = '/shop' and attributes = '{\"room\": 7}' and "
                           "measurements = '{\"lcp\": 12.5}'"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_TRANSACTION, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_TRANSACTION_INDEXED, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_ACCEPTED, ""), 3);
    ck_assert_int_eq(outcome(CATEGORY_SPAN_INDEXED, OUTCOME_ACCEPTED, ""), 3);
    ck_assert_int_eq(count("select count(*) from issue"), 0);
}
END_TEST

/* Sent again in the same batch and in the next. */
START_TEST(a_transaction_is_stored_once)
{
    for (int i = 0; i < 3; i++) {
        struct log_record *record = transaction(1, "");
        record->request_id = uuid_random();
        add(record);
        if (i == 1)
            stored();
    }
    stored();
    ck_assert_int_eq(count("select count(*) from transaction"), 1);
    ck_assert_int_eq(count("select count(*) from transaction_body"), 1);
    ck_assert_int_eq(count("select count(*) from span"), 3);
    ck_assert_int_eq(count("select transactions from transaction_hour"), 1);
    ck_assert_int_eq(outcome(CATEGORY_TRANSACTION, OUTCOME_DUPLICATE, ""), 2);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_DUPLICATE, ""), 6);
}
END_TEST

START_TEST(transactions_are_summed_by_the_hour)
{
    for (uint64_t i = 1; i <= 6; i++) {
        add(transaction(i, ""));
        if (i % 2)
            stored();
    }
    stored();
    ck_assert_int_eq(
        count(
            "select count(*) from transaction_hour where name = '/shop' and op = 'http.server' and "
            "transactions = 6 and failures = 6 and round(duration_sum) = 12000 and "
            "tdigest_count(durations) = 6 and hll_cardinality(users) = 2 and environment_id > 0 "
            "and release_id > 0"),
        1);
}
END_TEST

START_TEST(a_refused_transaction_leaves_only_its_outcome)
{
    add(record_of(arena, ITEM_TRANSACTION, 1, day, S("{\"spans\":[{}]}")));
    add(transaction(2, ",\"transaction\":\"/healthz\""));
    stored();
    ck_assert_int_eq(count("select count(*) from transaction"), 0);
    ck_assert_int_eq(count("select count(*) from span"), 0);
    ck_assert_int_eq(outcome(CATEGORY_TRANSACTION, OUTCOME_INVALID, "invalid_transaction"), 1);
    ck_assert_int_eq(outcome(CATEGORY_TRANSACTION, OUTCOME_FILTERED, "filtered-transaction"), 1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_FILTERED, "filtered-transaction"), 3);
    ck_assert_int_eq(outcome(CATEGORY_SPAN_INDEXED, OUTCOME_FILTERED, "filtered-transaction"), 3);
    ck_assert_int_eq(outcome(CATEGORY_TRANSACTION_INDEXED, OUTCOME_INVALID, "invalid_transaction"),
                     1);
    ck_assert_int_eq(
        outcome(CATEGORY_TRANSACTION_INDEXED, OUTCOME_FILTERED, "filtered-transaction"), 1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_INVALID, "invalid_transaction"), 2);
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 8);
}
END_TEST

/* Secrets are gone from the body and from the rows. */
START_TEST(spans_are_scrubbed)
{
    add(transaction(1, ",\"extra\":{\"password\":\"geheim-1\"}"));
    double end = (double)day / CLOCK_SECOND - 60;
    add(record_of(
        arena, ITEM_SPAN, 2, day,
        str_of(arena_printf(arena,
                            "{\"trace_id\":\"" TRACE "\",\"span_id\":\"cccccccccccccccc\","
                            "\"start_timestamp\":%f,\"timestamp\":%f,\"exclusive_time\":1,"
                            "\"data\":{\"password\":\"geheim-2\"}}",
                            end, end))));
    stored();
    ck_assert_int_eq(count("select count(*) from span where attributes::text like '%geheim%'"), 0);
    ck_assert_int_eq(count("select count(*) from span where attributes ? 'password' and attributes "
                           "->> 'password' = '[Filtered]'"),
                     1);
}
END_TEST

/* A span item: a payload whose %f are the time, how it is counted. */
static const struct {
    const char *payload;
    enum outcome outcome;
    const char *reason;
} spans[] = {
    {"{\"trace_id\":\"" TRACE "\",\"span_id\":\"cccccccccccccccc\",\"start_timestamp\":%1$f,"
     "\"timestamp\":%1$f,\"exclusive_time\":0}",
     OUTCOME_ACCEPTED, ""},
    {"{\"trace_id\":\"" TRACE "\",\"span_id\":\"cccccccccccccccc\",\"start_timestamp\":%1$f,"
     "\"timestamp\":%1$f}",
     OUTCOME_INVALID, "invalid_span"},
    {"{\"trace_id\":\"x\",\"span_id\":\"cccccccccccccccc\",\"start_timestamp\":%1$f,"
     "\"timestamp\":%1$f,\"exclusive_time\":0}",
     OUTCOME_INVALID, "invalid_span"},
    {"{\"trace_id\":\"" TRACE "\",\"span_id\":\"cccccccccccccccc\",\"start_timestamp\":1,"
     "\"timestamp\":2,\"exclusive_time\":0}",
     OUTCOME_INVALID, "timestamp"},
    {"{}", OUTCOME_INVALID, "invalid_span"},
    {"[]", OUTCOME_INVALID, "invalid_json"},
    {"{", OUTCOME_INVALID, "invalid_json"},
    {"", OUTCOME_INVALID, "no_data"},
};

START_TEST(a_span_item_is_stored_or_refused)
{
    double end = (double)day / CLOCK_SECOND - 60;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const char *payload = arena_printf(arena, spans[_i].payload, end);
#pragma GCC diagnostic pop
    int64_t taken = spans[_i].outcome == OUTCOME_ACCEPTED;
    add(record_of(arena, ITEM_SPAN, 1, day, str_of(payload)));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_SPAN, spans[_i].outcome, spans[_i].reason), 1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN_INDEXED, OUTCOME_ACCEPTED, ""), taken);
    ck_assert_int_eq(count("select count(*) from span"), taken);
}
END_TEST

static struct log_record *container(int announced, const char *items)
{
    const char *payload = arena_printf(arena, "{\"items\":[%s]}", items);
    struct log_record *record = record_of(arena, ITEM_SPAN, 1, day, str_of(payload));
    record->items[0].quantity = (uint64_t)announced;
    record->items[0].header =
        str_of(arena_printf(arena,
                            "{\"type\":\"span\",\"item_count\":%d,\"content_type\":"
                            "\"application/vnd.sentry.items.span.v2+json\"}",
                            announced));
    return record;
}

static const char *new_span(const char *id, const char *more)
{
    double end = (double)day / CLOCK_SECOND - 60;
    return arena_printf(arena,
                        "{\"trace_id\":\"" TRACE "\",\"span_id\":\"%s\",\"name\":\"n\",\"status\":"
                        "\"error\",\"start_timestamp\":%f,\"end_timestamp\":%f,\"attributes\":{"
                        "\"sentry.op\":{\"type\":\"string\",\"value\":\"db\"},\"sentry.release\":{"
                        "\"type\":\"string\",\"value\":\"shop@2\"},\"n\":{\"type\":\"integer\","
                        "\"value\":7}}%s}",
                        id, end - 1, end, more);
}

START_TEST(a_container_of_spans_is_stored_span_by_span)
{
    const char *good = new_span("cccccccccccccccc", ""), *twin = new_span("CCCCCCCCCCCCCCCC", "");
    add(container(5, arena_printf(arena, "%s,%s,%s,%s,7", good, twin, new_span("x", ""),
                                  new_span("dddddddddddddddd", ",\"end_timestamp\":5"))));
    stored();
    ck_assert_int_eq(
        count("select count(*) from span s join release r on r.id = s.release_id where "
              "r.version = 'shop@2' and op = 'db' and description = 'n' and status = 13 "
              "and attributes -> 'n' = '7' and round(exclusive_time) = 1000 and "
              "is_segment and segment_id = span_id"),
        1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_ACCEPTED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_INVALID, "duplicate"), 1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_INVALID, "timestamp"), 1);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_INVALID, "invalid_span"), 2);
    ck_assert_int_eq(outcome(CATEGORY_SPAN_INDEXED, OUTCOME_ACCEPTED, ""), 1);
}
END_TEST

START_TEST(a_container_that_counts_wrong_is_refused_whole)
{
    add(container(3, new_span("cccccccccccccccc", "")));
    stored();
    ck_assert_int_eq(count("select count(*) from span"), 0);
    ck_assert_int_eq(outcome(CATEGORY_SPAN, OUTCOME_INVALID, "invalid_span"), 3);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_add_test(tc, a_transaction_is_stored_with_its_spans);
    tcase_add_test(tc, a_transaction_is_stored_once);
    tcase_add_test(tc, transactions_are_summed_by_the_hour);
    tcase_add_test(tc, a_refused_transaction_leaves_only_its_outcome);
    tcase_add_test(tc, spans_are_scrubbed);
    tcase_add_loop_test(tc, a_span_item_is_stored_or_refused, 0, COUNT_OF(spans));
    tcase_add_test(tc, a_container_of_spans_is_stored_span_by_span);
    tcase_add_test(tc, a_container_that_counts_wrong_is_refused_whole);
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "digest_traces", add_tests);
}
