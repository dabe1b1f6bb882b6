#include "base/clock.h"
#include "base/text.h"
#include "base/uuid.h"
#include "storage/otlp_record.h"

enum { SEVERITY_MAX = 24, SEVERITIES_PER_LEVEL = 4, SPAN_ID_DIGITS = 16 };

/* OTLP's 24 severities, four to a level. */
static const struct str levels[] = {{"trace", 5}, {"debug", 5}, {"info", 4},
                                    {"warn", 4},  {"error", 5}, {"fatal", 5}};

static struct str level_of_text(struct str text)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
        if (str_case_eq(levels[i], text))
            return levels[i];
    return str_case_eq(text, S("warning")) ? S("warn") : S("info");
}

static void put_level(struct jw *j, const struct jt *log)
{
    int64_t severity = 0;
    otlp_integer(jt_get(log, S("severityNumber")), &severity);
    if (severity < 1 || severity > SEVERITY_MAX) {
        jw_str_k(j, "level", level_of_text(jt_get_str(log, S("severityText"))));
        return;
    }
    jw_str_k(j, "level", levels[(severity - 1) / SEVERITIES_PER_LEVEL]);
    jw_int_k(j, "severity_number", severity);
}

/* A log without a trace of its own gets one; the remark says so, in the words that Relay uses. */
static void put_trace(struct jw *j, struct arena *a, const struct jt *sent)
{
    struct uuid id;
    struct str text = jt_str(sent);
    bool is_valid = uuid_parse(text, &id) && !uuid_is_nil(id);
    if (!is_valid)
        id = uuid_random();
    jw_str_k(j, "trace_id", uuid_text(a, id));
    if (is_valid)
        return;
    const char *remark = text.n ? "trace_id.invalid" : "trace_id.missing";
    jw_raw_k(j, "_meta",
             str_of(arena_printf(a, "{\"trace_id\":{\"\":{\"rem\":[[\"%s\",\"s\"]]}}}", remark)));
}

static void put_span_id(struct jw *j, struct arena *a, const struct jt *sent)
{
    uint8_t bytes[SPAN_ID_DIGITS / 2];
    struct str id = otlp_id(a, sent);
    if (id.n == SPAN_ID_DIGITS && text_unhex(id, bytes))
        jw_str_k(j, "span_id", id);
}

static void put_time(struct otlp_writer *w, const struct jt *log)
{
    struct jw *j = &w->json;
    if (!otlp_put_time(j, "timestamp", jt_get(log, S("timeUnixNano"))) &&
        !otlp_put_time(j, "timestamp", jt_get(log, S("observedTimeUnixNano"))))
        jw_double_k(j, "timestamp", (double)w->received / CLOCK_SECOND);
}

static void put_body(struct jw *j, struct arena *a, const struct jt *body)
{
    const struct jt *text = jt_get(body, S("stringValue"));
    struct str words = text ? jt_str(text) : otlp_json_of(a, body);
    if (words.p)
        jw_str_k(j, "body", words);
}

void otlp_put_log(struct otlp_writer *w, const struct jt *log)
{
    struct jw *j = &w->json;
    jw_open(j, '{');
    put_time(w, log);
    put_trace(j, w->arena, jt_get(log, S("traceId")));
    put_span_id(j, w->arena, jt_get(log, S("spanId")));
    put_level(j, log);
    put_body(j, w->arena, jt_get(log, S("body")));
    jw_open_k(j, "attributes", '{');
    if (w->shared.n)
        jw_raw(j, w->shared);
    otlp_put_text(j, S("sentry.origin"), S("auto.otlp.logs"));
    otlp_put_attributes(j, w->arena, (struct str){0}, jt_get(log, S("attributes")));
    jw_close(j, '}');
    jw_close(j, '}');
}
