/* Any bytes as a transaction, a span and a container of spans: what is made of them can be copied
 * into the database, as far as can be seen without one. */
#include <stdint.h>
#include <stdlib.h>

#include "base/settings.h"
#include "base/text.h"
#include "worker/digest/batch.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct batch *batch;
static struct arena *arena, *scratch;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    batch = batch_new();
    arena = arena_new(512 << 20);
    scratch = arena_new(512 << 20);
    return 0;
}

static void digest(enum item_type type, struct str header, struct str payload)
{
    struct log_item item = {.type = type, .header = header, .payload = payload, .quantity = 1};
    const struct log_record record = {.request_id = {{1}},
                                      .received = INT64_C(1795252524693131),
                                      .project_id = 1,
                                      .key_id = 1,
                                      .has_event_id = true,
                                      .event_id = {{1}},
                                      .client_ip = S("203.0.113.7"),
                                      .items = &item,
                                      .item_count = 1};
    batch_add(batch, scratch, log_record_encode(arena, &record), batch->next + 8);
}

static void copy_rows(void)
{
    struct buf rows;
    buf_init(&rows, (size_t)256 << 20);
    for (int kind = 0; kind < ROW_KINDS; kind++)
        for (const struct batch_row *row = batch->rows[kind].first; row; row = row->next)
            row_kind((enum row_kind_id)kind)->put(&rows, row);
    if (!buf_ok(&rows))
        abort();
    buf_free(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char container[] = "{\"item_count\":1,\"content_type\":"
                                    "\"application/vnd.sentry.items.span.v2+json\"}";
    struct str payload = {(const char *)data, size};
    struct uuid log = {{1}};
    arena_reset(arena);
    batch_begin(batch, log, 0);
    digest(ITEM_TRANSACTION, S("{}"), payload);
    digest(ITEM_SPAN, S("{}"), payload);
    digest(ITEM_SPAN, str_of(container), payload);
    copy_rows();
    if (batch->poisons)
        abort();
    return 0;
}
