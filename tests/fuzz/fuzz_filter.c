/* Any options over any event: the text up to the first newline is a project's options, the rest the
 * event as its SDK sent it.  Every kind of event is filtered, and a reason is never empty. */
#include <stdint.h>
#include <stdlib.h>

#include "base/settings.h"
#include "worker/digest/event.h"
#include "worker/digest/policy.h"
#include "worker/filter/filter.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return 0;
}

static void filter(struct arena *a, struct str options, struct str body)
{
    const char *error = NULL;
    struct filter_subject subject = {.event = jt_read(a, body, 256, &error),
                                     .client_ip = S("203.0.113.7")};
    const struct filter_settings *s = filter_settings_read(a, jt_read(a, options, 64, &error));
    for (int category = 0; category < CATEGORY_COUNT; category++) {
        subject.category = (enum category)category;
        struct str reason = filter_event(a, s, &subject);
        if (reason.p && !reason.n)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(512 << 20);
    struct str options = {(const char *)data, size};
    struct str payload = options;
    struct event_refusal refusal;
    options = str_split(&payload, '\n');
    struct log_item item = {.type = ITEM_EVENT, .payload = payload};
    struct log_record record = {.received = INT64_C(1795252524693131), .event_id = {{1}}};
    struct event event;
    const struct event_source source = {&record, &item, policy_usual()};
    filter(a, options, payload);
    if (event_understand(a, &source, &event, &refusal))
        filter(a, options, event.body);
    arena_free(a);
    return 0;
}
