/*
 * How a span or a transaction ended: names, and the numbers by which they are stored, which are
 * gRPC's status codes.
 */
#ifndef STORAGE_SPAN_STATUS_H
#define STORAGE_SPAN_STATUS_H

#include "base/str.h"

enum span_status {
    SPAN_STATUS_NONE = -1,
    SPAN_STATUS_OK = 0,
    SPAN_STATUS_CANCELLED = 1,
    SPAN_STATUS_UNKNOWN = 2,
    SPAN_STATUS_INTERNAL_ERROR = 13,
    SPAN_STATUS_COUNT = 17,
};

/* Old names count: success, failure, unknown_error.  SPAN_STATUS_NONE when it is none. */
int span_status_named(struct str name);
struct str span_status_name(int status); /* absent when it is none */

#endif
