#include "storage/monitors.h"
#include "base/clock.h"
#include "sql.h"
#include "worker/jobs/job.h"

enum { AT_ONCE = 500 };
/* A check-in may have been answered and not yet be in its log. */
static const int64_t slack = (int64_t)5 * CLOCK_SECOND;

/* The minute that may begin: every check-in from before it is stored. */
static int64_t minute_now(struct job *j)
{
    int64_t now = clock_now();
    struct rows *r = pg_query_none(j->db, j->arena, &SQL_monitor_clock);
    int64_t stored = rows_next(r) && !rows_null(r, 0) ? rows_time(r, 0) : now;
    return monitor_minute((stored < now ? stored : now) - slack);
}

static bool tick(struct job *j, const struct rows *due, int64_t until)
{
    pg_begin(j->db);
    struct monitor *m = monitor_get(j->db, j->arena, rows_int(due, 0), rows_int(due, 1));
    if (m && !m->is_disabled && monitor_enter(j->db, j->arena, m, rows_int(due, 2), until)) {
        monitor_tick(j->db, j->arena, m, until);
        monitor_leave(j->db, j->arena, m);
    }
    return pg_commit(j->db);
}

bool job_monitors(struct job *j)
{
    int64_t until = minute_now(j);
    int ticked = 0;
    struct rows *r = pg_query(j->db, j->arena, &SQL_monitor_due, pg_time(j->arena, until), AT_ONCE);
    while (rows_next(r) && tick(j, r, until))
        ticked++;
    return job_answer(j, "%d environments", ticked);
}
