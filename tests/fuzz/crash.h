/* For the fuzzers of crash files: one file beside an empty event, through the whole understanding.
 */
#ifndef TESTS_FUZZ_CRASH_H
#define TESTS_FUZZ_CRASH_H

#include <stdlib.h>

#include "worker/digest/event.h"
#include "worker/digest/policy.h"

static inline void crash_check(const char *header, struct str bytes)
{
    struct arena *a = arena_new((size_t)512 << 20);
    struct log_item items[] = {
        {.type = ITEM_EVENT, .payload = S("{}")},
        {.type = ITEM_ATTACHMENT, .header = str_of(header), .payload = bytes}};
    struct log_record record = {.received = INT64_C(1795252524693131),
                                .event_id = {{1}},
                                .envelope_header = S("{\"unreal_user_id\":\"a|b|c\"}"),
                                .items = items,
                                .item_count = 2};
    struct event event;
    struct event_refusal refusal;
    const char *error = NULL;
    const struct policy policy = {.scrubber = policy_usual()->scrubber};
    const struct event_source source = {&record, &items[0], &policy};
    if (!event_understand(a, &source, &event, &refusal) || !event.hash_count || !event.title.n ||
        !jt_read(a, event.body, 256, &error))
        abort();
    arena_free(a);
}

#endif
