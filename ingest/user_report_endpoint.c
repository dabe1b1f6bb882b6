/*
 * What a person says about a crash: the dialog of Sentry.showReportDialog() and the older
 * operation of Sentry's web API with a DSN (ingest.md §8.5; with a token it is
 * api/user_reports.c's).  Both become a user_report item in the event log, so that no word is lost;
 * whether the event exists, and is young enough, only the digest can tell.
 */
#include "base/bind.h"
#include "base/clock.h"
#include "base/text.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "ingest/origin.h"
#include "ingest/refuse.h"
#include "ingest/submission.h"
#include "scripts.h"

enum { REPORT_MAX = 64 << 10, NAME_MAX = 128, EMAIL_MAX = 75, COMMENTS_MAX = 4096 };
#define REPORT_TEXT_MAX ((size_t)512 << 10) /* with every byte escaped */

struct user_report {
    struct uuid event_id;
    struct str name, email, comments;
};

static struct str json_of(struct arena *a, const struct user_report *report)
{
    struct buf text;
    struct jw j;
    buf_init(&text, REPORT_TEXT_MAX);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "event_id", uuid_text(a, report->event_id));
    jw_str_k(&j, "name", report->name);
    jw_str_k(&j, "email", report->email);
    jw_str_k(&j, "comments", report->comments);
    jw_close(&j, '}');
    struct str json = arena_str(a, buf_str(&text));
    buf_free(&text);
    return json;
}

/* False after answering. */
static bool submit(struct submission *s, struct request *rq, const struct user_report *report)
{
    struct envelope_item item = {.type = ITEM_USER_REPORT,
                                 .type_name = item_type_name(ITEM_USER_REPORT),
                                 .payload = json_of(rq->arena, report)};
    submission_begin(s, rq);
    s->record.has_event_id = true;
    s->record.event_id = report->event_id;
    return submission_add(s, &item) && submission_accept(s) == 0;
}

/* One @ between two parts without blanks, the second with a dot inside. */
static bool is_email(struct str text)
{
    size_t at = str_index(text, '@');
    struct str domain = str_slice(text, at + 1, text.n);
    size_t dot = str_index(domain, '.');
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= 0 && text.p[i] <= ' ')
            return false;
    return at > 0 && at < text.n && str_index(domain, '@') == domain.n && dot > 0 &&
           dot < domain.n && !str_ends(domain, S("."));
}

/* ---- the dialog */

/* Sentry's answer to a wrong query: {"eventId": "Missing or invalid parameter."}; a script tag,
 * which asks for a script, gets one that is empty. */
static void refuse_parameter(struct request *rq, int status, const char *name)
{
    if (str_has(request_header(rq, "HTTP_ACCEPT"), S("text/javascript"))) {
        reply_bytes(rq, status, "text/javascript", S(""));
        return;
    }
    struct jw j = reply_json(rq, status);
    jw_open(&j, '{');
    jw_str_k(&j, name, S("Missing or invalid parameter."));
    jw_close(&j, '}');
    reply_done(rq);
}

static bool find_key(struct request *rq, struct str dsn)
{
    struct visit *visit = visit_of(rq);
    enum key_result found = KEY_UNKNOWN;
    if (credentials_of_dsn(dsn, &visit->credentials))
        found = keys_find(visit->ingest->keys, visit->credentials.key, rq->arena, &visit->key);
    if (found == KEY_UNSURE)
        refuse_overloaded(rq, "the key cannot be looked up right now");
    else if (found == KEY_UNKNOWN || !visit->key.enabled ||
             visit->key.project_id != visit->credentials.project_id)
        refuse_parameter(rq, 404, "dsn");
    else
        visit->identified = true;
    return visit->identified;
}

/* Who asks for the dialog, and of which event; false after answering. */
static bool read_dialog(struct request *rq, struct uuid *event_id)
{
    struct visit *visit = visit_of(rq);
    if (!uuid_parse(request_query(rq, S("eventId")), event_id)) {
        refuse_parameter(rq, 400, "eventId");
        return false;
    }
    if (!find_key(rq, request_query(rq, S("dsn"))))
        return false;
    visit->origin = origin_of(rq);
    if (visit->origin.p && !origin_allowed(visit->origin, visit->key.allowed_domains)) {
        refuse(rq, 403, "event submission rejected with_reason: Cors");
        return false;
    }
    return true;
}

static int dialog_get(struct request *rq)
{
    struct uuid event_id;
    if (!read_dialog(rq, &event_id))
        return rq->status;
    reply_header(rq, "Cache-Control", S("no-store"));
    return reply_bytes(rq, 200, "text/javascript; charset=utf-8", str_of(script_error_page_min));
}

/* A field of the form that the dialog sends; empty when it is not there. */
static struct str form_value(struct arena *a, struct str form, struct str name)
{
    while (form.p) {
        struct str value = str_split(&form, '&');
        struct str key = str_split(&value, '=');
        if (value.p && str_eq(key, name))
            return str_trim(text_utf8(a, text_percent_decode(a, value, true)));
    }
    return S("");
}

/* What is wrong with a field, in the words of Sentry's form; NULL when nothing is. */
static const char *wrong_text(struct arena *a, struct str text, size_t max)
{
    size_t points = text_points(text);
    if (points == 0)
        return "This field is required.";
    if (points <= max)
        return NULL;
    return arena_printf(a, "Ensure this value has at most %zu characters (it has %zu).", max,
                        points);
}

static void put_wrong(struct jw *j, const char *field, const char *wrong)
{
    if (!wrong)
        return;
    jw_open_k(j, field, '[');
    jw_str(j, str_of(wrong));
    jw_close(j, ']');
}

/* False after answering {"errors": {field: [message]}}. */
static bool check_form(struct request *rq, const struct user_report *report)
{
    const char *name = wrong_text(rq->arena, report->name, NAME_MAX);
    const char *email = wrong_text(rq->arena, report->email, EMAIL_MAX);
    const char *comments = wrong_text(rq->arena, report->comments, COMMENTS_MAX);
    if (!email && !is_email(report->email))
        email = "Enter a valid email address.";
    if (!name && !email && !comments)
        return true;
    struct jw j = reply_json(rq, 400);
    jw_open(&j, '{');
    jw_open_k(&j, "errors", '{');
    put_wrong(&j, "name", name);
    put_wrong(&j, "email", email);
    put_wrong(&j, "comments", comments);
    jw_close(&j, '}');
    jw_close(&j, '}');
    reply_done(rq);
    return false;
}

static int dialog_post(struct request *rq)
{
    struct submission s;
    struct visit *visit = visit_of(rq);
    struct user_report report = {0};
    if (!read_dialog(rq, &report.event_id) ||
        !body_read(rq, &visit->body, &visit->ingest->large, gate_body_max(rq)))
        return rq->status;
    report.name = form_value(rq->arena, visit->body.bytes, S("name"));
    report.email = form_value(rq->arena, visit->body.bytes, S("email"));
    report.comments = form_value(rq->arena, visit->body.bytes, S("comments"));
    if (!check_form(rq, &report) || !submit(&s, rq, &report))
        return rq->status;
    reply_bytes(rq, 200, "application/json", S("{}"));
    return submission_keep(&s);
}

/* ---- the web API's operation */

struct sent_report {
    struct str event_id, name, email, comments;
};

static const struct field report_fields[] = {
    {"event_id", FIELD_TEXT, offsetof(struct sent_report, event_id), FIELD_REQUIRED, 32, 36},
    {"name", FIELD_TEXT, offsetof(struct sent_report, name), FIELD_REQUIRED | FIELD_TRIM, 0,
     NAME_MAX},
    {"email", FIELD_TEXT, offsetof(struct sent_report, email), FIELD_REQUIRED | FIELD_TRIM, 0,
     EMAIL_MAX},
    {"comments", FIELD_TEXT, offsetof(struct sent_report, comments), FIELD_REQUIRED | FIELD_TRIM, 1,
     COMMENTS_MAX},
    {0},
};

/* The path names the project that the DSN is of, by slug or id. */
static bool path_agrees(const struct request *rq)
{
    const struct project_key *key = &visit_of(rq)->key;
    struct str organization = request_param(rq, S("organization"));
    struct str slug = request_param(rq, S("slug"));
    int64_t id;
    return str_eq(slug, key->project_slug)
               ? str_eq(organization, key->organization_slug) || text_int64(organization, &id)
               : text_int64(slug, &id) && id == key->project_id;
}

/* False after answering. */
static bool read_report(struct request *rq, struct user_report *report)
{
    struct sent_report sent = {0};
    if (!bind_body(rq, report_fields, &sent))
        return false;
    *report = (struct user_report){.name = sent.name, .email = sent.email};
    report->comments = sent.comments;
    if (!uuid_parse(sent.event_id, &report->event_id)) {
        reply_field_error(rq, "event_id", "Invalid event ID.");
        return false;
    }
    if (sent.email.n && !is_email(sent.email)) {
        reply_field_error(rq, "email", "Enter a valid email address.");
        return false;
    }
    return true;
}

/* Its number is the digest's to give: until then it goes by its event's id. */
static void reply_report(struct request *rq, const struct user_report *report)
{
    struct str event_id = uuid_text(rq->arena, report->event_id);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_str_k(&j, "id", event_id);
    jw_str_k(&j, "eventID", event_id);
    jw_str_k(&j, "name", report->name);
    jw_str_k(&j, "email", report->email);
    jw_str_k(&j, "comments", report->comments);
    jw_time_k(&j, "dateCreated", clock_now());
    jw_null_k(&j, "user");
    jw_null_k(&j, "issue");
    jw_open_k(&j, "event", '{');
    jw_null_k(&j, "id");
    jw_str_k(&j, "eventID", event_id);
    jw_close(&j, '}');
    jw_close(&j, '}');
    reply_done(rq);
}

static int feedback_post(struct request *rq)
{
    struct submission s;
    struct user_report report;
    if (!path_agrees(rq))
        return reply_not_found(rq);
    if (!read_report(rq, &report) || !submit(&s, rq, &report))
        return rq->status;
    reply_report(rq, &report);
    return submission_keep(&s);
}

static const struct endpoint dialog = {AUTH_HANDLER, REPORT_MAX};
static const struct endpoint feedback = {AUTH_DSN, REPORT_MAX};

const struct route report_dialog_routes[] = {
    {METHOD_GET, "/api/embed/error-page/", 0, dialog_get, &dialog},
    {METHOD_POST, "/api/embed/error-page/", 0, dialog_post, &dialog},
    {METHOD_POST, "/api/0/projects/{organization}/{slug}/user-feedback/", 0, feedback_post,
     &feedback},
    {0},
};
