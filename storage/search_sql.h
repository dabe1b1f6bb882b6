/*
 * How a term's texts become SQL, for those who say what terms mean (issue_search, event_search).
 */
#ifndef STORAGE_SEARCH_SQL_H
#define STORAGE_SEARCH_SQL_H

#include "storage/query.h"
#include "storage/search.h"

/* "not " in front of what a negated term writes. */
void search_sql_not(struct query *q, const struct search_term *t);

/* "(expression = any(…) or expression ilike any(…))" over the term's plain values and wildcards. */
void search_sql_text(struct query *q, const struct search_term *t, const char *expression);

/* A part of a person.  The tag user names one part ("id:7"), the others are tags of their own. */
struct user_part {
    const char *key;    /* user.email */
    const char *prefix; /* email: */
    const char *is_one; /* SQL over a row g (key, value): it is this part */
    const char *text;   /* SQL: its value without the prefix */
};

/* NULL when the key is none. */
const struct user_part *search_sql_user_part(struct str key);

/* "(… and (g.value = any(…) or text ilike any(…)))" over a row g (key, value). */
void search_sql_user(struct query *q, const struct search_term *t, const struct user_part *part);

/* "expression ilike any(…)": one of the values occurs in it. */
void search_sql_contains(struct query *q, const struct search_term *t, const char *expression);

/* " = ", " >= ", … */
const char *search_sql_sign(enum search_operator comparison);

/* "expression >= … and expression < …", or the term's comparison. */
void search_sql_date(struct query *q, const struct search_term *t, const char *expression);

#endif
