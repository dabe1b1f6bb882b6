#include "api/page.h"

#include "api/filters.h"
#include "api/series.h"
#include "base/clock.h"
#include "base/settings.h"
#include "storage/short_id.h"
#include "tests/unit/ask.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(16 << 20);
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
}

static void tear_down(void)
{
    arena_free(arena);
}

static struct request *ask(const char *uri)
{
    struct ask *q = arena_new_of(arena, struct ask);
    q->uri = uri;
    return ask_begin(q, arena);
}

static const struct {
    const char *uri;
    bool ok;
    int limit;
    int64_t value, offset;
    bool backward;
} pages[] = {
    {"/x/", true, 100, 0, 0, false},
    {"/x/?cursor=", true, 100, 0, 0, false},
    {"/x/?per_page=5&cursor=0:100:0", true, 5, 0, 100, false},
    {"/x/?limit=10000", true, 100, 0, 0, false},
    {"/x/?cursor=-12:7:1", true, 100, -12, 7, true},
    {"/x/?cursor=1", false, 0, 0, 0, false},
    {"/x/?cursor=1:2", false, 0, 0, 0, false},
    {"/x/?cursor=1:-2:0", false, 0, 0, 0, false},
    {"/x/?cursor=1:2:2", false, 0, 0, 0, false},
    {"/x/?cursor=1:2:0:3", false, 0, 0, 0, false},
    {"/x/?cursor=99999999999999999999:0:0", false, 0, 0, 0, false},
    {"/x/?per_page=0", false, 0, 0, 0, false},
    {"/x/?limit=ten", false, 0, 0, 0, false},
};

START_TEST(page_is_read)
{
    struct page page;
    struct request *rq = ask(pages[_i].uri);
    bool ok = page_read(rq, PAGE_LIMIT, &page);
    ck_assert_int_eq(ok, pages[_i].ok);
    if (!ok) {
        ck_assert_int_eq(rq->status, 400);
        return;
    }
    ck_assert_int_eq(page.limit, pages[_i].limit);
    ck_assert_int_eq(page.cursor.value, pages[_i].value);
    ck_assert_int_eq(page.cursor.offset, pages[_i].offset);
    ck_assert_int_eq(page.cursor.backward, pages[_i].backward);
}
END_TEST

START_TEST(link_keeps_other_parameters_and_escapes_commas)
{
    struct request *rq = ask("/api/0/x/?query=a:[b,c]&cursor=1:2:0&per_page=2&empty=");
    page_link(rq, (struct cursor){.given = false, .value = 5, .offset = 6},
              (struct cursor){.given = true, .value = 7, .offset = 8});
    ck_assert_text(
        ask_reply_header(rq, "Link"),
        "<http://localhost:8900/api/0/x/?query=a%3A%5Bb%2Cc%5D&per_page=2&empty=&cursor=5:6:1>; "
        "rel=\"previous\"; results=\"false\"; cursor=\"5:6:1\", "
        "<http://localhost:8900/api/0/x/?query=a%3A%5Bb%2Cc%5D&per_page=2&empty=&cursor=7:8:0>; "
        "rel=\"next\"; results=\"true\"; cursor=\"7:8:0\"");
}
END_TEST

START_TEST(unchanged_body_is_not_sent_again)
{
    struct request *rq = ask("/x/");
    struct jw j = reply_json(rq, 200);
    jw_str(&j, S("body"));
    ck_assert_int_eq(page_done_or_unchanged(rq), 200);
    const char *weak = arena_printf(arena, "W/%.*s", STR_ARG(ask_reply_header(rq, "ETag")));
    for (int changed = 0; changed < 2; changed++) {
        struct ask *q = arena_new_of(arena, struct ask);
        ask_header(q, "HTTP_IF_NONE_MATCH", weak);
        struct request *again = ask_begin(q, arena);
        j = reply_json(again, 200);
        jw_str(&j, changed ? S("other") : S("body"));
        ck_assert_int_eq(page_done_or_unchanged(again), changed ? 200 : 304);
        ck_assert_int_eq(ask_body(again).n > 0, changed);
    }
}
END_TEST

static const struct {
    const char *uri, *error; /* NULL: taken */
    int64_t seconds;         /* of the period */
} periods[] = {
    {"/?statsPeriod=14d", NULL, 14 * 86400},
    {"/?statsPeriod=3600", NULL, 3600},
    {"/?statsPeriod=2w&start=x", NULL, 14 * 86400},
    {"/", NULL, 100},
    {"/?start=2026-11-01T00:00:00&end=2026-11-01T01:00:00.5", NULL, 3600},
    {"/?start=2026-11-01T00:00:00Z&end=2026-11-01T03:00:00%2B02:00", NULL, 3600},
    {"/?start=1000&end=1500", NULL, 500},
    {"/?statsPeriod=14x", "Invalid date range: statsPeriod must be a number and a unit", 0},
    {"/?statsPeriod=-1d", "Invalid date range", 0},
    {"/?statsPeriod=99999999w", "Invalid date range", 0},
    {"/?start=2026-11-01", "Invalid date range: start and end are both required.", 0},
    {"/?start=2026-11-02&end=2026-11-01", "Invalid date range: start must be before end.", 0},
    {"/?start=never&end=2026-11-01", "Invalid date range: start and end must be dates", 0},
    {"/?start=0001-01-01&end=2026-11-01", "Invalid date range: the range is too long.", 0},
};

START_TEST(period_is_read)
{
    struct period period;
    struct request *rq = ask(periods[_i].uri);
    bool ok = period_read(rq, INT64_C(100) * CLOCK_SECOND, &period);
    ck_assert_int_eq(ok, periods[_i].error == NULL);
    if (ok)
        ck_assert_int_eq((period.end - period.start) / CLOCK_SECOND, periods[_i].seconds);
    else
        ck_assert_msg(str_has(ask_body(rq), str_of(periods[_i].error)), "%.*s",
                      STR_ARG(ask_body(rq)));
}
END_TEST

static const struct {
    int64_t seconds, step;
} steps[] = {
    {3600, 3600},        {86400, 3600},       {3 * 86400, 3 * 3600},   {7 * 86400, 6 * 3600},
    {14 * 86400, 86400}, {30 * 86400, 86400}, {90 * 86400, 3 * 86400}, {365 * 86400, 12 * 86400},
};

START_TEST(bars_fit_the_period)
{
    ck_assert_int_eq(series_step(steps[_i].seconds), steps[_i].step);
}
END_TEST

static const struct {
    const char *text, *slug; /* NULL: no short id */
    int64_t number;
} short_ids[] = {
    {"SHOP-1A", "shop", 42}, {"my-shop-Z", "my-shop", 31},
    {"shop-il", "shop", 33}, {"shop-O", "shop", 0},
    {"shop-", NULL, 0},      {"-1A", NULL, 0},
    {"shop", NULL, 0},       {"shop-U", NULL, 0},
    {"", NULL, 0},           {"shop-1234567890123", NULL, 0},
};

START_TEST(short_id_is_read)
{
    struct str slug;
    int64_t number;
    bool ok = short_id_read(arena, str_of(short_ids[_i].text), &slug, &number);
    ck_assert_int_eq(ok, short_ids[_i].slug != NULL);
    if (!ok)
        return;
    ck_assert_text(slug, short_ids[_i].slug);
    ck_assert_int_eq(number, short_ids[_i].number);
}
END_TEST

START_TEST(short_id_is_written)
{
    ck_assert_text(short_id_text(arena, S("shop"), 42), "SHOP-1A");
    ck_assert_text(short_id_text(arena, S("a"), 1), "A-1");
    ck_assert_text(short_id_text(arena, S("a"), INT64_C(32) * 32 * 32), "A-1000");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, page_is_read, 0, COUNT_OF(pages));
    tcase_add_test(tc, link_keeps_other_parameters_and_escapes_commas);
    tcase_add_test(tc, unchanged_body_is_not_sent_again);
    tcase_add_loop_test(tc, period_is_read, 0, COUNT_OF(periods));
    tcase_add_loop_test(tc, bars_fit_the_period, 0, COUNT_OF(steps));
    tcase_add_loop_test(tc, short_id_is_read, 0, COUNT_OF(short_ids));
    tcase_add_test(tc, short_id_is_written);
}

int main(void)
{
    return suite_run("page", add_tests);
}
