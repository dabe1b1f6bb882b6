/*
 * Fault points: named places where a test makes a real program die, hang or fail.
 *
 * Armed by the environment, VEDETTE_FAULT=name[:count][@text][,…]: the point of that name fires at
 * its count-th visit (1 when not given) in this process, or, with @text, at every visit that shows
 * a text containing it.  With VEDETTE_FAULT_ONCE=path every firing first deletes that file and does
 * nothing when it is gone, so a child that its parent restarts does not die again.
 *
 * Compiled into every build: a point costs one predictable branch while nothing is armed.  Any
 * thread may visit a point.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include "base/str.h"

extern bool fault_armed;

bool fault_fires(const char *name, struct str text);
void fault_die(void);             /* kill -9 of this process */
void fault_hang(void);            /* never returns */
void fault_set(const char *spec); /* what VEDETTE_FAULT would say; NULL disarms.  For unit tests */

/* True when the caller should fail here as if the system had said no. */
static inline bool fault_here(const char *name)
{
    return __builtin_expect(fault_armed, 0) && fault_fires(name, (struct str){0});
}

/* The process ends here. */
static inline void fault_kill(const char *name)
{
    if (fault_here(name))
        fault_die();
}

/* As fault_here, for a fault that belongs to one record: `text` is something the record shows. */
static inline bool fault_on(const char *name, struct str text)
{
    return __builtin_expect(fault_armed, 0) && fault_fires(name, text);
}

#endif
