/*
 * What the limits of its key, its project and its organization let through of a submission.
 *
 * An item that is over a limit is marked: verdict, reason, no payload; what it counts as beside
 * its own category (spans of a transaction, number of attachments, bytes of logs) is counted
 * here.  What belongs to an event goes with it.  An error over the key's rate limit takes nothing
 * from quotas.
 */
#ifndef INGEST_ALLOWANCE_H
#define INGEST_ALLOWANCE_H

#include "ingest/submission.h"

struct allowance {
    int64_t retry;     /* seconds; 0: everything is let through */
    struct str header; /* X-Sentry-Rate-Limits */
    size_t left;       /* items that are let through */
};

struct allowance allowance_take(struct submission *s);

#endif
