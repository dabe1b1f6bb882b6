#include "worker/digest/trace_metric.h"

#include <math.h>

#include "base/text.h"
#include "worker/digest/trace_item.h"

enum { NAME_MAX = 200, UNIT_MAX = 64, METRIC_MAX = 1 << 20 };

struct metric_row {
    struct trace_item common;
    struct str name, type, unit;
    double value;
};

static void put(struct buf *b, const struct batch_row *row)
{
    const struct metric_row *metric = row->data;
    copy_row(b, TRACE_ITEM_COLUMNS + 7);
    trace_item_put(b, row, &metric->common);
    copy_double(b, metric->value);
    copy_text(b, metric->name);
    copy_text(b, metric->type);
    copy_text(b, metric->unit);
    copy_text(b, metric->common.release);
    copy_jsonb(b, metric->common.attributes);
    copy_text(b, metric->common.meta);
}

const struct row_kind trace_metric_rows = {
    .copy = "copy trace_metric (project_id, received_day, nanoseconds, id, trace_id, span_id, "
            "environment_id, value, name, type, unit, release, attributes, meta) "
            "from stdin (format binary)",
    .put = put,
};

/* Absent when it is none of the three. */
static struct str type_of(const struct jt *metric)
{
    static const struct str types[] = {{"counter", 7}, {"gauge", 5}, {"distribution", 12}};
    struct str type = jt_get_str(metric, S("type"));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (str_eq(type, types[i]))
            return types[i];
    return (struct str){0};
}

static struct str text_of(const struct container_item *item, struct str key, size_t most)
{
    struct str text = jt_get_str(item->json, key);
    return reading_keep(item->r, str_slice(text, 0, text_prefix(text, most)));
}

static bool digest(const struct container_item *item)
{
    struct metric_row metric = {.type = type_of(item->json)};
    if (!metric.type.p || !jt_get_str(item->json, S("name")).n ||
        !jt_double(jt_get(item->json, S("value")), &metric.value) || !isfinite(metric.value) ||
        !trace_item_read(item, RETENTION_TRACE_METRIC, &scrub_shape_trace_metric, &metric.common))
        return false;
    metric.name = text_of(item, S("name"), NAME_MAX);
    metric.unit = text_of(item, S("unit"), UNIT_MAX);
    struct batch_row *row = reading_row(item->r, ROW_TRACE_METRIC, &metric, sizeof(metric));
    row->environment = metric.common.environment;
    return true;
}

static const struct container_type metrics = {
    .content_type = {"application/vnd.sentry.items.trace-metric+json", 46},
    .fault = {"invalid_trace_metric", 20},
    .bytes = CATEGORY_NONE,
    .item_most = METRIC_MAX,
    .digest = digest,
};

void trace_metric_digest(struct reading *r)
{
    container_digest(r, &metrics);
}
