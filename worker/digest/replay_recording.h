/*
 * The recording of a replay's segment: a line with its number, then a JSON array of rrweb's events,
 * usually packed by zlib (ingest.md §8.1).
 *
 * Read as a stream: only rrweb's custom events (type 5) become trees, one after the other, because
 * scrubbing may change them and clicks are found there.  Everything else is copied as it stands.
 * Unpacked it may have REPLAY_RECORDING_MAX bytes.
 */
#ifndef WORKER_DIGEST_REPLAY_RECORDING_H
#define WORKER_DIGEST_REPLAY_RECORDING_H

#include "base/arena.h"
#include "worker/scrub/scrubber.h"

#define REPLAY_RECORDING_MAX ((size_t)100 << 20)
enum { REPLAY_CLICKS_MAX = 20 };

struct replay_click {
    int64_t timestamp; /* us since 1970 */
    int64_t node_id;
    struct str tag, id, text, role, alt, testid, aria_label, title, component_name;
    struct str classes; /* JSON array */
    struct str selector, url;
    bool is_dead, is_rage;
};

struct replay_recording {
    struct str events; /* JSON array, scrubbed */
    struct replay_click clicks[REPLAY_CLICKS_MAX];
    size_t click_count;
};

/* All texts are in the arena, or point into the payload.  `scrubber` may be NULL.  False when the
 * payload is no recording. */
bool replay_recording_read(struct arena *a, const struct scrubber *scrubber, struct str payload,
                           struct replay_recording *out);

#endif
