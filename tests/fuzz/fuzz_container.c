/* Any bytes as a container of logs and of metrics, declared to hold as many items as its first byte
 * says: what becomes rows is valid, and everything that was declared is counted, once. */
#include <stdint.h>
#include <stdlib.h>

#include "base/settings.h"
#include "base/text.h"
#include "storage/copy.h"
#include "storage/eventlog.h"
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

static void check_rows(const struct batch *b, enum row_kind_id id)
{
    struct buf copied;
    buf_init(&copied, (size_t)64 << 20);
    for (const struct batch_row *row = b->rows[id].first; row; row = row->next) {
        if (row->environment.p && !text_is_utf8(row->environment))
            abort();
        row_kind(id)->put(&copied, row);
    }
    if (!buf_ok(&copied))
        abort();
    buf_free(&copied);
}

static void check(const struct batch *b, enum category category)
{
    int64_t accepted = 0;
    size_t rows = b->rows[ROW_LOG].count + b->rows[ROW_TRACE_METRIC].count;
    for (const struct batch_item *item = b->records->items; item; item = item->next)
        if (item->category == category && item->kind == BATCH_DIGESTED)
            accepted += item->quantity;
    if (accepted != (int64_t)rows)
        abort();
    check_rows(b, ROW_LOG);
    check_rows(b, ROW_TRACE_METRIC);
}

static void digest(struct batch *b, struct arena *scratch, enum item_type type, const char *holds,
                   struct str payload, unsigned declared)
{
    struct arena *a = arena_new((size_t)16 << 20);
    struct log_item item = {.type = type, .payload = payload, .quantity = declared};
    item.header = str_of(arena_printf(
        a, "{\"item_count\":%u,\"content_type\":\"application/vnd.sentry.items.%s+json\"}",
        declared, holds));
    struct log_record record = {.received = INT64_C(1795252524693131),
                                .project_id = 1,
                                .client_ip = S("203.0.113.7"),
                                .user_agent = S("Firefox/1"),
                                .items = &item,
                                .item_count = 1};
    batch_begin(b, uuid_random(), 0);
    batch_add(b, scratch, log_record_encode(a, &record), 1);
    check(b, item_type_category(type));
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *scratch = arena_new((size_t)512 << 20);
    struct policies *policies = policies_new();
    struct batch *b = batch_new(policies);
    if (size) {
        struct str payload = {(const char *)data + 1, size - 1};
        digest(b, scratch, ITEM_LOG, "log", payload, data[0]);
        digest(b, scratch, ITEM_TRACE_METRIC, "trace-metric", payload, data[0]);
    }
    batch_free(b);
    policies_free(policies);
    arena_free(scratch);
    return 0;
}
