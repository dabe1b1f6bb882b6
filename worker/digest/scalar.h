/*
 * The scalar types of event fields (ingest.md §3.1): each function turns a value into its normal
 * form in place, or returns why it cannot be, as static text.
 */
#ifndef WORKER_DIGEST_SCALAR_H
#define WORKER_DIGEST_SCALAR_H

#include "base/jt.h"

const char *scalar_string(struct arena *a, struct jt *v);
const char *scalar_lenient(struct arena *a, struct jt *v);
const char *scalar_json_text(struct arena *a, struct jt *v);
const char *scalar_uint(struct arena *a, struct jt *v);
const char *scalar_int(struct arena *a, struct jt *v);
const char *scalar_float(struct arena *a, struct jt *v);
const char *scalar_bool(struct arena *a, struct jt *v);
const char *scalar_address(struct arena *a, struct jt *v);
const char *scalar_thread_id(struct arena *a, struct jt *v);
const char *scalar_event_id(struct arena *a, struct jt *v);
const char *scalar_trace_id(struct arena *a, struct jt *v);
const char *scalar_span_id(struct arena *a, struct jt *v);
/* A name, or the number of gRPC's code; becomes the name (ingest.md §7.3). */
const char *scalar_span_status(struct arena *a, struct jt *v);
const char *scalar_level(struct arena *a, struct jt *v);

/* ISO 8601 or unix seconds; the node is left alone. */
const char *scalar_time(const struct jt *v, int64_t *us);
/* Unix seconds with the fraction that there is. */
struct str scalar_time_text(struct arena *a, int64_t us);

#endif
