/*
 * How large a share of the processors a process gets where they are short.
 *
 * Linux may share processors out by session first (sched_autogroup(7)); the nice value of a process
 * then counts only inside its session.  So the session is told too, when it is the process's own.
 */
#ifndef BASE_PRIORITY_H
#define BASE_PRIORITY_H

#include <sys/types.h>

enum {
    PRIORITY_REST = 19,   /* nice value of what takes only what the others leave */
    PRIORITY_BEHIND = 10, /* ... of what others may have to wait for: about a tenth of a share */
};

/* Of another process of the same user, or of the caller: all threads and children it starts later
 * follow.  Never raises it.  Best effort: where it is not allowed, nothing changes.  May take half
 * a second, so not where somebody waits. */
void priority_lower(pid_t process, int nice);

/* The process that started `process`; 0 when there is none to be seen. */
pid_t process_parent(pid_t process);

#endif
