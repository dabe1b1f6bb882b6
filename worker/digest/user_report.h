/* What a user wrote about an event: one report for each event, replaced within five minutes
 * (ingest.md §8.5).  One that says nothing is dropped without a word. */
#ifndef WORKER_DIGEST_USER_REPORT_H
#define WORKER_DIGEST_USER_REPORT_H

#include "worker/digest/reading.h"

void user_report_digest(struct reading *r);

#endif
