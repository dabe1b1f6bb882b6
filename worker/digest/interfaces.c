#include "worker/digest/interfaces.h"

/*
 * One row a key.  TEXT: code points and allowance; BOX: free-form, depth and bytes; the others name
 * their kind.  RENAMED: the name of old SDKs, and today's.
 */
#define NAME(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define OF(key, what)                                                                              \
    {                                                                                              \
        .name = NAME(key), .kind = VALUE_##what                                                    \
    }
#define TEXT(key, most, more)                                                                      \
    {                                                                                              \
        .name = NAME(key), .kind = VALUE_STRING, .max = (most), .allowance = (more)                \
    }
#define LENIENT(key, most)                                                                         \
    {                                                                                              \
        .name = NAME(key), .kind = VALUE_LENIENT, .max = (most)                                    \
    }
#define BOX(key, what, levels, size)                                                               \
    {                                                                                              \
        .name = NAME(key), .kind = VALUE_##what, .depth = (levels), .bytes = (size)                \
    }
#define NESTED(key, what, inner)                                                                   \
    {                                                                                              \
        .name = NAME(key), .kind = VALUE_##what, .shape = &(inner)                                 \
    }
#define RENAMED(key, today)                                                                        \
    {                                                                                              \
        .name = NAME(key), .means = NAME(today)                                                    \
    }
#define SHAPE(rows, others)                                                                        \
    {                                                                                              \
        rows, sizeof(rows) / sizeof((rows)[0]), UNKNOWN_##others                                   \
    }

static const struct property lock_properties[] = {
    OF("type", INT),
    TEXT("address", 256, 20),
    TEXT("package_name", 256, 20),
    TEXT("class_name", 256, 20),
    OF("thread_id", THREAD_ID),
};
static const struct shape shape_lock = SHAPE(lock_properties, DROPPED);

static const struct property frame_properties[] = {
    TEXT("function", 256, 20),
    TEXT("filename", 256, 40),
    TEXT("abs_path", 256, 40),
    TEXT("module", 0, 0),
    OF("lineno", UINT),
    OF("colno", UINT),
    OF("in_app", BOOL),
    OF("context_line", STRING),
    OF("pre_context", STRINGS),
    OF("post_context", STRINGS),
    BOX("vars", ANY, 5, 2048),
    TEXT("raw_function", 256, 20),
    TEXT("symbol", 256, 0),
    OF("package", STRING),
    OF("platform", STRING),
    BOX("data", MAP, 5, 2048),
    OF("image_addr", ADDRESS),
    OF("instruction_addr", ADDRESS),
    OF("addr_mode", STRING),
    OF("function_id", ADDRESS),
    OF("symbol_addr", ADDRESS),
    TEXT("trust", 128, 0),
    TEXT("lang", 128, 0),
    OF("stack_start", BOOL),
    NESTED("lock", OBJECT, shape_lock),
    RENAMED("name", "filename"),
};
static const struct shape shape_frame = SHAPE(frame_properties, DROPPED);

static const struct property stacktrace_properties[] = {
    NESTED("frames", LIST, shape_frame),
    OF("registers", ADDRESSES),
    OF("instruction_addr_adjustment", STRING),
    TEXT("lang", 128, 0),
    OF("snapshot", BOOL),
};
static const struct shape shape_stacktrace = SHAPE(stacktrace_properties, DROPPED);

static const struct property errno_properties[] = {OF("number", INT), OF("name", STRING)};
static const struct shape shape_errno = SHAPE(errno_properties, DROPPED);

static const struct property mach_properties[] = {OF("exception", INT), OF("code", UINT),
                                                  OF("subcode", UINT), OF("name", STRING)};
static const struct shape shape_mach = SHAPE(mach_properties, DROPPED);

static const struct property ns_error_properties[] = {OF("code", INT), OF("domain", STRING)};
static const struct shape shape_ns_error = SHAPE(ns_error_properties, DROPPED);

static const struct property signal_properties[] = {OF("number", INT), OF("code", INT),
                                                    OF("name", STRING), OF("code_name", STRING)};
static const struct shape shape_signal = SHAPE(signal_properties, DROPPED);

static const struct property mechanism_meta_properties[] = {
    NESTED("errno", OBJECT, shape_errno),
    NESTED("signal", OBJECT, shape_signal),
    NESTED("mach_exception", OBJECT, shape_mach),
    NESTED("ns_error", OBJECT, shape_ns_error),
};
static const struct shape shape_mechanism_meta = SHAPE(mechanism_meta_properties, DROPPED);

static const struct property mechanism_properties[] = {
    TEXT("type", 128, 0),
    OF("handled", BOOL),
    OF("synthetic", BOOL),
    TEXT("description", 8192, 200),
    TEXT("help_link", 256, 40),
    TEXT("source", 128, 0),
    OF("is_exception_group", BOOL),
    OF("exception_id", UINT),
    OF("parent_id", UINT),
    BOX("data", MAP, 5, 2048),
    NESTED("meta", OBJECT, shape_mechanism_meta),
};
static const struct shape shape_mechanism = SHAPE(mechanism_properties, DROPPED);

static const struct property exception_properties[] = {
    TEXT("type", 256, 20),
    {.name = NAME("value"), .kind = VALUE_JSON_TEXT, .max = 8192, .allowance = 200},
    TEXT("module", 256, 20),
    NESTED("stacktrace", OBJECT, shape_stacktrace),
    NESTED("raw_stacktrace", OBJECT, shape_stacktrace),
    OF("thread_id", THREAD_ID),
    NESTED("mechanism", OBJECT, shape_mechanism),
};
static const struct shape shape_exception = SHAPE(exception_properties, DROPPED);

static const struct property thread_properties[] = {
    OF("id", THREAD_ID),
    TEXT("name", 1024, 100),
    NESTED("stacktrace", OBJECT, shape_stacktrace),
    NESTED("raw_stacktrace", OBJECT, shape_stacktrace),
    OF("crashed", BOOL),
    OF("current", BOOL),
    OF("main", BOOL),
    OF("state", STRING),
    BOX("held_locks", MAP, 5, 8192),
};
static const struct shape shape_thread = SHAPE(thread_properties, DROPPED);

static const struct property breadcrumb_properties[] = {
    OF("timestamp", TIME),    TEXT("type", 128, 0),       TEXT("category", 128, 0),
    OF("level", LEVEL),       TEXT("message", 8192, 200), BOX("data", MAP, 5, 2048),
    OF("event_id", EVENT_ID), RENAMED("ty", "type"),
};
static const struct shape shape_breadcrumb = SHAPE(breadcrumb_properties, REPORTED);

static const struct property request_properties[] = {
    OF("url", STRING),
    OF("method", STRING),
    OF("protocol", STRING),
    OF("data", LATER),
    OF("query_string", LATER),
    TEXT("fragment", 1024, 100),
    OF("cookies", LATER),
    OF("headers", LATER),
    OF("body_size", UINT),
    BOX("env", MAP, 7, 8192),
    OF("inferred_content_type", STRING),
    OF("api_target", STRING),
};
static const struct shape shape_request = SHAPE(request_properties, DROPPED);

static const struct property geo_properties[] = {
    TEXT("country_code", 102, 1004),
    TEXT("city", 1024, 100),
    TEXT("subdivision", 1024, 100),
    TEXT("region", 1024, 100),
};
static const struct shape shape_geo = SHAPE(geo_properties, DROPPED);

static const struct property user_properties[] = {
    LENIENT("id", 128),       TEXT("email", 75, 0),      OF("ip_address", STRING),
    LENIENT("username", 128), TEXT("name", 128, 0),      NESTED("geo", OBJECT, shape_geo),
    OF("segment", STRING),    BOX("data", MAP, 7, 8192), OF("sentry_user", IGNORED),
};
const struct shape shape_user = SHAPE(user_properties, KEPT);

static const struct property package_properties[] = {OF("name", STRING), OF("version", STRING)};
static const struct shape shape_package = SHAPE(package_properties, DROPPED);

static const struct property sdk_properties[] = {
    TEXT("name", 256, 20),
    TEXT("version", 256, 20),
    OF("integrations", STRINGS),
    OF("features", STRINGS),
    NESTED("packages", LIST, shape_package),
    BOX("settings", MAP, 5, 2048),
    OF("client_ip", STRING),
};
static const struct shape shape_sdk = SHAPE(sdk_properties, DROPPED);

static const struct property image_properties[] = {
    OF("type", STRING),          OF("code_id", STRING),        OF("code_file", STRING),
    OF("debug_id", STRING),      OF("debug_file", STRING),     OF("debug_checksum", STRING),
    OF("arch", STRING),          OF("image_addr", ADDRESS),    OF("image_size", UINT),
    OF("image_vmaddr", ADDRESS), OF("uuid", STRING),           OF("cpu_type", UINT),
    OF("cpu_subtype", UINT),     RENAMED("name", "code_file"), RENAMED("id", "debug_id"),
};
static const struct shape shape_image = SHAPE(image_properties, DROPPED);

static const struct property debug_meta_properties[] = {
    BOX("sdk_info", MAP, 2, 2048),
    NESTED("images", LIST, shape_image),
};
static const struct shape shape_debug_meta = SHAPE(debug_meta_properties, DROPPED);

static const struct property template_properties[] = {
    TEXT("filename", 128, 20),   TEXT("abs_path", 256, 40),  OF("lineno", UINT),
    OF("colno", UINT),           OF("pre_context", STRINGS), OF("context_line", STRING),
    OF("post_context", STRINGS),
};
static const struct shape shape_template = SHAPE(template_properties, DROPPED);

static const struct property transaction_info_properties[] = {
    OF("source", STRING),
    TEXT("original", 200, 0),
    OF("propagations", UINT),
};
static const struct shape shape_transaction_info = SHAPE(transaction_info_properties, DROPPED);

static const struct property trace_context_properties[] = {
    OF("trace_id", TRACE_ID),
    OF("span_id", SPAN_ID),
    OF("parent_span_id", SPAN_ID),
    TEXT("op", 128, 0),
    OF("status", SPAN_STATUS),
    OF("exclusive_time", FLOAT),
    OF("client_sample_rate", FLOAT),
    TEXT("origin", 128, 0),
    OF("sampled", BOOL),
    BOX("data", MAP, 5, 8192),
};
const struct shape shape_trace_context = SHAPE(trace_context_properties, KEPT);

/* Keys of old SDKs and conventions; what is not listed is kept as it is. */
static const struct property span_data_properties[] = {
    BOX("db.collection.name", ANY, 5, 2048),
    RENAMED("db.cassandra.table", "db.collection.name"),
    RENAMED("db.cosmosdb.container", "db.collection.name"),
    RENAMED("db.mongodb.collection", "db.collection.name"),
    RENAMED("db.sql.table", "db.collection.name"),
    OF("sentry.environment", STRING),
    RENAMED("environment", "sentry.environment"),
    OF("sentry.release", LENIENT),
    RENAMED("release", "sentry.release"),
    BOX("http.request_method", ANY, 5, 2048),
    RENAMED("http.method", "http.request_method"),
    RENAMED("http.request.method", "http.request_method"),
    RENAMED("method", "http.request_method"),
    BOX("http.response.status_code", ANY, 5, 2048),
    RENAMED("status_code", "http.response.status_code"),
    OF("sentry.segment.name", STRING),
    RENAMED("transaction", "sentry.segment.name"),
    BOX("sentry.replay.id", ANY, 5, 2048),
    RENAMED("replay_id", "sentry.replay.id"),
    BOX("sentry.frames.slow", ANY, 5, 2048),
    RENAMED("frames.slow", "sentry.frames.slow"),
    BOX("sentry.frames.frozen", ANY, 5, 2048),
    RENAMED("frames.frozen", "sentry.frames.frozen"),
    BOX("sentry.frames.total", ANY, 5, 2048),
    RENAMED("frames.total", "sentry.frames.total"),
    OF("thread.id", THREAD_ID),
};
static const struct shape shape_span_data = SHAPE(span_data_properties, KEPT);

static const struct property span_properties[] = {
    OF("timestamp", TIME),
    OF("start_timestamp", TIME),
    OF("exclusive_time", FLOAT),
    TEXT("op", 128, 0),
    OF("span_id", SPAN_ID),
    OF("parent_span_id", SPAN_ID),
    OF("trace_id", TRACE_ID),
    OF("segment_id", SPAN_ID),
    OF("is_segment", BOOL),
    OF("status", SPAN_STATUS),
    OF("description", STRING),
    BOX("tags", MAP, 3, 8192),
    TEXT("origin", 128, 0),
    OF("profile_id", EVENT_ID),
    NESTED("data", OBJECT, shape_span_data),
    OF("measurements", LATER),
    OF("platform", STRING),
    OF("was_transaction", BOOL),
    BOX("sentry_tags", MAP, 2, 8192),
    OF("received", IGNORED),
};
const struct shape shape_span = SHAPE(span_properties, KEPT);

static const struct property event_properties[] = {
    OF("event_id", IGNORED),
    OF("level", LEVEL),
    TEXT("platform", 0, 0),
    OF("timestamp", TIME),
    NESTED("exception", VALUES, shape_exception),
    OF("logentry", LATER),
    OF("contexts", LATER),
    NESTED("breadcrumbs", VALUES, shape_breadcrumb),
    OF("tags", LATER),
    NESTED("request", OBJECT, shape_request),
    NESTED("user", OBJECT, shape_user),
    NESTED("sdk", OBJECT, shape_sdk),
    OF("release", LENIENT),
    OF("environment", STRING),
    TEXT("transaction", 200, 0),
    BOX("extra", MAP, 7, 262144),
    BOX("modules", MAP, 7, 8192),
    TEXT("server_name", 256, 20),
    OF("dist", STRING),
    OF("logger", STRING),
    OF("fingerprint", LATER),
    NESTED("threads", VALUES, shape_thread),
    NESTED("stacktrace", OBJECT, shape_stacktrace),
    NESTED("debug_meta", OBJECT, shape_debug_meta),
    NESTED("transaction_info", OBJECT, shape_transaction_info),
    NESTED("template", OBJECT, shape_template),
    OF("start_timestamp", TIME),
    TEXT("culprit", 200, 0),
    TEXT("site", 256, 20),
    TEXT("checksum", 128, 0),
    OF("time_spent", UINT),
    OF("errors", LATER),
    BOX("csp", MAP, 3, 16384),
    BOX("hpkp", MAP, 3, 16384),
    BOX("expectct", MAP, 4, 16384),
    BOX("expectstaple", MAP, 4, 16384),
    NESTED("spans", LIST, shape_span),
    OF("measurements", LATER),
    OF("breakdowns", IGNORED),
    BOX("scraping_attempts", ANY, 4, 16384),
    OF("_meta", LATER),
    OF("type", IGNORED),
    OF("version", STRING),
    OF("received", IGNORED),
    OF("key_id", IGNORED),
    OF("project", IGNORED),
    OF("grouping_config", IGNORED),
    OF("ingest_path", IGNORED),
    OF("_metrics", IGNORED),
    OF("_dsc", IGNORED),
    OF("metadata", IGNORED),
    OF("hashes", IGNORED),
    OF("applecrashreport", IGNORED),
    OF("device", IGNORED),
    OF("repos", IGNORED),
    OF("query", IGNORED),
    RENAMED("message", "logentry"),
    RENAMED("sentry.interfaces.Message", "logentry"),
    RENAMED("sentry.interfaces.Exception", "exception"),
    RENAMED("sentry.interfaces.Stacktrace", "stacktrace"),
    RENAMED("sentry.interfaces.Http", "request"),
    RENAMED("sentry.interfaces.User", "user"),
    RENAMED("sentry.interfaces.Breadcrumbs", "breadcrumbs"),
    RENAMED("sentry.interfaces.Contexts", "contexts"),
    RENAMED("sentry.interfaces.Template", "template"),
    RENAMED("sentry.interfaces.Csp", "csp"),
    RENAMED("sentry.interfaces.Hpkp", "hpkp"),
    RENAMED("sentry.interfaces.ExpectCT", "expectct"),
    RENAMED("sentry.interfaces.ExpectStaple", "expectstaple"),
};
const struct shape shape_event = SHAPE(event_properties, REPORTED);

bool shape_has(const struct shape *shape, struct str name)
{
    for (size_t i = 0; i < shape->count; i++)
        if (str_eq(shape->properties[i].name, name))
            return true;
    return false;
}
