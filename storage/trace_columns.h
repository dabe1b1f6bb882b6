/*
 * What logs and metrics of traces can be asked for: the columns of their tables by Sentry's names
 * (api.md §4.3), and attributes under any other name.
 */
#ifndef STORAGE_TRACE_COLUMNS_H
#define STORAGE_TRACE_COLUMNS_H

#include "storage/query.h"

enum trace_type { TRACE_TEXT, TRACE_INTEGER, TRACE_NUMBER, TRACE_DATE };

struct trace_column {
    const char *name;
    const char *sql; /* over a row i; never null where it is text, but for the ids of spans */
    enum trace_type type;
};

struct trace_dataset {
    const char *names[2];               /* as asked for; the first is how it is answered */
    const char *table;                  /* "log i" */
    const char *searched;               /* what free text is looked for in */
    const struct trace_column *columns; /* ended by one without name */
};

/* NULL when it is none of these. */
const struct trace_dataset *trace_dataset(struct str name);

/* "tags[name,number]" is attribute `name`; anything else is a name by itself. */
struct str trace_attribute(struct str field);

/* NULL: it is an attribute. */
const struct trace_column *trace_column(const struct trace_dataset *d, struct str field);

/* The field's value as SQL: of its column's type, or an attribute's as jsonb, */
void trace_put_value(struct query *q, const struct trace_dataset *d, struct str field);
/* as text, '' where there is none, */
void trace_put_text(struct query *q, const struct trace_dataset *d, struct str field);
/* as double precision, null where it is no number. */
void trace_put_number(struct query *q, const struct trace_dataset *d, struct str field);

#endif
