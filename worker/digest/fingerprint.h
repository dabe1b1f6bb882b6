/*
 * The fingerprint that an SDK sends: constants and {{ variables }} (grouping-symbolication.md
 * §1.3, §1.8).
 */
#ifndef WORKER_DIGEST_FINGERPRINT_H
#define WORKER_DIGEST_FINGERPRINT_H

#include "worker/digest/normalize.h"

/* NULL when the event has none, or nothing but {{ default }}. */
const struct jt *fingerprint_of(const struct normalizer *n);

bool fingerprint_is_default(struct str part);

/* A part with its variable filled in; constants come back as they are. */
struct str fingerprint_resolve(struct normalizer *n, struct str part);

#endif
