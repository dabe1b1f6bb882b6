/*
 * The item replay_video: a MessagePack map of three binary strings, which are what the items
 * replay_event and replay_recording would be, and an MP4 file (ingest.md §8.1).
 */
#ifndef WORKER_DIGEST_REPLAY_VIDEO_H
#define WORKER_DIGEST_REPLAY_VIDEO_H

#include "base/str.h"

/* Parts point into the payload; those that the map lacks are absent. */
struct replay_video {
    struct str event, recording, video;
};

/* False when it is no such map, or is cut short.  Other keys are passed over. */
bool replay_video_split(struct str payload, struct replay_video *out);

#endif
