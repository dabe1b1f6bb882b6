/* The tables of ingest's endpoints, each at the bottom of its file. */
#ifndef INGEST_ENDPOINTS_H
#define INGEST_ENDPOINTS_H

#include "base/route.h"
#include "storage/items.h"

/* All of them, for routes_compile(). */
extern const struct route *const ingest_tables[];

#define X(noun) extern const struct route noun##_routes[];
INGEST_ENDPOINTS(X)
#undef X

/* Takes the body that was read as an envelope, whatever the endpoint; answers. */
int envelope_submit(struct request *rq);

#endif
