/*
 * Cron monitors as their check-ins, and the lack of them, change them (ingest.md §8.3).
 *
 * A monitor is in hand in one environment at a time: found, entered, which locks its rows until the
 * transaction ends, then told what happened in the order of time, and left, which writes its state.
 * Whoever tells of a check-in first lets time go on to its minute, so that what was missed before
 * it is known in spite of any downtime.  Failures are the connection's (pg_failed).
 */
#ifndef STORAGE_MONITORS_H
#define STORAGE_MONITORS_H

#include "base/clock.h"
#include "storage/monitor_config.h"

/* Stored numbers. */
enum check_in_status {
    CHECK_IN_UNKNOWN,
    CHECK_IN_OK,
    CHECK_IN_ERROR,
    CHECK_IN_IN_PROGRESS,
    CHECK_IN_MISSED,
    CHECK_IN_TIMEOUT,
};

struct monitor {
    int64_t project_id, id, environment_id;
    bool is_disabled;
    struct schedule schedule;
    int64_t margin, runtime; /* us */
    int64_t failure_threshold, recovery_threshold;

    /* In the environment; times in us, 0: none. */
    struct str status; /* active, ok, error */
    int64_t last_checkin, next_checkin, next_latest;
    int64_t rate_started, rate_count;
};

/* Locks the monitor; NULL when there is none of that name. */
struct monitor *monitor_find(struct pg *db, struct arena *a, int64_t project_id, struct str slug);
struct monitor *monitor_get(struct pg *db, struct arena *a, int64_t project_id, int64_t id);

/* Makes the monitor, or gives it the configuration.  False when its time zone is none. */
bool monitor_configure(struct pg *db, struct arena *a, int64_t project_id, struct str slug,
                       const struct monitor_config *config);

/* False when the monitor has as many environments as it may. */
bool monitor_enter(struct pg *db, struct arena *a, struct monitor *m, int64_t environment_id,
                   int64_t now);
void monitor_leave(struct pg *db, struct arena *a, const struct monitor *m);

/* Time goes on: what was due up to then, a whole minute, is missed or timed out. */
void monitor_tick(struct pg *db, struct arena *a, struct monitor *m, int64_t until);

/* The next check-in is expected after this. */
void monitor_expect(struct pg *db, struct arena *a, struct monitor *m, int64_t after);

/* A check-in, stored already, has ended well or not; it was added at that time.  What that means
 * for the issue of the incident is left to the job "occurrence". */
void monitor_succeeded(struct pg *db, struct arena *a, struct monitor *m, int64_t now);
void monitor_failed(struct pg *db, struct arena *a, struct monitor *m, int64_t date_added);

static inline int64_t monitor_minute(int64_t us)
{
    return us - us % ((int64_t)60 * CLOCK_SECOND);
}

#endif
