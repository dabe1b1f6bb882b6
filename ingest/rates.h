/*
 * How much was taken from each limit in its window, in memory that processes forked after
 * rates_new() share: all ingest children take from one limit, and a child that dies loses nothing.
 *
 * Windows are fixed, as those of Sentry's quotas (ingest.md §5.3): a limit of 1,000 an hour never
 * lets 2,000 through in one, as a refilling bucket would.  No locks: any thread of any child may
 * call, and one killed in the middle leaves nothing behind.
 */
#ifndef INGEST_RATES_H
#define INGEST_RATES_H

#include <stdbool.h>
#include <stdint.h>

struct rates;

struct rates *rates_new(void); /* before the children are forked; never NULL */
void rates_free(struct rates *r);

struct rate_window {
    int64_t slot; /* number of the window since 1970 */
    int64_t ends; /* us since 1970 */
};

/* The window of so many seconds that holds `now` (us since 1970). */
struct rate_window rate_window_of(int64_t seconds, int64_t now);

/* Seconds until a window ends, rounded up. */
int64_t rate_window_left(const struct rate_window *window, int64_t now);

struct rate_limit {
    int64_t id;   /* of the key or the quota; one table for each sort */
    int64_t most; /* 2^44 - 2 at the most */
    struct rate_window window;
};

/* Takes a quantity unless it is more than what is left; 0 asks whether anything is.  Past 65,536
 * ids, those that come later have no limit. */
bool rates_take(struct rates *r, const struct rate_limit *limit, int64_t quantity);
void rates_give_back(struct rates *r, const struct rate_limit *limit, int64_t quantity);

/* What was taken in the window, by everybody that is known of. */
int64_t rates_used(struct rates *r, const struct rate_limit *limit);

/* For sharing with other hosts: how much was taken here since the last settling; and settling, once
 * `pushed` of it was added to a sum that is now `total`. */
int64_t rates_unsettled(struct rates *r, const struct rate_limit *limit);
void rates_settle(struct rates *r, const struct rate_limit *limit, int64_t pushed, int64_t total);

/* True for one of all children in each interval: whoever settles. */
bool rates_lead(struct rates *r, int64_t now, int64_t interval);

#endif
