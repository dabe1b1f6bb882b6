/* Metrics tied to traces: containers of single measurements, each a row of the table trace_metric
 * (ingest.md §2.7, §8.4). */
#ifndef WORKER_DIGEST_TRACE_METRIC_H
#define WORKER_DIGEST_TRACE_METRIC_H

#include "worker/digest/reading.h"

void trace_metric_digest(struct reading *r);

#endif
