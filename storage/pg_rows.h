/* What pg.c and rows.c share: a result and the row one stands at.  Nobody else includes this. */
#ifndef STORAGE_PG_ROWS_H
#define STORAGE_PG_ROWS_H

#include <libpq-fe.h>

#include "storage/pg.h"

struct rows {
    PGresult *result; /* NULL when the query failed */
    int at, count;
};

#endif
