/*
 * The values that search keys take beside plain text (api.md §4.1).  Each function wants the whole
 * text to be such a value; on false the outputs are left alone.  Any thread may call.
 */
#ifndef STORAGE_SEARCH_VALUE_H
#define STORAGE_SEARCH_VALUE_H

#include <stdint.h>

#include "base/str.h"

/* 500, -1.5, and the endings k, m, b for thousand, million and billion. */
bool search_number(struct str s, double *out);
/* 500s, 1.5h: ms s min m hr h day d wk w. */
bool search_duration(struct str s, double *milliseconds);
/* 50% */
bool search_percentage(struct str s, double *out);
/* true, 1, false, 0 in any case. */
bool search_boolean(struct str s, bool *out);
/* A day is the whole of it; a day with a time is from 5 minutes before to 6 minutes after it, since
 * who types one means "around then".  *at is what a comparison takes. */
struct search_moment {
    int64_t at, from, to; /* us; to is exclusive */
};
bool search_date(struct str s, struct search_moment *out);
/* -24h: within the last day; +24h: longer ago than that.  *us has the sign of the text. */
bool search_relative(struct str s, int64_t *us);

#endif
