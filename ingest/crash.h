/* What the endpoints of crash reporters have in common. */
#ifndef INGEST_CRASH_H
#define INGEST_CRASH_H

#include "ingest/submission.h"

/* Accepts, answers 200 with the event's id as text with dashes, and keeps: the last that a handler
 * does. */
int crash_keep(struct submission *s);

/* The same answer for an event that nothing is kept of. */
int crash_reply(struct request *rq, struct uuid id);

#endif
