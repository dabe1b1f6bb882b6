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

static inline void database_create(const char *name, const char *template)
{
    char sql[200];
    struct pg *db = pg_open(getenv("VEDETTE_TEST_DATABASE"), "test");
    snprintf(sql, sizeof(sql), "create database %s template %s strategy file_copy", name, template);
    ck_assert_msg(pg_script(db, sql), "%.*s", STR_ARG(pg_message(db)));
    pg_close(db);
}

static inline struct pg *database_open(const char *name)
{
    snprintf(database_conninfo, sizeof(database_conninfo), "%s dbname=%s",
             getenv("VEDETTE_TEST_DATABASE"), name);
    return pg_open(database_conninfo, "test");
}

/* Those of the program's earlier tests, each of which was a process of its own. */
static inline void database_drop_earlier(void)
{
    static char sql[400];
    struct arena *a = arena_new(16384);
    struct pg *db = pg_open(getenv("VEDETTE_TEST_DATABASE"), "test");
    snprintf(sql, sizeof(sql),
             "select 'drop database ' || datname || ' with (force)' from pg_database"
             " where datname like 'unit\\_%d\\_%%' and datname not like 'unit\\_%d\\_%d\\_%%'",
             getppid(), getppid(), getpid());
    struct rows *r = pg_query_built(db, a, str_of(sql), NULL, 0);
    while (rows_next(r))
        ck_assert(pg_script(db, arena_strdup(a, rows_str(r, 0))));
    pg_close(db);
    arena_free(a);
}

static inline struct pg *database_copy(const char *template)
{
    char name[60];
    database_drop_earlier();
    snprintf(name, sizeof(name), "unit_%d_%d_%lld", getppid(), getpid(),
             (long long)clock_monotonic());
    database_create(name, template);
    return database_open(name);
}

static inline struct pg *database_fresh(void)
{
    return database_copy("template1");
}

/* Migrated once per program: its tests copy that database. */
static inline const char *database_template(void)
{
    static char name[60];
    struct buf report;
    snprintf(name, sizeof(name), "unit_template_%d", getppid());
    struct pg *db = database_open(name);
    bool exists = !pg_failed(db);
    pg_close(db);
    if (exists)
        return name;
    database_create(name, "template1");
    db = database_open(name);
    buf_init(&report, 65536);
    bool done = migrate_run(db, &report);
    ck_assert_msg(done, "%.*s", STR_ARG(buf_str(&report)));
    buf_free(&report);
    pg_close(db);
    return name;
}

static inline struct pg *database_migrated(void)
{
    return database_copy(database_template());
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

/* The same, after whatever the connection was in the middle of. */
static inline int64_t database_count(struct pg *db, struct arena *a, const char *sql)
{
    pg_reset(db);
    return database_int(db, a, sql);
}

static inline void database_script(struct pg *db, const char *sql)
{
    pg_reset(db);
    ck_assert_msg(pg_script(db, sql), "%.*s", STR_ARG(pg_message(db)));
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
