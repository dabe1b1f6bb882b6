/* What events of all kinds of crash dumps have in common. */
#ifndef WORKER_CRASH_CRASH_EVENT_H
#define WORKER_CRASH_CRASH_EVENT_H

#include "base/jt.h"

/* The exception that stands for the crash, in place of whatever was sent: platform native, level
 * fatal unless something else was said.  Without a value nobody knows more: the mechanism is then
 * synthetic. */
struct crash_kind {
    struct str mechanism, type, unread; /* type, and value, of a dump that cannot be read */
};
struct jt *crash_exception(struct arena *a, struct jt *event, const struct crash_kind *kind);

/* The member, made when it is missing or no object. */
struct jt *crash_object(struct arena *a, struct jt *parent, struct str key);

/* Unless the member is there, or the text is empty. */
void crash_put(struct arena *a, struct jt *object, struct str key, struct str text);
void crash_put_address(struct arena *a, struct jt *object, struct str key, uint64_t address);

#endif
