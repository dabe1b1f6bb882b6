#include "worker/progress.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"

enum { CRASHES_MOST = 3, KILLS_MOST = 10 };

struct progress *progress_new(int lanes)
{
    void *slots = mmap(NULL, (size_t)lanes * sizeof(struct progress), PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (slots == MAP_FAILED)
        abort();
    return slots;
}

struct progress_range *progress_begin(struct progress *p, struct uuid log, int lane, int64_t first)
{
    for (int i = 0; i < PROGRESS_RANGES; i++) {
        struct progress_range *range = &p->ranges[i];
        if (atomic_load(&range->used))
            continue;
        range->log = log;
        range->lane = lane;
        atomic_store(&range->end, first);
        atomic_store(&range->used, true);
        return range;
    }
    abort();
}

void progress_extend(struct progress_range *range, int64_t end)
{
    atomic_store(&range->end, end);
}

void progress_end(struct progress_range *range)
{
    atomic_store(&range->used, false);
}

void progress_busy(struct progress *p)
{
    atomic_store(&p->busy_since, clock_monotonic());
}

void progress_idle(struct progress *p)
{
    atomic_store(&p->busy_since, 0);
}

int64_t progress_careful_until(const struct progress *p, struct uuid log, int lane)
{
    int64_t end = 0;
    for (int i = 0; i < PROGRESS_CAREFUL; i++) {
        const struct progress_careful *c = &p->careful[i];
        if (c->end > end && c->lane == lane && uuid_eq(c->log, log))
            end = c->end;
    }
    return end;
}

void progress_alone(struct progress *p, struct uuid log, int64_t position)
{
    p->log = log;
    p->position = position;
    atomic_store(&p->alone, true);
}

void progress_alone_done(struct progress *p)
{
    atomic_store(&p->alone, false);
}

static bool is_suspect(const struct progress *p, struct uuid log, int64_t position)
{
    return p->suspect_position == position && uuid_eq(p->suspect_log, log);
}

const char *progress_verdict(const struct progress *p, struct uuid log, int64_t position)
{
    if (!is_suspect(p, log, position))
        return NULL;
    if (p->crashes >= CRASHES_MOST)
        return "the digest died of it three times";
    return p->kills >= KILLS_MOST ? "the digest was killed at it ten times" : NULL;
}

enum death { DEATH_NONE, DEATH_CRASH, DEATH_KILL };

/* Asked to end, or ended by itself in good order, is no death. */
static enum death death_of(const struct progress *p, int wait_status)
{
    if (WIFEXITED(wait_status))
        return WEXITSTATUS(wait_status) ? DEATH_CRASH : DEATH_NONE;
    switch (WTERMSIG(wait_status)) {
    case SIGTERM:
    case SIGINT:
        return DEATH_NONE;
    case SIGKILL:
        return p->hung ? DEATH_CRASH : DEATH_KILL;
    default:
        return DEATH_CRASH;
    }
}

/* The death that made the child careful was the first. */
static void count_death(struct progress *p, enum death death)
{
    if (!is_suspect(p, p->log, p->position))
        p->crashes = p->kills = 1;
    *(death == DEATH_CRASH ? &p->crashes : &p->kills) += 1;
    p->suspect_log = p->log;
    p->suspect_position = p->position;
    log_warn("the digest died at a record", LOG_INT("position", p->position),
             LOG_INT("crashes", p->crashes), LOG_INT("kills", p->kills));
}

static void be_careful(struct progress *p, const struct progress_range *range)
{
    p->careful[p->careful_next++ % PROGRESS_CAREFUL] =
        (struct progress_careful){range->log, range->lane, atomic_load(&range->end)};
}

void progress_died(int index, int wait_status, void *slots)
{
    struct progress *p = (struct progress *)slots + index;
    enum death death = death_of(p, wait_status);
    if (death && atomic_load(&p->alone))
        count_death(p, death);
    for (int i = 0; i < PROGRESS_RANGES; i++) {
        struct progress_range *range = &p->ranges[i];
        if (death && atomic_load(&range->used))
            be_careful(p, range);
        atomic_store(&range->used, false);
    }
    atomic_store(&p->alone, false);
    atomic_store(&p->busy_since, 0);
    p->hung = false;
}

pid_t progress_watch(int index, pid_t pid, void *slots)
{
    struct progress *p = (struct progress *)slots + index;
    int64_t since = atomic_load(&p->busy_since);
    if (!since || clock_monotonic() - since < settings()->digest_hang_seconds * CLOCK_SECOND)
        return 0;
    log_error("the digest hangs on a record; ending it", LOG_INT("lane", index));
    p->hung = true;
    return pid;
}
