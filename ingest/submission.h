/*
 * What one request asks to have kept, on its way into the event log.
 *
 * begin, add every item, accept, build the reply, keep.  Accepting applies limits and quotas.
 * Keeping moves large items to the blob store and puts the record into the event log; the reply is
 * sent when the record is synced, by a thread of the log, and no thread of the requests waits for
 * it.  What cannot be kept is answered 503 instead.
 *
 * A request that brings several events makes a submission of each: submission_begin_part(), and at
 * the end submission_keep_all().
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
    bool has_event; /* an item that becomes one */
    bool has_crash; /* an attachment that one is made from when there is none */
};

void submission_begin(struct submission *s, struct request *rq);

/* As submission_begin(), for one of the events of a request, numbered from 0 on.  Its ids follow
 * from the request's, so that a request sent again brings the same events. */
void submission_begin_part(struct submission *s, struct request *rq, uint32_t number);

/* False after answering 400 or 413: the whole request is refused. */
bool submission_add(struct submission *s, const struct envelope_item *item);

/* An item that cannot be understood is only counted. */
void submission_count_invalid(struct submission *s, enum item_type type, uint64_t quantity,
                              struct str reason);

/* Answers 413 for a type of which there is too much, and counts all that was added as invalid;
 * false. */
bool submission_refuse_size(struct submission *s, enum item_type type);

/* 0, or 429 after answering so for a limit of the key, the project or the organization: what it
 * does not concern is kept, so that the request may be gone by then.  Endpoints that hide limits
 * get 0: what is over them is marked. */
int submission_accept(struct submission *s);
int submission_accept_all(struct submission *list, size_t count);

/* 200 {"id": …}, without the id when the request has none. */
int submission_reply(struct submission *s);

/* Where a request becomes several records: marks one of them with its number, from 0 on, so that
 * the digest can tell it from a repeat of another. */
void submission_number(struct submission *s, uint32_t number);

/* The last that a handler does: the request may be answered, and gone, before this returns.  Of
 * several records all must be synced; should one fail, the others stay, and come again with the
 * sender's next attempt. */
int submission_keep(struct submission *s);
int submission_keep_all(struct submission *list, size_t count);

#endif
