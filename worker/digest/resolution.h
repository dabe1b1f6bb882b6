/*
 * Whether a resolved issue stays resolved when another event arrives: rules of
 * grouping-symbolication.md §1.12, without the database.
 */
#ifndef WORKER_DIGEST_RESOLUTION_H
#define WORKER_DIGEST_RESOLUTION_H

#include <stdint.h>

#include "base/str.h"

enum resolution_type { RESOLUTION_IN_RELEASE, RESOLUTION_IN_NEXT_RELEASE };

struct resolution {
    enum resolution_type type;
    struct str release;      /* absent: none */
    int64_t release_created; /* us since 1970 */
    struct str current;      /* newest release when "next release" was chosen; absent: none */
    int64_t current_created;
};

/* True when an event of this release (absent: none) comes from before the fix. */
bool resolution_covers(const struct resolution *r, struct str release, int64_t created);

#endif
