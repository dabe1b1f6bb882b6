/*
 * What a digest child is at, in memory that it shares with its parent, so that its death tells
 * which records to be careful with.
 *
 * A child notes every stretch of a log that it has in hand.  When it dies or hangs, the parent
 * marks those stretches: the next child takes them record by record, noting each record before it
 * looks at it, and the parent counts the deaths at that place.  Whoever finds PROGRESS_DEATHS_MOST
 * deaths there sets the record aside.  One slot per lane; the parent writes only while the child is
 * dead.
 */
#ifndef WORKER_PROGRESS_H
#define WORKER_PROGRESS_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/uuid.h"

enum { PROGRESS_RANGES = 4, PROGRESS_CAREFUL = 8 };

struct progress_range {
    atomic_bool used;
    struct uuid log;
    int lane;
    _Atomic int64_t end; /* position after its last record */
};

struct progress_careful {
    struct uuid log;
    int lane;
    int64_t end;
};

struct progress {
    struct progress_range ranges[PROGRESS_RANGES];
    _Atomic int64_t busy_since; /* clock_monotonic() when work on a record began; 0: none */

    atomic_bool alone; /* `log` and `position` name the only record in hand */
    struct uuid log;
    int64_t position;

    struct uuid suspect_log; /* where the last careful child died, and how often */
    int64_t suspect_position;
    int crashes, kills;
    bool hung; /* the parent has ended the child itself */
    struct progress_careful careful[PROGRESS_CAREFUL];
    unsigned careful_next;
};

/* Slots for `lanes` children, zeroed; made before they are forked. */
struct progress *progress_new(int lanes);

/* ---- the child */

/* A stretch is in hand; NULL never comes as long as PROGRESS_RANGES are enough. */
struct progress_range *progress_begin(struct progress *p, struct uuid log, int lane, int64_t first);
void progress_extend(struct progress_range *range, int64_t end);
void progress_end(struct progress_range *range);

void progress_busy(struct progress *p);
void progress_idle(struct progress *p);

/* Position up to which a log must be read record by record; 0: not at all. */
int64_t progress_careful_until(const struct progress *p, struct uuid log, int lane);

/* The child turns to one record alone, and is through with it. */
void progress_alone(struct progress *p, struct uuid log, int64_t position);
void progress_alone_done(struct progress *p);
/* Why the record at this place must be set aside; NULL: it need not. */
const char *progress_verdict(const struct progress *p, struct uuid log, int64_t position);

/* ---- the parent: callbacks of base/master.h, with the slots as their argument */

void progress_died(int index, int wait_status, void *slots);
pid_t progress_watch(int index, pid_t pid, void *slots);

#endif
