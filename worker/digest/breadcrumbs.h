/* What happened before the event (ingest.md §3.12). */
#ifndef WORKER_DIGEST_BREADCRUMBS_H
#define WORKER_DIGEST_BREADCRUMBS_H

#include "worker/digest/normalize.h"

void breadcrumbs_normalize(struct normalizer *n);

#endif
