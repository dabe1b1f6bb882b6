/*
 * How far a digest lane is behind, published about once a second in table digest_lag.  One thread.
 */
#ifndef WORKER_DIGEST_LAG_H
#define WORKER_DIGEST_LAG_H

#include "storage/pg.h"

enum { LAG_MINUTE = 60 };

/* All zero is a lane that has just begun. */
struct lag {
    int64_t oldest;    /* receive time of the batch taken last; 0: none */
    int64_t taken_at;  /* clock_monotonic() */
    int64_t published; /* clock_monotonic() */
    int64_t second;    /* the bucket of now: seconds of clock_monotonic() */
    uint64_t events[LAG_MINUTE];
};

void lag_note_taken(struct lag *lag, int64_t oldest_received);
void lag_note_stored(struct lag *lag, size_t events);

bool lag_is_due(const struct lag *lag, int64_t now);
/* Where the database is away too: how far behind in us, noted in the metrics. */
int64_t lag_measure(const struct lag *lag, int lane, int64_t backlog_bytes);
/* Without a backlog nothing is behind, however long ago the last batch was. */
void lag_publish(struct lag *lag, struct pg *db, struct arena *a, int lane, int64_t backlog_bytes);

#endif
