/*
 * A program that gives way to a newer run of its own file, in the same process.
 *
 * The process id stays, and so do the listening socket, with the connections in its queue, and the
 * children, which serve until they are told to end: nobody who connects meanwhile is refused.  What
 * the next run must know stands in its environment, VEDETTE_HANDOVER="SOCKET CHILD...", until
 * handover_take() has read it; everything else it learns as at any start.  One thread.
 */
#ifndef BASE_HANDOVER_H
#define BASE_HANDOVER_H

#include <sys/types.h>

enum { HANDOVER_CHILDREN = 64 };

struct handover {
    char **argv;                       /* of main(): what is run again */
    int listen_fd;                     /* -1: none */
    pid_t children[HANDOVER_CHILDREN]; /* that the run before has left */
    int child_count;
};

/* What the run before has left; at the begin of main(). */
struct handover handover_take(char **argv);

/* Runs argv[0] in place of this program.  Returns only when that fails, after logging why. */
void handover_exec(const struct handover *h);

#endif
