/*
 * Check-ins of cron monitors (ingest.md §8.3): read by check_in.c, taken by check_in_store.c in the
 * order in which they came, because each depends on those before it.
 */
#ifndef WORKER_DIGEST_CHECK_IN_H
#define WORKER_DIGEST_CHECK_IN_H

#include "storage/monitors.h"
#include "worker/digest/reading.h"

struct check_in {
    size_t order; /* among the batch's */
    struct str slug;
    struct uuid id; /* nil: the one in progress, or a new one */
    enum check_in_status status;
    bool has_duration, has_trace;
    int64_t duration; /* milliseconds */
    struct uuid trace;
    const struct monitor_config *config; /* NULL: none, or none that may be */
};

void check_in_digest(struct reading *r);

/* For the table of kinds of rows. */
bool check_in_store(struct writing *w, struct batch_row **list, size_t count);

#endif
