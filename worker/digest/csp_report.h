/*
 * The report of a Content-Security-Policy as an event: what was blocked, by which directive, in the
 * words that people read.  Private to security_report.c.
 */
#ifndef WORKER_DIGEST_CSP_REPORT_H
#define WORKER_DIGEST_CSP_REPORT_H

#include "worker/digest/event.h"

/* Fills the event; false when the report names no directive that exists. */
bool csp_report_fill(struct arena *a, const struct event_source *source, const struct jt *report,
                     struct jt *event);

#endif
