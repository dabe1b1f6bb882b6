/* The columns and aggregates of each data set, as SQL over its row `x`.  For storage/explore.c. */
#ifndef STORAGE_EXPLORE_COLUMNS_H
#define STORAGE_EXPLORE_COLUMNS_H

#include "base/str.h"

enum explore_kind {
    EXPLORE_STRING,
    EXPLORE_NUMBER,
    EXPLORE_DURATION, /* ms */
    EXPLORE_INTEGER,
    EXPLORE_PERCENTAGE,
    EXPLORE_DATE,
    EXPLORE_BOOLEAN,
    EXPLORE_RATE,
};

struct explore_column {
    struct str name;
    const char *sql;
    enum explore_kind kind;
};

struct explore_dataset {
    struct str name;
    const char *from;      /* the tables */
    const char *attribute; /* jsonb of what is no column */
    const char *duration, *user, *failed, *text;
    const struct explore_column *columns;
    size_t column_count;
};

extern const struct explore_dataset explore_datasets[];
extern const size_t explore_dataset_count;

/* NULL when it is none. */
const struct explore_column *explore_column(const struct explore_dataset *d, struct str name);

#endif
