/* The HTTP request that an event happened in (ingest.md §3.9). */
#ifndef WORKER_DIGEST_HTTP_H
#define WORKER_DIGEST_HTTP_H

#include "worker/digest/normalize.h"

void http_normalize(struct normalizer *n);

#endif
