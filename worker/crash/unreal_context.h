/*
 * What Unreal Engine noted of a crash: its context, an XML file, and its log (ingest.md §1.8).
 * Every function completes the event; what is there already stays.
 */
#ifndef WORKER_CRASH_UNREAL_CONTEXT_H
#define WORKER_CRASH_UNREAL_CONTEXT_H

#include "base/jt.h"

/* The event that the game itself prepared, if any: before everything else. */
void unreal_context_event(struct arena *a, struct str bytes, struct jt *event);

/* The message, the user, the machine, and all properties as contexts "unreal" and "game". */
void unreal_context_complete(struct arena *a, struct str bytes, struct jt *event);

/* The last lines of the log as breadcrumbs. */
void unreal_log_complete(struct arena *a, struct str bytes, struct jt *event);

/* "LOGIN|EPIC ACCOUNT|MACHINE", as the crash reporter was told. */
void unreal_user_complete(struct arena *a, struct str user, struct jt *event);

#endif
