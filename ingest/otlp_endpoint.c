/* OTLP/HTTP: traces and logs of OpenTelemetry, as JSON or protobuf. */
#include "base/clock.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/refuse.h"
#include "ingest/submission.h"
#include "storage/otlp.h"

enum { OTLP_MAX = 12 << 20 };

static bool is_type(struct str header, struct str type)
{
    return str_case_eq(str_trim(str_slice(header, 0, str_index(header, ';'))), type);
}

/* False after answering 415. */
static bool read_format(struct request *rq, enum otlp_format *format)
{
    struct str type = request_header(rq, "CONTENT_TYPE");
    *format = is_type(type, S("application/json")) ? OTLP_JSON : OTLP_PROTOBUF;
    if (*format == OTLP_JSON || is_type(type, S("application/x-protobuf")))
        return true;
    refuse(rq, 415, "unsupported content type");
    return false;
}

static void count_too_large(struct visit *visit, const struct otlp_signal *signal, size_t records)
{
    struct refused what = {.project_id = visit->key.project_id,
                           .key_id = visit->key.id,
                           .type = otlp_item_type(signal),
                           .verdict = OUTCOME_INVALID,
                           .reason = otlp_too_large(signal),
                           .quantity = records};
    if (records)
        outcomes_count(visit->ingest->outcomes, &what);
}

/* A record of the event log for each container, because no more than one may be in an envelope.
 * False after answering. */
static bool submit_container(struct submission *s, enum item_type type,
                             const struct otlp_container *container, uint32_t number)
{
    struct envelope_item item = {.type = type,
                                 .type_name = item_type_name(type),
                                 .header = container->header,
                                 .payload = container->payload,
                                 .item_count = (int64_t)container->count};
    submission_number(s, number);
    return submission_add(s, &item);
}

static int submit(struct request *rq, enum item_type type, const struct otlp_converted *converted)
{
    const struct otlp_container *container = converted->first;
    struct submission *list = arena_alloc(rq->arena, converted->count * sizeof(*list));
    for (uint32_t i = 0; container; container = container->next, i++) {
        submission_begin(&list[i], rq);
        if (!submit_container(&list[i], type, container, i))
            return rq->status;
    }
    int refused = submission_accept_all(list, converted->count);
    if (refused)
        return refused;
    reply_empty(rq, 202);
    return submission_keep_all(list, converted->count);
}

static int otlp_post(struct request *rq, const struct otlp_signal *signal)
{
    const char *error;
    struct otlp_converted converted;
    struct visit *visit = visit_of(rq);
    struct otlp_request request = {.signal = signal, .received = clock_now()};
    if (!read_format(rq, &request.format) ||
        !body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    request.body = visit->body.bytes;
    switch (otlp_convert(rq->arena, &request, &converted, &error)) {
    case OTLP_BROKEN:
        return refuse_because(rq, 400, "invalid OTLP data", error);
    case OTLP_TOO_LARGE:
        return refuse(rq, 413, "length limit exceeded");
    default:
        count_too_large(visit, signal, converted.too_large);
        return converted.count ? submit(rq, otlp_item_type(signal), &converted)
                               : reply_empty(rq, 202);
    }
}

static int traces_post(struct request *rq)
{
    return otlp_post(rq, &otlp_signal_traces);
}

static int logs_post(struct request *rq)
{
    return otlp_post(rq, &otlp_signal_logs);
}

static const struct endpoint traces = {AUTH_REQUEST, OTLP_MAX, false};
static const struct endpoint logs = {AUTH_REQUEST, OTLP_MAX, true};

const struct route otlp_routes[] = {
    {METHOD_POST, "/api/{project}/integration/otlp/v1/traces/", 0, traces_post, &traces},
    {METHOD_POST, "/api/{project}/integration/otlp/v1/logs/", 0, logs_post, &logs},
    {METHOD_POST, "/api/{project}/otlp/v1/traces/", 0, traces_post, &traces},
    {0},
};
