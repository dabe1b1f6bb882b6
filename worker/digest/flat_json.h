/*
 * Free-form data as one flat JSON object for a jsonb column, that PostgreSQL takes whatever was
 * sent: texts cut, numbers within its range, what is nested as its JSON text.
 */
#ifndef WORKER_DIGEST_FLAT_JSON_H
#define WORKER_DIGEST_FLAT_JSON_H

#include "base/jt.h"

/* The members of each object in the list, which may hold NULL; of equal keys the first counts. */
struct str flat_json(struct arena *a, const struct jt *const *objects, size_t count);

/* {"lcp": 2400} of {"lcp": {"value": 2400, "unit": …}}; absent when there is none. */
struct str flat_json_measurements(struct arena *a, const struct jt *measurements);

#endif
