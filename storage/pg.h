/*
 * One PostgreSQL connection, owned by one thread, speaking in prepared statements.  The only place
 * that knows libpq (pg.c and rows.c).
 *
 * Statements are the constants that storage/embed.awk makes of storage/<noun>.sql (in "sql.h");
 * each is prepared on first use.  Arguments are typed by the compiler (see pg_query): one without a
 * rule does not compile. Rows belong to the arena.  The first failure of a unit of work sticks
 * (pg_failed) and is logged once with its SQLSTATE: later queries do nothing and rows_next() says
 * false, so a caller checks once.  pg_reset() begins a new unit of work: it rolls back an open
 * transaction and, when the connection is gone, reconnects (at most once a second).
 *
 * Sessions run with timezone UTC, DateStyle ISO, a statement timeout (10 s unless pg_timeout says
 * otherwise), a limit of 30 s for a transaction that does nothing, and application_name.
 */
#ifndef STORAGE_PG_H
#define STORAGE_PG_H

#include <stdint.h>

#include "base/arena.h"
#include "base/jw.h"
#include "base/str.h"
#include "base/uuid.h"

struct stmt {
    int id; /* index into the connection's list of prepared statements */
    const char *name, *sql;
};

enum pg_failure {
    PG_OK,
    PG_AWAY,     /* SQLSTATE 08, 53, 57, 58, 25006, or no connection: answer 503, try later, blame
                    no record */
    PG_CONFLICT, /* 23505 unique violation */
    PG_RETRY,    /* 40001, 40P01, 55P03, or a plan that a migration made stale: run the unit of work
                    again */
    PG_DATA,     /* 22 and other 23: the values are at fault */
    PG_BROKEN,   /* anything else: a bug; logged with its SQLSTATE */
};

/* Never NULL; may be away.  An empty conninfo means the private cluster: its socket in run_dir,
 * database and role "vedette". */
struct pg *pg_open(const char *conninfo, const char *application);
void pg_close(struct pg *db); /* NULL is fine */
void pg_reset(struct pg *db);
enum pg_failure pg_failed(const struct pg *db);
struct str pg_constraint(const struct pg *db); /* of the last failure; absent when none */
struct str pg_message(const struct pg *db);    /* the server's words of it, for the operator */

/* Longest time for one statement of this connection, now and after a reconnect; 0: no limit. */
void pg_timeout(struct pg *db, int milliseconds);

bool pg_begin(struct pg *db);
/* False, and rolled back, when anything failed since pg_begin(); false too when the answer to the
 * COMMIT was lost: then only the database knows whether it happened. */
bool pg_commit(struct pg *db);
void pg_rollback(struct pg *db); /* the failure, if any, stays until pg_reset() */

/* Runs a text of several statements, as one transaction unless one is open or the text says
 * otherwise: for migrations and partitions.  Never with text from outside. */
bool pg_script(struct pg *db, const char *sql);

/* COPY … FROM STDIN (FORMAT binary); `bytes` as storage/copy.h builds them.  Rows taken are
 * returned; -1 after a failure. */
int64_t pg_copy_in(struct pg *db, const char *copy_statement, struct str bytes);

/* Statements that every session of this connection begins with, now and after each reconnect: SET,
 * LISTEN.  `sql` is a literal. */
void pg_session(struct pg *db, const char *sql);

/* This connection's work can wait for everybody else's, now and after each reconnect: its backend
 * gets a smaller share of the processors, if it runs on this machine as this user. */
void pg_give_way(struct pg *db);

/* Sleeps until a notification has come (true) or the time is over, and consumes all that came. */
bool pg_wait(struct pg *db, int milliseconds);

/* One argument, made by the functions below.  With n given, text need not be NUL-terminated: it is
 * copied into the arena of the query. */
struct param {
    const char *text; /* NULL and no digits: SQL null */
    size_t n;
    bool binary;
    char digits[40]; /* a number or a uuid */
};

struct rows *pg_query_params(struct pg *db, struct arena *a, const struct stmt *s,
                             struct param *params, int count);

/* A statement put together by a builder (storage/query.h, storage/search.h), never from outside
 * text. Not prepared. */
struct rows *pg_query_built(struct pg *db, struct arena *a, struct str sql, struct param *params,
                            int count);

bool rows_next(struct rows *r);
int rows_count(const struct rows *r);
bool rows_null(const struct rows *r, int column);
struct str rows_str(const struct rows *r, int column); /* absent for null */
int64_t rows_int(const struct rows *r, int column);    /* 0 for null */
bool rows_bool(const struct rows *r, int column);
int64_t rows_time(const struct rows *r, int column); /* timestamptz -> us since 1970; 0 for null */
struct str rows_bytes(const struct rows *r, int column, struct arena *a); /* bytea */
int rows_column(const struct rows *r, const char *name);                  /* -1 when absent */

/* The current row's columns as members (camelCase aliases are the JSON contract; the column's type
 * decides its rendering: timestamptz becomes ISO 8601 with Z, json is put as it is), as an object,
 * or all remaining rows as an array of objects. */
void rows_put_members(const struct rows *r, struct jw *j);
void rows_put_object(const struct rows *r, struct jw *j);
void rows_put_array(struct rows *r, struct jw *j);

/* One cell as a JSON value. */
void rows_put_cell(const struct rows *r, struct jw *j, int column);

struct param param_int(int64_t v);
struct param param_id(int64_t id); /* null for 0 */
struct param param_bool(bool v);
struct param param_text(const char *z);
struct param param_str(struct str s); /* absent -> null */
struct param param_uuid(struct uuid u);
struct param param_bytes(struct str s); /* bytea, binary; absent -> null */

/* PostgreSQL array literals for $n::bigint[], $n::text[] (absent -> null) and $n::uuid[]. */
const char *pg_int_array(struct arena *a, const int64_t *v, size_t n);
const char *pg_text_array(struct arena *a, const struct str *v, size_t n);
const char *pg_uuid_array(struct arena *a, const struct uuid *v, size_t n);
/* A timestamptz parameter. */
const char *pg_time(struct arena *a, int64_t us);

/* pg_query(db, arena, &SQL_issue_list, project_id, "open", 25) */
#define PARAM(x)                                                                                   \
    _Generic((x), bool: param_bool, int: param_int, unsigned: param_int, long: param_int,          \
             long long: param_int, char *: param_text, const char *: param_text,                   \
             struct str: param_str, struct uuid: param_uuid, struct param: param_self)(x)
static inline struct param param_self(struct param p)
{
    return p;
}
#define PARAMS_1(a) PARAM(a)
#define PARAMS_2(a, ...) PARAM(a), PARAMS_1(__VA_ARGS__)
#define PARAMS_3(a, ...) PARAM(a), PARAMS_2(__VA_ARGS__)
#define PARAMS_4(a, ...) PARAM(a), PARAMS_3(__VA_ARGS__)
#define PARAMS_5(a, ...) PARAM(a), PARAMS_4(__VA_ARGS__)
#define PARAMS_6(a, ...) PARAM(a), PARAMS_5(__VA_ARGS__)
#define PARAMS_7(a, ...) PARAM(a), PARAMS_6(__VA_ARGS__)
#define PARAMS_8(a, ...) PARAM(a), PARAMS_7(__VA_ARGS__)
#define PARAMS_9(a, ...) PARAM(a), PARAMS_8(__VA_ARGS__)
#define PARAMS_10(a, ...) PARAM(a), PARAMS_9(__VA_ARGS__)
#define PARAMS_11(a, ...) PARAM(a), PARAMS_10(__VA_ARGS__)
#define PARAMS_12(a, ...) PARAM(a), PARAMS_11(__VA_ARGS__)
#define PARAMS_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, NAME, ...) NAME
#define PARAMS(...)                                                                                \
    PARAMS_PICK(__VA_ARGS__, PARAMS_12, PARAMS_11, PARAMS_10, PARAMS_9, PARAMS_8, PARAMS_7,        \
                PARAMS_6, PARAMS_5, PARAMS_4, PARAMS_3, PARAMS_2, PARAMS_1, )                      \
    (__VA_ARGS__)
#define PARAM_LIST(...) ((struct param[]){PARAMS(__VA_ARGS__)})
#define pg_query(db, a, stmt, ...)                                                                 \
    pg_query_params((db), (a), (stmt), PARAM_LIST(__VA_ARGS__),                                    \
                    (int)(sizeof(PARAM_LIST(__VA_ARGS__)) / sizeof(struct param)))
#define pg_query_none(db, a, stmt) pg_query_params((db), (a), (stmt), NULL, 0)

#endif
