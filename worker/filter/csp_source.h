/*
 * Origins of reports of the Content-Security-Policy that are noise (ingest.md §5.1): a pattern is
 * "[scheme://]host[:port]", in which "*" is any scheme, host or port and "*.x" is x and every host
 * below it.
 */
#ifndef WORKER_FILTER_CSP_SOURCE_H
#define WORKER_FILTER_CSP_SOURCE_H

#include "base/jt.h"

/* Parts are in lower case, absent for any. */
struct csp_source {
    const struct csp_source *next;
    struct str scheme, host, port;
};

/* The list of extensions, toolbars and injected advertisements that every project starts with, in
 * front of `next`. */
const struct csp_source *csp_source_defaults(struct arena *a, const struct csp_source *next);

/* A pattern in front of `next`; an empty one is none. */
const struct csp_source *csp_source_add(struct arena *a, struct str pattern,
                                        const struct csp_source *next);

/* Whether the blocked, source or document address of a report matches one of the list. */
bool csp_source_matches(struct arena *a, const struct csp_source *list, const struct jt *report);

#endif
