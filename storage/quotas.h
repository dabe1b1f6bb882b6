/*
 * Quotas: how much of which data categories an organization, or one project, may have stored in a
 * period.  Rows of table quota as ingest and digest need them; what spike protection lets a project
 * send in an hour is one of them.  Source: ingest.md §5.3.
 */
#ifndef STORAGE_QUOTAS_H
#define STORAGE_QUOTAS_H

#include "storage/items.h"
#include "storage/pg.h"

/* X(constant, name) */
#define QUOTA_PERIODS(X)                                                                           \
    X(MINUTE, "minute")                                                                            \
    X(HOUR, "hour")                                                                                \
    X(DAY, "day")                                                                                  \
    X(MONTH, "month") /* of the calendar, UTC */

enum quota_period {
#define X(constant, name) QUOTA_##constant,
    QUOTA_PERIODS(X)
#undef X
        QUOTA_PERIOD_COUNT
};

/* Of all quotas: the counters of ingest (ingest/rates.h) go no further. */
#define QUOTA_MOST ((INT64_C(1) << 44) - 2)

struct quota {
    int64_t id, project_id;   /* the project whose data it counts: one entry for each */
    bool of_organization;     /* all its projects share it */
    bool is_spike_protection; /* the worker's own (worker/jobs/spikes.c) */
    uint64_t categories;      /* bit 1 << category; 0: everything */
    enum quota_period period;
    int64_t most; /* items, or bytes; 0: nothing is stored */
};

struct quota_list {
    struct quota *list; /* by project, then id */
    size_t count;
};

/* Ask pg_failed() before believing it. */
struct quota_list quotas_load(struct pg *db, struct arena *a);

/* The period that holds `now` (us since 1970): its number, and where it ends. */
struct quota_slot {
    int64_t number, ends;
};

struct quota_slot quota_slot_of(enum quota_period period, int64_t now);

bool quota_counts(const struct quota *quota, enum category category);

/* Why what it has no room for is refused, as outcomes and SDKs are told. */
struct str quota_reason(const struct quota *quota);

struct str quota_period_name(enum quota_period period);
bool quota_period_named(struct str name, enum quota_period *out);

#endif
