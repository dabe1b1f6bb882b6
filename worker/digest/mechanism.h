/*
 * The mechanism of an exception: names for the numbers of signals and Mach exceptions, where the
 * SDK sent none (ingest.md §3.10).
 */
#ifndef WORKER_DIGEST_MECHANISM_H
#define WORKER_DIGEST_MECHANISM_H

#include "worker/digest/normalize.h"

void mechanism_normalize(struct normalizer *n, struct jt *mechanism);

#endif
