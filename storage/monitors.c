#include "storage/monitors.h"

#include "sql.h"

/* Of one environment at one time: a day and more of a monitor of every minute. */
enum { TICKS_MOST = 1500, ENVIRONMENTS_MOST = 1000 };
enum { MARGIN_DEFAULT = 1, RUNTIME_DEFAULT = 30 };
static const int64_t minute_us = (int64_t)60 * CLOCK_SECOND;

/* ---- finding */

static struct schedule read_schedule(struct arena *a, const struct rows *r)
{
    struct schedule s = {.by_crontab = !rows_null(r, rows_column(r, "crontab")),
                         .count = rows_int(r, rows_column(r, "interval_count")),
                         .unit = rows_str(r, rows_column(r, "interval_unit")),
                         .timezone = rows_str(r, rows_column(r, "timezone"))};
    if (s.by_crontab)
        (void)crontab_parse(a, rows_str(r, rows_column(r, "crontab")), &s.crontab);
    return s;
}

static int64_t minutes(const struct rows *r, const char *column, int64_t otherwise)
{
    int at = rows_column(r, column);
    return (rows_null(r, at) ? otherwise : rows_int(r, at)) * minute_us;
}

static struct monitor *read_monitor(struct arena *a, struct rows *r)
{
    if (!rows_next(r))
        return NULL;
    struct monitor *m = arena_new_of(a, struct monitor);
    *m = (struct monitor){
        .project_id = rows_int(r, rows_column(r, "project_id")),
        .id = rows_int(r, rows_column(r, "id")),
        .is_disabled = rows_bool(r, rows_column(r, "is_disabled")),
        .schedule = read_schedule(a, r),
        .margin = minutes(r, "checkin_margin", MARGIN_DEFAULT),
        .runtime = minutes(r, "max_runtime", RUNTIME_DEFAULT),
        .failure_threshold = rows_int(r, rows_column(r, "failure_threshold")),
        .recovery_threshold = rows_int(r, rows_column(r, "recovery_threshold")),
    };
    return m;
}

struct monitor *monitor_find(struct pg *db, struct arena *a, int64_t project_id, struct str slug)
{
    return read_monitor(a, pg_query(db, a, &SQL_monitor_find, project_id, slug));
}

struct monitor *monitor_get(struct pg *db, struct arena *a, int64_t project_id, int64_t id)
{
    return read_monitor(a, pg_query(db, a, &SQL_monitor_get, project_id, id));
}

static struct str columns_of(struct arena *a, const struct monitor_config *config)
{
    enum { COLUMNS_MAX = 4096 };
    struct buf text;
    struct jw j;
    buf_init(&text, COLUMNS_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    monitor_config_put(&j, config);
    jw_close(&j, '}');
    struct str columns = arena_str(a, buf_str(&text));
    buf_free(&text);
    return columns;
}

bool monitor_configure(struct pg *db, struct arena *a, int64_t project_id, struct str slug,
                       const struct monitor_config *config)
{
    struct str zone = config->schedule.timezone;
    if (!str_eq(zone, S("UTC"))) {
        struct rows *r = pg_query(db, a, &SQL_schedule_time_zone, zone);
        if (!rows_next(r) || !rows_bool(r, 0))
            return false;
    }
    pg_query(db, a, &SQL_monitor_configure, project_id, uuid_random(), slug, columns_of(a, config),
             pg_time(a, clock_now()));
    return true;
}

/* ---- environments */

bool monitor_enter(struct pg *db, struct arena *a, struct monitor *m, int64_t environment_id,
                   int64_t now)
{
    pg_query(db, a, &SQL_monitor_environment_add, m->project_id, m->id, environment_id,
             pg_time(a, now), ENVIRONMENTS_MOST);
    struct rows *r =
        pg_query(db, a, &SQL_monitor_environment_lock, m->project_id, m->id, environment_id);
    if (!rows_next(r))
        return false;
    m->environment_id = environment_id;
    m->status = rows_str(r, 0);
    m->last_checkin = rows_time(r, 1);
    m->next_checkin = rows_time(r, 2);
    m->next_latest = rows_time(r, 3);
    m->rate_started = rows_time(r, 4);
    m->rate_count = rows_int(r, 5);
    return true;
}

static const char *time_or_null(struct arena *a, int64_t us)
{
    return us ? pg_time(a, us) : NULL;
}

void monitor_leave(struct pg *db, struct arena *a, const struct monitor *m)
{
    pg_query(db, a, &SQL_monitor_environment_save, m->project_id, m->id, m->environment_id,
             m->status, time_or_null(a, m->last_checkin), time_or_null(a, m->next_checkin),
             time_or_null(a, m->next_latest), pg_time(a, m->rate_started), m->rate_count);
}

static void expect_at(struct monitor *m, int64_t next)
{
    m->next_checkin = next;
    m->next_latest = next ? next + m->margin : 0;
}

void monitor_expect(struct pg *db, struct arena *a, struct monitor *m, int64_t after)
{
    expect_at(m, schedule_next(db, a, &m->schedule, after));
}

/* ---- how it goes */

void monitor_succeeded(struct pg *db, struct arena *a, struct monitor *m, int64_t now)
{
    bool recovers = str_eq(m->status, S("error"));
    if (recovers) {
        struct rows *r = pg_query(db, a, &SQL_check_in_successes, m->project_id, m->id,
                                  m->environment_id, m->recovery_threshold);
        if (!rows_next(r) || rows_int(r, 0) < m->recovery_threshold)
            return;
        pg_query(db, a, &SQL_monitor_incident_resolve, m->project_id, m->id, m->environment_id,
                 pg_time(a, now));
    }
    m->status = S("ok");
}

static bool begin_incident(struct pg *db, struct arena *a, struct monitor *m, int64_t date_added)
{
    struct rows *r = pg_query(db, a, &SQL_monitor_incident_begin, m->project_id, m->id,
                              m->environment_id, pg_time(a, date_added), m->failure_threshold);
    if (!rows_next(r))
        return false;
    m->status = S("error");
    return true;
}

void monitor_failed(struct pg *db, struct arena *a, struct monitor *m, int64_t date_added)
{
    bool is_known = str_eq(m->status, S("error"));
    if (is_known || begin_incident(db, a, m, date_added))
        pg_query(db, a, &SQL_monitor_occur, m->project_id, m->id, m->environment_id,
                 pg_time(a, date_added), is_known ? (int64_t)1 : m->failure_threshold,
                 pg_time(a, clock_now()));
}

/* ---- time */

static void miss(struct pg *db, struct arena *a, struct monitor *m)
{
    int64_t tick = m->next_latest, expected = m->next_checkin;
    pg_query(db, a, &SQL_check_in_missed, m->project_id, uuid_random(), m->id, m->environment_id,
             pg_time(a, expected), pg_time(a, tick));
    monitor_failed(db, a, m, expected);
    expect_at(m, schedule_after(db, a, &m->schedule, expected, tick));
}

static void time_out(struct pg *db, struct arena *a, struct monitor *m, const struct rows *due)
{
    struct uuid id;
    if (!uuid_parse(rows_str(due, 0), &id))
        return;
    struct rows *r =
        pg_query(db, a, &SQL_check_in_time_out, m->project_id, id, pg_time(a, rows_time(due, 2)));
    if (rows_next(r) && !rows_bool(r, 0))
        monitor_failed(db, a, m, rows_time(due, 1));
}

/* What is due first. */
static bool tick_once(struct pg *db, struct arena *a, struct monitor *m, int64_t until)
{
    struct rows *r = pg_query(db, a, &SQL_check_in_due, m->project_id, m->id, m->environment_id,
                              pg_time(a, until));
    bool is_missed = m->next_latest && m->next_latest <= until;
    if (rows_next(r) && (!is_missed || rows_time(r, 2) <= m->next_latest))
        time_out(db, a, m, r);
    else if (is_missed)
        miss(db, a, m);
    else
        return false;
    return !pg_failed(db);
}

void monitor_tick(struct pg *db, struct arena *a, struct monitor *m, int64_t until)
{
    for (int i = 0; i < TICKS_MOST && tick_once(db, a, m, until); i++)
        continue;
}
