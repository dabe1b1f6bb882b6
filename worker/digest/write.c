#include "worker/digest/write.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/metrics.h"
#include "sql.h"
#include "worker/digest/writing.h"

static bool advance_cursor(struct writing *w)
{
    const struct batch *b = w->batch;
    int64_t day = b->first_day ? 0 : clock_now();
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_begin, b->log, b->lane, b->first,
                              b->next, w->now, pg_time(w->arena, day ? day : b->first_day),
                              pg_time(w->arena, day ? day : b->last_day));
    w->moved = !rows_next(r) && !pg_failed(w->db);
    w->batch_id = w->moved ? 0 : rows_int(r, 0);
    return !w->moved;
}

static bool begin_made(struct writing *w)
{
    const struct batch *b = w->batch;
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_begin_made,
                              pg_time(w->arena, b->first_day ? b->first_day : clock_now()),
                              pg_time(w->arena, b->first_day ? b->last_day : clock_now()), w->now);
    w->batch_id = rows_next(r) ? rows_int(r, 0) : 0;
    return w->batch_id != 0;
}

static bool wake_jobs(struct writing *w)
{
    pg_query_none(w->db, w->arena, &SQL_digest_wake_jobs);
    return true;
}

typedef bool step(struct writing *w);

static step *const steps_of_log[] = {
    advance_cursor, write_lookups,  write_names,   write_issues, write_rows, write_states,
    write_items,    write_outcomes, write_refunds, wake_jobs,    NULL,
};

/* Nobody sent it: it is not counted, and no quota paid for it. */
static step *const steps_of_made[] = {
    begin_made, write_lookups, write_names, write_issues, write_rows, write_states, wake_jobs, NULL,
};

static void forget_last_try(struct batch *b)
{
    for (struct batch_event *e = b->events; e; e = e->next) {
        e->stored = false;
        e->group = NULL;
    }
    for (struct batch_record *record = b->records; record; record = record->next)
        record->repeated = false;
}

static enum write_result result_of(const struct writing *w)
{
    static const enum write_result results[] = {
        [PG_OK] = WRITE_DONE,     [PG_AWAY] = WRITE_AWAY,    [PG_CONFLICT] = WRITE_AGAIN,
        [PG_RETRY] = WRITE_AGAIN, [PG_DATA] = WRITE_REFUSED, [PG_BROKEN] = WRITE_BROKEN,
    };
    if (w->moved)
        return WRITE_MOVED;
    if (w->outdated)
        return WRITE_OUTDATED;
    return w->lost_race ? WRITE_AGAIN : results[pg_failed(w->db)];
}

static bool run_steps(struct writing *w, step *const *steps)
{
    for (; *steps; steps++) {
        if (!(*steps)(w) || pg_failed(w->db))
            return false;
    }
    return true;
}

/* Counted once it is stored. */
static void note_metrics(const struct writing *w, int64_t begun)
{
    metrics_measure(METRIC_DIGEST_BATCH, clock_monotonic() - begun);
    for (const struct batch_event *e = w->batch->events; e; e = e->next)
        metrics_add(METRIC_DIGEST_EVENTS, e->stored);
    metrics_add(METRIC_DIGEST_RECORDS, (int64_t)w->batch->record_count);
    for (const struct batch_poison *p = w->batch->poisons; p; p = p->next)
        metrics_add(METRIC_DIGEST_POISON, 1);
    for (int category = 0; category < CATEGORY_COUNT; category++) {
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            if (w->counted[category][outcome])
                metrics_add_at(METRIC_ITEMS, category, outcome, w->counted[category][outcome]);
        }
    }
}

static enum write_result write_by(step *const *steps, struct batch *b, struct pg *db,
                                  struct arena *scratch)
{
    int64_t begun = clock_monotonic();
    arena_reset(scratch);
    struct writing w = {.db = db, .arena = scratch, .batch = b};
    w.now = pg_time(scratch, clock_now());
    forget_last_try(b);
    pg_reset(db);
    pg_query_none(db, scratch, &SQL_digest_temporary);
    pg_begin(db);
    if (run_steps(&w, steps)) {
        fault_kill("before_commit");
        if (pg_commit(db)) {
            fault_kill("after_commit");
            note_metrics(&w, begun);
        }
    } else {
        pg_rollback(db);
    }
    return result_of(&w);
}

enum write_result batch_write(struct batch *b, struct pg *db, struct arena *scratch)
{
    return write_by(steps_of_log, b, db, scratch);
}

enum write_result batch_write_made(struct batch *b, struct pg *db, struct arena *scratch)
{
    return write_by(steps_of_made, b, db, scratch);
}
