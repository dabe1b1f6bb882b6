/*
 * Release, environment and distribution: who may be called what (ingest.md §3.5).  Also used for
 * names that reach the server another way, such as the tag "environment".
 */
#ifndef WORKER_DIGEST_RELEASE_H
#define WORKER_DIGEST_RELEASE_H

#include "worker/digest/normalize.h"

void release_normalize(struct normalizer *n);
bool release_is_version(struct str name);
bool release_is_environment(struct str name);
bool release_is_version(struct str name);

#endif
