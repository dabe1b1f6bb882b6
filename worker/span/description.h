/*
 * What a span did, without what differs from one time to the next, so that spans of one kind can be
 * grouped (ingest.md §7.6).
 *
 * `span` is a normalised span: op, origin, description, data (today's names of its keys).  Texts
 * live in the arena or in the span.
 */
#ifndef WORKER_SPAN_DESCRIPTION_H
#define WORKER_SPAN_DESCRIPTION_H

#include "base/jt.h"

/* Absent when the op has none, or nothing can be said. */
struct str span_description(struct arena *a, const struct jt *span);

/* GET, SELECT, SET, …; absent when it has none. */
struct str span_action(struct arena *a, const struct jt *span);

/* The host it asked, or the tables as ",one,two,"; absent when it has none. */
struct str span_domain(struct arena *a, const struct jt *span);

/* A text of span.data, numbers as they are written; absent when it is not there. */
struct str span_data(const struct jt *span, struct str key);

#endif
