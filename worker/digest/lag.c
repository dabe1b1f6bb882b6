#include "worker/digest/lag.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "sql.h"

void lag_note_taken(struct lag *lag, int64_t oldest_received)
{
    if (oldest_received)
        lag->oldest = oldest_received;
    lag->taken_at = clock_monotonic();
}

/* Clears the buckets between the last event and now. */
static void move_on(struct lag *lag)
{
    int64_t second = clock_monotonic() / CLOCK_SECOND;
    int64_t passed = second - lag->second;
    for (int64_t i = 0; i < passed && i < LAG_MINUTE; i++)
        lag->events[(second - i) % LAG_MINUTE] = 0;
    lag->second = second;
}

void lag_note_stored(struct lag *lag, size_t events)
{
    move_on(lag);
    lag->events[lag->second % LAG_MINUTE] += events;
}

bool lag_is_due(const struct lag *lag, int64_t now)
{
    return now - lag->published >= CLOCK_SECOND;
}

int64_t lag_measure(const struct lag *lag, int lane, int64_t backlog_bytes)
{
    int64_t now = clock_now(), behind = 0;
    bool is_recent = clock_monotonic() - lag->taken_at < CLOCK_SECOND / 2;
    if (lag->oldest && (backlog_bytes || is_recent))
        behind = now > lag->oldest ? now - lag->oldest : 0;
    metrics_set_at(METRIC_DIGEST_LAG, lane, 0, behind);
    metrics_set_at(METRIC_DIGEST_BACKLOG, lane, 0, backlog_bytes);
    return behind;
}

void lag_publish(struct lag *lag, struct pg *db, struct arena *a, int lane, int64_t backlog_bytes)
{
    int64_t behind = lag_measure(lag, lane, backlog_bytes), per_minute = 0;
    move_on(lag);
    for (int i = 0; i < LAG_MINUTE; i++)
        per_minute += (int64_t)lag->events[i];
    pg_reset(db);
    pg_query(db, a, &SQL_digest_lag, lane, behind, backlog_bytes, per_minute,
             pg_time(a, clock_now()));
    lag->published = clock_monotonic();
}
