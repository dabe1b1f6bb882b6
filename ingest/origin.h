/*
 * Where a request comes from: the client's address, and the web page that sent it.  Source of the
 * rules: ingest.md §1.3; forwarding headers count only from trusted proxies (architecture.md §8).
 */
#ifndef INGEST_ORIGIN_H
#define INGEST_ORIGIN_H

#include "base/request.h"

/* Canonical text; absent when unknown. */
struct str origin_address(const struct request *rq);

/* Origin header, else Referer, when it is an http or https URL; else absent. */
struct str origin_of(const struct request *rq);

/* `domains`: patterns "[scheme://]host[:port]" separated by line ends, "*" allows all; a host
 * "*.example.com" covers example.com too.  Nothing is allowed by an empty list. */
bool origin_allowed(struct str origin, struct str domains);

#endif
