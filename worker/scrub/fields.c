#include "worker/scrub/fields.h"

/* Columns: name, mark, form, shape.  Fields that are never scrubbed and have nothing inside that is
 * have no row, unless their structure keeps unknown members. */
#define NAME(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
#define ALWAYS(key)                                                                                \
    {                                                                                              \
        NAME(key), PII_YES, FORM_ANY, NULL                                                         \
    }
#define MAYBE(key)                                                                                 \
    {                                                                                              \
        NAME(key), PII_MAYBE, FORM_ANY, NULL                                                       \
    }
#define NEVER(key)                                                                                 \
    {                                                                                              \
        NAME(key), PII_NONE, FORM_ANY, NULL                                                        \
    }
#define AS(key, mark, how)                                                                         \
    {                                                                                              \
        NAME(key), PII_##mark, FORM_##how, NULL                                                    \
    }
#define OF(key, mark, how, inner)                                                                  \
    {                                                                                              \
        NAME(key), PII_##mark, FORM_##how, &(inner)                                                \
    }
#define SHAPE(types, rest, rows)                                                                   \
    {                                                                                              \
        types, PII_##rest, sizeof(rows) / sizeof((rows)[0]), rows                                  \
    }

static const struct scrub_field frame_fields[] = {
    MAYBE("module"),
    AS("filename", MAYBE, PATH),
    AS("abs_path", MAYBE, PATH),
    ALWAYS("vars"),
};
static const struct scrub_shape frame = SHAPE(TYPE_BIT(TYPE_FRAME), NONE, frame_fields);

static const struct scrub_field stacktrace_fields[] = {OF("frames", NONE, LIST, frame)};
static const struct scrub_shape stacktrace =
    SHAPE(TYPE_BIT(TYPE_STACKTRACE), NONE, stacktrace_fields);

static const struct scrub_field mechanism_fields[] = {ALWAYS("description"), ALWAYS("data")};
static const struct scrub_shape mechanism = SHAPE(0, NONE, mechanism_fields);

static const struct scrub_field exception_fields[] = {
    ALWAYS("value"),
    OF("stacktrace", NONE, STRUCT, stacktrace),
    OF("raw_stacktrace", NONE, STRUCT, stacktrace),
    OF("mechanism", NONE, STRUCT, mechanism),
};
static const struct scrub_shape exception = SHAPE(TYPE_BIT(TYPE_EXCEPTION), NONE, exception_fields);

static const struct scrub_field thread_fields[] = {
    OF("stacktrace", NONE, STRUCT, stacktrace),
    OF("raw_stacktrace", NONE, STRUCT, stacktrace),
};
static const struct scrub_shape thread = SHAPE(TYPE_BIT(TYPE_THREAD), NONE, thread_fields);

static const struct scrub_field breadcrumb_fields[] = {ALWAYS("message"), ALWAYS("data")};
static const struct scrub_shape breadcrumb =
    SHAPE(TYPE_BIT(TYPE_BREADCRUMB), NONE, breadcrumb_fields);

static const struct scrub_field request_fields[] = {
    MAYBE("url"),
    ALWAYS("data"),
    AS("query_string", YES, PAIRS),
    ALWAYS("fragment"),
    AS("cookies", YES, PAIRS),
    AS("headers", YES, PAIRS),
    ALWAYS("env"),
};
static const struct scrub_shape request = SHAPE(TYPE_BIT(TYPE_REQUEST), NONE, request_fields);

static const struct scrub_field geo_fields[] = {ALWAYS("country_code"), ALWAYS("city"),
                                                ALWAYS("subdivision"), ALWAYS("region")};
static const struct scrub_shape geo = SHAPE(0, NONE, geo_fields);

static const struct scrub_field user_fields[] = {
    OF("geo", NONE, STRUCT, geo),
    NEVER("segment"),
};
static const struct scrub_shape user = SHAPE(TYPE_BIT(TYPE_USER), YES, user_fields);

static const struct scrub_field logentry_fields[] = {AS("formatted", YES, MESSAGE),
                                                     ALWAYS("params")};
static const struct scrub_shape logentry = SHAPE(TYPE_BIT(TYPE_LOGENTRY), NONE, logentry_fields);

static const struct scrub_field sdk_fields[] = {ALWAYS("client_ip")};
static const struct scrub_shape sdk = SHAPE(TYPE_BIT(TYPE_SDK), NONE, sdk_fields);

static const struct scrub_field image_fields[] = {AS("code_file", MAYBE, PATH),
                                                  AS("debug_file", MAYBE, PATH)};
static const struct scrub_shape image = SHAPE(0, NONE, image_fields);

static const struct scrub_field debug_meta_fields[] = {OF("images", NONE, LIST, image)};
static const struct scrub_shape debug_meta = SHAPE(0, NONE, debug_meta_fields);

static const struct scrub_field template_fields[] = {ALWAYS("filename"), ALWAYS("abs_path")};
static const struct scrub_shape template = SHAPE(0, NONE, template_fields);

static const struct scrub_field csp_fields[] = {ALWAYS("effective_directive"),
                                                ALWAYS("blocked_uri"), ALWAYS("document_uri"),
                                                ALWAYS("referrer")};
static const struct scrub_shape csp = SHAPE(0, NONE, csp_fields);

/* A certificate report may be removed as a whole only. */
static const struct scrub_shape report = {0};

/* ---- Spans. */

static const struct scrub_field route_fields[] = {MAYBE("name"), ALWAYS("params")};
static const struct scrub_shape route = SHAPE(0, MAYBE, route_fields);

static const struct scrub_field span_data_fields[] = {
    MAYBE("code.filepath"),
    MAYBE("code.lineno"),
    MAYBE("code.function"),
    MAYBE("code.namespace"),
    OF("route", MAYBE, STRUCT, route),
    OF("previousRoute", MAYBE, STRUCT, route),
    NEVER("app_start_type"),
    NEVER("ai.total_tokens.used"),
    NEVER("ai.prompt_tokens.used"),
    NEVER("ai.completion_tokens.used"),
    NEVER("browser.name"),
    NEVER("db.operation"),
    NEVER("db.system"),
    NEVER("db.collection.name"),
    NEVER("db.cassandra.table"),
    NEVER("db.cosmosdb.container"),
    NEVER("db.mongodb.collection"),
    NEVER("db.sql.table"),
    NEVER("sentry.environment"),
    NEVER("environment"),
    NEVER("sentry.release"),
    NEVER("release"),
    NEVER("http.decoded_response_content_length"),
    NEVER("http.request_method"),
    NEVER("http.method"),
    NEVER("method"),
    NEVER("http.response_content_length"),
    NEVER("http.response_transfer_size"),
    NEVER("resource.render_blocking_status"),
    NEVER("server.address"),
    NEVER("cache.hit"),
    NEVER("cache.key"),
    NEVER("cache.item_size"),
    NEVER("http.response.status_code"),
    NEVER("status_code"),
    NEVER("ai.pipeline.name"),
    NEVER("ai.model_id"),
    NEVER("ai.input_messages"),
    NEVER("ai.responses"),
    NEVER("thread.name"),
    NEVER("thread.id"),
    NEVER("sentry.segment.name"),
    NEVER("transaction"),
    NEVER("ui.component_name"),
    NEVER("url.scheme"),
    NEVER("user"),
    NEVER("user.email"),
    NEVER("user.full_name"),
    NEVER("user.geo.country_code"),
    NEVER("user.geo.city"),
    NEVER("user.geo.subdivision"),
    NEVER("user.geo.region"),
    NEVER("user.hash"),
    NEVER("user.id"),
    NEVER("user.name"),
    NEVER("user.roles"),
    NEVER("sentry.exclusive_time"),
    NEVER("profile_id"),
    NEVER("sentry.replay.id"),
    NEVER("replay_id"),
    NEVER("sentry.sdk.name"),
    NEVER("sentry.sdk.version"),
    NEVER("sentry.frames.slow"),
    NEVER("frames.slow"),
    NEVER("sentry.frames.frozen"),
    NEVER("frames.frozen"),
    NEVER("sentry.frames.total"),
    NEVER("frames.total"),
    NEVER("frames.delay"),
    NEVER("messaging.destination.name"),
    NEVER("messaging.message.retry.count"),
    NEVER("messaging.message.receive.latency"),
    NEVER("messaging.message.body.size"),
    NEVER("messaging.message.id"),
    NEVER("user_agent.original"),
    NEVER("url.full"),
    NEVER("client.address"),
    NEVER("lcp.element"),
    NEVER("lcp.size"),
    NEVER("lcp.id"),
    NEVER("lcp.url"),
};
static const struct scrub_shape span_data = SHAPE(0, YES, span_data_fields);

static const struct scrub_field sentry_tags_fields[] = {
    ALWAYS("user"),       ALWAYS("user.id"),       ALWAYS("user.ip"),
    ALWAYS("user.email"), ALWAYS("user.username"),
};
static const struct scrub_shape sentry_tags = SHAPE(0, NONE, sentry_tags_fields);

static const struct scrub_field span_fields[] = {
    NEVER("timestamp"),
    NEVER("start_timestamp"),
    NEVER("exclusive_time"),
    NEVER("op"),
    NEVER("span_id"),
    NEVER("parent_span_id"),
    NEVER("trace_id"),
    NEVER("segment_id"),
    NEVER("is_segment"),
    NEVER("status"),
    MAYBE("description"),
    MAYBE("tags"),
    NEVER("origin"),
    NEVER("profile_id"),
    OF("data", YES, STRUCT, span_data),
    OF("sentry_tags", NONE, STRUCT, sentry_tags),
    NEVER("received"),
    NEVER("measurements"),
    NEVER("platform"),
    NEVER("was_transaction"),
};
static const struct scrub_shape span = SHAPE(TYPE_BIT(TYPE_SPAN), MAYBE, span_fields);

/* ---- Logs and metrics of traces. */

/* What SDKs say of themselves is seen by those rules only that name it. */
static const struct scrub_field attribute_fields[] = {
    MAYBE("sentry.release"),
    MAYBE("sentry.environment"),
    MAYBE("sentry.sdk.name"),
    MAYBE("sentry.sdk.version"),
    MAYBE("sentry.origin"),
    MAYBE("sentry.replay_id"),
    MAYBE("sentry.trace.parent_span_id"),
    MAYBE("sentry.timestamp.sequence"),
    MAYBE("server.address"),
    MAYBE("browser.name"),
    MAYBE("browser.version"),
    MAYBE("os.name"),
    MAYBE("os.version"),
};
static const struct scrub_shape attributes = SHAPE(0, YES, attribute_fields);

static const struct scrub_field log_fields[] = {
    ALWAYS("body"),
    OF("attributes", NONE, STRUCT, attributes),
};
const struct scrub_shape scrub_shape_log = SHAPE(TYPE_BIT(TYPE_LOG), NONE, log_fields);

static const struct scrub_field trace_metric_fields[] = {
    OF("attributes", NONE, STRUCT, attributes),
};
const struct scrub_shape scrub_shape_trace_metric =
    SHAPE(TYPE_BIT(TYPE_TRACE_METRIC), NONE, trace_metric_fields);

/* ---- Contexts. */

static const struct scrub_field app_fields[] = {
    NEVER("build_type"), NEVER("app_identifier"), NEVER("app_name"),      NEVER("app_version"),
    NEVER("app_build"),  NEVER("app_memory"),     NEVER("in_foreground"), NEVER("view_names"),
};
static const struct scrub_field browser_fields[] = {NEVER("browser"), NEVER("name"),
                                                    NEVER("version")};
static const struct scrub_field cloud_fields[] = {
    NEVER("cloud.provider"),          NEVER("cloud.platform"), NEVER("cloud.region"),
    NEVER("cloud.availability_zone"), NEVER("host.type"),
};
static const struct scrub_field device_fields[] = {
    NEVER("family"),
    NEVER("model"),
    NEVER("model_id"),
    NEVER("arch"),
    NEVER("battery_level"),
    NEVER("orientation"),
    NEVER("manufacturer"),
    NEVER("brand"),
    NEVER("online"),
    NEVER("charging"),
    NEVER("low_memory"),
    NEVER("simulator"),
    NEVER("processor_count"),
    NEVER("processor_frequency"),
    NEVER("battery_status"),
    ALWAYS("device_unique_identifier"),
    NEVER("supports_vibration"),
    NEVER("supports_accelerometer"),
    NEVER("supports_gyroscope"),
    NEVER("supports_audio"),
    NEVER("supports_location_service"),
};
static const struct scrub_field gpu_fields[] = {
    NEVER("max_texture_size"),         NEVER("graphics_shader_level"),
    NEVER("supports_ray_tracing"),     NEVER("supports_draw_call_instancing"),
    NEVER("supports_compute_shaders"), NEVER("supports_geometry_shaders"),
};
static const struct scrub_field nel_fields[] = {MAYBE("server_ip")};
static const struct scrub_field os_fields[] = {NEVER("os"), NEVER("name"), NEVER("version"),
                                               NEVER("rooted")};
static const struct scrub_field response_fields[] = {
    AS("cookies", YES, PAIRS), AS("headers", YES, PAIRS), ALWAYS("data"),
    NEVER("status_code"),      NEVER("body_size"),        NEVER("inferred_content_type"),
};
static const struct scrub_field runtime_fields[] = {NEVER("runtime"), NEVER("name"),
                                                    NEVER("version")};
static const struct scrub_field trace_fields[] = {
    NEVER("trace_id"),
    NEVER("span_id"),
    NEVER("parent_span_id"),
    NEVER("op"),
    NEVER("status"),
    NEVER("exclusive_time"),
    NEVER("client_sample_rate"),
    NEVER("origin"),
    NEVER("sampled"),
    OF("data", MAYBE, STRUCT, span_data),
};

static const struct scrub_shape app_context = SHAPE(0, MAYBE, app_fields);
static const struct scrub_shape browser_context = SHAPE(0, MAYBE, browser_fields);
static const struct scrub_shape cloud_context = SHAPE(0, MAYBE, cloud_fields);
static const struct scrub_shape device_context = SHAPE(0, MAYBE, device_fields);
static const struct scrub_shape gpu_context = SHAPE(0, MAYBE, gpu_fields);
static const struct scrub_shape nel_context = SHAPE(0, NONE, nel_fields);
static const struct scrub_shape os_context = SHAPE(0, MAYBE, os_fields);
static const struct scrub_shape response_context = SHAPE(0, MAYBE, response_fields);
static const struct scrub_shape runtime_context = SHAPE(0, MAYBE, runtime_fields);
static const struct scrub_shape trace_context = SHAPE(0, MAYBE, trace_fields);
static const struct scrub_shape open_context = {0, PII_MAYBE, 0, NULL};
static const struct scrub_shape closed_context = {0};

/* By the context's type; any other context is the client's own and always scrubbed. */
static const struct scrub_field contexts[] = {
    OF("app", NONE, STRUCT, app_context),
    OF("browser", NONE, STRUCT, browser_context),
    OF("cloud_resource", NONE, STRUCT, cloud_context),
    OF("device", NONE, STRUCT, device_context),
    OF("gpu", NONE, STRUCT, gpu_context),
    OF("monitor", NONE, STRUCT, open_context),
    OF("nel", NONE, STRUCT, nel_context),
    OF("os", NONE, STRUCT, os_context),
    OF("otel", NONE, STRUCT, open_context),
    OF("performance_score", NONE, STRUCT, closed_context),
    OF("profile", NONE, STRUCT, closed_context),
    OF("replay", NONE, STRUCT, closed_context),
    OF("reprocessing", NONE, STRUCT, closed_context),
    OF("response", NONE, STRUCT, response_context),
    OF("runtime", NONE, STRUCT, runtime_context),
    OF("trace", NONE, STRUCT, trace_context),
    OF("feedback", NONE, STRUCT, closed_context),
    OF("user_report_v2", NONE, STRUCT, closed_context),
};

/* ---- The event. */

static const struct scrub_field event_fields[] = {
    MAYBE("culprit"),
    OF("logentry", NONE, STRUCT, logentry),
    ALWAYS("server_name"),
    OF("user", NONE, STRUCT, user),
    OF("request", NONE, STRUCT, request),
    AS("contexts", NONE, CONTEXTS),
    OF("breadcrumbs", NONE, VALUES, breadcrumb),
    OF("exception", NONE, VALUES, exception),
    OF("stacktrace", NONE, STRUCT, stacktrace),
    OF("template", NONE, STRUCT, template),
    OF("threads", NONE, VALUES, thread),
    AS("tags", MAYBE, PAIRS),
    ALWAYS("extra"),
    OF("debug_meta", NONE, STRUCT, debug_meta),
    OF("sdk", NONE, STRUCT, sdk),
    OF("csp", NONE, STRUCT, csp),
    OF("hpkp", YES, STRUCT, report),
    OF("expectct", YES, STRUCT, report),
    OF("expectstaple", YES, STRUCT, report),
    OF("spans", NONE, LIST, span),
    ALWAYS("urls"), /* of a replay */
};
const struct scrub_shape scrub_shape_event = SHAPE(TYPE_BIT(TYPE_EVENT), NONE, event_fields);

static const struct scrub_field *field_named(const struct scrub_field *fields, size_t count,
                                             struct str name)
{
    for (size_t i = 0; i < count; i++) {
        struct str own = fields[i].name;
        if (own.n == name.n && name.n && own.p[0] == name.p[0] && str_eq(own, name))
            return &fields[i];
    }
    return NULL;
}

static struct scrub_field context_of(struct str name, const struct jt *context)
{
    struct str type = jt_get_str(context, S("type"));
    size_t count = sizeof(contexts) / sizeof(contexts[0]);
    const struct scrub_field *f = field_named(contexts, count, type.n ? type : name);
    return f ? *f : (struct scrub_field){.pii = PII_YES};
}

struct scrub_field scrub_field_of(const struct scrub_field *field, struct str name,
                                  const struct jt *member)
{
    if (field->form == FORM_CONTEXTS)
        return context_of(name, member);
    if (field->form == FORM_VALUES)
        return (struct scrub_field){.form = FORM_LIST, .shape = field->shape};
    if (field->form != FORM_STRUCT)
        return (struct scrub_field){.pii = field->pii};
    const struct scrub_field *f = field_named(field->shape->fields, field->shape->count, name);
    return f ? *f : (struct scrub_field){.pii = field->shape->rest};
}

struct scrub_field scrub_element_of(const struct scrub_field *field)
{
    if (field->form == FORM_LIST)
        return (struct scrub_field){.form = FORM_STRUCT, .shape = field->shape};
    return (struct scrub_field){.pii = field->pii};
}
