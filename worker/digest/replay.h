/*
 * Replays: the items of one segment together, to a row of the segment and rows of its clicks
 * (ingest.md §8.1).
 *
 * Event and recording of a segment are two items of an envelope, or one replay_video; they share
 * one fate.  A segment that comes again is a duplicate.
 */
#ifndef WORKER_DIGEST_REPLAY_H
#define WORKER_DIGEST_REPLAY_H

#include "worker/digest/reading.h"

void replay_digest(struct reading *r);

#endif
