/*
 * The tiny parent of a daemon: forks children, restarts the dead with a growing pause (50 ms to 5
 * s), passes signals on, and ends when all are gone.  It has no threads, no database, no parsing; a
 * crash costs one child.
 *
 * SIGTERM, SIGINT, SIGQUIT: children get SIGTERM, then SIGKILL after grace_seconds.  SIGHUP is
 * passed on.  SIGUSR2: the program's file is run anew in this process (base/handover.h); it starts
 * its own children, then has those of the run before end as above.  Children are tied to the
 * parent's life (PR_SET_PDEATHSIG), so kill -9 of the parent leaves none behind.  A child starts
 * with the signal mask that the program had, its process named "name index" (15 bytes of it are
 * shown).
 *
 * Deaths, the memory of all processes and that it is alive it notes in its metrics.
 *
 * A child that has lived for ten seconds starts again at once; one that keeps dying young waits
 * longer each time.
 */
#ifndef BASE_MASTER_H
#define BASE_MASTER_H

#include <sys/types.h>

#include "base/handover.h"

struct master_child {
    const char *name;                 /* in process listings and logs */
    int (*run)(int index, void *arg); /* in the child; its return value is the exit status */
    void *arg;
    int count;
    /* In the parent, after a child died: wait status as from waitpid; may be NULL. */
    void (*died)(int index, int wait_status, void *arg);
    /* In the parent, about ten times a second while children run; may be NULL.  Returns a pid to
     * kill -9 (a hung child) or 0. */
    pid_t (*watch)(int index, pid_t pid, void *arg);
};

/* `kinds` ends with a row without run; `handover` is what the run before has left, its listen_fd
 * what this one listens on.  Returns the program's exit status. */
int master_run(const struct master_child *kinds, int grace_seconds,
               const struct handover *handover);

#endif
