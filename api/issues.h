/* Lists of issues, and what other resources of issues share. */
#ifndef API_ISSUES_H
#define API_ISSUES_H

#include "base/request.h"
#include "storage/issues.h"

/* Reads the query (absent: `fallback`) into list->filter.search.  False after answering 400. */
bool issues_read_query(struct request *rq, struct str query, struct issue_list *list);

/* 400 with why the query could not be used. */
int issues_refuse_query(struct request *rq, const char *error);

/* The filter of the one issue named in the path: its project, and environment= when given.  False
 * after answering 404. */
bool issues_filter_one(struct request *rq, struct issue_filter *out);

/* 200 with the issue of the path as lists show it. */
int issues_reply_one(struct request *rq);

#endif
