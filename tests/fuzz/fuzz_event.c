/* Any bytes through the whole understanding of an event: what comes out is JSON and, understood
 * once more, groups the same. */
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/settings.h"
#include "worker/digest/event.h"
#include "worker/digest/policy.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return 0;
}

static void check(struct arena *a, const struct event *event)
{
    const char *error = NULL;
    if (!jt_read(a, event->body, 256, &error) || !jt_read(a, event->metadata, 8, &error))
        abort();
    if (!event->hash_count || event->hash_count > EVENT_HASHES_MAX || !event->title.n)
        abort();
    for (size_t i = 1; i < event->tag_count; i++)
        if (str_eq(event->tags[i].key, event->tags[i - 1].key))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(512 << 20);
    struct log_item item = {.type = ITEM_EVENT, .payload = {(const char *)data, size}};
    struct log_record record = {.received = INT64_C(1795252524693131),
                                .sent_at = size % 2 ? INT64_C(1795248924000000) : 0,
                                .event_id = {{1}},
                                .client_ip = S("203.0.113.7"),
                                .client = S("sentry.python/2.1")};
    struct event event;
    struct event_refusal refusal;
    /* A filter may want an event once and not again, when it is scrubbed. */
    const struct policy policy = {.scrubber = policy_usual()->scrubber};
    const struct event_source source = {&record, &item, &policy};
    if (event_understand(a, &source, &event, &refusal)) {
        check(a, &event);
        item.payload = event.body;
        if (!event_understand(a, &source, &event, &refusal))
            abort();
        check(a, &event);
    }
    arena_free(a);
    return 0;
}
