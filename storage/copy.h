/*
 * Rows in PostgreSQL's binary COPY format, built in a buf and sent by pg_copy_in().
 *
 * copy_begin(b); for every row: copy_row(b, columns) and one copy_* per column, in the order and of
 * the type of the column list; copy_end(b).  Building needs no database, so any thread may do it.
 * Failure is the buf's.
 */
#ifndef STORAGE_COPY_H
#define STORAGE_COPY_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/uuid.h"

void copy_begin(struct buf *b);
void copy_end(struct buf *b);

void copy_row(struct buf *b, int columns);
void copy_null(struct buf *b);
void copy_bool(struct buf *b, bool v);
void copy_int2(struct buf *b, int16_t v);
void copy_int4(struct buf *b, int32_t v);
void copy_int8(struct buf *b, int64_t v);
void copy_double(struct buf *b, double v);
void copy_uuid(struct buf *b, struct uuid u);
void copy_time(struct buf *b, int64_t us);    /* timestamptz, from microseconds since 1970 */
void copy_date(struct buf *b, int64_t us);    /* date: its UTC day */
void copy_text(struct buf *b, struct str s);  /* text, bytea and json; absent -> null */
void copy_jsonb(struct buf *b, struct str s); /* absent -> null */

#endif
