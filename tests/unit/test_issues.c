/* Lists of issues over a real database: what each query means, order, pages, counts, charts. */
#include "tests/unit/api.h"
#include "tests/unit/issues_seed.h"

#define O "/api/0/organizations/acme/"

static void fill(void)
{
    api_fill(issues_seed);
}

static const struct {
    const char *query, *ids; /* by last seen */
} searches[] = {
    {"", "301,306,302,303,304"},
    {"is:unresolved", "301,306,302"},
    {"!is:unresolved", "303,304"},
    {"is:resolved", "303"},
    {"is:archived", "304"},
    {"is:archived_forever", "304"},
    {"is:new", "301"},
    {"is:regressed", "306"},
    {"is:for_review", "301,306"},
    {"is:assigned", "301,302"},
    {"is:unassigned is:unresolved", "306"},
    {"is:linked", ""},
    {"status:[resolved, ignored]", "303,304"},
    {"level:error", "301,306,304"},
    {"!level:[error, fatal]", "302"},
    {"level:bogus", ""},
    {"TypeError", "301,304"},
    {"\"typeerror: X is\"", "301"},
    {"100%", "302"},
    {"\"core melt\"", "303"},
    {"m*lt", "303"},
    {"message:undefined", "301"},
    {"!message:*undefined*", "306,302,303,304"},
    {"error.type:TypeError", "301,304"},
    {"error.type:[Panic, IO*]", "302,303"},
    {"error.unhandled:true", "301"},
    {"error.handled:1 is:unresolved", "306,302"},
    {"title:\"Panic: core meltdown\"", "303"},
    {"platform:node level:fatal", "303"},
    {"browser:\"Chrome 120\"", "301,303"},
    {"browser:chrome*", "301,303"},
    {"!browser:chrome*", "306,302,304"},
    {"browser:[Firefox, Opera]", "302"},
    {"tags[browser]:Firefox", "302"},
    {"has:browser", "301,302,303"},
    {"!has:browser", "306,304"},
    {"browser:\"\"", "306,304"},
    {"user.id:7", "301,303"},
    {"user.email:*@b.c", "302"},
    {"user.email:*", "302"},
    {"user.email:e*", ""},
    {"user.email:a@b.c", "302"},
    {"user.username:[mick, al*]", "303"},
    {"user:\"id:7\"", "301,303"},
    {"has:user.email", "302"},
    {"release:shop@1.0.0", "301,303"},
    {"release:latest", "302"},
    {"release.version:1.1.0", "302"},
    {"release.package:shop", "301,302,303"},
    {"release.build:7", "302"},
    {"first_release:latest", "301"},
    {"firstRelease:shop@1.0.0", "306,302,303,304"},
    {"environment:staging", "303"},
    {"!environment:staging is:unresolved", "301,306,302"},
    {"assigned:me", "301"},
    {"assigned:olga@example.com", "301"},
    {"assigned:\"Olga\"", "301"},
    {"assigned:[me, #web]", "301,302"},
    {"assigned:my_teams", ""},
    {"assigned:none is:unresolved", "306"},
    {"!assigned:me is:unresolved", "306,302"},
    {"assigned:nobody@example.com", ""},
    {"has:assigned", "301,302"},
    {"!has:assigned is:unresolved", "306"},
    {"bookmarks:me", "302"},
    {"!bookmarks:me is:unresolved", "301,306"},
    {"subscribed:olga@example.com", "303"},
    {"times_seen:>5", "301,303"},
    {"!timesSeen:>5", "306,302,304"},
    {"times_seen:[1, 4]", "302,304"},
    {"user_count:>=3", "301,303"},
    {"age:-36h", "301"},
    {"age:+80h", "306,303"},
    {"lastSeen:-15m", "301,306,302"},
    {"firstSeen:<2020-01-01", ""},
    {"event.timestamp:-24h", "301,306,302,303"},
    {"issue:SHOP-2", "302"},
    {"issue.id:[301, 304]", "301,304"},
    {"issue.category:error level:fatal", "303"},
    {"issue.priority:medium level:fatal", "303"},
    {"project:api", "306"},
    {"!project.id:11", "306"},
    {"type:error", "301,306,302,303,304"},
};

START_TEST(query_finds_issues)
{
    struct str query = text_percent_encode(arena, str_of(searches[_i].query));
    const char *uri = arena_printf(arena, O "issues/?statsPeriod=14d&query=%.*s", STR_ARG(query));
    const struct request *rq = api_get(uri);
    struct str ids = api_list(api_json(rq, 200), S("id"));
    ck_assert_msg(str_eq(ids, str_of(searches[_i].ids)), "%s: %.*s, not %s", searches[_i].query,
                  STR_ARG(ids), searches[_i].ids);
    struct str hits = ask_reply_header(rq, "X-Hits");
    size_t expected = 0;
    for (struct str rest = ids; rest.n; expected++)
        str_split(&rest, ',');
    ck_assert_text(hits, arena_printf(arena, "%zu", expected));
}
END_TEST

static const struct {
    const char *query, *detail;
} refusals[] = {
    {"is:bogus", "Error parsing search query: Invalid value for 'is' search: bogus."},
    {"a:b OR c:d", "Error parsing search query: Boolean statements containing"},
    {"count():>5", "Error parsing search query: Aggregate filters (count()) are not supported"},
    {"transaction.duration:>5s", "is not something that issues can be searched by."},
    {"release.version:>1.0", "versions cannot be compared yet"},
    {"issue:nonsense", "must be one short id"},
    {"id:xyz", "must be one event id"},
    {"url:", "Empty string after 'url:'"},
};

START_TEST(meaningless_query_is_refused)
{
    struct str query = text_percent_encode(arena, str_of(refusals[_i].query));
    const struct request *rq = api_get(arena_printf(arena, O "issues/?query=%.*s", STR_ARG(query)));
    struct str detail = api_at(api_json(rq, 400), "detail");
    ck_assert_msg(str_has(detail, str_of(refusals[_i].detail)), "%.*s", STR_ARG(detail));
}
END_TEST

static const struct {
    const char *parameters, *ids;
} lists[] = {
    {"", "301,306,302,305"}, /* open, of the last 90 days */
    {"statsPeriod=14d", "301,306,302"},
    {"statsPeriod=14d&sort=new", "301,302,306"},
    {"statsPeriod=14d&sort=freq&query=", "303,301,302,306,304"},
    {"statsPeriod=90d&sort=freq&query=", "305,303,301,302,306,304"},
    {"statsPeriod=14d&sort=user&query=", "303,301,302,306,304"},
    {"statsPeriod=14d&sort=inbox", "301,302,306"},
    {"statsPeriod=14d&sort=trends&limit=1", "301"},
    {"statsPeriod=14d&project=11", "301,302"},
    {"statsPeriod=14d&project=api", "306"},
    {"statsPeriod=14d&project=-1", "301,306,302"},
    {"statsPeriod=14d&environment=staging&query=", "303"},
    {"statsPeriod=14d&environment=production&query=", "301,306,302,304"},
    {"statsPeriod=14d&environment=staging&environment=production&query=", "301,306,302,303,304"},
    {"statsPeriod=14d&environment=&query=", ""},
    {"statsPeriod=30m&query=", "301,306,302"},
    {"query=301", ""},
    {"query=SHOP-2&shortIdLookup=1", "302"},
    {"query=shop-2&shortIdLookup=1", "302"},
};

START_TEST(list_is_filtered_and_sorted)
{
    const struct request *rq = api_get(arena_printf(arena, O "issues/?%s", lists[_i].parameters));
    ck_assert_text(api_list(api_json(rq, 200), S("id")), lists[_i].ids);
}
END_TEST

START_TEST(absolute_range_asks_for_events_in_it)
{
    struct str start = database_text(db, arena,
                                     "select to_char(now() - interval '3 hours', 'YYYY-MM-DD"
                                     "\"T\"HH24:00:00')");
    struct str end = database_text(db, arena,
                                   "select to_char(now() - interval '30 minutes', 'YYYY-MM-DD"
                                   "\"T\"HH24:MI:SS')");
    const struct request *rq = api_get(arena_printf(
        arena, O "issues/?query=is:resolved&start=%.*s&end=%.*s", STR_ARG(start), STR_ARG(end)));
    ck_assert_text(api_list(api_json(rq, 200), S("id")), "303");
    rq = api_get(O "issues/?query=&start=2020-01-01&end=2020-02-01");
    ck_assert_text(api_list(api_json(rq, 200), S("id")), "");
}
END_TEST

static const struct {
    const char *uri;
    int status;
} wrong[] = {
    {O "issues/?sort=bogus", 400},
    {O "issues/?cursor=x", 400},
    {O "issues/?statsPeriod=x", 400},
    {O "issues/?environment=unknown", 404},
    {O "issues/?project=999", 403},
    {O "issues/?project=secret", 403},
    {O "events-stats/?interval=0", 400},
    {O "events-stats/?interval=1s&statsPeriod=90d", 400},
    {O "events-stats/?yAxis=p95()", 400},
    {O "shortids/SHOP-ZZZ/", 404},
    {O "shortids/nonsense/", 404},
    {O "eventids/nonsense/", 404},
    {O "issues/301/tags/unknown/", 404},
    {O "issues/301/events/latest/", 404},
    {"/api/0/organizations/globex/issues/", 404},
};

START_TEST(wrong_parameters_are_refused)
{
    const struct request *rq = api_get(wrong[_i].uri);
    ck_assert_msg(rq->status == wrong[_i].status, "%s: %d", wrong[_i].uri, rq->status);
}
END_TEST

/* Follows rel="next" or rel="previous" while it has results; ids of all pages in order. */
static const char *walk(const char *uri, const char *rel)
{
    const char *all = "", *mark = arena_printf(arena, "rel=\"%s\"; results=\"true\"", rel);
    for (int page = 0; page < 10; page++) {
        const struct request *rq = api_get(uri);
        struct str ids = api_list(api_json(rq, 200), S("id"));
        struct str link = ask_reply_header(rq, "Link");
        all = arena_printf(arena, "%s|%.*s", all, STR_ARG(ids));
        size_t at = str_find(link, str_of(mark));
        if (at == link.n)
            break;
        link = str_slice(link, at + strlen(mark), link.n);
        str_split(&link, '"');
        struct str cursor = str_split(&link, '"');
        uri = arena_printf(arena, O "issues/?statsPeriod=14d&query=&limit=2&cursor=%.*s",
                           STR_ARG(cursor));
    }
    return all;
}

START_TEST(pages_follow_each_other)
{
    ck_assert_str_eq(walk(O "issues/?statsPeriod=14d&query=&limit=2", "next"),
                     "|301,306|302,303|304");
}
END_TEST

START_TEST(previous_page_is_the_one_before)
{
    /* From the last page back: the cursor of its first row, read backward. */
    const struct jt *all = api_json(api_get(O "issues/?statsPeriod=14d&query="), 200);
    ck_assert_uint_eq(all->count, 5);
    int64_t key = database_int(db, arena,
                               "select extract(epoch from last_seen_minute)::bigint"
                               " from issue_stat where issue_id = 304");
    const char *uri = arena_printf(
        arena, O "issues/?statsPeriod=14d&query=&limit=2&cursor=%lld:304:1", (long long)key);
    ck_assert_str_eq(walk(uri, "previous"), "|302,303|301,306");
}
END_TEST

START_TEST(item_has_what_the_period_and_lifetime_say)
{
    const struct jt *list =
        api_json(api_get(O "issues/?statsPeriod=14d&query=is:resolved&groupStatsPeriod=auto"), 200);
    const struct jt *issue = jt_at(list, 0);
    ck_assert_text(api_at(issue, "shortId"), "SHOP-3");
    ck_assert_text(api_at(issue, "count"), "9");
    ck_assert_text(api_at(issue, "userCount"), "9");
    ck_assert_text(api_at(issue, "lifetime.count"), "9");
    ck_assert_text(api_at(issue, "level"), "fatal");
    ck_assert_text(api_at(issue, "substatus"), "null");
    ck_assert_text(api_at(issue, "isSubscribed"), "true");
    ck_assert_text(api_at(issue, "permalink"),
                   "http://localhost:8900/organizations/acme/issues/303/");
    const struct jt *bars = jt_get(jt_get(issue, S("stats")), S("auto"));
    int64_t sum = 0, events;
    for (const struct jt *bar = bars->first; bar; bar = bar->next) {
        ck_assert(jt_int64(jt_at(bar, 1), &events));
        sum += events;
    }
    ck_assert_int_eq(sum, 9);
}
END_TEST

START_TEST(item_has_its_marks)
{
    const struct jt *list = api_json(api_get(O "issues/?statsPeriod=14d"), 200);
    ck_assert_text(api_at(list, "0.assignedTo.email"), "olga@example.com");
    ck_assert_text(api_at(list, "0.numComments"), "1");
    ck_assert_text(api_at(list, "0.isUnhandled"), "true");
    ck_assert_text(api_at(list, "2.assignedTo.name"), "web");
    ck_assert_text(api_at(list, "2.isBookmarked"), "true");
    ck_assert_text(api_at(list, "1.substatus"), "regressed");
    ck_assert_text(api_at(list, "0.metadata.type"), "TypeError");
}
END_TEST

START_TEST(environment_counts_its_own_events)
{
    ck_assert(pg_script(db,
                        "insert into issue_hour values (11, 303, 1, date_trunc('hour', now()), 5);"
                        "insert into issue_day values (11, 303, 1, now()::date, 5, hll_empty(),"
                        " now(), now());"));
    const struct jt *list = api_json(
        api_get(O "issues/?query=is:resolved&environment=production&statsPeriod=14d"), 200);
    ck_assert_text(api_at(list, "0.count"), "5");
    list =
        api_json(api_get(O "issues/?query=is:resolved&environment=staging&statsPeriod=14d"), 200);
    ck_assert_text(api_at(list, "0.count"), "9");
    list = api_json(api_get(O "issues/?query=is:resolved&statsPeriod=14d"), 200);
    ck_assert_text(api_at(list, "0.count"), "14");
    ck_assert(pg_script(db, "delete from issue_hour where issue_id = 303 and environment_id = 1;"
                            "delete from issue_day where issue_id = 303 and environment_id = 1;"));
}
END_TEST

START_TEST(collapsed_parts_are_left_out)
{
    const struct jt *issue =
        jt_at(api_json(api_get(O "issues/?collapse=stats&collapse=unhandled&limit=1"), 200), 0);
    ck_assert_ptr_null(jt_get(issue, S("stats")));
    ck_assert_ptr_null(jt_get(issue, S("count")));
    ck_assert_ptr_null(jt_get(issue, S("isUnhandled")));
    ck_assert_ptr_nonnull(jt_get(issue, S("lifetime")));
}
END_TEST

START_TEST(unchanged_list_answers_304)
{
    const char *uri = O "issues/?statsPeriod=14d";
    struct ask *q = arena_new_of(arena, struct ask);
    struct str etag = ask_reply_header(api_get(uri), "ETag");
    q->uri = uri;
    ask_header(q, "HTTP_IF_NONE_MATCH", arena_strdup(arena, etag));
    const struct request *rq = api_send(q, "o");
    ck_assert_int_eq(rq->status, 304);
    ck_assert_uint_eq(ask_body(rq).n, 0);
}
END_TEST

START_TEST(tabs_are_counted)
{
    const struct jt *counts = api_json(
        api_get(O "issues-count/?query=is:unresolved&query=is:resolved&query=&statsPeriod=14d"),
        200);
    ck_assert_uint_eq(counts->count, 3);
    ck_assert_text(jt_get(counts, S("is:unresolved"))->text, "3");
    ck_assert_text(jt_get(counts, S("is:resolved"))->text, "1");
    ck_assert_text(jt_get(counts, S(""))->text, "5");
}
END_TEST

static const struct {
    const char *parameters;
    int64_t events;
} charts[] = {
    {"statsPeriod=14d&interval=1d", 22},
    {"statsPeriod=14d&interval=4h", 22},
    {"statsPeriod=14d&interval=1h&query=level:error", 9},
    {"statsPeriod=14d&interval=1h&query=issue:SHOP-3", 9},
    {"statsPeriod=14d&interval=1h&project=12", 2},
    {"statsPeriod=14d&interval=1h&environment=staging", 9},
    {"statsPeriod=90d", 72},
};

START_TEST(chart_adds_up)
{
    const struct jt *chart =
        api_json(api_get(arena_printf(arena, O "events-stats/?%s", charts[_i].parameters)), 200);
    const struct jt *data = jt_get(chart, S("data"));
    int64_t sum = 0, events, last = 0, at;
    for (const struct jt *bar = data->first; bar; bar = bar->next) {
        ck_assert(jt_int64(jt_get(jt_at(jt_at(bar, 1), 0), S("count")), &events));
        ck_assert(jt_int64(jt_at(bar, 0), &at));
        ck_assert_int_gt(at, last);
        last = at;
        sum += events;
    }
    ck_assert_int_eq(sum, charts[_i].events);
}
END_TEST

START_TEST(detail_has_people_releases_and_tags)
{
    const struct jt *issue = api_json(api_get(O "issues/SHOP-1/"), 200);
    ck_assert_text(api_at(issue, "id"), "301");
    ck_assert_text(api_at(issue, "count"), "6");
    ck_assert_text(api_at(issue, "activity.0.type"), "note");
    ck_assert_text(api_at(issue, "activity.0.user.email"), "mick@example.com");
    ck_assert_text(api_at(issue, "firstRelease.shortVersion"), "1.1.0+7");
    ck_assert_text(api_at(issue, "tags.0.key"), "browser");
    ck_assert_text(api_at(issue, "tags.0.topValues.0.value"), "Chrome 120");
    ck_assert_text(api_at(issue, "tags.0.totalValues"), "6");
    ck_assert_uint_eq(jt_get(jt_get(issue, S("stats")), S("24h"))->count, 24);
    ck_assert_text(api_at(api_json(api_get("/api/0/issues/301/"), 200), "id"), "301");
    ck_assert_text(api_at(api_json(api_get(O "shortids/shop-1/"), 200), "group.id"), "301");
}
END_TEST

START_TEST(tags_are_suggested)
{
    ck_assert_text(api_list(api_json(api_get(O "tags/"), 200), S("key")),
                   "browser,release,user,user.username");
    const struct jt *values = api_json(api_get(O "tags/browser/values/?query=fire"), 200);
    ck_assert_text(api_list(values, S("value")), "Firefox");
    values = api_json(api_get(O "tags/browser/values/"), 200);
    ck_assert_text(api_list(values, S("value")), "Chrome 120,Firefox");
    ck_assert_text(api_at(values, "0.count"), "15");
    values = api_json(api_get(O "issues/301/tags/browser/values/?sort=-count"), 200);
    ck_assert_text(api_list(values, S("count")), "6");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill, NULL);
    tcase_add_checked_fixture(tc, api_set_up, api_tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, query_finds_issues, 0, COUNT_OF(searches));
    tcase_add_loop_test(tc, meaningless_query_is_refused, 0, COUNT_OF(refusals));
    tcase_add_loop_test(tc, list_is_filtered_and_sorted, 0, COUNT_OF(lists));
    tcase_add_test(tc, absolute_range_asks_for_events_in_it);
    tcase_add_loop_test(tc, wrong_parameters_are_refused, 0, COUNT_OF(wrong));
    tcase_add_test(tc, pages_follow_each_other);
    tcase_add_test(tc, previous_page_is_the_one_before);
    tcase_add_test(tc, item_has_what_the_period_and_lifetime_say);
    tcase_add_test(tc, item_has_its_marks);
    tcase_add_test(tc, environment_counts_its_own_events);
    tcase_add_test(tc, collapsed_parts_are_left_out);
    tcase_add_test(tc, unchanged_list_answers_304);
    tcase_add_test(tc, tabs_are_counted);
    tcase_add_loop_test(tc, chart_adds_up, 0, COUNT_OF(charts));
    tcase_add_test(tc, detail_has_people_releases_and_tags);
    tcase_add_test(tc, tags_are_suggested);
}

int main(int count, char **words)
{
    (void)count;
    api_start();
    return database_suite_run(words[0], "issues", add_tests);
}
