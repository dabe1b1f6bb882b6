/*
 * Stack traces as the API shows them: camelCase names, source lines as [number, text].
 *
 * What came from an SDK is passed on as it was stored; a value of the wrong kind shows as absent.
 */
#ifndef API_STACK_VIEW_H
#define API_STACK_VIEW_H

#include "base/jt.h"

/* How a member is called in storage and in the API, and how it is written (NULL: as it is). */
struct renamed {
    const char *from, *to;
    void (*put)(struct jw *j, const struct jt *value);
};

/* The members of the table, which ends with a row without names; those absent are null. */
void put_renamed(struct jw *j, const struct jt *object, const struct renamed *table);

/* {"frames": […], …}, or null. */
void stack_put(struct jw *j, const struct jt *stacktrace);

/* {"values": […], "hasSystemFrames": …, "excOmitted": …} */
void exceptions_put(struct jw *j, const struct jt *exception);

/* {"values": […]} */
void threads_put(struct jw *j, const struct jt *threads);

/* Source lines around a frame or template: [[number, text], …]. */
void source_put(struct jw *j, const struct jt *frame);

/* The list of an interface that is {"values": […]} or a bare list; NULL when there is none. */
const struct jt *values_of(const struct jt *interface);

#endif
