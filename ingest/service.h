/*
 * One ingest child: its log, its keys, its limits, and the threads that serve requests.
 *
 * struct ingest is shared by all threads of the child and lives as long as it does; struct visit is
 * one thread's, what the gate found out about the request being served (rq->thread).
 */
#ifndef INGEST_SERVICE_H
#define INGEST_SERVICE_H

#include <stdatomic.h>

#include "base/fcgi.h"
#include "base/route.h"
#include "ingest/body.h"
#include "ingest/credentials.h"
#include "ingest/keys.h"
#include "ingest/outcomes.h"
#include "ingest/quotas.h"
#include "ingest/uploads.h"
#include "storage/eventlog.h"

struct ingest {
    struct eventlog *log;
    struct keys *keys;
    struct rates *rates; /* of keys */
    struct quotas *quotas;
    struct outcomes *outcomes;
    struct routes *routes;
    struct large_slots large;
    struct uploads uploads;
    const char *log_dir, *blob_dir;
    atomic_bool full; /* nothing more can be kept: the ceiling of all logs is reached */
};

struct visit {
    struct ingest *ingest;
    struct body body, unpacked; /* unpacked: of what came packed inside the body */
    bool identified;            /* the three below are set */
    struct credentials credentials;
    struct project_key key;
    struct str origin; /* of the page that sends; absent when there is none */
};

static inline struct visit *visit_of(const struct request *rq)
{
    return rq->thread;
}

/* What the parent makes for all children. */
struct service_shared {
    int listen_fd;
    struct rates *key_rates, *quota_rates;
};

/* Runs child number `index` until it is told to end; its exit status. */
int service_run(int index, const struct service_shared *shared);

/* Looks whether the logs are full; the service does so once a second. */
void service_measure(struct ingest *ingest);

#endif
