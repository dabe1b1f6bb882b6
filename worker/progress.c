#include "worker/progress.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"

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

void progress_be_careful(struct progress *p, struct uuid log, int lane, int64_t end)
{
    p->careful[p->careful_next++ % PROGRESS_CAREFUL] = (struct progress_careful){log, lane, end};
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

int progress_deaths(const struct progress *p, struct uuid log, int64_t position)
{
    bool same = p->suspect_position == position && uuid_eq(p->suspect_log, log);
    return same ? p->deaths : 0;
}

/* Asked to end, or ended by itself in good order. */
static bool is_death(int wait_status)
{
    if (WIFSIGNALED(wait_status))
        return WTERMSIG(wait_status) != SIGTERM && WTERMSIG(wait_status) != SIGINT;
    return WIFEXITED(wait_status) && WEXITSTATUS(wait_status) != 0;
}

/* The death that made the child careful was the first. */
static void count_death(struct progress *p)
{
    int before = progress_deaths(p, p->log, p->position);
    p->deaths = before ? before + 1 : 2;
    p->suspect_log = p->log;
    p->suspect_position = p->position;
    log_warn("the digest died of a record", LOG_INT("position", p->position),
             LOG_INT("deaths", p->deaths));
}

void progress_died(int index, int wait_status, void *slots)
{
    struct progress *p = (struct progress *)slots + index;
    bool died = is_death(wait_status);
    if (died && atomic_load(&p->alone))
        count_death(p);
    for (int i = 0; i < PROGRESS_RANGES; i++) {
        struct progress_range *range = &p->ranges[i];
        if (died && atomic_load(&range->used))
            progress_be_careful(p, range->log, range->lane, atomic_load(&range->end));
        atomic_store(&range->used, false);
    }
    atomic_store(&p->alone, false);
    atomic_store(&p->busy_since, 0);
}

pid_t progress_watch(int index, pid_t pid, void *slots)
{
    struct progress *p = (struct progress *)slots + index;
    int64_t since = atomic_load(&p->busy_since);
    if (!since || clock_monotonic() - since < settings()->digest_hang_seconds * CLOCK_SECOND)
        return 0;
    log_error("the digest hangs on a record; ending it", LOG_INT("lane", index));
    return pid;
}
