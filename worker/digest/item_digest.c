#include "worker/digest/item_digest.h"

#include <stdlib.h>

#include "base/fault.h"
#include "worker/digest/attachment.h"
#include "worker/digest/check_in.h"
#include "worker/digest/client_report.h"
#include "worker/digest/log.h"
#include "worker/digest/profile.h"
#include "worker/digest/replay.h"
#include "worker/digest/session.h"
#include "worker/digest/span_item.h"
#include "worker/digest/trace_metric.h"
#include "worker/digest/transaction_item.h"
#include "worker/digest/user_report.h"

/* For the tests of crash, hang and what follows: a record whose payload shows a mark. */
static void visit_faults(struct str payload)
{
    if (fault_on("record_crashes", payload))
        abort();
    if (fault_on("record_hangs", payload))
        fault_hang();
}

static void digest_event(struct reading *r)
{
    struct event event;
    struct event_refusal refusal;
    const struct event_source source = {&r->record, r->item, r->policy};
    visit_faults(r->item->payload);
    if (event_understand(r->scratch, &source, &event, &refusal))
        reading_event(r, &event);
    else
        reading_refuse(r, refusal.verdict, refusal.reason);
}

static void refuse_span(struct reading *r)
{
    reading_refuse(r, OUTCOME_INVALID, S("invalid_span"));
}

static void refuse_log(struct reading *r)
{
    reading_refuse(r, OUTCOME_INVALID, S("invalid_log"));
}

static void refuse_unreal(struct reading *r)
{
    reading_refuse(r, OUTCOME_INVALID, S("process_unreal"));
}

static const struct item_digest digests[ITEM_TYPE_COUNT] = {
    [ITEM_UNKNOWN] = {.digest = reading_drop},
    [ITEM_EVENT] = {.digest = digest_event, .needs_payload = true},
    [ITEM_SECURITY] = {.digest = digest_event, .needs_payload = true},
    [ITEM_RAW_SECURITY] = {.digest = digest_event, .needs_payload = true},
    [ITEM_NEL] = {.digest = digest_event, .needs_payload = true},
    [ITEM_FEEDBACK] = {.digest = digest_event, .needs_payload = true},
    [ITEM_ATTACHMENT] = {.digest = attachment_digest,
                         .follows_event = true,
                         .beside = CATEGORY_ATTACHMENT_ITEM},
    [ITEM_USER_REPORT] = {.digest = user_report_digest,
                          .follows_event = true,
                          .needs_payload = true},
    [ITEM_PROFILE] = {.digest = profile_digest, .follows_event = true, .needs_payload = true},
    [ITEM_PROFILE_CHUNK] = {.digest = profile_chunk_digest, .needs_payload = true},
    [ITEM_REPLAY_EVENT] = {.digest = replay_digest},
    [ITEM_REPLAY_RECORDING] = {.digest = replay_digest},
    [ITEM_REPLAY_VIDEO] = {.digest = replay_digest},
    [ITEM_TRANSACTION] = {.digest = transaction_digest, .needs_payload = true},
    [ITEM_SPAN] = {.digest = span_digest, .needs_payload = true},
    [ITEM_CLIENT_REPORT] = {.digest = client_report_digest, .needs_payload = true},
    [ITEM_CHECK_IN] = {.digest = check_in_digest, .needs_payload = true},
    [ITEM_SESSION] = {.digest = session_digest, .needs_payload = true, .is_silent = true},
    [ITEM_SESSIONS] = {.digest = session_digest_sums, .needs_payload = true, .is_silent = true},
    [ITEM_LOG] = {.digest = log_digest, .needs_payload = true},
    [ITEM_TRACE_METRIC] = {.digest = trace_metric_digest, .needs_payload = true},
    [ITEM_OTEL_SPAN] = {.digest = refuse_span},
    [ITEM_OTEL_TRACES_DATA] = {.digest = refuse_span},
    [ITEM_OTEL_LOG] = {.digest = refuse_log},
    [ITEM_UNREAL_REPORT] = {.digest = refuse_unreal},
    [ITEM_FORM_DATA] = {.digest = reading_drop},
    [ITEM_STATSD] = {.digest = reading_drop},
    [ITEM_METRIC_BUCKETS] = {.digest = reading_drop},
};

const struct item_digest *item_digest(enum item_type type)
{
    return &digests[type];
}
