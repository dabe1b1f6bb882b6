/* Events over time: the chart above the issue list. */
#include "api/filters.h"
#include "api/issues.h"
#include "api/page.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "storage/reply.h"

enum { BARS_MOST = 4500, HOUR = 3600 };

/* More single events than this are not counted one by one for the bars of a chart. */
static const int64_t counted_most = 200000;

/* Bucket widths where none is asked for. */
static int64_t default_step(int64_t seconds)
{
    static const struct {
        int64_t up_to, step;
    } widths[] = {{3600, 60}, {86400, 300}, {2592000, 3600}, {5184000, 14400}};
    for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
        if (seconds <= widths[i].up_to)
            return widths[i].step;
    }
    return 86400;
}

struct chart {
    int64_t start, end, step; /* unix seconds */
    int64_t *counts;
    size_t bars;
    bool is_estimated;
};

static bool read_chart(struct request *rq, const struct issue_filter *f, struct chart *out)
{
    struct str interval = request_query(rq, S("interval"));
    out->start = f->start / CLOCK_SECOND;
    out->end = f->end / CLOCK_SECOND;
    out->step = interval.n ? period_seconds(interval) : default_step(out->end - out->start);
    if (out->step < 1) {
        reply_error(rq, 400, "Invalid interval. Use a number and a unit, such as 1h.");
        return false;
    }
    int64_t first = out->start / out->step;
    out->bars = (size_t)((out->end - 1) / out->step - first + 1);
    if (out->bars > BARS_MOST) {
        reply_error(rq, 400,
                    "Your interval and date range would create too many results. Use a "
                    "larger interval, or a smaller date range.");
        return false;
    }
    out->start = first * out->step;
    out->counts = arena_alloc(rq->arena, (out->bars + 1) * sizeof(int64_t));
    return true;
}

static void fill(struct chart *chart, struct rows *r)
{
    while (rows_next(r)) {
        int64_t bar = (rows_int(r, 0) - chart->start) / chart->step;
        if (rows_int(r, 0) >= chart->start && bar < (int64_t)chart->bars)
            chart->counts[bar] += rows_int(r, 1);
    }
}

/* An hour's events, evenly over its bars. */
static void spread(struct chart *chart, int64_t hour, int64_t events)
{
    int64_t pieces = (HOUR + chart->step - 1) / chart->step;
    for (int64_t i = 0; i < pieces; i++) {
        int64_t at = hour + i * chart->step, bar = (at - chart->start) / chart->step;
        if (at >= chart->start && bar < (int64_t)chart->bars)
            chart->counts[bar] += events / pieces + (i < events % pieces);
    }
}

/* Bars finer than the hours of the rollup: single events are counted while they are few, beyond
 * that each hour is spread.  False with list->error set. */
static bool fill_fine(struct request *rq, struct issue_list *list, struct chart *chart)
{
    struct rows *hours = issues_chart(rq->db, rq->arena, list, HOUR);
    if (!hours)
        return false;
    int64_t total = 0;
    struct chart coarse = *chart;
    coarse.counts = arena_alloc(rq->arena, (chart->bars + 1) * sizeof(int64_t));
    while (rows_next(hours)) {
        spread(&coarse, rows_int(hours, 0), rows_int(hours, 1));
        total += rows_int(hours, 1);
    }
    chart->is_estimated = total > counted_most;
    if (chart->is_estimated)
        chart->counts = coarse.counts;
    else
        fill(chart, issues_chart(rq->db, rq->arena, list, chart->step));
    return true;
}

static bool fill_chart(struct request *rq, struct issue_list *list, struct chart *chart)
{
    if (chart->step < HOUR)
        return fill_fine(rq, list, chart);
    struct rows *r = issues_chart(rq->db, rq->arena, list, chart->step);
    if (r)
        fill(chart, r);
    return r != NULL;
}

static int reply_chart(struct request *rq, const struct chart *chart)
{
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "data", '[');
    for (size_t i = 0; i < chart->bars; i++) {
        jw_open(&j, '[');
        jw_int(&j, chart->start + (int64_t)i * chart->step);
        jw_open(&j, '[');
        jw_open(&j, '{');
        jw_int_k(&j, "count", chart->counts[i]);
        jw_close(&j, '}');
        jw_close(&j, ']');
        jw_close(&j, ']');
    }
    jw_close(&j, ']');
    jw_int_k(&j, "start", chart->start);
    jw_int_k(&j, "end", chart->start + (int64_t)chart->bars * chart->step);
    jw_bool_k(&j, "isMetricsData", false);
    jw_bool_k(&j, "isEstimated", chart->is_estimated);
    jw_raw_k(&j, "meta",
             S("{\"fields\":{\"count()\":\"integer\"},\"units\":{\"count()\":null},"
               "\"dataset\":\"errors\"}"));
    jw_close(&j, '}');
    return page_done_or_unchanged(rq);
}

static int show_events_stats(struct request *rq)
{
    const int64_t fallback = 14 * CLOCK_DAY;
    struct issue_list list = {0};
    struct chart chart = {0};
    struct str y_axis = request_query(rq, S("yAxis"));
    if (y_axis.n && !str_eq(y_axis, S("count()")))
        return reply_error(rq, 400, "Only count() can be charted yet.");
    if (!filters_read(rq, fallback, &list.filter) ||
        !issues_read_query(rq, request_query(rq, S("query")), &list) ||
        !read_chart(rq, &list.filter, &chart))
        return rq->status;
    if (!fill_chart(rq, &list, &chart))
        return issues_refuse_query(rq, list.error);
    return reply_if_failed(rq) ? rq->status : reply_chart(rq, &chart);
}

const struct route stats_routes[] = {
    {METHOD_GET, "/api/0/organizations/{organization}/events-stats/",
     SCOPE_EVENT_READ | SCOPE_ORG_READ, show_events_stats},
    {0},
};
