/* The tables of ingest's endpoints, each at the bottom of its file. */
#ifndef INGEST_ENDPOINTS_H
#define INGEST_ENDPOINTS_H

#include "base/route.h"

/* All of them, for routes_compile(). */
extern const struct route *const ingest_tables[];

extern const struct route envelope_routes[], store_routes[], security_routes[], attachment_routes[],
    dump_routes[], unreal_routes[], cron_routes[], otlp_routes[], loader_routes[], upload_routes[],
    report_dialog_routes[], healthcheck_routes[];

/* Takes the body that was read as an envelope, whatever the endpoint; answers. */
int envelope_submit(struct request *rq);

#endif
