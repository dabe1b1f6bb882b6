/*
 * Normalisation of one event: from the tree that an SDK sent to the payload that is stored
 * (ingest.md §3), and the columns of struct event on the way.
 *
 * The order of the steps matters (§3.4); normalize_event() keeps it.  Every step works on the tree
 * in place, takes wrong values out and notes them in `meta`; none of them fails.  One thread.
 */
#ifndef WORKER_DIGEST_NORMALIZE_H
#define WORKER_DIGEST_NORMALIZE_H

#include "worker/digest/event.h"
#include "worker/digest/meta.h"
#include "worker/digest/schema.h"

/* A stack trace of the event and the exception it belongs to; NULL for a thread's or the event's
 * own. */
struct stack {
    struct jt *trace, *exception;
    bool *ungrouped; /* by frame: a rule keeps it out of grouping; in_app_classify() sets it */
};

struct normalizer {
    struct arena *arena;
    struct meta meta;
    struct schema schema;
    const struct log_record *record;
    enum item_type item_type;
    size_t max_field_bytes; /* of any text; 0: only the fields' own limits */
    struct jt *event;
    struct event *out;
    struct stack *stacks; /* exceptions' first, then the event's own, then the threads' */
    size_t stack_count;
    struct str invalid; /* why there is nothing to store; absent: it can be stored */
};

/* May set n->invalid, and has then stopped half-way.  Everything up to, not including, what needs
 * the stack traces classified: title, tags, grouping.
 */
void normalize_event(struct normalizer *n);

/* The text of a top-level field, or absent. */
struct str normalize_text(const struct normalizer *n, struct str key);
/* The sampling context that the envelope told of the trace; NULL when it told none. */
const struct jt *normalize_trace(const struct normalizer *n);
/* Removes a top-level field; NULL stays NULL. */
void normalize_drop(struct normalizer *n, struct jt *field);

/* The list in a {"values": […]} interface; NULL when there is none. */
struct jt *normalize_values(const struct jt *event, struct str key);

#endif
