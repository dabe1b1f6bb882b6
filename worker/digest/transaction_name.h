/* The name of a transaction: ids in a URL become stars, so that few names remain (ingest.md §7.2).
 */
#ifndef WORKER_DIGEST_TRANSACTION_NAME_H
#define WORKER_DIGEST_TRANSACTION_NAME_H

#include "worker/digest/normalize.h"

/* Sets out->transaction, and the name and its source in the payload; an original that was replaced
 * is in _meta. */
void transaction_name_normalize(struct normalizer *n);

#endif
