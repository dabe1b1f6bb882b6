#include "storage/pg.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "sql.h"

/* Type OIDs from PostgreSQL's pg_type.dat; fixed since the server's first releases. */
enum { OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_JSON = 114 };
enum { OID_FLOAT4 = 700, OID_FLOAT8 = 701, OID_TIMESTAMPTZ = 1184, OID_JSONB = 3802 };
enum { PARAMS_MAX = 64 };

/* text parameters of a session: rows arrive in UTC and ISO, a stuck statement ends by itself */
#define SESSION_OPTIONS                                                                            \
    "-c timezone=UTC -c datestyle=ISO -c statement_timeout=30s "                                   \
    "-c idle_in_transaction_session_timeout=60s"

struct pg {
    PGconn *conn;
    char *conninfo, *application;
    enum pg_failure failed;
    bool open; /* a transaction is */
    int64_t next_try;
    char constraint[64];
    bool prepared[SQL_COUNT + 1];
};

struct rows {
    PGresult *res;
    int at, count;
};

static void connect(struct pg *db)
{
    const char *names[] = {"dbname", "application_name", "options", "connect_timeout", NULL};
    const char *values[] = {db->conninfo, db->application, SESSION_OPTIONS, "5", NULL};
    if (clock_monotonic() < db->next_try)
        return;
    PQfinish(db->conn);
    memset(db->prepared, 0, sizeof(db->prepared));
    db->conn = PQconnectdbParams(names, values, 1);
    db->next_try = clock_monotonic() + CLOCK_SECOND;
}

struct pg *pg_open(const char *conninfo, const char *application)
{
    struct pg *db = calloc(1, sizeof(*db));
    if (!db)
        abort();
    db->conninfo = strdup(conninfo);
    db->application = strdup(application);
    if (!db->conninfo || !db->application)
        abort();
    pg_reset(db);
    return db;
}

void pg_close(struct pg *db)
{
    if (!db)
        return;
    PQfinish(db->conn);
    free(db->conninfo);
    free(db->application);
    free(db);
}

enum pg_failure pg_failed(const struct pg *db)
{
    return db->failed;
}

struct str pg_constraint(const struct pg *db)
{
    return db->constraint[0] ? str_of(db->constraint) : (struct str){0};
}

/* SQLSTATE classes: https://www.postgresql.org/docs/15/errcodes-appendix.html */
static enum pg_failure failure_of(const char *state)
{
    static const struct {
        const char *prefix;
        enum pg_failure failure;
    } classes[] = {
        {"08", PG_AWAY},     {"53", PG_AWAY},        {"57", PG_AWAY}, {"40001", PG_RETRY},
        {"40P01", PG_RETRY}, {"23505", PG_CONFLICT}, {"22", PG_DATA}, {"23", PG_DATA},
    };
    if (!state)
        return PG_AWAY;
    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
        if (strncmp(state, classes[i].prefix, strlen(classes[i].prefix)) == 0)
            return classes[i].failure;
    }
    return PG_BROKEN;
}

static struct str field_of(const PGresult *res, int code)
{
    const char *text = res ? PQresultErrorField(res, code) : NULL;
    return text ? str_of(text) : S("");
}

static void fail(struct pg *db, const PGresult *res, const char *what)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    struct str constraint = field_of(res, PG_DIAG_CONSTRAINT_NAME);
    bool gone = PQstatus(db->conn) != CONNECTION_OK;
    struct str message =
        res ? field_of(res, PG_DIAG_MESSAGE_PRIMARY) : str_trim(str_of(PQerrorMessage(db->conn)));
    db->failed = gone ? PG_AWAY : failure_of(state);
    snprintf(db->constraint, sizeof(db->constraint), "%.*s", STR_ARG(constraint));
    if (db->failed == PG_CONFLICT || db->failed == PG_RETRY)
        return;
    log_error("the database refused a statement", LOG_STR("statement", str_of(what)),
              LOG_STR("sqlstate", str_of(state ? state : "none")), LOG_STR("reason", message));
}

static bool succeeded(const PGresult *res)
{
    ExecStatusType status = PQresultStatus(res);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* For statements without parameters or rows. */
static bool run(struct pg *db, const char *sql)
{
    if (db->failed)
        return false;
    PGresult *res = PQexec(db->conn, sql);
    bool ok = succeeded(res);
    if (!ok)
        fail(db, res, sql);
    PQclear(res);
    return ok;
}

void pg_reset(struct pg *db)
{
    if (db->conn && PQstatus(db->conn) == CONNECTION_OK) {
        if (PQtransactionStatus(db->conn) != PQTRANS_IDLE)
            PQclear(PQexec(db->conn, "rollback"));
    }
    if (!db->conn || PQstatus(db->conn) != CONNECTION_OK)
        connect(db);
    db->open = false;
    db->constraint[0] = '\0';
    db->failed = db->conn && PQstatus(db->conn) == CONNECTION_OK ? PG_OK : PG_AWAY;
}

bool pg_begin(struct pg *db)
{
    return db->open = run(db, "begin");
}

bool pg_commit(struct pg *db)
{
    db->open = false;
    return run(db, "commit");
}

void pg_rollback(struct pg *db)
{
    if (db->open)
        PQclear(PQexec(db->conn, "rollback"));
    db->open = false;
}

static void clear_result(void *res)
{
    PQclear(res);
}

static void prepare_once(struct pg *db, const struct stmt *s)
{
    if (db->failed || db->prepared[s->id])
        return;
    PGresult *res = PQprepare(db->conn, s->name, s->sql, 0, NULL);
    if (succeeded(res))
        db->prepared[s->id] = true;
    else
        fail(db, res, s->name);
    PQclear(res);
}

struct arguments {
    const char *values[PARAMS_MAX];
    int lengths[PARAMS_MAX], formats[PARAMS_MAX];
};

static void fill(struct arguments *to, struct arena *a, const struct param *params, int count)
{
    if (count > PARAMS_MAX)
        abort();
    for (int i = 0; i < count; i++) {
        const struct param *p = &params[i];
        to->values[i] = p->digits[0] ? p->digits : p->text;
        if (p->copy && p->text) /* libpq wants text to end with a NUL */
            to->values[i] = arena_strdup(a, (struct str){p->text, p->n});
        to->lengths[i] = (int)p->n;
        to->formats[i] = p->binary;
    }
}

static struct rows *rows_of(struct pg *db, struct arena *a, PGresult *res, const char *name)
{
    struct rows *r = arena_new_of(a, struct rows);
    *r = (struct rows){.res = res, .at = -1};
    if (res)
        arena_defer(a, clear_result, res);
    if (succeeded(res))
        r->count = PQntuples(res);
    else
        fail(db, res, name);
    return r;
}

static struct rows *no_rows(struct arena *a)
{
    struct rows *r = arena_new_of(a, struct rows);
    r->at = -1;
    return r;
}

/* After a migration a kept plan no longer fits; the statement is prepared anew, once. */
static bool plan_is_stale(const struct pg *db, const PGresult *res)
{
    return !db->open && str_eq(field_of(res, PG_DIAG_SQLSTATE), S("0A000"));
}

struct rows *pg_query_params(struct pg *db, struct arena *a, const struct stmt *s,
                             struct param *params, int count)
{
    struct arguments args;
    fill(&args, a, params, count);
    prepare_once(db, s);
    if (db->failed)
        return no_rows(a);
    PGresult *res =
        PQexecPrepared(db->conn, s->name, count, args.values, args.lengths, args.formats, 0);
    if (!succeeded(res) && plan_is_stale(db, res)) {
        PQclear(res);
        PQclear(PQexec(db->conn, "deallocate all"));
        memset(db->prepared, 0, sizeof(db->prepared));
        prepare_once(db, s);
        if (db->failed)
            return no_rows(a);
        res = PQexecPrepared(db->conn, s->name, count, args.values, args.lengths, args.formats, 0);
    }
    return rows_of(db, a, res, s->name);
}

struct rows *pg_query_built(struct pg *db, struct arena *a, struct str sql, struct param *params,
                            int count)
{
    struct arguments args;
    fill(&args, a, params, count);
    if (db->failed)
        return no_rows(a);
    PGresult *res = PQexecParams(db->conn, arena_strdup(a, sql), count, NULL, args.values,
                                 args.lengths, args.formats, 0);
    return rows_of(db, a, res, "built");
}

bool rows_next(struct rows *r)
{
    return ++r->at < r->count;
}

int rows_count(const struct rows *r)
{
    return r->count;
}

bool rows_null(const struct rows *r, int column)
{
    return PQgetisnull(r->res, r->at, column);
}

struct str rows_str(const struct rows *r, int column)
{
    if (rows_null(r, column))
        return (struct str){0};
    return (struct str){PQgetvalue(r->res, r->at, column),
                        (size_t)PQgetlength(r->res, r->at, column)};
}

int64_t rows_int(const struct rows *r, int column)
{
    return rows_null(r, column) ? 0 : strtoll(PQgetvalue(r->res, r->at, column), NULL, 10);
}

bool rows_bool(const struct rows *r, int column)
{
    return rows_str(r, column).n && rows_str(r, column).p[0] == 't';
}

/* "2024-05-01 10:00:00.5+00" as ISO 8601; the session runs in UTC. */
static struct str iso_of(struct str s, char iso[40])
{
    int n = snprintf(iso, 40, "%.10sT%.*sZ", s.p, (int)s.n - 14, s.p + 11);
    return (struct str){iso, (size_t)n};
}

int64_t rows_time(const struct rows *r, int column)
{
    struct str s = rows_str(r, column);
    char iso[40];
    int64_t us = 0;
    if (s.n < 22 || s.n > 36 || !clock_parse(iso_of(s, iso), &us))
        return 0;
    return us;
}

struct str rows_bytes(const struct rows *r, int column, struct arena *a)
{
    size_t n;
    if (rows_null(r, column))
        return (struct str){0};
    unsigned char *bytes =
        PQunescapeBytea((const unsigned char *)PQgetvalue(r->res, r->at, column), &n);
    if (!bytes)
        abort();
    struct str copy = arena_str(a, (struct str){(char *)bytes, n});
    PQfreemem(bytes);
    return copy;
}

int rows_column(const struct rows *r, const char *name)
{
    for (int i = 0; r->res && i < PQnfields(r->res); i++) {
        if (strcmp(PQfname(r->res, i), name) == 0)
            return i;
    }
    return -1;
}

void rows_put_cell(const struct rows *r, struct jw *j, int column)
{
    struct str s = rows_str(r, column);
    char iso[40];
    if (!s.p) {
        jw_null(j);
        return;
    }
    switch (PQftype(r->res, column)) {
    case OID_BOOL:
        jw_bool(j, s.p[0] == 't');
        break;
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_JSON:
    case OID_JSONB:
        jw_raw(j, s);
        break;
    case OID_FLOAT4:
    case OID_FLOAT8:
        jw_double(j, strtod(s.p, NULL));
        break;
    case OID_TIMESTAMPTZ:
        jw_str(j, s.n > 36 ? s : iso_of(s, iso));
        break;
    default:
        jw_str(j, s);
    }
}

void rows_put_members(const struct rows *r, struct jw *j)
{
    for (int c = 0; c < PQnfields(r->res); c++) {
        jw_key(j, PQfname(r->res, c));
        rows_put_cell(r, j, c);
    }
}

void rows_put_object(const struct rows *r, struct jw *j)
{
    jw_open(j, '{');
    rows_put_members(r, j);
    jw_close(j, '}');
}

void rows_put_array(struct rows *r, struct jw *j)
{
    jw_open(j, '[');
    while (rows_next(r))
        rows_put_object(r, j);
    jw_close(j, ']');
}

struct param param_text(const char *z)
{
    return (struct param){.text = z};
}

struct param param_bool(bool v)
{
    return param_text(v ? "t" : "f");
}

struct param param_int(int64_t v)
{
    struct param p = {0};
    snprintf(p.digits, sizeof(p.digits), "%" PRId64, v);
    return p;
}

struct param param_str(struct str s)
{
    return (struct param){.text = s.p, .n = s.n, .copy = true};
}

struct param param_bytes(struct str s)
{
    return (struct param){.text = s.p, .n = s.n, .binary = true};
}

struct param param_uuid(struct uuid u)
{
    struct param p = {0};
    uuid_put(u, p.digits);
    return p;
}

const char *pg_int_array(struct arena *a, const int64_t *v, size_t n)
{
    enum { WIDEST = 21 };
    char *text = arena_take(a, n * WIDEST + 3), *at = text;
    *at++ = '{';
    for (size_t i = 0; i < n; i++)
        at += snprintf(at, WIDEST + 1, "%s%" PRId64, i ? "," : "", v[i]);
    *at++ = '}';
    *at = '\0';
    return text;
}

static char *quote_element(char *at, struct str s)
{
    *at++ = '"';
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            *at++ = '\\';
        *at++ = s.p[i];
    }
    *at++ = '"';
    return at;
}

const char *pg_text_array(struct arena *a, const struct str *v, size_t n)
{
    size_t room = 3;
    for (size_t i = 0; i < n; i++)
        room += 2 * v[i].n + sizeof("NULL");
    char *text = arena_take(a, room), *at = text;
    *at++ = '{';
    for (size_t i = 0; i < n; i++) {
        if (i)
            *at++ = ',';
        at = v[i].p ? quote_element(at, v[i]) : stpcpy(at, "NULL");
    }
    *at++ = '}';
    *at = '\0';
    return text;
}

const char *pg_time(struct arena *a, int64_t us)
{
    return arena_strdup(a, clock_iso(a, us));
}
