/*
 * Events made of browsers' reports about security policies (ingest.md §1.7): Content-Security-
 * Policy, Expect-CT, Expect-Staple, public key pinning; each as its own header sent it, or wrapped
 * by the Reporting API.
 */
#ifndef WORKER_DIGEST_SECURITY_REPORT_H
#define WORKER_DIGEST_SECURITY_REPORT_H

#include "worker/digest/event.h"
#include "worker/digest/report.h"

/* The event as an SDK would have sent it; NULL when the report is refused. */
struct jt *security_report_read(struct arena *a, const struct event_source *source,
                                struct event_refusal *refusal);

#endif
