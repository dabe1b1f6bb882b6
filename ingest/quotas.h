/*
 * Whether what a request brings is within the quotas of its project and organization (ingest.md
 * §5.3), and what SDKs are told when it is not (§1.14).
 *
 * The quotas are read again every second; what is taken is counted in memory that all children of
 * this host share (ingest/rates.h), and settled once a second with the other hosts through table
 * quota_usage, so that hosts together are past a limit by no more than what arrives in a second.
 * While PostgreSQL is away this host counts on by itself.  Any thread may take.
 */
#ifndef INGEST_QUOTAS_H
#define INGEST_QUOTAS_H

#include "ingest/rates.h"
#include "storage/quotas.h"

struct quotas;

struct quotas *quotas_new(struct rates *rates); /* counts of its own; never NULL */
void quotas_free(struct quotas *q);

/* Reads the quotas and settles with other hosts: one thread, once a second. */
void quotas_refresh(struct quotas *q, struct pg *db, struct arena *scratch);

/* What a request brings of one category. */
struct quota_demand {
    enum category category;
    int64_t quantity;  /* 0 asks whether there is anything left */
    struct str reason; /* set when it was refused: of the quota that is exhausted longest */
};

struct quota_verdict {
    int64_t retry;     /* seconds; 0: everything was taken */
    struct str header; /* X-Sentry-Rate-Limits: one entry for each exhausted quota */
};

/* Takes each demand from all quotas that count it, or from none of them. */
struct quota_verdict quotas_take(struct quotas *q, struct arena *a, int64_t project_id,
                                 struct quota_demand *demands, size_t count);

#endif
