/*
 * What an event is grouped by: its hashes (grouping-symbolication.md §1.3, the newest
 * configuration: type, value, stack trace; the app variant is the one that counts).
 *
 * The first of these that says anything decides: exceptions, threads, the event's own stack trace,
 * template, security report, message.  A client's fingerprint replaces or salts it.
 */
#ifndef WORKER_DIGEST_GROUPING_H
#define WORKER_DIGEST_GROUPING_H

#include "worker/digest/normalize.h"

#define GROUPING_CONFIG "newstyle:2026-01-20"

/* Sets out->hashes.  Needs out->tags and classified stacks; may set main_exception_id. */
void grouping_finish(struct normalizer *n);

#endif
