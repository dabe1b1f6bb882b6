/*
 * How large an event, and any text in it, may be: settings that projects and organizations both
 * have beside the limits that are built in (ingest/limits.h, worker/digest/trim.h).  Where both are
 * set the smaller one counts; null takes one away.
 */
#ifndef API_SIZE_LIMITS_H
#define API_SIZE_LIMITS_H

#include "api/options.h"

/* Bytes.  No name that an event is known by is longer than the least; no event is larger than the
 * most. */
enum { SIZE_LIMIT_LEAST = 1024, SIZE_LIMIT_MOST = 1 << 20 };

struct size_limits {
    int64_t max_event, max_field; /* 0: none */
    bool max_event_sent, max_field_sent;
};

/* Rows for the field table of a struct that has a struct size_limits as `member`. */
#define SIZE_LIMIT_FIELDS(type, member)                                                            \
    OPTION_FIELD(type, "maxEventBytes", FIELD_INT, FIELD_NULLABLE, SIZE_LIMIT_LEAST,               \
                 SIZE_LIMIT_MOST, member.max_event),                                               \
        OPTION_FIELD(type, "maxFieldBytes", FIELD_INT, FIELD_NULLABLE, SIZE_LIMIT_LEAST,           \
                     SIZE_LIMIT_MOST, member.max_field)

#endif
