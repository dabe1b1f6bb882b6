/*
 * For unit tests that ask a real PostgreSQL.  main() calls database_suite_run(), which starts a
 * scratch cluster unless VEDETTE_TEST_DATABASE names one; a test calls database_fresh() for an
 * empty database of its own, or database_migrated() for one with the schema.
 */
#ifndef TESTS_UNIT_DATABASE_H
#define TESTS_UNIT_DATABASE_H

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "storage/migrate.h"
#include "storage/pg.h"
#include "tests/unit/suite.h"

/* The connection string of the test's own database. */
static char database_conninfo[600];

static inline struct pg *database_fresh(void)
{
    const char *server = getenv("VEDETTE_TEST_DATABASE");
    char sql[100], name[60];
    struct pg *db = pg_open(server, "test");
    snprintf(name, sizeof(name), "unit_%d_%lld", getpid(), (long long)clock_monotonic());
    snprintf(sql, sizeof(sql), "create database %s", name);
    ck_assert(pg_script(db, sql));
    pg_close(db);
    snprintf(database_conninfo, sizeof(database_conninfo), "%s dbname=%s", server, name);
    return pg_open(database_conninfo, "test");
}

static inline struct pg *database_migrated(void)
{
    struct pg *db = database_fresh();
    struct buf report;
    buf_init(&report, 65536);
    bool done = migrate_run(db, &report);
    ck_assert_msg(done, "%.*s", STR_ARG(buf_str(&report)));
    buf_free(&report);
    pg_timeout(db, 10000);
    return db;
}

/* One value of a statement written in the test; absent for null or no row. */
static inline struct str database_text(struct pg *db, struct arena *a, const char *sql)
{
    struct rows *r = pg_query_built(db, a, str_of(sql), NULL, 0);
    ck_assert_msg(!pg_failed(db), "%s: %.*s", sql, STR_ARG(pg_message(db)));
    return rows_next(r) ? rows_str(r, 0) : (struct str){0};
}

static inline int64_t database_int(struct pg *db, struct arena *a, const char *sql)
{
    struct rows *r = pg_query_built(db, a, str_of(sql), NULL, 0);
    ck_assert_msg(!pg_failed(db), "%s: %.*s", sql, STR_ARG(pg_message(db)));
    return rows_next(r) ? rows_int(r, 0) : -1;
}

static inline int database_suite_run(char *program, const char *name, void (*add_tests)(TCase *tc))
{
    static char script[] = "tests/scratch_postgres.sh";
    if (!getenv("VEDETTE_TEST_DATABASE")) {
        execv(script, (char *[]){script, program, NULL});
        perror(script);
        return EXIT_FAILURE;
    }
    return suite_run(name, add_tests);
}

#endif
