/* Client reports: what an SDK dropped by itself, counted as outcomes (ingest.md §5.6). */
#ifndef WORKER_DIGEST_CLIENT_REPORT_H
#define WORKER_DIGEST_CLIENT_REPORT_H

#include "worker/digest/reading.h"

void client_report_digest(struct reading *r);

#endif
