/*
 * The thread of a digest child that reads logs and fills batches.
 *
 * It takes empty batches from one queue and puts full ones on another; whoever stores them gives
 * them back.  It ends when `stop` is set and both queues are closed.
 */
#ifndef WORKER_DIGEST_FILLER_H
#define WORKER_DIGEST_FILLER_H

#include <stdatomic.h>

#include "base/queue.h"
#include "worker/digest/batch.h"
#include "worker/digest/cursors.h"

enum { FILLER_BATCHES = 3 };

struct filler {
    const char *dir; /* of the logs */
    struct cursors *cursors;
    struct progress *progress;
    struct queue *empty, *full;
    atomic_bool *stop;
};

void *
filler_run(void *filler); /* for pthread_create(); needs a stack of its own of 2 MiB or more */

#endif
