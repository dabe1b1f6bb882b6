/*
 * Profiles: of a transaction in the same envelope, whose fate they share; and chunks of a profiler
 * that runs on (ingest.md §8.2).  They are stored as sent, less the samples that say nothing.
 */
#ifndef WORKER_DIGEST_PROFILE_H
#define WORKER_DIGEST_PROFILE_H

#include "worker/digest/reading.h"

void profile_digest(struct reading *r);
void profile_chunk_digest(struct reading *r);

#endif
