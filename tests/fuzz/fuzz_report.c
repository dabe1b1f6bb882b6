/* Any bytes as a report of a browser, or as feedback: it is refused with a reason, or an event
 * comes out that can be stored.  The first byte chooses. */
#include <stdint.h>
#include <stdlib.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum item_type types[] = {ITEM_RAW_SECURITY, ITEM_NEL, ITEM_FEEDBACK};
    if (!size)
        return 0;
    struct arena *a = arena_new((size_t)512 << 20);
    struct log_item item = {.type = types[data[0] % 3],
                            .payload = {(const char *)data + 1, size - 1},
                            .header =
                                S("{\"sentry_release\":\"r\",\"client_hints\":{\"A\":\"b\"}}")};
    struct log_record record = {.received = INT64_C(1795252524693131),
                                .event_id = {{1}},
                                .client_ip = S("203.0.113.7"),
                                .user_agent = S("Mozilla/5.0"),
                                .origin = S("https://a.example")};
    struct event event;
    struct event_refusal refusal = {0};
    const char *error = NULL;
    const struct policy policy = {.scrubber = policy_usual()->scrubber};
    const struct event_source source = {&record, &item, &policy};
    bool fine = event_understand(a, &source, &event, &refusal);
    if (fine ? !event.hash_count || !event.title.n || !jt_read(a, event.body, 256, &error)
             : !refusal.reason.n || refusal.verdict == OUTCOME_ACCEPTED)
        abort();
    arena_free(a);
    return 0;
}
