/* Feedback of users, sent as an event with a context of its own (ingest.md §8.5). */
#ifndef WORKER_DIGEST_FEEDBACK_H
#define WORKER_DIGEST_FEEDBACK_H

#include "worker/digest/event.h"

/* Completes the event as it was sent; false when nothing was said. */
bool feedback_complete(struct arena *a, const struct event_source *source, struct jt *event,
                       struct event_refusal *refusal);

#endif
