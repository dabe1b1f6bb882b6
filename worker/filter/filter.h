/*
 * Inbound filters: which events a project does not want (ingest.md §5.1).
 *
 * They look at the normalised event before it is scrubbed and grouped.  An event that is filtered
 * is not stored; its outcome is `filtered` with the reason that filter_event() returns.  Its
 * attachments go with it.  Sessions, check-ins and user reports are never filtered.
 *
 * Pure functions: no database, no clock.  Any thread, each with its own arena.
 */
#ifndef WORKER_FILTER_FILTER_H
#define WORKER_FILTER_FILTER_H

#include "storage/items.h"
#include "worker/filter/settings.h"

struct filter_subject {
    const struct jt *event; /* or the body of a replay, log or span */
    const struct jt *trace; /* the envelope's sampling context; may be NULL */
    enum category category;
    struct str client_ip; /* of the request; absent when unknown */
};

/* Absent, or the reason of the first filter that hits: "localhost", "error-message", a generic
 * filter's id, … */
struct str filter_event(struct arena *a, const struct filter_settings *s,
                        const struct filter_subject *subject);

#endif
