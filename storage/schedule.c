#include "storage/schedule.h"

#include "base/clock.h"
#include "sql.h"

bool schedule_is_unit(struct str name)
{
    static const char *const units[] = {"minute", "hour", "day", "week", "month", "year"};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (str_eq(name, str_of(units[i])))
            return true;
    }
    return false;
}

/* us of an interval that is as long on every day; 0: of one that is not. */
static int64_t fixed_length(const struct schedule *s)
{
    static const int64_t minute = (int64_t)60 * CLOCK_SECOND;
    if (str_eq(s->unit, S("minute")))
        return s->count * minute;
    return str_eq(s->unit, S("hour")) ? s->count * 60 * minute : 0;
}

static int64_t first_time(struct rows *r, int column)
{
    return rows_next(r) ? rows_time(r, column) : 0;
}

static int64_t next_interval(struct pg *db, struct arena *a, const struct schedule *s, int64_t from)
{
    if (fixed_length(s))
        return from - from % ((int64_t)60 * CLOCK_SECOND) + fixed_length(s);
    return first_time(pg_query(db, a, &SQL_schedule_interval, pg_time(a, from),
                               arena_printf(a, "%lld %.*s", (long long)s->count, STR_ARG(s->unit)),
                               s->timezone),
                      0);
}

/* As much later as the civil time is; right unless the clock is changed in between. */
static int64_t next_crontab(struct pg *db, struct arena *a, const struct schedule *s, int64_t from)
{
    struct rows *r = pg_query(db, a, &SQL_schedule_civil, pg_time(a, from), s->timezone);
    int64_t civil = first_time(r, 0), next = crontab_next(&s->crontab, civil);
    int64_t elapsed = from + next - civil;
    r = pg_query(db, a, &SQL_schedule_instant, pg_time(a, from), pg_time(a, next),
                 pg_time(a, elapsed), s->timezone);
    if (!rows_next(r))
        return 0;
    if (s->crontab.every_hour && crontab_matches(&s->crontab, rows_time(r, 0)))
        return elapsed;
    return rows_time(r, 1);
}

int64_t schedule_next(struct pg *db, struct arena *a, const struct schedule *s, int64_t from)
{
    return s->by_crontab ? next_crontab(db, a, s, from) : next_interval(db, a, s, from);
}

int64_t schedule_after(struct pg *db, struct arena *a, const struct schedule *s, int64_t from,
                       int64_t until)
{
    if (s->by_crontab)
        return schedule_next(db, a, s, until);
    if (fixed_length(s) && until > from)
        from += (until - from) / fixed_length(s) * fixed_length(s);
    int64_t next;
    do
        from = next = schedule_next(db, a, s, from);
    while (next && next <= until);
    return next;
}
