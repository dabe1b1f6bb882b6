#include "base/settings.h"
#include "tests/unit/digesting.h"

/* A record of two items: the first of `number` creates its event. */
struct two {
    struct log_record head;
    struct log_item items[2];
};

static struct log_record *with_attachment(uint64_t number, const char *payload)
{
    struct two *t = arena_new_of(arena, struct two);
    t->head = *record_of(arena, ITEM_EVENT, number, day, str_of(payload));
    t->items[0] = (struct log_item){
        .type = ITEM_ATTACHMENT,
        .header =
            S("{\"type\":\"attachment\",\"filename\":\"a.txt\",\"content_type\":\"text/plain\"}"),
        .payload = S("hello"),
        .quantity = 5};
    t->items[1] = t->head.items[0];
    t->head.items = t->items;
    t->head.item_count = 2;
    return &t->head;
}

START_TEST(an_attachment_is_stored_with_its_event)
{
    add(with_attachment(1, "{\"message\":\"m\"}"));
    stored();
    ck_assert_int_eq(count("select count(*) from attachment a join event e using (project_id, "
                           "event_id) where name = 'a.txt' and content_type = 'text/plain' and "
                           "a.type = 'event.attachment' and size = 5 and body = 'hello'"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT, OUTCOME_ACCEPTED, ""), 5);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT_ITEM, OUTCOME_ACCEPTED, ""), 1);
}
END_TEST

START_TEST(an_attachment_goes_with_its_event)
{
    add(with_attachment(1, "[]"));
    stored();
    ck_assert_int_eq(count("select count(*) from attachment"), 0);
    ck_assert_int_eq(outcome(CATEGORY_ERROR, OUTCOME_INVALID, "invalid_json"), 1);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT, OUTCOME_INVALID, "invalid_json"), 5);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT_ITEM, OUTCOME_INVALID, "invalid_json"), 1);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT_ITEM, OUTCOME_ACCEPTED, ""), 0);
}
END_TEST

/* In the same batch and in the next: the second request has an id of its own. */
START_TEST(an_attachment_of_a_repeated_event_is_a_double)
{
    for (int i = 0; i < 3; i++) {
        struct log_record *record = with_attachment(1, "{\"message\":\"m\"}");
        record->request_id = uuid_random();
        add(record);
        if (i == 1)
            stored();
    }
    stored();
    ck_assert_int_eq(count("select count(*) from attachment"), 1);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT, OUTCOME_ACCEPTED, ""), 5);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT, OUTCOME_DUPLICATE, ""), 10);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT_ITEM, OUTCOME_DUPLICATE, ""), 2);
}
END_TEST

/* Nothing but the request tells a repeat of these apart. */
START_TEST(an_attachment_alone_is_known_by_its_request)
{
    for (int i = 0; i < 2; i++) {
        struct log_record *record = record_of(arena, ITEM_ATTACHMENT, 1, day, S("x"));
        add(record);
        stored();
    }
    ck_assert_int_eq(count("select count(*) from attachment where name = 'attachment' and "
                           "content_type = 'application/octet-stream'"),
                     1);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT, OUTCOME_DUPLICATE, ""), 1);
}
END_TEST

START_TEST(rows_of_a_project_that_is_gone_are_invalid)
{
    struct log_record *record = record_of(arena, ITEM_ATTACHMENT, 1, day, S("x"));
    record->project_id = 77;
    add(record);
    stored();
    ck_assert_int_eq(count("select count(*) from attachment"), 0);
    ck_assert_int_eq(outcome(CATEGORY_ATTACHMENT, OUTCOME_INVALID, "project_id"), 1);
}
END_TEST

static struct log_record *client_report(uint64_t number, const char *payload)
{
    return record_of(arena, ITEM_CLIENT_REPORT, number, day, str_of(payload));
}

START_TEST(a_client_report_is_counted_as_outcomes)
{
    static const char payload[] =
        "{\"timestamp\":%lld,\"discarded_events\":["
        "{\"reason\":\"queue_overflow\",\"category\":\"error\",\"quantity\":23},"
        "{\"reason\":\"queue_overflow\",\"category\":\"error\",\"quantity\":2},"
        "{\"reason\":\"queue_overflow\",\"category\":\"unheard_of\",\"quantity\":2},"
        "{\"reason\":\"x\",\"category\":\"error\",\"quantity\":-2},7,{},null],"
        "\"rejected_events\":[{\"reason\":\"sample_rate\",\"category\":\"span_indexed\","
        "\"quantity\":7}],"
        "\"rate_limited_events\":[{\"reason\":\"\",\"category\":\"log_byte\",\"quantity\":1}],"
        "\"filtered_events\":[{\"reason\":\"f\",\"category\":\"session\",\"quantity\":1}],"
        "\"filtered_sampling_events\":["
        "{\"reason\":\"Sampled:1000,17\",\"category\":\"transaction\",\"quantity\":3},"
        "{\"reason\":\"Sampled:\",\"category\":\"error\",\"quantity\":1},"
        "{\"reason\":\"Sampled:1,x\",\"category\":\"error\",\"quantity\":1},"
        "{\"reason\":\"Sampled:4294967296\",\"category\":\"error\",\"quantity\":1},"
        "{\"reason\":\"foo\",\"category\":\"error\",\"quantity\":1}]}";
    for (int i = 0; i < 2; i++) {
        add(client_report(1, arena_printf(arena, payload, (long long)(day / CLOCK_SECOND) - 7200)));
        stored();
    }
    ck_assert_int_eq(outcome(CATEGORY_ERROR, OUTCOME_CLIENT_DISCARD, "queue_overflow"), 25);
    ck_assert_int_eq(outcome(CATEGORY_SPAN_INDEXED, OUTCOME_CLIENT_DISCARD, "sample_rate"), 7);
    ck_assert_int_eq(outcome(CATEGORY_LOG_BYTE, OUTCOME_RATE_LIMITED, ""), 1);
    ck_assert_int_eq(outcome(CATEGORY_SESSION, OUTCOME_FILTERED, "f"), 1);
    ck_assert_int_eq(outcome(CATEGORY_TRANSACTION, OUTCOME_FILTERED, "Sampled:1000,17"), 3);
    ck_assert_int_eq(count("select count(*) from outcome_hour where outcome not in (7)"), 5);
    ck_assert_int_eq(count(arena_printf(arena,
                                        "select count(distinct hour) from outcome_hour where "
                                        "outcome = 5 and hour = to_timestamp(%lld)",
                                        (long long)(day / CLOCK_SECOND) - 7200)),
                     1);
}
END_TEST

START_TEST(a_client_report_is_as_old_as_outcomes_may_be)
{
    for (int days = 20; days < 40; days += 10) {
        const char *payload =
            arena_printf(arena,
                         "{\"timestamp\":%lld,\"discarded_events\":[{\"reason\":\"a\","
                         "\"category\":\"error\",\"quantity\":%d}]}",
                         (long long)(day / CLOCK_SECOND) - days * 86400, days);
        setenv("VEDETTE_RETENTION_OUTCOME_DAYS", "25", 1);
        settings_load();
        add(client_report((uint64_t)days, payload));
        stored();
    }
    ck_assert_int_eq(outcome(CATEGORY_ERROR, OUTCOME_CLIENT_DISCARD, "a"), 20);
}
END_TEST

static const char *const ignored[] = {
    "",
    "[]",
    "{",
    "{\"discarded_events\":7}",
    "{\"timestamp\":\"gestern\",\"discarded_events\":[{\"reason\":\"a\",\"category\":\"error\","
    "\"quantity\":1}]}",
    "{\"timestamp\":4102444800,\"discarded_events\":[{\"reason\":\"a\",\"category\":\"error\","
    "\"quantity\":1}]}",
    "{\"timestamp\":1,\"discarded_events\":[{\"reason\":\"a\",\"category\":\"error\","
    "\"quantity\":1}]}",
};

START_TEST(a_client_report_that_says_nothing_is_nothing)
{
    add(client_report(1, ignored[_i]));
    stored();
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
    ck_assert_int_eq(count("select count(*) from poison"), 0);
}
END_TEST

/* Twice the same event, one that nobody wants, and one of another
 * category. */
START_TEST(what_is_not_stored_is_given_back_to_its_quotas)
{
    ck_assert(pg_script(db, "insert into quota (organization_id, project_id, categories, period, "
                            "most, date_created) values (1, 1, '{error}', 'day', 100, now()),"
                            " (1, null, '{}', 'month', 100, now()),"
                            " (1, 2, '{error}', 'day', 100, now())"));
    add(record_event(arena, 1, day, "a", ""));
    add(record_event(arena, 1, day, "a", ""));
    add(record_event(
        arena, 2, day, "a",
        ",\"exception\":[{\"type\":\"ChunkLoadError\",\"value\":\"Loading chunk 7 failed\"}]"));
    add(with_attachment(3, "[]"));
    stored();
    ck_assert_int_eq(outcome(CATEGORY_ERROR, OUTCOME_FILTERED, "error-message"), 1);
    ck_assert_int_eq(count("select used from quota_usage where quota_id = 1"), -2);
    ck_assert_int_eq(count("select used from quota_usage where quota_id = 2"), -2);
    ck_assert_int_eq(count("select count(*) from quota_usage"), 2);
}
END_TEST

/* ---- user reports */

static void report(uint64_t number, int minutes, const char *payload)
{
    add(record_of(arena, ITEM_USER_REPORT, number, day + minutes * 60 * (int64_t)CLOCK_SECOND,
                  str_of(payload)));
    stored();
}

#define REPORT "{\"event_id\":\"00000000-0000-0000-0000-000000000001\",\"comments\":"

START_TEST(a_user_report_is_replaced_for_five_minutes)
{
    report(2, 0, REPORT "\"first\",\"name\":null}");
    report(3, 4, REPORT "\"second\",\"name\":\"Ada\",\"email\":7}");
    report(4, 6, REPORT "\"third\"}");
    ck_assert_int_eq(count("select count(*) from user_report where comments = 'second' and name = "
                           "'Ada' and email = '' and event_id = "
                           "'00000000000000000000000000000001'"),
                     1);
    ck_assert_int_eq(count("select count(*) from user_report"), 1);
}
END_TEST

START_TEST(an_old_event_takes_no_user_report)
{
    struct log_record *event = record_of(arena, ITEM_EVENT, 1, day, S("{}"));
    uuid_parse(S("00000000000000000000000000000001"), &event->event_id);
    add(event);
    stored();
    report(2, 31, REPORT "\"late\"}");
    ck_assert_int_eq(count("select count(*) from user_report"), 0);
    report(3, 29, REPORT "\"in time\"}");
    ck_assert_int_eq(count("select count(*) from user_report"), 1);
}
END_TEST

/* An event may have waited long before it was sent. */
START_TEST(an_event_of_long_ago_takes_no_user_report)
{
    const char *payload =
        arena_printf(arena, "{\"timestamp\":%lld}", (long long)(day / CLOCK_SECOND - 31 * 60));
    struct log_record *event = record_of(arena, ITEM_EVENT, 1, day, str_of(payload));
    uuid_parse(S("00000000000000000000000000000001"), &event->event_id);
    add(event);
    stored();
    report(2, 0, REPORT "\"late\"}");
    ck_assert_int_eq(count("select count(*) from user_report"), 0);
}
END_TEST

static const char *const no_reports[] = {"", "{\"foo\"}", "[]", "{\"event_id\":\"x\"}", "7"};

START_TEST(a_user_report_that_is_none_is_nothing)
{
    report(1, 0, no_reports[_i]);
    ck_assert_int_eq(count("select count(*) from user_report"), 0);
    ck_assert_int_eq(count("select count(*) from outcome_hour"), 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, digesting_begin, digesting_end);
    tcase_add_test(tc, an_attachment_is_stored_with_its_event);
    tcase_add_test(tc, an_attachment_goes_with_its_event);
    tcase_add_test(tc, an_attachment_of_a_repeated_event_is_a_double);
    tcase_add_test(tc, an_attachment_alone_is_known_by_its_request);
    tcase_add_test(tc, rows_of_a_project_that_is_gone_are_invalid);
    tcase_add_test(tc, a_user_report_is_replaced_for_five_minutes);
    tcase_add_test(tc, an_old_event_takes_no_user_report);
    tcase_add_test(tc, an_event_of_long_ago_takes_no_user_report);
    tcase_add_loop_test(tc, a_user_report_that_is_none_is_nothing, 0, COUNT_OF(no_reports));
    tcase_add_test(tc, a_client_report_is_counted_as_outcomes);
    tcase_add_test(tc, a_client_report_is_as_old_as_outcomes_may_be);
    tcase_add_test(tc, what_is_not_stored_is_given_back_to_its_quotas);
    tcase_add_loop_test(tc, a_client_report_that_says_nothing_is_nothing, 0, COUNT_OF(ignored));
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return database_suite_run(argv[0], "digest_items", add_tests);
}
