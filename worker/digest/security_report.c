#include "worker/digest/security_report.h"

#include "base/text.h"
#include "worker/digest/csp_report.h"

/* Deeper nesting is left out. */
enum { REPORT_DEPTH = 16 };

#define FIELD(sent, name, kind)                                                                    \
    {                                                                                              \
        {sent, sizeof(sent) - 1}, {name, sizeof(name) - 1}, REPORT_##kind                          \
    }
#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

/* Of all reports about certificates. */
static const struct report_field fields[] = {
    FIELD("date-time", "date_time", TIME),
    FIELD("hostname", "hostname", TEXT),
    FIELD("port", "port", NUMBER),
    FIELD("scheme", "scheme", TEXT),
    FIELD("effective-expiration-date", "effective_expiration_date", TIME),
    FIELD("served-certificate-chain", "served_certificate_chain", LIST),
    FIELD("validated-certificate-chain", "validated_certificate_chain", LIST),
    FIELD("scts", "scts", LIST),
    FIELD("failure-mode", "failure_mode", TEXT),
    FIELD("test-report", "test_report", BOOL),
    FIELD("response-status", "response_status", TEXT),
    FIELD("ocsp-response", "ocsp_response", TEXT),
    FIELD("cert-status", "cert_status", TEXT),
    FIELD("include-subdomains", "include_subdomains", BOOL),
    FIELD("noted-hostname", "noted_hostname", TEXT),
    FIELD("known-pins", "known_pins", LIST),
};

/* The kinds of report, told by a member that only they have: what their event says, and which of
 * their fields become its tags. */
static const struct certificate_kind {
    struct str mark;
    bool is_wrapped; /* the mark is the report's wrapping, not one of its fields */
    struct str interface;
    const char *message;   /* "%" stands for the host */
    struct str tags[4][2]; /* tag and field */
} kinds[] = {
    {NAME("known-pins"),
     false,
     NAME("hpkp"),
     "Public key pinning validation failed for '%'",
     {{NAME("port"), NAME("port")},
      {NAME("include-subdomains"), NAME("include_subdomains")},
      {NAME("hostname"), NAME("hostname")}}},
    {NAME("expect-staple-report"),
     true,
     NAME("expectstaple"),
     "Expect-Staple failed for '%'",
     {{NAME("hostname"), NAME("hostname")},
      {NAME("port"), NAME("port")},
      {NAME("response_status"), NAME("response_status")},
      {NAME("cert_status"), NAME("cert_status")}}},
    {NAME("expect-ct-report"),
     true,
     NAME("expectct"),
     "Expect-CT failed for '%'",
     {{NAME("hostname"), NAME("hostname")}, {NAME("port"), NAME("port")}}},
};

static struct str text_of(const struct jt *v)
{
    if (v && (v->kind == JT_TRUE || v->kind == JT_FALSE))
        return v->kind == JT_TRUE ? S("true") : S("false");
    return v ? v->text : (struct str){0};
}

static struct jt *tags_of(struct arena *a, const struct certificate_kind *kind,
                          const struct jt *interface)
{
    struct jt *tags = jt_new(a, JT_OBJECT);
    for (size_t i = 0; i < 4 && kind->tags[i][0].p; i++)
        report_text(a, tags, kind->tags[i][0], text_of(jt_get(interface, kind->tags[i][1])));
    return tags;
}

static void fill_certificate(struct arena *a, const struct event_source *source,
                             const struct certificate_kind *kind, const struct jt *report,
                             struct jt *event)
{
    struct jt *interface = report_fields(a, report, fields, sizeof(fields) / sizeof(fields[0]));
    struct str host = jt_get_str(interface, S("hostname"));
    struct str words = str_of(kind->message);
    size_t at = str_index(words, '%');
    struct str before = str_slice(words, 0, at), behind = str_slice(words, at + 1, words.n);
    report_message(a, event, text_join(a, before, host.p ? host : S(""), behind));
    report_text(a, event, S("culprit"), host);
    jt_set(event, S("tags"), tags_of(a, kind, interface));
    jt_set(event, S("request"), report_request(a, source, host, S("")));
    jt_set(event, kind->interface, interface);
}

static bool refuse(struct event_refusal *refusal, enum outcome verdict, struct str reason)
{
    *refusal = (struct event_refusal){verdict, reason};
    return false;
}

static bool fill_csp(struct arena *a, const struct event_source *source, const struct jt *report,
                     struct jt *event, struct event_refusal *refusal)
{
    return csp_report_fill(a, source, report, event) ||
           refuse(refusal, OUTCOME_INVALID, S("security_report"));
}

static bool fill(struct arena *a, const struct event_source *source, const struct jt *report,
                 struct jt *event, struct event_refusal *refusal)
{
    struct str type = jt_get_str(report, S("type"));
    if (jt_get(report, S("csp-report")))
        return fill_csp(a, source, jt_get(report, S("csp-report")), event, refusal);
    if (str_eq(type, S("csp-violation")))
        return fill_csp(a, source, jt_get(report, S("body")), event, refusal);
    if (type.p)
        return refuse(refusal, OUTCOME_FILTERED, S("invalid-csp"));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct jt *marked = jt_get(report, kinds[i].mark);
        if (!marked)
            continue;
        fill_certificate(a, source, &kinds[i], kinds[i].is_wrapped ? marked : report, event);
        return true;
    }
    return refuse(refusal, OUTCOME_INVALID, S("security_report_type"));
}

struct jt *security_report_read(struct arena *a, const struct event_source *source,
                                struct event_refusal *refusal)
{
    const char *error;
    const struct jt *report = jt_read(a, source->item->payload, REPORT_DEPTH, &error);
    if (!report || report->kind != JT_OBJECT) {
        refuse(refusal, OUTCOME_INVALID, S("security_report"));
        return NULL;
    }
    struct jt *event = report_event(a, source);
    report_text(a, event, S("logger"), S("csp"));
    return fill(a, source, report, event, refusal) ? event : NULL;
}
