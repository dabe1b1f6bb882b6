/*
 * Figures that the programs keep about themselves, made from base/metrics.def: counted where things
 * happen, at the cost of one atomic instruction, in memory that a program's processes share.
 *
 * metrics_open() in main, before children are forked, lays that memory into the file
 * <run_dir>/metrics.<program>, where metrics_read() finds it at any time, without asking the
 * program; after its death the file keeps what it knew.  Before it, and where the file cannot be
 * made, each process counts for itself and nobody reads it.  A program that starts again counts
 * from 0.
 *
 * Any thread of any process may add and set.
 */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum metric {
#define METRIC(constant, ...) METRIC_##constant,
#include "base/metrics.def"
#undef METRIC
    METRIC_COUNT
};

/* Where the values of each begin. */
enum {
#define METRIC(constant, program, kind, unit, rows, columns, ...)                                  \
    METRIC_##constant##_AT, METRIC_##constant##_END = METRIC_##constant##_AT + (rows) * (columns)-1,
#include "base/metrics.def"
#undef METRIC
    METRIC_VALUES
};

enum metric_program { METRIC_OF_INGEST, METRIC_OF_WORKER, METRIC_OF_API, METRIC_OF_EVERY };
enum metric_kind { METRIC_IS_COUNTER, METRIC_IS_GAUGE, METRIC_IS_SUMMARY };
enum metric_unit { METRIC_IN_ONE, METRIC_IN_SECONDS };

struct metric_family {
    enum metric_program program;
    enum metric_kind kind;
    enum metric_unit unit;
    int rows, columns, at;
    const char *name, *row_label, *column_label, *help; /* labels: NULL for none */
};

extern const struct metric_family metric_families[METRIC_COUNT];

/* A program's figures at one moment. */
struct metrics {
    uint64_t layout; /* of which base/metrics.def it is */
    _Atomic int64_t values[METRIC_VALUES];
};

void metrics_open(enum metric_program program);

/* What lies outside the table is not counted. */
void metrics_add_at(enum metric m, int row, int column, int64_t n);
void metrics_set_at(enum metric m, int row, int column, int64_t value);

static inline void metrics_add(enum metric m, int64_t n)
{
    metrics_add_at(m, 0, 0, n);
}

static inline void metrics_set(enum metric m, int64_t value)
{
    metrics_set_at(m, 0, 0, value);
}

/* One more was measured, of a summary. */
static inline void metrics_measure(enum metric m, int64_t value)
{
    metrics_add_at(m, 0, 0, value);
    metrics_add_at(m, 0, 1, 1);
}

/* "ingest", "worker", "api". */
const char *metrics_program_name(enum metric_program program);

/* False when the program has never run here, or is of another version. */
bool metrics_read(enum metric_program program, struct metrics *out);
int64_t metrics_value(const struct metrics *of, enum metric m, int row, int column);

/* What this process and those it shares with have counted so far; for tests. */
int64_t metrics_now(enum metric m, int row, int column);

#endif
