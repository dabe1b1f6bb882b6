/*
 * Rate limits of keys: so many error events in a window.  Fixed windows, as Sentry's quotas
 * (ingest.md §5.3): slot = floor(now / window), so a limit of 1,000 an hour never lets 2,000
 * through in one, as a refilling bucket would.
 *
 * The counts lie in memory that processes forked after rates_new() share, so all ingest children
 * take from one limit, and a child that dies loses none.  No locks: any thread of any child may
 * call, and one killed in the middle leaves nothing behind.
 */
#ifndef INGEST_RATES_H
#define INGEST_RATES_H

#include <stdbool.h>
#include <stdint.h>

struct rates;

struct rates *rates_new(void); /* before the children are forked; never NULL */
void rates_free(struct rates *r);

struct rate_limit {
    int64_t key_id;
    int64_t count, window_seconds; /* a window of 0: no limit */
};

/* Takes one from the limit; 0 when it was there, else the seconds until the next window.  Past
 * 65,536 keys that have limits, those that come later have none. */
int64_t rates_take(struct rates *r, const struct rate_limit *limit, int64_t now);

#endif
