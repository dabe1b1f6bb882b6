#include "worker/digest/resolution.h"

#include "storage/release_version.h"

/* Order of two releases by version; false when one of them has none. */
static bool compare(struct str a, struct str b, int *order)
{
    struct release_version x, y;
    if (!release_version_parse(a, &x) || !release_version_parse(b, &y))
        return false;
    *order = release_version_compare(&x, &y);
    return true;
}

bool resolution_covers(const struct resolution *r, struct str release, int64_t created)
{
    int order;
    if (!release.n)
        return true;
    if (r->current.n) {
        if (compare(r->current, release, &order))
            return order >= 0;
        return str_eq(r->current, release) || r->current_created > created;
    }
    if (r->type == RESOLUTION_IN_NEXT_RELEASE)
        return str_eq(r->release, release) || r->release_created > created;
    if (str_eq(r->release, release))
        return false;
    if (compare(r->release, release, &order))
        return order > 0;
    return r->release_created >= created;
}
