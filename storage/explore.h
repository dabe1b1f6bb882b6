/*
 * Tables of single transactions and spans, asked for any of their columns and aggregates (api.md
 * §4.3): "transaction", "p95(transaction.duration)", rows grouped by what is no aggregate.
 *
 * Names come from outside: they are looked up, and what is no column of a data set is an attribute,
 * whose key becomes a parameter.
 */
#ifndef STORAGE_EXPLORE_H
#define STORAGE_EXPLORE_H

#include "storage/issue_search.h"

enum { EXPLORE_FIELDS_MAX = 20 };

struct explore_dataset;

struct explore {
    const struct explore_dataset *dataset;
    struct issue_filter filter;
    struct str fields[EXPLORE_FIELDS_MAX];
    size_t field_count;
    struct str sort; /* "-field", one of the fields; empty: the usual order */
    int64_t skip;
    int limit;         /* one row more is asked for */
    const char *error; /* out: why it means nothing, for the person who asked */
};

/* "transactions", "spans"; NULL when it is none. */
const struct explore_dataset *explore_dataset(struct str name);

/* A column a field; NULL with explore->error set. */
struct rows *explore_run(struct pg *db, struct arena *a, struct explore *e);

/* string, number, duration, …: what a field's values are. */
const char *explore_type(const struct explore_dataset *d, struct str field);

#endif
