/* Clock drift and the range of times: ingest.md §3.3. */
#include "tests/unit/understand.h"

#define HOUR ((int64_t)3600 * CLOCK_SECOND)

static void understand_sent(const char *payload, int64_t ago)
{
    record.sent_at = ago ? UNDERSTAND_RECEIVED - ago : 0;
    understand(payload);
}

static const struct {
    const char *payload;
    int64_t sent_ago;
    const char *timestamp, *error;
} cases[] = {
    {"{\"timestamp\":1795252520}", 0, "1795252520.0", "absent"},
    {"{\"timestamp\":1795252520.1234567}", 0, "1795252520.123457", "absent"},
    {"{\"timestamp\":\"2026-11-21T09:15:20\"}", 0, "1795252520.0", "absent"},
    {"{\"timestamp\":\"2026-11-21T09:15:20.5+01:00\"}", 0, "1795248920.5", "absent"},
    {"{\"timestamp\":\"yesterday\"}", 0, "1795252524.693131", "\"invalid_data\""},
    {"{\"timestamp\":1e300}", 0, "1795252524.693131", "\"invalid_data\""},
    {"{}", 0, "1795252524.693131", "absent"},
    /* Sent an hour ago by the SDK's clock: all times move by that hour. */
    {"{\"timestamp\":1795248919.693131}", 3600, "1795252519.693131", "\"clock_drift\""},
    {"{\"timestamp\":1795249200}", 3240, "1795249200.0", "absent"},
    {"{\"timestamp\":1795256125}", -3600, "1795252525.0", "\"clock_drift\""},
    /* Two years old, five minutes ahead. */
    {"{\"timestamp\":1732180524}", 0, "1795252524.693131", "\"past_timestamp\""},
    {"{\"timestamp\":1795252824}", 0, "1795252524.693131", "\"future_timestamp\""},
    {"{\"timestamp\":1795252580}", 0, "1795252580.0", "absent"},
};

START_TEST(the_event_gets_a_time)
{
    understand_sent(cases[_i].payload, cases[_i].sent_ago * CLOCK_SECOND);
    ck_assert_text(understood_at("timestamp"), cases[_i].timestamp);
    ck_assert_text(understood_at("errors.0.type"), cases[_i].error);
    ck_assert_int_eq(event.received, UNDERSTAND_RECEIVED);
}
END_TEST

START_TEST(what_was_sent_is_told)
{
    understand("{\"timestamp\":1732180524}");
    ck_assert_text(understood_at("errors.0.value"), "1732180524");
    ck_assert_text(understood_at("errors.0.sdk_time"), "\"2024-11-21T09:15:24.000000Z\"");
}
END_TEST

/* Ten days old: by the days of errors, not by those of everything. */
START_TEST(errors_have_days_of_their_own)
{
    setenv("VEDETTE_RETENTION_ERROR_DAYS", "11", 1);
    settings_load();
    understand("{\"timestamp\":1794388524}");
    ck_assert_text(understood_at("timestamp"), "1794388524.0");
    setenv("VEDETTE_RETENTION_ERROR_DAYS", "9", 1);
    settings_load();
    understand("{\"timestamp\":1794388524}");
    ck_assert_text(understood_at("timestamp"), "1795252524.693131");
    ck_assert_text(understood_at("errors.0.type"), "\"past_timestamp\"");
}
END_TEST

START_TEST(all_times_move_together)
{
    understand_sent("{\"timestamp\":1795248924,\"start_timestamp\":1795248923,"
                    "\"breadcrumbs\":[{\"timestamp\":1795248920}]}",
                    HOUR);
    ck_assert_text(understood_at("timestamp"), "1795252524.0");
    ck_assert_text(understood_at("start_timestamp"), "1795252523.0");
    ck_assert_text(understood_at("breadcrumbs.values.0.timestamp"), "1795252520.0");
    ck_assert_int_eq(event.timestamp, INT64_C(1795252524000000));
    ck_assert_text(
        understood_at("errors.0"),
        "{\"type\":\"clock_drift\",\"name\":\"timestamp\",\"sdk_time\":"
        "\"2026-11-21T08:15:24.693131Z\",\"server_time\":\"2026-11-21T09:15:24.693131Z\"}");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, the_event_gets_a_time, 0, COUNT_OF(cases));
    tcase_add_test(tc, what_was_sent_is_told);
    tcase_add_test(tc, errors_have_days_of_their_own);
    tcase_add_test(tc, all_times_move_together);
}

int main(void)
{
    return suite_run("times", add_tests);
}
