/*
 * Versions of releases as SDKs name them: "package@1.2.3.4-rc.1+build", package and build optional.
 *
 * A version whose numbers follow the semantic-version form can be ordered; all others cannot.  The
 * package takes no part in the order, nor does the build unless all else is equal (then by text, so
 * that the order is total).  Source: grouping-symbolication.md §1.12, semver.org 2.0 §11.
 */
#ifndef STORAGE_RELEASE_VERSION_H
#define STORAGE_RELEASE_VERSION_H

#include <stdint.h>

#include "base/str.h"

struct release_version {
    struct str package; /* absent when none */
    int64_t numbers[4]; /* major, minor, patch, revision */
    struct str prerelease, build;
};

/* False when it has no order. */
bool release_version_parse(struct str text, struct release_version *out);
/* Negative, 0 or positive as a is older than, the same as or newer than b. */
int release_version_compare(const struct release_version *a, const struct release_version *b);

#endif
