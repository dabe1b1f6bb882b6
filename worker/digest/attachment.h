/* Attachments: files of an event (ingest.md §2.8), stored as they are, whether or not their event
 * is there. */
#ifndef WORKER_DIGEST_ATTACHMENT_H
#define WORKER_DIGEST_ATTACHMENT_H

#include "worker/digest/reading.h"

void attachment_digest(struct reading *r);

#endif
