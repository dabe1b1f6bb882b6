/* Any bytes as a replay's video, recording and event: read or refused, and what is kept is JSON
 * again. */
#include <stdint.h>
#include <stdlib.h>

#include "base/settings.h"
#include "worker/digest/policy.h"
#include "worker/digest/replay_event.h"
#include "worker/digest/replay_recording.h"
#include "worker/digest/replay_video.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return 0;
}

static void understand(struct arena *a, struct str payload)
{
    const char *error;
    struct replay_event event;
    struct event_refusal refusal;
    struct log_item item = {.type = ITEM_REPLAY_EVENT, .payload = payload};
    struct log_record record = {.received = INT64_C(1795252524693131)};
    const struct event_source source = {&record, &item, policy_usual()};
    if (!replay_event_understand(a, &source, &event, &refusal))
        return;
    if (!jt_read(a, event.details, 64, &error) || !jt_read(a, event.urls, 64, &error))
        abort();
}

static void record(struct arena *a, struct str payload)
{
    const char *error;
    struct replay_recording *out = arena_new_of(a, struct replay_recording);
    if (replay_recording_read(a, policy_usual()->scrubber, payload, out) &&
        !jt_read(a, out->events, JR_DEPTH_MAX, &error))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(512 << 20);
    struct str payload = {(const char *)data, size};
    struct replay_video video;
    record(a, payload);
    understand(a, payload);
    if (replay_video_split(payload, &video))
        record(a, video.recording);
    arena_free(a);
    return 0;
}
