/*
 * Transactions (ingest.md §7): a row with its body, what is summed by the hour, and a row for the
 * transaction and each of its spans in the table of spans.
 */
#ifndef WORKER_DIGEST_TRANSACTION_ITEM_H
#define WORKER_DIGEST_TRANSACTION_ITEM_H

#include "worker/digest/reading.h"

void transaction_digest(struct reading *r);

/* After all items of the record: the transaction names the profile that is stored with it, and no
 * other, whatever its SDK said (ingest.md §8.2).  Nothing when the record has none. */
void transaction_complete(struct reading *r);

#endif
