/*
 * A digest child: drains the event logs into PostgreSQL, until it is asked to end.
 *
 * The first child begins with what earlier versions have kept (worker/digest/kept.h).
 *
 * Two threads.  One reads a log and understands its records into a batch; the other, the only one
 * with a database connection, writes the batch before it; a batch filled by settings that have
 * changed since is filled again (worker/digest/policies.h).  Logs are found by listing their
 * folder; each is split into as many lanes as the setting said when it was first seen, and child
 * number n of N takes the lanes n, n+N, n+2N, …  Records that killed an earlier child are taken one
 * by one, the two threads in turn (worker/progress.h).
 */
#ifndef WORKER_DIGEST_LANE_H
#define WORKER_DIGEST_LANE_H

#include "worker/progress.h"

/* Child `index` of base/master.h; `slots` as progress_new() made them.  Returns its exit status. */
int lane_run(int index, void *slots);

#endif
