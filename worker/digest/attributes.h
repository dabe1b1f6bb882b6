/*
 * Typed attributes of logs, metrics and spans, {"name": {"type": …, "value": …}}, and what becomes
 * of them: plain JSON whose values show their type themselves (ingest.md §8.4; the table log).
 */
#ifndef WORKER_DIGEST_ATTRIBUTES_H
#define WORKER_DIGEST_ATTRIBUTES_H

#include "worker/digest/meta.h"

/*
 * Turns each attribute into its value, in place.  What has no type or value, or a value that is not
 * of its type, is taken out and noted.  `attributes` is an object; the notes' path is that of it.
 * Numbers come out in a form and size that the database takes.
 */
void attributes_normalize(struct meta *m, struct jt *attributes);

#endif
