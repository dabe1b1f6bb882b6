/*
 * Stack traces of an event: which there are, and their frames in normal form (ingest.md §3.11).
 * Frames are stored oldest call first; the last one is where it was thrown.
 */
#ifndef WORKER_DIGEST_FRAMES_H
#define WORKER_DIGEST_FRAMES_H

#include "worker/digest/normalize.h"

/* Finds the event's stack traces (n->stacks) and normalises their frames. */
void frames_normalize(struct normalizer *n);

/* The frames of a stack trace: a list, whose members may be null; NULL when there are none. */
struct jt *frames_of(const struct jt *trace);
/* The frame's own platform, else the event's. */
struct str frame_platform(const struct jt *frame, struct str event_platform);
bool frame_is_in_app(const struct jt *frame);

/*
 * The frame that title, culprit and fingerprint variables speak of: of the given stack trace the
 * innermost in-app frame that `wanted` accepts, else the innermost one that it accepts; NULL when
 * there is none.  A NULL `wanted` accepts all.
 */
struct jt *frames_crashed(const struct jt *trace, bool (*wanted)(const struct jt *frame));

#endif
