/* Rows of the table span, from normalised and scrubbed spans. */
#ifndef WORKER_DIGEST_SPAN_ROWS_H
#define WORKER_DIGEST_SPAN_ROWS_H

#include "worker/digest/reading.h"

/* What the spans of a transaction share; of a span sent alone `transaction` is nil. */
struct span_place {
    struct uuid transaction;
    struct str name;       /* of its segment, when the span does not say */
    struct str platform;   /* the same */
    struct str segment_id; /* the same; 16 hex digits or absent */
    bool is_segment;       /* the span is the transaction itself */
};

/* NULL when the span has no valid ids or times: nothing is made of it. */
struct batch_row *span_row_add(struct reading *r, const struct jt *span,
                               const struct span_place *place);

/* 16 hex digits as the 64 bits that are stored; false when it is no span id. */
bool span_id_of(struct str text, int64_t *id);

#endif
