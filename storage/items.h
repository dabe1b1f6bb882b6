/*
 * Envelope item types, data categories and outcomes: the words that ingest, digest and the
 * statistics share. Source: ingest.md §2.4 and §5.5 (Relay's item types, data categories and
 * outcome ids).
 */
#ifndef STORAGE_ITEMS_H
#define STORAGE_ITEMS_H

#include "base/str.h"

/* X(constant, name on the wire, category, creates an event) */
#define ITEM_TYPES(X)                                                                              \
    X(EVENT, "event", ERROR, true)                                                                 \
    X(TRANSACTION, "transaction", TRANSACTION, true)                                               \
    X(SECURITY, "security", SECURITY, true)                                                        \
    X(RAW_SECURITY, "raw_security", SECURITY, true)                                                \
    X(NEL, "nel", ERROR, true)                                                                     \
    X(FEEDBACK, "feedback", FEEDBACK, true)                                                        \
    X(FORM_DATA, "form_data", NONE, false)                                                         \
    X(UNREAL_REPORT, "unreal_report", ERROR, true)                                                 \
    X(ATTACHMENT, "attachment", ATTACHMENT, false)                                                 \
    X(USER_REPORT, "user_report", FEEDBACK, false)                                                 \
    X(SESSION, "session", SESSION, false)                                                          \
    X(SESSIONS, "sessions", SESSION, false)                                                        \
    X(CLIENT_REPORT, "client_report", NONE, false)                                                 \
    X(PROFILE, "profile", PROFILE, false)                                                          \
    X(PROFILE_CHUNK, "profile_chunk", PROFILE_CHUNK, false)                                        \
    X(REPLAY_EVENT, "replay_event", REPLAY, false)                                                 \
    X(REPLAY_RECORDING, "replay_recording", REPLAY, false)                                         \
    X(REPLAY_VIDEO, "replay_video", REPLAY, false)                                                 \
    X(CHECK_IN, "check_in", MONITOR, false)                                                        \
    X(LOG, "log", LOG_ITEM, false)                                                                 \
    X(TRACE_METRIC, "trace_metric", TRACE_METRIC, false)                                           \
    X(SPAN, "span", SPAN, false)                                                                   \
    X(OTEL_SPAN, "otel_span", SPAN, false)                                                         \
    X(OTEL_TRACES_DATA, "otel_traces_data", SPAN, false)                                           \
    X(OTEL_LOG, "otel_log", LOG_ITEM, false)                                                       \
    X(STATSD, "statsd", METRIC_BUCKET, false)                                                      \
    X(METRIC_BUCKETS, "metric_buckets", METRIC_BUCKET, false)

/* Stored numbers never change; new names go to the end.  X(constant, name) */
#define CATEGORIES(X)                                                                              \
    X(NONE, "none")                                                                                \
    X(DEFAULT, "default")                                                                          \
    X(ERROR, "error")                                                                              \
    X(TRANSACTION, "transaction")                                                                  \
    X(SECURITY, "security")                                                                        \
    X(ATTACHMENT, "attachment")                                                                    \
    X(SESSION, "session")                                                                          \
    X(PROFILE, "profile")                                                                          \
    X(PROFILE_CHUNK, "profile_chunk")                                                              \
    X(REPLAY, "replay")                                                                            \
    X(MONITOR, "monitor")                                                                          \
    X(SPAN, "span")                                                                                \
    X(LOG_ITEM, "log_item")                                                                        \
    X(LOG_BYTE, "log_byte")                                                                        \
    X(TRACE_METRIC, "trace_metric")                                                                \
    X(METRIC_BUCKET, "metric_bucket")                                                              \
    X(FEEDBACK, "feedback")                                                                        \
    X(ATTACHMENT_ITEM, "attachment_item")                                                          \
    X(TRANSACTION_PROCESSED, "transaction_processed")                                              \
    X(TRANSACTION_INDEXED, "transaction_indexed")                                                  \
    X(SPAN_INDEXED, "span_indexed")                                                                \
    X(PROFILE_INDEXED, "profile_indexed")                                                          \
    X(PROFILE_DURATION, "profile_duration")                                                        \
    X(PROFILE_CHUNK_UI, "profile_chunk_ui")                                                        \
    X(PROFILE_DURATION_UI, "profile_duration_ui")                                                  \
    X(REPLAY_VIDEO, "replay_video")

/* X(constant, name); numbers are Sentry's outcome ids, duplicate is ours. */
#define OUTCOMES(X)                                                                                \
    X(ACCEPTED, "accepted", 0)                                                                     \
    X(FILTERED, "filtered", 1)                                                                     \
    X(RATE_LIMITED, "rate_limited", 2)                                                             \
    X(INVALID, "invalid", 3)                                                                       \
    X(ABUSE, "abuse", 4)                                                                           \
    X(CLIENT_DISCARD, "client_discard", 5)                                                         \
    X(CARDINALITY_LIMITED, "cardinality_limited", 6)                                               \
    X(DUPLICATE, "duplicate", 7)

/* The endpoints of the SDK protocol, as metrics name them: X(noun), ingest's table being
 * noun_routes. */
#define INGEST_ENDPOINTS(X)                                                                        \
    X(envelope)                                                                                    \
    X(store)                                                                                       \
    X(security)                                                                                    \
    X(attachment)                                                                                  \
    X(dump)                                                                                        \
    X(unreal)                                                                                      \
    X(cron)                                                                                        \
    X(otlp)                                                                                        \
    X(loader)                                                                                      \
    X(report_dialog)                                                                               \
    X(healthcheck)                                                                                 \
    X(upload)

enum item_type {
    ITEM_UNKNOWN,
#define X(constant, name, category, creates) ITEM_##constant,
    ITEM_TYPES(X)
#undef X
        ITEM_TYPE_COUNT
};

enum category {
#define X(constant, name) CATEGORY_##constant,
    CATEGORIES(X)
#undef X
        CATEGORY_COUNT
};

enum outcome {
#define X(constant, name, id) OUTCOME_##constant = id,
    OUTCOMES(X)
#undef X
        OUTCOME_COUNT
};

enum item_type item_type_of(struct str name); /* ITEM_UNKNOWN when none of ours */
struct str item_type_name(enum item_type type);
enum category item_type_category(enum item_type type);
bool item_type_creates_event(enum item_type type);
struct str category_name(enum category c);
enum category category_named(struct str name); /* CATEGORY_NONE when none of these */
struct str outcome_name(enum outcome o);

#endif
