/*
 * Fields that every stored event has: type, level, platform, logger, SDK, version and the small
 * checks that go with them (ingest.md §3.2, §3.12, §3.16).
 */
#ifndef WORKER_DIGEST_DEFAULTS_H
#define WORKER_DIGEST_DEFAULTS_H

#include "worker/digest/normalize.h"

/* Sets out->platform; before everything that depends on it. */
void defaults_platform(struct normalizer *n);
/* Sets out->type, category, level, logger and transaction. */
void defaults_normalize(struct normalizer *n);

#endif
