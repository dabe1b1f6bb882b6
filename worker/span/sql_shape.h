/* The rewriting of a query's tokens, in place.  For worker/span/sql.c. */
#ifndef WORKER_SPAN_SQL_SHAPE_H
#define WORKER_SPAN_SQL_SHAPE_H

#include "worker/span/sql_token.h"

enum { SQL_DEPTH_MAX = 64 }; /* of brackets in a whole query */

/* Of a query whose brackets match. */
void sql_shape_whole(struct arena *a, struct sql_tokens *t);

/* Of any tokens; false when there was nothing to replace. */
bool sql_shape_loose(struct sql_tokens *t);

/* A name without numbers that look made: user_12345 is user_{%s}. */
struct str sql_shape_name(struct arena *a, struct str name);

#endif
