/*
 * What one request asks to have kept, on its way into the event log.
 *
 * begin, add every item, accept, build the reply, keep.  Accepting applies limits and quotas.
 * Keeping moves large items to the blob store and puts the record into the event log; the reply is
 * sent when the record is synced, by a thread of the log, and no thread of the requests waits for
 * it.  What cannot be kept is answered 503 instead.
 */
#ifndef INGEST_SUBMISSION_H
#define INGEST_SUBMISSION_H

#include "ingest/envelope.h"
#include "ingest/limits.h"
#include "ingest/service.h"

struct submission {
    struct request *rq;
    struct visit *visit;
    struct log_record record;
    struct tally tally;
    bool has_error; /* an item that counts against the key's rate limit */
    bool needs_id;  /* an item that belongs to an event */
};

void submission_begin(struct submission *s, struct request *rq);

/* False after answering 400 or 413: the whole request is refused. */
bool submission_add(struct submission *s, const struct envelope_item *item);

/* 0, or 429 after answering so for a limit of the key, the project or the organization: what it
 * does not concern is kept, so that the request may be gone by then. */
int submission_accept(struct submission *s);

/* 200 {"id": …}, without the id when the request has none. */
int submission_reply(struct submission *s);

/* The last that a handler does: the request may be answered, and gone, before this returns. */
int submission_keep(struct submission *s);

#endif
