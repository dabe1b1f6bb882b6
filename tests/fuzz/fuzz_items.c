/* Any bytes as the payload of items that are no events: they become rows, a refusal or nothing, and
 * never a crash. */
#include <stdint.h>
#include <stdlib.h>

#include "base/settings.h"
#include "worker/digest/batch.h"

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
    static const enum item_type types[] = {ITEM_SESSION, ITEM_SESSIONS, ITEM_CHECK_IN};
    enum { TYPES = sizeof(types) / sizeof(types[0]) };
    struct log_item items[TYPES];
    for (int i = 0; i < TYPES; i++)
        items[i] = (struct log_item){
            .type = types[i], .quantity = 1, .payload = {(const char *)data, size}};
    struct log_record record = {.received = INT64_C(1795252524693131),
                                .sent_at = size % 2 ? INT64_C(1795248924000000) : 0,
                                .project_id = 1,
                                .items = items,
                                .item_count = TYPES};
    struct arena *a = arena_new(512 << 20);
    struct policies *policies = policies_new();
    struct batch *batch = batch_new(policies);
    batch_begin(batch, (struct uuid){{1}}, 0);
    batch_add(batch, a, log_record_encode(a, &record), 8);
    if (batch->poisons || batch->record_count != 1)
        abort();
    batch_free(batch);
    policies_free(policies);
    arena_free(a);
    return 0;
}
