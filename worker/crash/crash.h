/*
 * Events of crashes: the files that came with an event tell more than the event itself (ingest.md
 * §1.8, §2.8).  A dump makes the exception, the contexts and the list of libraries; what Unreal
 * Engine noted makes the message, the user, and breadcrumbs of its log.
 */
#ifndef WORKER_CRASH_CRASH_H
#define WORKER_CRASH_CRASH_H

#include "base/jt.h"
#include "storage/eventlog.h"

/* Whether a record has such files. */
bool crash_is_in(const struct log_record *record);

/* Completes the event of a record by its files, which are read from the blob store where they are
 * not inline.  A file that is missing or cannot be read changes nothing but the exception. */
void crash_complete(struct arena *a, const struct log_record *record, struct jt *event);

#endif
