/*
 * Sessions for release health: single updates and what a client has summed (ingest.md §6).
 *
 * They are only added up: the state of a session lives in its client.  What breaks the rules is
 * dropped, and no outcome tells of it.
 */
#ifndef WORKER_DIGEST_SESSION_H
#define WORKER_DIGEST_SESSION_H

#include "worker/digest/reading.h"

void session_digest(struct reading *r);      /* one update of one session */
void session_digest_sums(struct reading *r); /* counts of many, by the time they began */

#endif
