/*
 * Which frames are the application's own code (grouping-symbolication.md §3).  The SDK's word comes
 * first, then a table of rules corrects it: runtimes, frameworks and package folders are not, and
 * the machinery that throws or reports an error does not even take part in grouping.
 */
#ifndef WORKER_DIGEST_IN_APP_H
#define WORKER_DIGEST_IN_APP_H

#include "worker/digest/normalize.h"

/* Trims function names, sets in_app of every frame and `ungrouped` of every stack. */
void in_app_classify(struct normalizer *n);

#endif
