/*
 * Messages without what differs from event to event: numbers, ids, dates, addresses become
 * "<int>", "<uuid>", … so that equal errors group together (grouping-symbolication.md §1.7).
 *
 * Matching is bounded: a text that exhausts the bound keeps its rest as it is.  Any thread may
 * call.
 */
#ifndef WORKER_DIGEST_MESSAGE_H
#define WORKER_DIGEST_MESSAGE_H

#include "base/arena.h"
#include "base/str.h"

/* The first two lines that are not blank ("..." added when there was more), parameterised.  Valid
 * UTF-8 in and out. */
struct str message_parameterize(struct arena *a, struct str text);

#endif
