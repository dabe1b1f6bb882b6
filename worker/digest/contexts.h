/* Contexts: device, system, browser, runtime, trace and whatever SDKs add (ingest.md §3.12–14). */
#ifndef WORKER_DIGEST_CONTEXTS_H
#define WORKER_DIGEST_CONTEXTS_H

#include "worker/digest/normalize.h"

/* Sets out->trace_id.  Adds the contexts of the client; after http_normalize(). */
void contexts_normalize(struct normalizer *n);

#endif
