/*
 * How a term's texts become SQL, for those who say what terms mean (issue_search, event_search).
 */
#ifndef STORAGE_SEARCH_SQL_H
#define STORAGE_SEARCH_SQL_H

#include "storage/query.h"
#include "storage/search.h"

/* "not " in front of what a negated term writes. */
void search_sql_not(struct query *q, const struct search_term *t);

/* "(expression = any(…) or expression ilike any(…))" over the term's plain values and wildcards; a
 * prefix, when not empty, adds each value with it in front. */
void search_sql_text(struct query *q, const struct search_term *t, const char *expression,
                     struct str prefix);

/* "expression ilike any(…)": one of the values occurs in it. */
void search_sql_contains(struct query *q, const struct search_term *t, const char *expression);

/* " = ", " >= ", … */
const char *search_sql_sign(enum search_operator operator);

/* "expression >= … and expression < …", or the term's comparison. */
void search_sql_date(struct query *q, const struct search_term *t, const char *expression);

#endif
