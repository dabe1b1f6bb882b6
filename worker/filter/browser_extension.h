/* Errors of what people added to their browser, by words and script addresses (ingest.md §5.1). */
#ifndef WORKER_FILTER_BROWSER_EXTENSION_H
#define WORKER_FILTER_BROWSER_EXTENSION_H

#include "base/jt.h"

/* Whether an extension raised the event's first exception. */
bool browser_extension_raised(struct arena *a, const struct jt *event);

#endif
