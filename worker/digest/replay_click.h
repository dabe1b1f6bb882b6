/* Clicks in the custom events of a recording: plain ones, and those that nothing answered
 * (ingest.md §8.1). */
#ifndef WORKER_DIGEST_REPLAY_CLICK_H
#define WORKER_DIGEST_REPLAY_CLICK_H

#include "base/jt.h"
#include "worker/digest/replay_recording.h"

/* Adds the click that the event tells of, if it does and there is room.  Texts are in the arena. */
void replay_click_find(struct arena *a, const struct jt *event, struct replay_recording *to);

#endif
