#include "api/series.h"

#include "api/filters.h"
#include "base/clock.h"
#include "sql.h"

enum { BARS_MOST = 32 };
static const int64_t day = 86400;

int64_t series_step(int64_t seconds)
{
    static const int64_t steps[] = {3600, 10800, 21600, 86400};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (seconds <= BARS_MOST * steps[i])
            return steps[i];
    }
    return (seconds + BARS_MOST * day - 1) / (BARS_MOST * day) * day;
}

static void set_time(struct series *s, struct str name, const struct issue_filter *f)
{
    static const struct {
        struct str name;
        int64_t bars, step;
    } periods[] = {{{"24h", 3}, 24, 3600}, {{"14d", 3}, 14, 86400}, {{"30d", 3}, 30, 86400}};
    int64_t start = f->start / CLOCK_SECOND, end = f->end / CLOCK_SECOND;
    s->name = S("auto");
    s->step = series_step(end - start);
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        if (!str_eq(name, periods[i].name))
            continue;
        s->name = name;
        s->step = periods[i].step;
        end = clock_now() / CLOCK_SECOND;
        start = end - (periods[i].bars - 1) * s->step;
    }
    s->first = start / s->step * s->step;
    s->bars = (size_t)((end - 1) / s->step - s->first / s->step + 1);
}

static void add_bar(struct series *s, int64_t issue, int64_t bar, int64_t events)
{
    size_t column = (size_t)((bar - s->first) / s->step);
    if (bar < s->first || column >= s->bars)
        return;
    for (size_t i = 0; i < s->issue_count; i++) {
        if (s->issues[i] == issue)
            s->counts[i * s->bars + column] += events;
    }
}

void series_read(struct request *rq, const struct issue_filter *f, struct str name,
                 struct series *out)
{
    set_time(out, name, f);
    out->counts = arena_alloc(rq->arena, (out->issue_count * out->bars + 1) * sizeof(int64_t));
    int64_t end = out->first + (int64_t)out->bars * out->step - 1;
    struct rows *r = pg_query(
        rq->db, rq->arena, out->step < day ? &SQL_issue_series_by_hour : &SQL_issue_series_by_day,
        pg_int_array(rq->arena, f->projects, f->project_count),
        pg_int_array(rq->arena, out->issues, out->issue_count),
        filters_environment_param(rq->arena, f), pg_time(rq->arena, out->first * CLOCK_SECOND),
        pg_time(rq->arena, end * CLOCK_SECOND), out->step);
    while (rows_next(r))
        add_bar(out, rows_int(r, 0), rows_int(r, 1), rows_int(r, 2));
}

void series_put(struct jw *j, const struct series *series, size_t at)
{
    jw_name(j, series->name);
    jw_open(j, '[');
    for (size_t i = 0; i < series->bars; i++) {
        jw_open(j, '[');
        jw_int(j, series->first + (int64_t)i * series->step);
        jw_int(j, series->counts[at * series->bars + i]);
        jw_close(j, ']');
    }
    jw_close(j, ']');
}
