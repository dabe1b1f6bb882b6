/* Who was using the application: address and its place, known fields, the user tag (ingest.md
 * §3.7). */
#ifndef WORKER_DIGEST_USER_H
#define WORKER_DIGEST_USER_H

#include "worker/digest/normalize.h"

/* Sets out->has_user and out->user_hash. */
void user_normalize(struct normalizer *n);

/* "id:7", "username:…", "email:…" or "ip:…", by the first that is known; absent when none is. */
struct str user_tag(struct arena *a, const struct jt *event);

#endif
