#include "worker/digest/log.h"

#include "base/text.h"
#include "worker/digest/trace_item.h"

enum { SEVERITY_MOST = 24, SEVERITY_NAME_MAX = 64, LOG_MAX = 2 << 20 };

struct log_row {
    struct trace_item common;
    struct str severity, body;
    int64_t severity_number, payload_size;
};

static void put(struct buf *b, const struct batch_row *row)
{
    const struct log_row *log = row->data;
    copy_row(b, TRACE_ITEM_COLUMNS + 7);
    trace_item_put(b, row, &log->common);
    copy_int2(b, (int16_t)log->severity_number);
    copy_int4(b, (int32_t)log->payload_size);
    copy_text(b, log->severity);
    copy_text(b, log->body);
    copy_text(b, log->common.release);
    copy_jsonb(b, log->common.attributes);
    copy_text(b, log->common.meta);
}

const struct row_kind log_rows = {
    .copy = "copy log (project_id, received_day, nanoseconds, id, trace_id, span_id, "
            "environment_id, severity_number, payload_size, severity, body, release, attributes, "
            "meta) from stdin (format binary)",
    .put = put,
};

/* OpenTelemetry's number for a word of Sentry's; 0: no such word. */
static int64_t number_of(struct str severity)
{
    static const struct {
        struct str word;
        int64_t number;
    } words[] = {{{"trace", 5}, 1}, {{"debug", 5}, 5},  {{"info", 4}, 9},
                 {{"warn", 4}, 13}, {{"error", 5}, 17}, {{"fatal", 5}, 21}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_eq(severity, words[i].word))
            return words[i].number;
    return 0;
}

/* Words of the sender's own are kept. */
static void read_severity(const struct container_item *item, struct log_row *out)
{
    struct str level = jt_get_str(item->json, S("level"));
    const struct jt *number = jt_get(item->json, S("severity_number"));
    if (!level.n)
        level = S("info");
    out->severity =
        reading_keep(item->r, str_slice(level, 0, text_prefix(level, SEVERITY_NAME_MAX)));
    if (!jt_int64(number, &out->severity_number) || out->severity_number < 1 ||
        out->severity_number > SEVERITY_MOST)
        out->severity_number = number_of(out->severity);
}

static bool digest(const struct container_item *item)
{
    struct log_row log = {.payload_size = (int64_t)item->bytes};
    const struct jt *body = jt_get(item->json, S("body"));
    if (!body || body->kind != JT_STRING ||
        !trace_item_read(item, RETENTION_LOG, &scrub_shape_log, &log.common))
        return false;
    /* A rule may have removed it. */
    log.body = body->kind == JT_STRING ? reading_keep(item->r, body->text) : S("");
    read_severity(item, &log);
    struct batch_row *row = reading_row(item->r, ROW_LOG, &log, sizeof(log));
    row->environment = log.common.environment;
    return true;
}

static const struct container_type logs = {
    .content_type = {"application/vnd.sentry.items.log+json", 37},
    .fault = {"invalid_log", 11},
    .bytes = CATEGORY_LOG_BYTE,
    .item_most = LOG_MAX,
    .digest = digest,
};

void log_digest(struct reading *r)
{
    container_digest(r, &logs);
}
