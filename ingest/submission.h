/*
 * What one request asks to have kept, on its way into the event log.
 *
 * begin, add every item, accept.  Accepting applies the key's rate limit, moves large items to the
 * blob store, appends the record and waits for its sync: when it returns true the items are safe
 * and the caller answers 200.  Otherwise the request is answered (429, 503) and whatever was
 * refused is counted.
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

bool submission_accept(struct submission *s);

/* 200 {"id": …}, without the id when the request has none. */
int submission_reply(struct submission *s);

#endif
