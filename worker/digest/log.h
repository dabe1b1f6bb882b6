/* Structured logs: containers of records, each a row of the table log (ingest.md §2.7, §8.4). */
#ifndef WORKER_DIGEST_LOG_H
#define WORKER_DIGEST_LOG_H

#include "worker/digest/reading.h"

void log_digest(struct reading *r);

#endif
