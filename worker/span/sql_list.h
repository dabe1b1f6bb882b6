/* Lists of a query become one word each, and equal conditions one.  For worker/span/sql_shape.c. */
#ifndef WORKER_SPAN_SQL_LIST_H
#define WORKER_SPAN_SQL_LIST_H

#include "worker/span/sql_shape.h"

/* Brackets match and are not deeper than SQL_DEPTH_MAX; the tokens move to a list of their own. */
void sql_list_whole(struct arena *a, struct sql_tokens *t);

/* Lists of values after IN and VALUES alone, also one that is cut off. */
void sql_list_loose(struct sql_tokens *t);

#endif
