/*
 * The gate in front of every ingest endpoint: headers that every answer carries, preflight, the
 * route, the project in the path, the key, the origin, overload.  Sources: ingest.md §1.1 to §1.4.
 *
 * A route's detail is a struct endpoint; its handler starts with an identified sender, unless the
 * endpoint lets an envelope's own header say who sends (AUTH_ENVELOPE).
 */
#ifndef INGEST_GATE_H
#define INGEST_GATE_H

#include "ingest/service.h"

enum endpoint_auth {
    AUTH_NONE,     /* no key: health checks */
    AUTH_REQUEST,  /* headers or query, or {key} in the path */
    AUTH_ENVELOPE, /* the same, else the dsn in the envelope's header */
    AUTH_DSN,      /* "Authorization: DSN …", Sentry's web API's */
    AUTH_HANDLER,  /* the handler looks for the key, elsewhere */
};

struct endpoint {
    enum endpoint_auth auth;
    size_t body_max;   /* decoded bytes; 0: the setting max_envelope_bytes */
    bool hides_limits; /* never answers 429: its senders would take it for a broken server */
};

void ingest_gate_serve(struct request *rq);

size_t gate_body_max(const struct request *rq);

/* What is over a limit is counted, and the answer is as if it were kept. */
bool gate_hides_limits(const struct request *rq);

/* {project} of the path; 0 where the path names none. */
int64_t gate_project(const struct request *rq);

/* Looks the key up, checks project and origin, fills the visit.  False after answering. */
bool gate_identify(struct request *rq, const struct credentials *credentials, int64_t project_id);

#endif
