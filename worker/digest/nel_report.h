/* Events made of browsers' reports about requests that failed: Network Error Logging (ingest.md
 * §1.7). */
#ifndef WORKER_DIGEST_NEL_REPORT_H
#define WORKER_DIGEST_NEL_REPORT_H

#include "worker/digest/event.h"
#include "worker/digest/report.h"

/* The event as an SDK would have sent it; NULL when the report is refused. */
struct jt *nel_report_read(struct arena *a, const struct event_source *source,
                           struct event_refusal *refusal);

#endif
