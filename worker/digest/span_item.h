/*
 * Spans that come without their transaction: one to an item, or a container of many (ingest.md
 * §7.3, §7.7, §2.7).  Each span is checked, counted, filtered and stored by itself.
 */
#ifndef WORKER_DIGEST_SPAN_ITEM_H
#define WORKER_DIGEST_SPAN_ITEM_H

#include "worker/digest/reading.h"

void span_digest(struct reading *r);

#endif
