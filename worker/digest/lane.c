#include "worker/digest/lane.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/partitions.h"
#include "worker/digest/filler.h"
#include "worker/digest/kept.h"
#include "worker/digest/lag.h"
#include "worker/digest/write.h"

#define WRITE_SCRATCH_LIMIT ((size_t)1 << 30)
#define FILLER_STACK ((size_t)4 << 20)
enum {
    STATEMENT_MS = 60 * 1000,
    PAUSE_US = 100 * 1000,
    TRIES_AT_ONCE = 5,
    TRIES_MOST = 50,   /* of one record that always loses its race: it is at fault then */
    REFUSALS_MOST = 3, /* of one record: it is set aside then */
    REFILLS_MOST = 5,  /* one after the other, because of settings that change all the time */
    POP_WAIT_US = 20 * 1000,
    REFILLING_MOST_US = 60 * CLOCK_SECOND,
    LIST_EVERY_US = 2 * CLOCK_SECOND,
    TIDY_EVERY_US = 10 * CLOCK_SECOND,
};

struct lane {
    int index;
    char *dir;
    struct pg *db;
    struct arena *arena; /* of one try or one chore */
    struct cursors *cursors;
    struct policies *policies;
    struct progress *progress;
    struct queue *empty, *full;
    struct batch *set_aside;
    int refills; /* see note_refill() */
    int64_t refilling_since;
    struct uuid refilling;
    struct lag lag;
    int64_t days_from, days_to; /* receive times whose partitions exist */
    int64_t listed, tidied;     /* clock_monotonic() */
    struct timespec dir_changed;
};

static atomic_bool stop, reload;

static void handle_signal(int signal)
{
    atomic_store(signal == SIGHUP ? &reload : &stop, true);
}

/* ---- storing */

static bool days_ready(struct lane *l, const struct batch *b)
{
    if (!b->first_day || (b->first_day >= l->days_from && b->last_day < l->days_to))
        return true;
    int64_t from = b->first_day - b->first_day % CLOCK_DAY;
    int days = (int)((b->last_day - from) / CLOCK_DAY) + 1;
    pg_reset(l->db);
    if (!partitions_make(l->db, l->arena, from, days))
        return false;
    l->days_from = from;
    l->days_to = from + days * CLOCK_DAY;
    return true;
}

static enum write_result try_once(struct lane *l, struct batch *b)
{
    arena_reset(l->arena);
    if (!days_ready(l, b))
        return pg_failed(l->db) == PG_AWAY ? WRITE_AWAY : WRITE_AGAIN;
    return batch_write(b, l->db, l->arena);
}

enum outcome_of_try { TRY_AGAIN, TRY_OVER };

/* What the database says of a batch whose fate is unknown, or that somebody else overtook. */
static enum outcome_of_try ask_cursor(struct lane *l, const struct batch *b)
{
    arena_reset(l->arena);
    pg_reset(l->db);
    struct rows *r = pg_query(l->db, l->arena, &SQL_digest_cursor, b->log, b->lane);
    if (!rows_next(r)) {
        if (pg_failed(l->db))
            return TRY_AGAIN;
        cursors_remove_log(l->cursors, b->log);
        return TRY_OVER;
    }
    int64_t position = rows_int(r, 0);
    if (position == b->first)
        return TRY_AGAIN;
    if (position == b->next)
        cursors_advance(l->cursors, b->log, b->lane, position);
    else
        cursors_rewind(l->cursors, b->log, b->lane, position);
    return TRY_OVER;
}

/* A record alone that is still refused is set aside with the server's words. */
static void set_aside(struct lane *l, struct batch *b)
{
    char reason[300];
    struct batch *instead = l->set_aside;
    snprintf(reason, sizeof(reason), "the database refused it: %.*s", STR_ARG(pg_message(l->db)));
    log_error("a record is set aside", LOG_INT("position", b->first),
              LOG_STR("reason", str_of(reason)));
    instead->lane = b->lane;
    instead->lanes = b->lanes;
    batch_begin(instead, b->log, b->first);
    batch_set_aside(instead, reason, b->alone, b->next);
    enum write_result result = try_once(l, instead);
    if (result == WRITE_DONE)
        cursors_advance(l->cursors, b->log, b->lane, b->next);
    else
        cursors_rewind(l->cursors, b->log, b->lane, b->first);
}

static enum outcome_of_try handle_refusal(struct lane *l, struct batch *b, int refusals)
{
    l->days_to = l->days_from = 0;
    if (!b->alone.p) {
        log_warn("a batch is refused; taking its records one by one",
                 LOG_INT("position", b->first));
        cursors_rewind_carefully(l->cursors, b->log, b->lane, b->first, b->next);
        return TRY_OVER;
    }
    if (refusals < REFUSALS_MOST)
        return TRY_AGAIN;
    set_aside(l, b);
    return TRY_OVER;
}

static int64_t backlog(struct lane *l)
{
    struct cursor c;
    int64_t bytes = 0;
    for (size_t i = 0; cursors_at(l->cursors, i, &c); i++) {
        int64_t end = eventlog_end(l->dir, c.log);
        if (end > c.position)
            bytes += end - c.position;
    }
    return bytes;
}

static void pause_unless_stopped(int64_t us)
{
    for (; us > 0 && !atomic_load(&stop); us -= PAUSE_US)
        usleep(PAUSE_US);
}

/* Batches filled again, one after the other, before one of the log where that began was stored. */
static void note_refill(struct lane *l, const struct batch *b)
{
    int64_t now = clock_monotonic();
    if (!l->refills || now - l->refilling_since > REFILLING_MOST_US) {
        l->refills = 0;
        l->refilling_since = now;
        l->refilling = b->log;
    }
    l->refills++;
}

/* The batch was filled by settings that have changed since: it is filled again by the new ones.
 * Whoever changes them without end must not hold up everybody's events: in the end those will do
 * that were loaded while it was tried. */
static enum outcome_of_try refill(struct lane *l, struct batch *b)
{
    arena_reset(l->arena);
    pg_reset(l->db);
    note_refill(l, b);
    if (l->refills > REFILLS_MOST && !b->settled) {
        b->settled = l->refilling_since;
        return TRY_AGAIN;
    }
    if (!batch_load_policies(b, l->db, l->arena)) {
        pause_unless_stopped(PAUSE_US);
        return TRY_AGAIN;
    }
    cursors_rewind(l->cursors, b->log, b->lane, b->first);
    return TRY_OVER;
}

struct tries {
    int lost, refused;
};

static enum outcome_of_try handle(struct lane *l, struct batch *b, enum write_result result,
                                  struct tries *tries)
{
    switch (result) {
    case WRITE_DONE:
        cursors_advance(l->cursors, b->log, b->lane, b->next);
        lag_note_stored(&l->lag, b->event_count);
        if (uuid_eq(b->log, l->refilling))
            l->refills = 0;
        return TRY_OVER;
    case WRITE_MOVED:
        return ask_cursor(l, b);
    case WRITE_OUTDATED:
        return refill(l, b);
    case WRITE_AWAY:
        lag_measure(&l->lag, l->index, backlog(l));
        pause_unless_stopped(PAUSE_US);
        return ask_cursor(l, b);
    case WRITE_BROKEN:
        pause_unless_stopped(CLOCK_SECOND);
        return TRY_AGAIN;
    case WRITE_AGAIN:
        if (++tries->lost > TRIES_AT_ONCE)
            pause_unless_stopped(PAUSE_US);
        if (tries->lost < TRIES_MOST)
            return TRY_AGAIN;
        break;
    case WRITE_REFUSED:
        break;
    }
    return handle_refusal(l, b, ++tries->refused);
}

static void store(struct lane *l, struct batch *b)
{
    struct tries tries = {0};
    struct cursor c;
    enum outcome_of_try next = TRY_AGAIN;
    lag_note_taken(&l->lag, b->oldest);
    while (next == TRY_AGAIN && !atomic_load(&stop)) {
        if (!cursors_get(l->cursors, b->log, b->lane, &c) || c.epoch != b->epoch)
            return;
        next = handle(l, b, try_once(l, b), &tries);
    }
}

/* ---- logs that come and go */

static void adopt(struct lane *l, struct uuid log)
{
    int lanes = (int)settings()->digest_lanes;
    pg_query(l->db, l->arena, &SQL_digest_log_new, log, lanes, pg_time(l->arena, clock_now()));
    struct rows *r = pg_query(l->db, l->arena, &SQL_digest_log_cursors, log);
    struct cursor c = {.log = log, .lanes = rows_count(r)};
    while (rows_next(r)) {
        c.lane = (int)rows_int(r, 0);
        c.position = rows_int(r, 1);
        c.careful_until = progress_careful_until(l->progress, log, c.lane);
        if (c.lane % lanes == l->index && !cursors_add(l->cursors, &c))
            log_warn("too many event logs at once; one waits");
    }
}

static bool folder_changed(struct lane *l)
{
    struct stat st;
    if (stat(l->dir, &st) < 0)
        return false;
    bool same =
        st.st_mtim.tv_sec == l->dir_changed.tv_sec && st.st_mtim.tv_nsec == l->dir_changed.tv_nsec;
    l->dir_changed = st.st_mtim;
    return !same;
}

static bool is_listed(struct uuid log, const struct uuid *logs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (uuid_eq(logs[i], log))
            return true;
    }
    return false;
}

/* Listed now and then besides, for a folder that was not reachable or a clock that is coarse. */
static void find_logs(struct lane *l, int64_t now)
{
    struct uuid *logs;
    struct cursor c;
    if (!folder_changed(l) && now - l->listed < LIST_EVERY_US)
        return;
    arena_reset(l->arena);
    pg_reset(l->db);
    size_t count = eventlog_list(l->arena, l->dir, &logs);
    for (size_t i = 0; i < count && !pg_failed(l->db); i++) {
        if (!cursors_has_log(l->cursors, logs[i]))
            adopt(l, logs[i]);
    }
    for (size_t i = 0; cursors_at(l->cursors, i, &c);) {
        if (count && !is_listed(c.log, logs, count))
            cursors_remove_log(l->cursors, c.log);
        else
            i++;
    }
    if (!pg_failed(l->db))
        l->listed = now;
}

/* Cursors of logs deleted a day ago are deleted too, unless the folder looks empty: it may only be
 * out of reach. */
static void trim_logs(struct lane *l)
{
    struct uuid *logs, log;
    size_t count = eventlog_list(l->arena, l->dir, &logs), lost_count = 0;
    struct rows *r = pg_query_none(l->db, l->arena, &SQL_digest_log_positions);
    struct uuid *lost = arena_take(l->arena, ((size_t)rows_count(r) + 1) * sizeof(*lost));
    while (rows_next(r)) {
        bool listed = uuid_parse(rows_str(r, 0), &log) && is_listed(log, logs, count);
        if (listed)
            eventlog_trim(l->dir, log, rows_int(r, 1), settings()->eventlog_keep_seconds);
        else if (count && clock_now() - rows_time(r, 2) > CLOCK_DAY)
            lost[lost_count++] = log;
    }
    if (lost_count)
        pg_query(l->db, l->arena, &SQL_digest_log_forget,
                 pg_uuid_array(l->arena, lost, lost_count));
}

/* What one lane does for all. */
static void tidy_up(struct lane *l, int64_t now)
{
    if (l->index != 0 || now - l->tidied < TIDY_EVERY_US)
        return;
    l->tidied = now;
    arena_reset(l->arena);
    pg_reset(l->db);
    pg_query(l->db, l->arena, &SQL_digest_lag_forget, settings()->digest_lanes);
    trim_logs(l);
}

static void chores(struct lane *l)
{
    int64_t now = clock_monotonic();
    if (atomic_exchange(&reload, false))
        settings_reload();
    find_logs(l, now);
    tidy_up(l, now);
    if (lag_is_due(&l->lag, now)) {
        arena_reset(l->arena);
        lag_publish(&l->lag, l->db, l->arena, l->index, backlog(l));
    }
}

/* ---- the child */

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = handle_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static pthread_t start_filler(struct filler *filler)
{
    pthread_t thread;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) || pthread_attr_setstacksize(&attributes, FILLER_STACK) ||
        pthread_create(&thread, &attributes, filler_run, filler))
        abort();
    pthread_attr_destroy(&attributes);
    return thread;
}

static void serve(struct lane *l)
{
    while (!atomic_load(&stop)) {
        chores(l);
        struct batch *b = queue_pop(l->full, POP_WAIT_US);
        if (!b)
            continue;
        store(l, b);
        progress_end(b->range);
        queue_push(l->empty, b);
    }
}

static void lane_open(struct lane *l, int index, struct progress *slots)
{
    char path[4200];
    snprintf(path, sizeof(path), "%s/log", settings()->data_dir);
    *l = (struct lane){.index = index,
                       .dir = strdup(path),
                       .db = pg_open(settings()->database, "vedette-digest"),
                       .arena = arena_new(WRITE_SCRATCH_LIMIT),
                       .cursors = cursors_new(),
                       .progress = slots + index,
                       .empty = queue_new(FILLER_BATCHES),
                       .full = queue_new(1),
                       .policies = policies_new()};
    l->set_aside = batch_new(l->policies);
    pg_give_way(l->db);
    if (!l->dir)
        abort();
    pg_timeout(l->db, STATEMENT_MS);
}

static void lane_close(struct lane *l)
{
    pg_close(l->db);
    arena_free(l->arena);
    cursors_free(l->cursors);
    queue_free(l->empty);
    queue_free(l->full);
    batch_free(l->set_aside);
    policies_free(l->policies);
    free(l->dir);
}

int lane_run(int index, void *slots)
{
    struct lane l;
    struct batch *batches[FILLER_BATCHES];
    catch_signals();
    lane_open(&l, index, slots);
    const struct kept_items kept = {l.db, l.policies, l.progress, &stop};
    if (index == 0)
        kept_digest(&kept);
    for (int i = 0; i < FILLER_BATCHES; i++)
        queue_push(l.empty, batches[i] = batch_new(l.policies));
    struct filler filler = {l.dir, l.cursors, l.progress, l.empty, l.full, &stop};
    pthread_t thread = start_filler(&filler);
    serve(&l);
    queue_close(l.empty);
    queue_close(l.full);
    pthread_join(thread, NULL);
    for (int i = 0; i < FILLER_BATCHES; i++)
        batch_free(batches[i]);
    lane_close(&l);
    return EXIT_SUCCESS;
}
