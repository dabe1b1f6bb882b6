/* What a request body asks to change about issues (api.md §2.1). */
#ifndef API_ISSUE_CHANGES_H
#define API_ISSUE_CHANGES_H

#include "base/request.h"
#include "storage/issue_change.h"

struct change_request {
    struct issue_change change;
    bool merges;
    struct str status_details; /* JSON as answered */
    struct str assignee;       /* JSON of assignedTo as answered; absent: not sent */
    struct str substatus;
};

/* Reads the body.  False after answering 400. */
bool change_read(struct request *rq, struct change_request *out);

/* The changed fields as members, for the answer to a bulk change. */
void change_put(struct jw *j, const struct change_request *change);

struct issue_actor change_actor(const struct request *rq);

#endif
