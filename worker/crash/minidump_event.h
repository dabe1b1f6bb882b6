/*
 * Completes the event of a crash by what its minidump tells (ingest.md §1.8): when and why it
 * crashed, on which system, with which libraries loaded.  What an SDK said of these stays, but the
 * exception: there was one, and it is the dump's.
 *
 * A dump that cannot be read still is a crash: its event says so.
 */
#ifndef WORKER_CRASH_MINIDUMP_EVENT_H
#define WORKER_CRASH_MINIDUMP_EVENT_H

#include "base/jt.h"

void minidump_complete(struct arena *a, struct str bytes, struct jt *event);

#endif
