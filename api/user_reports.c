/* What users wrote about events: lists, and writing one. */
#include "api/page.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/bind.h"
#include "base/clock.h"
#include "base/route.h"
#include "sql.h"
#include "storage/reply.h"

static int reply_list(struct request *rq, const char *projects, int64_t issue_id)
{
    struct page page;
    if (!page_read(rq, PAGE_LIMIT, &page))
        return rq->status;
    return page_reply(rq, &page,
                      pg_query(rq->db, rq->arena, &SQL_user_report_list, projects,
                               param_id(issue_id), page.limit + 1, page.cursor.offset));
}

static int list_of_project(struct request *rq)
{
    return reply_list(rq, pg_int_array(rq->arena, &rq->tenant.project_id, 1), rq->tenant.issue_id);
}

static int list_of_organization(struct request *rq)
{
    struct gate_projects projects;
    if (!gate_projects(rq, &projects))
        return rq->status;
    return reply_list(rq, pg_int_array(rq->arena, projects.ids, projects.count), 0);
}

struct report {
    struct str event_id, name, email, comments;
};

static const struct field report_fields[] = {
    {"event_id", FIELD_TEXT, offsetof(struct report, event_id), FIELD_REQUIRED, 1, 36},
    {"name", FIELD_TEXT, offsetof(struct report, name), FIELD_REQUIRED, 1, 128},
    {"email", FIELD_TEXT, offsetof(struct report, email), FIELD_REQUIRED, 1, 75},
    {"comments", FIELD_TEXT, offsetof(struct report, comments), FIELD_REQUIRED, 1, 4096},
    {0},
};

static void put_report(struct request *rq, struct uuid event, struct rows *id,
                       const struct report *report)
{
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_key(&j, "id");
    jw_str(&j, rows_str(id, 0));
    jw_str_k(&j, "eventID", uuid_text(rq->arena, event));
    jw_open_k(&j, "event", '{');
    jw_str_k(&j, "id", uuid_text(rq->arena, event));
    jw_str_k(&j, "eventID", uuid_text(rq->arena, event));
    jw_close(&j, '}');
    jw_str_k(&j, "name", report->name);
    jw_str_k(&j, "email", report->email);
    jw_str_k(&j, "comments", report->comments);
    jw_time_k(&j, "dateCreated", clock_now());
    jw_null_k(&j, "user");
    jw_null_k(&j, "issue");
    jw_close(&j, '}');
}

static int write_report(struct request *rq)
{
    struct report report = {0};
    struct uuid event;
    if (!bind_body(rq, report_fields, &report))
        return rq->status;
    if (!uuid_parse(report.event_id, &event))
        return reply_field_error(rq, "event_id", "Must be a valid UUID.");
    struct rows *id =
        pg_query(rq->db, rq->arena, &SQL_user_report_put, rq->tenant.project_id, event, report.name,
                 report.email, report.comments, pg_time(rq->arena, clock_now()));
    bool taken = rows_next(id);
    if (reply_if_failed(rq))
        return rq->status;
    if (!taken)
        return reply_error(rq, 409, "Feedback for this event cannot be modified.");
    put_report(rq, event, id, &report);
    return reply_done(rq);
}

#define O "/api/0/organizations/{organization}/"
#define P "/api/0/projects/{organization}/{project}/user-feedback/"

const struct route user_report_routes[] = {
    {METHOD_GET, P, SCOPE_PROJECT_READ | SCOPE_EVENT_READ, list_of_project},
    {METHOD_POST, P, SCOPE_PROJECT_WRITE | SCOPE_EVENT_WRITE, write_report},
    {METHOD_GET, O "user-feedback/", SCOPE_PROJECT_READ | SCOPE_EVENT_READ, list_of_organization},
    {METHOD_GET, O "issues/{issue}/user-reports/", SCOPE_EVENT_READ, list_of_project},
    {METHOD_GET, "/api/0/issues/{issue}/user-reports/", SCOPE_EVENT_READ, list_of_project},
    {0},
};
