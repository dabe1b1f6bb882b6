/*
 * Contexts of the client that sent the request an event happened in: browser, device and system,
 * from its User-Agent header and its client hints (ingest.md §3.13).  Where the event runs in the
 * browser itself its system is `os`, elsewhere `client_os`, because `os` is the server's.
 */
#ifndef WORKER_DIGEST_CLIENT_CONTEXTS_H
#define WORKER_DIGEST_CLIENT_CONTEXTS_H

#include "worker/digest/normalize.h"

/* Adds those that `contexts` lacks, as an SDK would send them; what the SDK did send stays, unless
 * it is empty.  After http_normalize(), before the contexts are normalised. */
void client_contexts_add(struct normalizer *n, struct jt *contexts);

/* The value of a header of the event's request; absent when it was not sent. */
struct str client_header(const struct jt *event, struct str name);

#endif
