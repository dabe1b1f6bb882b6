/*
 * Lists and sums of logs and metrics of traces, newest first (the tables log and trace_metric).
 *
 * Fields are columns, attributes, or functions of one: count(), sum(value), p95(value).  With a
 * function among them the rows are groups of the other fields' values.
 */
#ifndef STORAGE_TRACE_ITEMS_H
#define STORAGE_TRACE_ITEMS_H

#include "storage/issue_search.h"
#include "storage/trace_columns.h"

enum { TRACE_FIELDS_MAX = 20 };

struct trace_list {
    const struct trace_dataset *dataset;
    struct issue_filter filter; /* projects, environments, period, search */
    struct str fields[TRACE_FIELDS_MAX];
    size_t field_count;
    struct str sort; /* a field among them, "-" before it: descending; absent: newest first */
    int limit;
    int64_t before;    /* nanoseconds: not newer than this, when sorted by time; INT64_MAX: any */
    int64_t skip;      /* rows of the order */
    const char *error; /* for the person who asked */
};

bool trace_is_function(struct str field);

/* Sorted by time, newest first: `before` moves on with the pages. */
bool trace_list_by_time(const struct trace_list *list);

/* At most limit + 1 rows: the fields in order, and, when not grouped, the nanoseconds of the row
 * behind them.  NULL with list->error set. */
struct rows *trace_items_find(struct pg *db, struct arena *a, struct trace_list *list);

#endif
