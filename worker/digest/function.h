/*
 * Function names as SDKs and debuggers write them, cut to what tells functions apart
 * (grouping-symbolication.md §1.5.2): return types, parameters, template arguments, hashes go.
 */
#ifndef WORKER_DIGEST_FUNCTION_H
#define WORKER_DIGEST_FUNCTION_H

#include "base/arena.h"
#include "base/str.h"

enum platform_family { FAMILY_OTHER, FAMILY_NATIVE, FAMILY_JAVASCRIPT };

enum platform_family platform_family(struct str platform);

/* Returns `name` itself where there is nothing to cut. */
struct str function_trim(struct arena *a, struct str name, struct str platform);

#endif
