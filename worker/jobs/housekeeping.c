#include "base/clock.h"
#include "sql.h"
#include "worker/jobs/job.h"

/* Longer than any retry of a request, and than the lag that digest_lag calls healthy. */
#define REQUESTS_KEPT (CLOCK_DAY / 24)
#define JOBS_KEPT (30 * CLOCK_DAY)

/* The first column of the first row. */
static long long ask(struct job *j, const struct stmt *s, int64_t time)
{
    struct rows *r = pg_query(j->db, j->arena, s, pg_time(j->arena, time));
    return rows_next(r) ? rows_int(r, 0) : 0;
}

bool job_cleanup(struct job *j)
{
    int64_t now = clock_now();
    long long requests = ask(j, &SQL_cleanup_requests, now - REQUESTS_KEPT);
    long long sessions = ask(j, &SQL_cleanup_sessions, now);
    long long jobs = ask(j, &SQL_cleanup_jobs, now - JOBS_KEPT);
    pg_query_none(j->db, j->arena, &SQL_quota_usage_tidy);
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
