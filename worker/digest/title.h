/*
 * How an event is called: metadata, title, location and culprit (ingest.md §3.15,
 * grouping-symbolication.md §1.11).
 */
#ifndef WORKER_DIGEST_TITLE_H
#define WORKER_DIGEST_TITLE_H

#include "worker/digest/normalize.h"

/* Sets out->title, culprit and metadata, and the same fields of the payload.  After in-app
 * classification and grouping, which finds the main exception. */
void title_finish(struct normalizer *n);

#endif
