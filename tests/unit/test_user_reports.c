/* What users wrote about events, in the web API: lists, writing one, and where it is shown. */
#include "tests/unit/api.h"
#include "tests/unit/issues_seed.h"

#define O "/api/0/organizations/acme/"
#define P "/api/0/projects/acme/shop/user-feedback/"
#define BODY "\"name\":\"Bo\",\"email\":\"bo@acme.example\",\"comments\":\"again\"}"

static const char seed[] =
    "insert into event (project_id, event_id, received_day, issue_id, batch, received, "
    "\"timestamp\", level, type, platform, environment_id, title, tags)"
    " select 11, lpad(n::text, 32, '0')::uuid, now()::date, 301, 1, now(), "
    "        now() - (n - 1) * interval '40 minutes', 40, 'error', 'node', 1, 'x', '{}'"
    "   from generate_series(1, 2) n;"
    "insert into user_report (project_id, event_id, name, email, comments, date_created) values"
    " (11, lpad('1', 32, '0')::uuid, 'Ada', 'ada@acme.example', 'it broke', now()),"
    " (11, lpad('7', 32, '0')::uuid, 'Cy', '', 'no event', now() - interval '1 hour'),"
    " (21, lpad('1', 32, '0')::uuid, 'Eve', '', 'foreign', now());";

static void fill(void)
{
    api_fill(issues_seed);
    arena = arena_new(16 << 20);
    db = pg_open(database_conninfo, "test");
    ck_assert_msg(pg_script(db, seed), "%.*s", STR_ARG(pg_message(db)));
    pg_close(db);
    arena_free(arena);
}

START_TEST(reports_are_listed_with_their_issue)
{
    const struct jt *list = api_json(api_get(P), 200);
    ck_assert(str_eq(api_list(list, S("comments")), S("it broke,no event")));
    ck_assert(str_eq(api_at(list, "0.issue.id"), S("301")));
    ck_assert(str_eq(api_at(list, "0.event.eventID"), S("00000000000000000000000000000001")));
    ck_assert(str_eq(api_at(list, "1.issue"), S("null")));
    list = api_json(api_get(O "issues/301/user-reports/"), 200);
    ck_assert(str_eq(api_list(list, S("name")), S("Ada")));
    list = api_json(api_get(O "user-feedback/"), 200);
    ck_assert(str_eq(api_list(list, S("name")), S("Ada,Cy")));
}
END_TEST

START_TEST(a_report_is_shown_with_its_event_and_issue)
{
    const struct jt *event = api_json(
        api_get("/api/0/projects/acme/shop/events/00000000000000000000000000000001/"), 200);
    ck_assert(str_eq(api_at(event, "userReport.comments"), S("it broke")));
    ck_assert(
        str_eq(api_at(api_json(api_get("/api/0/issues/301/"), 200), "userReportCount"), S("1")));
}
END_TEST

static const struct {
    const char *body;
    int status;
} written[] = {
    {"{\"event_id\":\"00000000000000000000000000000001\"," BODY, 200},
    {"{\"event_id\":\"00000000000000000000000000000008\"," BODY, 200},
    {"{\"event_id\":\"00000000000000000000000000000007\"," BODY, 409}, /* written long ago */
    {"{\"event_id\":\"00000000000000000000000000000002\"," BODY, 409}, /* happened long ago */
    {"{\"event_id\":\"seven\"," BODY, 400},
    {"{\"event_id\":\"00000000000000000000000000000001\"}", 400},
};

START_TEST(a_report_is_written_while_it_is_fresh)
{
    struct request *rq = api_ask("POST", P, written[_i].body);
    const struct jt *answer = api_json(rq, written[_i].status);
    if (rq->status == 200)
        ck_assert(str_eq(api_at(answer, "comments"), S("again")));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill, NULL);
    tcase_add_checked_fixture(tc, api_set_up, api_tear_down);
    tcase_add_test(tc, reports_are_listed_with_their_issue);
    tcase_add_test(tc, a_report_is_shown_with_its_event_and_issue);
    tcase_add_loop_test(tc, a_report_is_written_while_it_is_fresh, 0, COUNT_OF(written));
}

int main(int count, char **words)
{
    (void)count;
    api_start();
    return database_suite_run(words[0], "user_reports", add_tests);
}
