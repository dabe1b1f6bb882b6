/*
 * Answers to requests that are not accepted: {"detail": …, "causes": […]} with the texts that
 * Relay uses, because SDKs log them (ingest.md §1.13).  X-Sentry-Error repeats the detail.  All
 * return the status.
 */
#ifndef INGEST_REFUSE_H
#define INGEST_REFUSE_H

#include "base/request.h"

int refuse(struct request *rq, int status, const char *detail);
int refuse_because(struct request *rq, int status, const char *detail, const char *cause);

/* 503 with Retry-After: an SDK that repeats will be served then. */
int refuse_overloaded(struct request *rq, const char *detail);

#endif
