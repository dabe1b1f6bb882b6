/*
 * Builds one statement from SQL literals and parameters, and from nothing else: outside text can
 * only become a parameter, because query_sql() takes string literals alone.
 *
 * Everything lives in the arena.  Each parameter is written with its cast ("$3::bigint"), so the
 * server never guesses a type.  More than QUERY_PARAMS_MAX parameters is a programming error and
 * aborts: callers bound their input first (SEARCH_TERMS_MAX).
 */
#ifndef STORAGE_QUERY_H
#define STORAGE_QUERY_H

#include "base/buf.h"
#include "storage/pg.h"

enum { QUERY_PARAMS_MAX = 96 };

struct query {
    struct arena *arena;
    struct buf *sql;
    struct param params[QUERY_PARAMS_MAX];
    int count;
};

void query_begin(struct query *q, struct arena *a);

/* SQL text; anything but a literal fails to compile. */
#define query_sql(q, literal) query_piece((q), "" literal)
/* SQL text from a table of literals in our own source, chosen by the caller. */
void query_piece(struct query *q, const char *sql);

void query_int(struct query *q, int64_t v);
void query_number(struct query *q, double v); /* double precision */
/* The number of a column of the select list, for group by and order by. */
void query_ordinal(struct query *q, int column);
void query_text(struct query *q, struct str v); /* absent: null */
void query_time(struct query *q, int64_t us);
void query_uuid(struct query *q, struct uuid v);
void query_ints(struct query *q, const int64_t *v, size_t n);
void query_texts(struct query *q, const struct str *v, size_t n);

struct rows *query_run(struct query *q, struct pg *db);

#endif
