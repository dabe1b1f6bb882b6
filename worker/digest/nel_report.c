#include "worker/digest/nel_report.h"

#include "base/text.h"
#include "worker/digest/scalar.h"

enum { REPORT_DEPTH = 16, MILLISECOND = 1000 };
/* What the age of a report may be at most: browsers give up after two days. */
#define AGE_MAX ((int64_t)30 * 86400 * 1000)

/* What the types of the standard mean. */
static const struct {
    const char *type, *meaning;
} meanings[] = {
    {"dns.unreachable", "The DNS server cannot be reached"},
    {"dns.name_not_resolved", "The DNS server does not know the host"},
    {"dns.failed", "The DNS server failed"},
    {"dns.address_changed", "The host's address has changed since the policy was received"},
    {"tcp.timed_out", "The connection took too long to open"},
    {"tcp.closed", "The server closed the connection"},
    {"tcp.reset", "The connection was reset"},
    {"tcp.refused", "The server refused the connection"},
    {"tcp.aborted", "The connection was aborted"},
    {"tcp.address_invalid", "The server's address is invalid"},
    {"tcp.address_unreachable", "The server's address cannot be reached"},
    {"tcp.failed", "The connection failed"},
    {"tls.version_or_cipher_mismatch", "TLS versions or ciphers do not match"},
    {"tls.bad_client_auth_cert", "The client's certificate is invalid"},
    {"tls.cert.name_invalid", "The certificate is for another name"},
    {"tls.cert.date_invalid", "The certificate has expired or is not valid yet"},
    {"tls.cert.authority_invalid", "The certificate's authority is not trusted"},
    {"tls.cert.invalid", "The certificate is invalid"},
    {"tls.cert.revoked", "The certificate was revoked"},
    {"tls.cert.pinned_key_not_in_cert_chain", "The certificate misses the pinned key"},
    {"tls.protocol.error", "TLS failed by an error of the protocol"},
    {"tls.failed", "TLS failed"},
    {"http.error", "The server answered with an error"},
    {"http.protocol.error", "HTTP failed by an error of the protocol"},
    {"http.response.invalid", "The answer is empty, too short or broken"},
    {"http.response.invalid.empty", "The answer is empty"},
    {"http.response.redirect_loop", "The answer redirects in a circle"},
    {"http.failed", "HTTP failed"},
    {"abandoned", "The user left before the answer came"},
    {"unknown", "The error is of no known type"},
};

static struct str meaning_of(struct str type)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (str_eq(type, str_of(meanings[i].type)))
            return str_of(meanings[i].meaning);
    return (struct str){0};
}

static void put_number(struct arena *a, struct jt *object, struct str key, const struct jt *v)
{
    double number;
    if (!jt_double(v, &number))
        return;
    struct jt *copy = arena_new_of(a, struct jt);
    *copy = *v;
    jt_set(object, key, copy);
}

static struct jt *contexts_of(struct arena *a, const struct jt *body)
{
    int64_t status;
    struct jt *contexts = jt_new(a, JT_OBJECT), *nel = jt_new(a, JT_OBJECT);
    report_text(a, nel, S("error_type"), jt_get_str(body, S("type")));
    report_text(a, nel, S("server_ip"), jt_get_str(body, S("server_ip")));
    report_text(a, nel, S("phase"), jt_get_str(body, S("phase")));
    put_number(a, nel, S("elapsed_time"), jt_get(body, S("elapsed_time")));
    put_number(a, nel, S("sampling_fraction"), jt_get(body, S("sampling_fraction")));
    report_text(a, nel, S("type"), S("nel"));
    jt_set(contexts, S("nel"), nel);
    if (!jt_int64(jt_get(body, S("status_code")), &status) || status <= 0)
        return contexts;
    struct jt *response = jt_new(a, JT_OBJECT);
    jt_set(response, S("status_code"), jt_new_int(a, status));
    report_text(a, response, S("type"), S("response"));
    jt_set(contexts, S("response"), response);
    return contexts;
}

/* PHASE / TYPE, and of an HTTP error its status. */
static struct str message_of(struct arena *a, const struct jt *body)
{
    struct str type = jt_get_str(body, S("type"));
    struct str words = text_join(a, jt_get_str(body, S("phase")), S(" / "), type);
    const struct jt *status = jt_get(body, S("status_code"));
    if (!str_eq(type, S("http.error")) || !status || status->kind != JT_NUMBER)
        return words;
    return str_of(arena_printf(a, "%.*s (%.*s)", STR_ARG(words), STR_ARG(status->text)));
}

static void put_request(struct arena *a, const struct event_source *source, const struct jt *report,
                        struct jt *event)
{
    const struct jt *body = jt_get(report, S("body"));
    struct jt *request =
        report_request(a, source, jt_get_str(report, S("url")), jt_get_str(body, S("referrer")));
    report_text(a, request, S("method"), jt_get_str(body, S("method")));
    report_text(a, request, S("protocol"), jt_get_str(body, S("protocol")));
    jt_set(event, S("request"), request);
}

/* The browser may have kept the report for a while. */
static void put_time(struct arena *a, const struct event_source *source, const struct jt *report,
                     struct jt *event)
{
    int64_t age = 0;
    if (!jt_int64(jt_get(report, S("age")), &age) || age < 0 || age > AGE_MAX)
        age = 0;
    struct jt *time = jt_new(a, JT_NUMBER);
    time->text = scalar_time_text(a, source->record->received - age * MILLISECOND);
    jt_set(event, S("timestamp"), time);
}

struct jt *nel_report_read(struct arena *a, const struct event_source *source,
                           struct event_refusal *refusal)
{
    const char *error;
    const struct jt *report = jt_read(a, source->item->payload, REPORT_DEPTH, &error);
    const struct jt *body = jt_get(report, S("body"));
    if (!body || body->kind != JT_OBJECT) {
        *refusal = (struct event_refusal){OUTCOME_INVALID, S("invalid_json")};
        return NULL;
    }
    struct jt *event = report_event(a, source);
    report_text(a, event, S("logger"), S("nel"));
    report_message(a, event, message_of(a, body));
    report_text(a, event, S("culprit"), meaning_of(jt_get_str(body, S("type"))));
    put_time(a, source, report, event);
    put_request(a, source, report, event);
    jt_set(event, S("contexts"), contexts_of(a, body));
    return event;
}
