/*
 * Events made of reports that browsers send by themselves: what security_report.c and nel_report.c
 * have in common.  The request tells what an SDK would: release and environment in its query, the
 * user's address, the page's origin and the browser's names in its headers.
 */
#ifndef WORKER_DIGEST_REPORT_H
#define WORKER_DIGEST_REPORT_H

#include "base/jt.h"
#include "worker/digest/event.h"

/* An event that holds what the request told beside its body. */
struct jt *report_event(struct arena *a, const struct event_source *source);

/* The event's request: URL, and headers of the browser's request; `referrer` may be empty. */
struct jt *report_request(struct arena *a, const struct event_source *source, struct str url,
                          struct str referrer);

void report_text(struct arena *a, struct jt *object, struct str key, struct str text);
void report_message(struct arena *a, struct jt *event, struct str text);

/* A report's own name of a field, what it becomes, and of what kind it is.  Several rows may name
 * one field; a report holds one of them. */
enum report_kind { REPORT_TEXT, REPORT_NUMBER, REPORT_BOOL, REPORT_TIME, REPORT_LIST };

struct report_field {
    struct str sent, name;
    enum report_kind kind;
};

/* The fields of a report under their new names; those of a wrong kind are left out. */
struct jt *report_fields(struct arena *a, const struct jt *report,
                         const struct report_field *fields, size_t count);

#endif
