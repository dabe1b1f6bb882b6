/*
 * Browsers too old to be supported, by family and major version (ingest.md §5.1): a set of rules
 * that a project has chosen, held against what the User-Agent header says.
 */
#ifndef WORKER_FILTER_LEGACY_BROWSER_H
#define WORKER_FILTER_LEGACY_BROWSER_H

#include <stdint.h>

#include "worker/digest/user_agent.h"

/* A set of rules; 0 is empty. */
typedef uint32_t legacy_browsers;

/* The rules that an option stands for: "ie", "safari_pre_6", "default"; none when it is unknown. */
legacy_browsers legacy_browser_option(struct str option);

/* False where the browser or its version is unknown. */
bool legacy_browser_is(legacy_browsers rules, const struct user_agent *ua);

#endif
