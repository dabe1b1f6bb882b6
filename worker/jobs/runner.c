#include "worker/jobs/runner.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/settings.h"
#include "sql.h"

#define ARENA_LIMIT ((size_t)256 << 20)
enum { ATTEMPTS_MOST = 10, WAIT_MS = 1000, STATEMENT_MS = 600000, AGAIN_SECONDS = 10 };

/* Tables grow faster than a plan kept from the session's first minute can know. */
#define SESSION "listen job; set plan_cache_mode = force_custom_plan"

static const struct kind {
    const char *name;
    int every_seconds; /* 0: once, by whoever adds a row */
    bool (*run)(struct job *j);
} kinds[] = {
    {"tags", 2, job_tags},
    {"partitions", 3600, job_partitions},
    {"retention", 3600, job_retention},
    {"disk", 600, job_disk},
    {"cleanup", 60, job_cleanup},
    {"issues", 30, job_issues},
    {"settle", 600, job_settle},
    {"blobs", 3600, job_blobs},
    {"monitors", 10, job_monitors},
    {"adoption", 3600, job_adoption},
    {"spikes", 600, job_spikes},
    {"occurrence", 0, job_occurrence},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static atomic_bool stop, reload;

static void handle_signal(int signal)
{
    atomic_store(signal == SIGHUP ? &reload : &stop, true);
}

static const char *kind_names(struct arena *a)
{
    struct str names[KINDS];
    for (int i = 0; i < KINDS; i++)
        names[i] = str_of(kinds[i].name);
    return pg_text_array(a, names, KINDS);
}

static const struct kind *kind_named(struct str name)
{
    for (int i = 0; i < KINDS; i++) {
        if (str_eq(name, str_of(kinds[i].name)))
            return &kinds[i];
    }
    return NULL;
}

void runner_begin(struct pg *db, struct arena *a)
{
    const char *now = pg_time(a, clock_now());
    for (int i = 0; i < KINDS; i++) {
        if (kinds[i].every_seconds)
            pg_query(db, a, &SQL_job_recur, kinds[i].name, kinds[i].every_seconds, now);
    }
    pg_query(db, a, &SQL_job_release, now, kind_names(a));
}

static void finish(struct job *j, bool done)
{
    if (!done && !j->answer[0])
        job_answer(j, "failed: %.*s", STR_ARG(pg_message(j->db)));
    pg_reset(j->db);
    const char *now = pg_time(j->arena, clock_now());
    if (done)
        pg_query(j->db, j->arena, &SQL_job_done, j->id, j->answer, now,
                 j->again ? AGAIN_SECONDS : 0);
    else
        pg_query(j->db, j->arena, &SQL_job_failed, j->id, j->answer, ATTEMPTS_MOST, now);
}

bool runner_step(struct pg *db, struct arena *a)
{
    arena_reset(a);
    pg_reset(db);
    struct rows *r = pg_query(db, a, &SQL_job_claim, pg_time(a, clock_now()), kind_names(a));
    if (!rows_next(r))
        return false;
    struct job j = {.db = db,
                    .arena = a,
                    .id = rows_int(r, 0),
                    .project_id = rows_int(r, 2),
                    .data = rows_str(r, 3)};
    const struct kind *kind = kind_named(rows_str(r, 1));
    bool done = kind->run(&j);
    if (!done)
        log_warn("a job failed", LOG_STR("kind", str_of(kind->name)), LOG_INT("job", j.id),
                 LOG_INT("attempts", rows_int(r, 4)), LOG_STR("answer", str_of(j.answer)));
    metrics_add_at(METRIC_JOBS, done ? 0 : 1, 0, 1);
    finish(&j, done);
    return true;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = handle_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static bool begin(struct pg *db, struct arena *a)
{
    arena_reset(a);
    pg_reset(db);
    runner_begin(db, a);
    return !pg_failed(db);
}

int runner_run(int index, void *unused)
{
    (void)index;
    (void)unused;
    catch_signals();
    struct arena *a = arena_new(ARENA_LIMIT);
    struct pg *db = pg_open(settings()->database, "vedette-jobs");
    pg_timeout(db, STATEMENT_MS);
    pg_session(db, SESSION);
    pg_give_way(db);
    bool begun = false;
    while (!atomic_load(&stop)) {
        if (atomic_exchange(&reload, false))
            settings_reload();
        begun = begun || begin(db, a);
        while (begun && !atomic_load(&stop) && runner_step(db, a))
            continue;
        begun = begun && pg_failed(db) != PG_AWAY;
        pg_wait(db, WAIT_MS);
    }
    pg_close(db);
    arena_free(a);
    return EXIT_SUCCESS;
}
