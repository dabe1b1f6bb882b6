/*
 * Rate limits of keys: so many error events in a window.  Fixed windows, as Sentry's quotas
 * (ingest.md §5.3): slot = floor(now / window), so a limit of 1,000 an hour never lets 2,000
 * through in one, as a refilling bucket would.  Counted in this process's memory: the caller
 * divides a limit by the number of ingest children.  Any thread may call.
 */
#ifndef INGEST_RATES_H
#define INGEST_RATES_H

#include <stdbool.h>
#include <stdint.h>

struct rates;

struct rates *rates_new(void);
void rates_free(struct rates *r);

struct rate_limit {
    int64_t key_id;
    int64_t count, window_seconds; /* a window of 0: no limit */
};

/* Takes one from the limit; 0 when it was there, else the seconds until the next window. */
int64_t rates_take(struct rates *r, const struct rate_limit *limit, int64_t now);

#endif
