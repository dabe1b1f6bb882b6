/* What the words of SQL are good for.  For worker/span/sql*.c. */
#ifndef WORKER_SPAN_SQL_WORDS_H
#define WORKER_SPAN_SQL_WORDS_H

#include "worker/span/sql_token.h"

bool sql_is_keyword(struct str word);
bool sql_begins_statement(const struct sql_token *t);
/* Ends the condition before it: GROUP, ORDER, … */
bool sql_ends_condition(const struct sql_token *t);
/* A name: no keyword, or quoted. */
bool sql_is_name(const struct sql_token *t);
bool sql_is_one_of(const struct sql_token *t, const struct str *words, size_t count);

#endif
