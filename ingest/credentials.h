/*
 * Which key a request shows, and in which of the many ways (ingest.md §1.2): X-Sentry-Auth,
 * Authorization in Sentry's or Basic form, the query string, the path, or the dsn of an envelope's
 * header.  Looking the key up is keys.h's business.
 */
#ifndef INGEST_CREDENTIALS_H
#define INGEST_CREDENTIALS_H

#include "base/request.h"

struct credentials {
    struct str key;     /* 32 characters */
    struct str client;  /* "sentry.python/2.1"; absent when not told */
    int64_t project_id; /* what a dsn says; 0 elsewhere */
};

enum credentials_result {
    CREDENTIALS_FOUND,
    CREDENTIALS_NONE,
    CREDENTIALS_REFUSED, /* the request is answered */
};

enum credentials_result credentials_read(struct request *rq, struct credentials *out);

/* "https://KEY@host/42"; false when it is no DSN.  Answers nothing. */
bool credentials_of_dsn(struct str dsn, struct credentials *out);

#endif
