/* Replays in the database: segments, what they come to, in whatever order and how often they come.
 */
#include "base/settings.h"
#include "storage/event_body.h"
#include "tests/unit/digesting.h"

#define RECORDING "{\"segment_id\":0}\n[{\"type\":4}]"

/* A record of a replay's items. */
static struct log_record *record_with(uint64_t number, const struct log_item *items, size_t count)
{
    struct log_record *record = record_of(arena, ITEM_REPLAY_EVENT, number, day, S(""));
    record->items = arena_take(arena, count * sizeof(*items));
    memcpy(record->items, items, count * sizeof(*items));
    record->item_count = count;
    record->client_ip = S("203.0.113.9");
    record->user_agent = S("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                           "Chrome/120.0.0.0 Safari/537.36");
    return record;
}

static struct log_record *with_recording(uint64_t number, const char *event, const char *recording)
{
    const struct log_item items[] = {
        {.type = ITEM_REPLAY_EVENT, .quantity = 1, .payload = str_of(event)},
        {.type = ITEM_REPLAY_RECORDING, .quantity = 1, .payload = str_of(recording)},
    };
    return record_with(number, items, 2);
}

/* A segment of replay 00…0a that ends so many seconds after noon; `more` begins with a comma. */
static const char *segment(int number, int seconds, const char *more)
{
    return arena_printf(arena,
                        "{\"replay_id\":\"0000000000000000000000000000000a\",\"segment_id\":%d,"
                        "\"timestamp\":%lld,\"platform\":\"javascript\",\"urls\":[\"/%d\"],"
                        "\"error_ids\":[\"000000000000000000000000000000%02d\","
                        "\"000000000000000000000000000000ff\"],\"release\":\"shop@1\","
                        "\"environment\":\"production\"%s}",
                        number, (long long)(day / CLOCK_SECOND) + seconds, number, number, more);
}

START_TEST(segments_come_to_a_replay_in_any_order)
{
    const char *first = arena_printf(
        arena,
        ",\"replay_start_timestamp\":%lld,\"user\":{\"id\":7,\"email\":\"a@b.example\"},"
        "\"tags\":{\"plan\":\"gold\"}",
        (long long)(day / CLOCK_SECOND) - 10);
    add(with_recording(1, segment(2, 10, ""), RECORDING));
    stored();
    add(with_recording(2, segment(1, 5, ""), RECORDING));
    add(with_recording(3, segment(0, 0, first), RECORDING));
    stored();
    ck_assert_int_eq(
        count("select count(*) from replay where finished - started = interval '20 seconds' and "
              "segment_count = 3 and url_count = 3 and error_count = 4 and activity = 10 and "
              "urls = '[\"/0\", \"/1\", \"/2\"]' and platform = 'javascript'"),
        1);
    ck_assert_int_eq(
        count("select count(*) from replay where details #>> '{user,id}' = '7' and "
              "details #>> '{tags,plan,0}' = 'gold' and details #>> '{browser,name}' = 'Chrome' "
              "and jsonb_array_length(releases) = 1"),
        1);
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_ACCEPTED, ""), 6);
}
END_TEST

START_TEST(a_segment_that_comes_again_is_a_duplicate)
{
    for (int i = 0; i < 3; i++) {
        struct log_record *record = with_recording(1, segment(0, 0, ""), RECORDING);
        record->request_id = uuid_random();
        add(record);
        if (i)
            stored();
    }
    ck_assert_int_eq(count("select count(*) from replay_segment"), 1);
    ck_assert_int_eq(count("select count(*) from replay where segment_count = 1"), 1);
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_ACCEPTED, ""), 2);
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_DUPLICATE, ""), 4);
}
END_TEST

START_TEST(a_replay_without_user_is_its_address)
{
    add(with_recording(1, segment(0, 0, ""), RECORDING));
    stored();
    ck_assert_int_eq(
        count("select count(*) from replay where details #>> '{user,ip_address}' = '203.0.113.9'"),
        1);
}
END_TEST

#define ID "\"replay_id\":\"0000000000000000000000000000000a\","
static const struct {
    const char *event, *recording, *reason;
} invalid[] = {
    {"", RECORDING, "invalid_replay_no_payload"},
    {"{", RECORDING, "invalid_replay"},
    {"[]", RECORDING, "invalid_replay"},
    {"{\"segment_id\":0}", RECORDING, "invalid_replay"},
    {"{\"replay_id\":7,\"segment_id\":0}", RECORDING, "invalid_replay"},
    {"{" ID "\"timestamp\":1}", RECORDING, "invalid_replay"},
    {"{" ID "\"segment_id\":-1}", RECORDING, "invalid_replay"},
    {"{" ID "\"segment_id\":1e99}", RECORDING, "invalid_replay"},
    {"{" ID "\"segment_id\":99999999999}", RECORDING, "invalid_replay"},
    {"{" ID "\"segment_id\":0,\"error_ids\":[\"x\"]}", RECORDING, "invalid_replay"},
    {"{" ID "\"segment_id\":0,\"error_ids\":{}}", RECORDING, "invalid_replay"},
    {"{" ID "\"segment_id\":0,\"trace_ids\":[null]}", RECORDING, "invalid_replay"},
    {"{" ID "\"segment_id\":0}", "no line end", "invalid_replay_recording"},
    {"{" ID "\"segment_id\":0}", "", "invalid_replay_recording"},
};

START_TEST(one_invalid_item_takes_the_other_along)
{
    add(with_recording(1, invalid[_i].event, invalid[_i].recording));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_INVALID, invalid[_i].reason), 2);
    ck_assert_int_eq(count("select count(*) from replay"), 0);
}
END_TEST

/* Whatever is in it that nobody expects, the rest is stored. */
static const char *const odd[] = {
    ",\"urls\":7",
    ",\"urls\":[7,null,{}],\"error_ids\":null",
    ",\"user\":[],\"tags\":7,\"contexts\":[],\"sdk\":null,\"request\":7",
    ",\"timestamp\":\"gestern\",\"replay_start_timestamp\":{}",
    ",\"timestamp\":1e308,\"replay_start_timestamp\":-1e308",
    ",\"user\":{\"id\":1e999999,\"data\":{\"n\":1e999999}},\"release\":\"\\u0000\"",
    ",\"replay_type\":\"\\ud800\",\"dist\":\"\xff\"",
};

START_TEST(odd_fields_harm_nobody)
{
    add(with_recording(1, segment(0, 0, odd[_i]), RECORDING));
    stored();
    ck_assert_int_eq(count("select count(*) from replay"), 1);
    ck_assert_int_eq(count("select count(*) from poison"), 0);
}
END_TEST

START_TEST(an_item_alone_is_invalid)
{
    const struct log_item event = {
        .type = ITEM_REPLAY_EVENT, .quantity = 1, .payload = str_of(segment(0, 0, ""))};
    const struct log_item recording = {
        .type = ITEM_REPLAY_RECORDING, .quantity = 1, .payload = S(RECORDING)};
    add(record_with(1, &event, 1));
    add(record_with(2, &recording, 1));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_INVALID, "invalid_replay_missing_recording"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_INVALID, "invalid_replay"), 1);
}
END_TEST

START_TEST(a_limited_item_takes_the_other_along)
{
    struct log_record *record = with_recording(1, segment(0, 0, ""), RECORDING);
    record->items[0].verdict = OUTCOME_RATE_LIMITED;
    record->items[0].reason = S("key_quota");
    record->items[0].payload = (struct str){0};
    add(record);
    stored();
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_RATE_LIMITED, "key_quota"), 2);
}
END_TEST

#define CLICK                                                                                      \
    "{\"type\":5,\"data\":{\"tag\":\"breadcrumb\",\"payload\":{\"category\":"                      \
    "\"ui.slowClickDetected\",\"data\":{\"endReason\":\"timeout\",\"timeAfterClickMs\":8000,"      \
    "\"clickCount\":6,\"node\":{\"id\":1,\"tagName\":\"a\",\"attributes\":{\"class\":\"x "         \
    "y\"}}}}}}"

START_TEST(clicks_are_rows_of_their_own)
{
    add(with_recording(1, segment(0, 0, ""), "{\"segment_id\":0}\n[" CLICK "," CLICK "]"));
    add(with_recording(2, segment(0, 0, ""), "{\"segment_id\":0}\n[" CLICK "]"));
    stored();
    ck_assert_int_eq(count("select count(*) from replay_click where is_dead and is_rage and "
                           "classes = '[\"x\", \"y\"]' and tag = 'a'"),
                     2);
    ck_assert_int_eq(count("select count(*) from replay where dead_clicks = 2 and rage_clicks = 2"),
                     1);
}
END_TEST

START_TEST(a_video_lies_in_the_blob_store)
{
    const char *event = segment(0, 0, "");
    struct buf payload;
    buf_init(&payload, 1 << 20);
    buf_puts(&payload, "\x83\xACreplay_event\xC5");
    buf_putc(&payload, (char)(strlen(event) >> 8));
    buf_putc(&payload, (char)strlen(event));
    buf_puts(&payload, event);
    buf_puts(&payload, "\xB0replay_recording\xC4");
    buf_putc(&payload, (char)strlen(RECORDING));
    buf_puts(&payload, RECORDING "\xACreplay_video\xC4\x03mp4");
    const struct log_item video = {
        .type = ITEM_REPLAY_VIDEO, .quantity = 1, .payload = buf_str(&payload)};
    add(record_with(1, &video, 1));
    stored();
    ck_assert_int_eq(count("select count(*) from replay_segment s join blob b on b.name = s.blob "
                           "where has_video and body is not null and reference_count = 1 and "
                           "b.size = 3"),
                     1);
    const struct log_item empty = {
        .type = ITEM_REPLAY_VIDEO, .quantity = 1, .payload = S("\x81\xACreplay_video\xC4\x00")};
    add(record_with(2, &empty, 1));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_REPLAY, OUTCOME_INVALID, "invalid_replay_video"), 1);
    buf_free(&payload);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_add_test(tc, segments_come_to_a_replay_in_any_order);
    tcase_add_test(tc, a_segment_that_comes_again_is_a_duplicate);
    tcase_add_test(tc, a_replay_without_user_is_its_address);
    tcase_add_loop_test(tc, one_invalid_item_takes_the_other_along, 0, COUNT_OF(invalid));
    tcase_add_loop_test(tc, odd_fields_harm_nobody, 0, COUNT_OF(odd));
    tcase_add_test(tc, an_item_alone_is_invalid);
    tcase_add_test(tc, a_limited_item_takes_the_other_along);
    tcase_add_test(tc, clicks_are_rows_of_their_own);
    tcase_add_test(tc, a_video_lies_in_the_blob_store);
}

int main(int argc, char **argv)
{
    static char folder[] = "/tmp/vedette-replays-XXXXXX";
    (void)argc;
    if (!mkdtemp(folder))
        abort();
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_DATA_DIR", folder, 1);
    settings_load();
    return database_suite_run(argv[0], "digest_replays", add_tests);
}
