#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "storage/disk.h"
#include "storage/old_rows.h"
#include "storage/partitions.h"
#include "worker/jobs/job.h"

enum { RUN_US = 5 * CLOCK_SECOND, DROPS_AT_ONCE = 1000 };

/* ---- partitions */

/* What is in use waits for the next run, which comes soon. */
static bool drop_days(struct job *j, enum retention_kind kind, int64_t before, int *dropped)
{
    int some;
    bool fine = partitions_drop(j->db, j->arena, kind, before, &some);
    *dropped += some;
    if (fine || pg_failed(j->db) != PG_RETRY)
        return fine;
    pg_reset(j->db);
    j->again = true;
    return true;
}

bool job_partitions(struct job *j)
{
    int64_t now = clock_now();
    int dropped = 0;
    if (!partitions_make(j->db, j->arena, now - CLOCK_DAY, PARTITIONS_AHEAD + 2))
        return false;
    struct retention_rule rule;
    struct rows *plan = retention_plan(j->db, j->arena);
    while (retention_next(plan, now, &rule) && !rule.projects.p) {
        if (!drop_days(j, rule.kind, rule.before, &dropped))
            return false;
    }
    return job_answer(j, "%d dropped%s", dropped, j->again ? ", others are in use" : "");
}

/* ---- rows */

struct sweep {
    struct job *job;
    int64_t end, rows;
};

/* Until there are none, or it is somebody else's turn: the rest soon follows. */
static void delete_rows(struct sweep *s, const struct retention_table *table,
                        const struct retention_rule *rule)
{
    int64_t some = OLD_ROWS_BATCH;
    while (some >= OLD_ROWS_BATCH && !s->job->again) {
        some = old_rows_delete(s->job->db, s->job->arena, table, rule);
        s->rows += some > 0 ? some : 0;
        s->job->again = some >= OLD_ROWS_BATCH && clock_monotonic() > s->end;
    }
}

bool job_retention(struct job *j)
{
    struct sweep s = {j, .end = clock_monotonic() + RUN_US};
    struct retention_rule rule;
    struct rows *plan = retention_plan(j->db, j->arena);
    int64_t now = clock_now();
    while (retention_next(plan, now, &rule)) {
        for (const struct retention_table *table = retention_tables; table->name; table++) {
            if (table->kind == rule.kind && (rule.projects.p || !table->has_partitions))
                delete_rows(&s, table, &rule);
        }
    }
    return job_answer(j, "%lld rows", (long long)s.rows);
}

/* ---- the ceiling of bytes */

static void forget_followers(struct sweep *s, const struct disk_day *day)
{
    const struct retention_rule rule = {.kind = day->kind, .before = day->start + CLOCK_DAY};
    for (const struct retention_table *table = retention_tables; table->name; table++) {
        if (table->kind == day->kind && table->follows_days)
            delete_rows(s, table, &rule);
    }
}

static void tell_drop(struct job *j, const struct disk_day *day)
{
    log_warn(
        "a day was dropped before its time: the data takes more than data_max_bytes",
        LOG_STR("kind", retention_name(day->kind)),
        LOG_STR("day", str_slice(clock_iso(j->arena, day->start), 0, sizeof("2026-11-21") - 1)),
        LOG_INT("bytes", day->bytes));
}

/* As the first that must go, none younger is dropped in its place while it is in use. */
static bool drop_day(struct sweep *s, const struct disk_day *day, int *dropped)
{
    struct job *j = s->job;
    if (!drop_days(j, day->kind, day->start + CLOCK_DAY, dropped))
        return false;
    if (j->again)
        return true;
    tell_drop(j, day);
    forget_followers(s, day);
    return disk_dropped(j->db, j->arena, day, clock_now());
}

bool job_disk(struct job *j)
{
    struct sweep s = {j, .end = clock_monotonic() + RUN_US};
    int64_t most = settings()->data_max_bytes, now = clock_now();
    int dropped = 0;
    struct disk_day day;
    if (!disk_measure(j->db, j->arena, now))
        return false;
    for (int i = 0; most && i < DROPS_AT_ONCE && !j->again &&
                    disk_next_to_drop(j->db, j->arena, most, now, &day);
         i++) {
        if (!drop_day(&s, &day, &dropped))
            return false;
    }
    return job_answer(j, "%d dropped%s", dropped, j->again ? ", more is to go" : "");
}
