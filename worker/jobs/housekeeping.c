#include "base/clock.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/partitions.h"
#include "worker/jobs/job.h"

/* Longer than any retry of a request, and than the lag that digest_lag calls healthy. */
#define REQUESTS_KEPT (CLOCK_DAY / 24)
#define JOBS_KEPT (30 * CLOCK_DAY)

static int64_t oldest_kept(void)
{
    return clock_now() - settings()->retention_days * CLOCK_DAY;
}

/* The first column of the first row. */
static long long ask(struct job *j, const struct stmt *s, int64_t time)
{
    struct rows *r = pg_query(j->db, j->arena, s, pg_time(j->arena, time));
    return rows_next(r) ? rows_int(r, 0) : 0;
}

bool job_partitions(struct job *j)
{
    int dropped = 0;
    if (!partitions_make(j->db, j->arena, clock_now() - CLOCK_DAY, PARTITIONS_AHEAD + 2))
        return false;
    if (!partitions_drop(j->db, j->arena, oldest_kept(), &dropped))
        return false;
    return job_answer(j, "%d dropped", dropped);
}

bool job_retention(struct job *j)
{
    long long rollups = ask(j, &SQL_retention_rollups, oldest_kept());
    long long sessions = ask(j, &SQL_retention_sessions, oldest_kept());
    long long check_ins = ask(j, &SQL_retention_check_ins, oldest_kept());
    return job_answer(j, "%lld rows, %lld of sessions, %lld check-ins", rollups, sessions,
                      check_ins);
}

bool job_cleanup(struct job *j)
{
    int64_t now = clock_now();
    long long requests = ask(j, &SQL_cleanup_requests, now - REQUESTS_KEPT);
    long long sessions = ask(j, &SQL_cleanup_sessions, now);
    long long jobs = ask(j, &SQL_cleanup_jobs, now - JOBS_KEPT);
    return job_answer(j, "%lld request ids, %lld sessions, %lld jobs", requests, sessions, jobs);
}

bool job_issues(struct job *j)
{
    return job_answer(j, "%lld back from the archive", ask(j, &SQL_issues_wake, clock_now()));
}

bool job_settle(struct job *j)
{
    long long ongoing = ask(j, &SQL_issues_settle, clock_now());
    long long resolved = ask(j, &SQL_issues_resolve_by_age, clock_now());
    return job_answer(j, "%lld ongoing, %lld resolved by age", ongoing, resolved);
}

bool job_adoption(struct job *j)
{
    return job_answer(j, "%lld changed", ask(j, &SQL_releases_adopt, clock_now()));
}
