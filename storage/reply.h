/*
 * Replies straight from rows: what most API handlers end with.  A failed statement becomes 503 with
 * Retry-After (database away, lost a race), 409 (unique violation), 400 (a value out of range) or
 * 500; the detail goes to the log, never to the client.
 */
#ifndef STORAGE_REPLY_H
#define STORAGE_REPLY_H

#include "base/request.h"
#include "storage/pg.h"

int reply_rows(struct request *rq, struct rows *r);    /* 200 with an array */
int reply_row(struct request *rq, struct rows *r);     /* 200 with the first row, or 404 */
int reply_created(struct request *rq, struct rows *r); /* 201 with the first row */
/* When the unit of work failed, answers for it and returns true. */
bool reply_if_failed(struct request *rq);

#endif
