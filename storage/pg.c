#include "storage/pg.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/priority.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/pg_rows.h"

enum { MESSAGE_MAX = 400, CONSTRAINT_MAX = 64, SQLSTATE_LENGTH = 5, DEFAULT_TIMEOUT = 10000 };

struct pg {
    PGconn *connection; /* NULL before the first attempt and after a broken one */
    char *conninfo, *application;
    const char *session;  /* further statements of every session; NULL: none */
    int64_t next_attempt; /* clock_monotonic() */
    int timeout;          /* ms */
    enum pg_failure failure;
    bool stale; /* the server's plans are of an older schema */
    bool lost;  /* and it was said in the log */
    bool gives_way;
    char constraint[CONSTRAINT_MAX], message[MESSAGE_MAX];
    bool prepared[SQL_COUNT + 1];
};

/* X-prefix of the SQLSTATE -> failure; the first row that fits counts. */
static const struct {
    const char *state;
    enum pg_failure failure;
} failures[] = {
    {"08", PG_AWAY},     {"53", PG_AWAY},        {"57", PG_AWAY},     {"58", PG_AWAY},
    {"25006", PG_AWAY},  {"25P03", PG_AWAY},     {"40001", PG_RETRY}, {"40P01", PG_RETRY},
    {"55P03", PG_RETRY}, {"23505", PG_CONFLICT}, {"22", PG_DATA},     {"23", PG_DATA},
};

static enum pg_failure failure_of(const char *state)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        if (strncmp(state, failures[i].state, strlen(failures[i].state)) == 0)
            return failures[i].failure;
    }
    return PG_BROKEN;
}

static void keep_text(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
    size_t n = strlen(to);
    while (n && to[n - 1] == '\n')
        to[--n] = '\0';
}

/* 0A000 and 26000: a migration changed the columns a prepared statement returns, or somebody
 * between us and the server forgot it. */
static bool is_stale(const char *state)
{
    return strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0;
}

/* A server that stays away is worth one line, not one a second. */
static void log_failure(struct pg *db, const char *statement, const char *state)
{
    bool again = db->lost && db->failure == PG_AWAY;
    db->lost = db->failure == PG_AWAY;
    if (again)
        return;
    struct log_field fields[] = {LOG_STR("statement", str_of(statement)),
                                 LOG_STR("sqlstate", str_of(state)),
                                 LOG_STR("reason", str_of(db->message))};
    static const enum log_level levels[] = {
        [PG_AWAY] = LOG_WARN, [PG_CONFLICT] = LOG_DEBUG, [PG_RETRY] = LOG_INFO,
        [PG_DATA] = LOG_WARN, [PG_BROKEN] = LOG_ERROR,
    };
    log_write(levels[db->failure], "a statement failed", fields, 3);
}

static void fail(struct pg *db, const PGresult *result, const char *statement)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    bool gone = PQstatus(db->connection) != CONNECTION_OK;
    if (db->failure)
        return;
    db->failure = gone || !state ? PG_AWAY : failure_of(state);
    keep_text(db->message, sizeof(db->message), text ? text : PQerrorMessage(db->connection));
    keep_text(db->constraint, sizeof(db->constraint),
              result ? PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) : NULL);
    if (!gone && state && is_stale(state)) {
        db->stale = true;
        db->failure = PG_RETRY;
    }
    metrics_add_at(METRIC_POSTGRES_FAILURES, (int)db->failure, 0, 1);
    log_failure(db, statement, state ? state : "");
}

static bool succeeded(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN ||
           status == PGRES_EMPTY_QUERY;
}

/* Runs statements that return nothing of interest. */
static bool run(struct pg *db, const char *sql, const char *name)
{
    if (db->failure)
        return false;
    PGresult *result = PQexec(db->connection, sql);
    if (!succeeded(result))
        fail(db, result, name);
    PQclear(result);
    return !db->failure;
}

static void ignore_notice(void *unused, const PGresult *notice)
{
    (void)unused;
    (void)notice;
}

/* What stands before dbname gives way to the connection string, what follows it does not. */
static PGconn *connect_to(const char *conninfo, const char *application)
{
    const char *keys[] = {"connect_timeout",  "tcp_user_timeout", "dbname",
                          "application_name", "client_encoding",  NULL};
    const char *values[] = {"5", "30000", conninfo, application, "UTF8", NULL};
    return PQconnectdbParams(keys, values, 1);
}

static void prepare_session(struct pg *db)
{
    char sql[400];
    PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
    snprintf(sql, sizeof(sql),
             "set timezone = 'UTC'; set datestyle = 'ISO'; set statement_timeout = %d;"
             "set idle_in_transaction_session_timeout = 30000; set lock_timeout = %d;%s",
             db->timeout, db->timeout, db->session ? db->session : "");
    run(db, sql, "session");
}

/* Process numbers of another machine, or another container, mean nothing here: only a child of the
 * process that listens on the socket is the backend. */
static void lower_backend(struct pg *db)
{
    struct ucred server = {0};
    socklen_t size = sizeof(server);
    pid_t backend = PQbackendPID(db->connection);
    if (getsockopt(PQsocket(db->connection), SOL_SOCKET, SO_PEERCRED, &server, &size) == 0 &&
        server.pid > 0 && process_parent(backend) == server.pid)
        priority_lower(backend, PRIORITY_BEHIND);
}

void pg_give_way(struct pg *db)
{
    db->gives_way = true;
    if (!db->failure)
        lower_backend(db);
}

static void connect_now(struct pg *db)
{
    PQfinish(db->connection);
    db->connection = connect_to(db->conninfo, db->application);
    memset(db->prepared, 0, sizeof(db->prepared));
    db->stale = false;
    db->failure = PG_OK;
    if (PQstatus(db->connection) != CONNECTION_OK)
        fail(db, NULL, "connect");
    else
        prepare_session(db);
    if (db->gives_way && !db->failure)
        lower_backend(db);
    if (db->failure)
        db->failure = PG_AWAY;
    else if (db->lost)
        log_info("the database is back");
    db->lost = db->failure != PG_OK;
    db->next_attempt = clock_monotonic() + CLOCK_SECOND;
}

static char *private_cluster(void)
{
    char text[512];
    snprintf(text, sizeof(text), "host=%s dbname=vedette user=vedette", settings()->run_dir);
    return strdup(text);
}

struct pg *pg_open(const char *conninfo, const char *application)
{
    struct pg *db = calloc(1, sizeof(*db));
    if (!db)
        abort();
    db->conninfo = conninfo && *conninfo ? strdup(conninfo) : private_cluster();
    db->application = strdup(application);
    db->timeout = DEFAULT_TIMEOUT;
    if (!db->conninfo || !db->application)
        abort();
    connect_now(db);
    return db;
}

void pg_close(struct pg *db)
{
    if (!db)
        return;
    PQfinish(db->connection);
    free(db->conninfo);
    free(db->application);
    free(db);
}

/* A connection in the middle of an answer cannot be used again. */
/* A server that ended has closed its end while nobody asked.  What it said last is read first, so
 * the end of the stream may be the second thing to read. */
static bool is_closed(struct pg *db)
{
    for (int looks = 0; looks < 3; looks++) {
        struct pollfd socket = {.fd = PQsocket(db->connection), .events = POLLIN};
        if (poll(&socket, 1, 0) != 1)
            return false;
        if (!PQconsumeInput(db->connection))
            return true;
    }
    return false;
}

static bool is_usable(struct pg *db)
{
    PGTransactionStatusType status = PQtransactionStatus(db->connection);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
        run(db, "rollback", "rollback");
    return !db->failure && PQstatus(db->connection) == CONNECTION_OK &&
           PQtransactionStatus(db->connection) == PQTRANS_IDLE && !is_closed(db);
}

void pg_reset(struct pg *db)
{
    db->failure = PG_OK;
    db->constraint[0] = '\0';
    if (!is_usable(db)) {
        if (clock_monotonic() < db->next_attempt)
            db->failure = PG_AWAY;
        else
            connect_now(db);
    } else if (db->stale && run(db, "deallocate all", "deallocate")) {
        memset(db->prepared, 0, sizeof(db->prepared));
        db->stale = false;
    }
}

enum pg_failure pg_failed(const struct pg *db)
{
    return db->failure;
}

struct str pg_constraint(const struct pg *db)
{
    return db->constraint[0] ? str_of(db->constraint) : (struct str){0};
}

struct str pg_message(const struct pg *db)
{
    return str_of(db->message);
}

void pg_timeout(struct pg *db, int milliseconds)
{
    db->timeout = milliseconds;
    if (!db->failure)
        prepare_session(db);
}

void pg_session(struct pg *db, const char *sql)
{
    db->session = sql;
    if (!db->failure)
        prepare_session(db);
}

bool pg_begin(struct pg *db)
{
    return run(db, "begin", "begin");
}

bool pg_commit(struct pg *db)
{
    if (!db->failure)
        return run(db, "commit", "commit");
    pg_rollback(db);
    return false;
}

void pg_rollback(struct pg *db)
{
    PGTransactionStatusType status = PQtransactionStatus(db->connection);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
        PQclear(PQexec(db->connection, "rollback"));
}

bool pg_script(struct pg *db, const char *sql)
{
    return run(db, sql, "script");
}

static int64_t rows_taken(PGresult *result)
{
    const char *count = PQcmdTuples(result);
    return *count ? strtoll(count, NULL, 10) : 0;
}

/* Everything up to NULL must be read, or the next command finds the connection busy. */
static int64_t finish_copy(struct pg *db)
{
    int64_t taken = 0;
    for (PGresult *result; (result = PQgetResult(db->connection));) {
        if (succeeded(result))
            taken += rows_taken(result);
        else
            fail(db, result, "copy");
        PQclear(result);
    }
    return db->failure ? -1 : taken;
}

int64_t pg_copy_in(struct pg *db, const char *copy_statement, struct str bytes)
{
    enum { PIECE = 1 << 20 };
    if (!run(db, copy_statement, "copy"))
        return -1;
    bool sent = true;
    for (size_t at = 0; sent && at < bytes.n; at += PIECE) {
        struct str piece = str_slice(bytes, at, at + PIECE);
        sent = PQputCopyData(db->connection, piece.p, (int)piece.n) == 1;
    }
    if (!sent || PQputCopyEnd(db->connection, NULL) != 1)
        fail(db, NULL, "copy");
    return finish_copy(db);
}

static bool take_notifications(struct pg *db)
{
    bool any = false;
    for (PGnotify *note; (note = PQnotifies(db->connection)); any = true)
        PQfreemem(note);
    return any;
}

bool pg_wait(struct pg *db, int milliseconds)
{
    struct pollfd wait = {.fd = db->failure ? -1 : PQsocket(db->connection), .events = POLLIN};
    if (!db->failure && take_notifications(db))
        return true;
    if (poll(&wait, 1, milliseconds) <= 0)
        return false;
    if (!PQconsumeInput(db->connection))
        fail(db, NULL, "wait");
    return !db->failure && take_notifications(db);
}

static void clear_result(void *result)
{
    PQclear(result);
}

struct arguments {
    const char **values;
    int *lengths, *formats;
};

static const char *argument_value(struct arena *a, const struct param *p)
{
    if (p->digits[0])
        return p->digits;
    bool open_ended = p->text && p->n && !p->binary;
    return open_ended ? arena_strdup(a, (struct str){p->text, p->n}) : p->text;
}

static struct arguments arguments_of(struct arena *a, const struct param *params, int count)
{
    size_t n = (size_t)count;
    struct arguments to = {.values = arena_alloc(a, n * sizeof(char *)),
                           .lengths = arena_alloc(a, n * sizeof(int)),
                           .formats = arena_alloc(a, n * sizeof(int))};
    for (int i = 0; i < count; i++) {
        to.values[i] = argument_value(a, &params[i]);
        to.lengths[i] = (int)params[i].n;
        to.formats[i] = params[i].binary;
    }
    return to;
}

static bool prepare_once(struct pg *db, const struct stmt *s)
{
    if (db->prepared[s->id])
        return true;
    PGresult *result = PQprepare(db->connection, s->name, s->sql, 0, NULL);
    db->prepared[s->id] = succeeded(result);
    if (!db->prepared[s->id])
        fail(db, result, s->name);
    PQclear(result);
    return !db->failure;
}

static struct rows *rows_of(struct pg *db, struct arena *a, PGresult *result, const char *name)
{
    struct rows *r = arena_new_of(a, struct rows);
    *r = (struct rows){.at = -1};
    if (!succeeded(result)) {
        fail(db, result, name);
        PQclear(result);
        return r;
    }
    arena_defer(a, clear_result, result);
    r->result = result;
    r->count = PQntuples(result);
    return r;
}

static struct rows *execute(struct pg *db, struct arena *a, const struct stmt *s,
                            const struct arguments *with, int count)
{
    if (db->failure || !prepare_once(db, s)) {
        struct rows *none = arena_new_of(a, struct rows);
        none->at = -1;
        return none;
    }
    PGresult *result = PQexecPrepared(db->connection, s->name, count, with->values, with->lengths,
                                      with->formats, 0);
    return rows_of(db, a, result, s->name);
}

struct rows *pg_query_params(struct pg *db, struct arena *a, const struct stmt *s,
                             struct param *params, int count)
{
    struct arguments with = arguments_of(a, params, count);
    bool worked = !db->failure;
    struct rows *r = execute(db, a, s, &with, count);
    /* Outside a transaction nothing is lost by preparing anew and asking again. */
    if (worked && db->stale && PQtransactionStatus(db->connection) == PQTRANS_IDLE) {
        pg_reset(db);
        r = execute(db, a, s, &with, count);
    }
    return r;
}

struct rows *pg_query_built(struct pg *db, struct arena *a, struct str sql, struct param *params,
                            int count)
{
    struct arguments with = arguments_of(a, params, count);
    struct rows *none = arena_new_of(a, struct rows);
    none->at = -1;
    if (db->failure)
        return none;
    PGresult *result = PQexecParams(db->connection, arena_str(a, sql).p, count, NULL, with.values,
                                    with.lengths, with.formats, 0);
    return rows_of(db, a, result, "built");
}

struct param param_text(const char *z)
{
    return (struct param){.text = z};
}

struct param param_str(struct str s)
{
    return (struct param){.text = s.p && !s.n ? "" : s.p, .n = s.n};
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

struct param param_id(int64_t id)
{
    return id ? param_int(id) : param_text(NULL);
}

struct param param_uuid(struct uuid u)
{
    struct param p = {0};
    uuid_put(u, p.digits);
    return p;
}

struct param param_bytes(struct str s)
{
    return (struct param){.text = s.p, .n = s.n, .binary = s.p != NULL};
}

/* "{1,2,3}": `width` is the most characters an element takes, its comma included. */
static char *array_begin(struct arena *a, size_t n, size_t width)
{
    char *text = arena_take(a, n * width + 3);
    text[0] = '{';
    return text;
}

static const char *array_end(char *text, char *at)
{
    if (at > text + 1)
        at--;
    at[0] = '}';
    at[1] = '\0';
    return text;
}

const char *pg_int_array(struct arena *a, const int64_t *v, size_t n)
{
    enum { WIDTH = sizeof("-9223372036854775808,") };
    char *text = array_begin(a, n, WIDTH), *at = text + 1;
    for (size_t i = 0; i < n; i++)
        at += snprintf(at, WIDTH, "%" PRId64 ",", v[i]);
    return array_end(text, at);
}

const char *pg_uuid_array(struct arena *a, const struct uuid *v, size_t n)
{
    enum { WIDTH = 33 };
    char *text = array_begin(a, n, WIDTH), *at = text + 1;
    for (size_t i = 0; i < n; i++) {
        uuid_put(v[i], at);
        at[WIDTH - 1] = ',';
        at += WIDTH;
    }
    return array_end(text, at);
}

static char *put_element(char *at, struct str s)
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
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        size += 2 * v[i].n + sizeof("NULL,");
    char *text = array_begin(a, 1, size), *at = text + 1;
    for (size_t i = 0; i < n; i++) {
        at = v[i].p ? put_element(at, v[i]) : (char *)mempcpy(at, "NULL", 4);
        *at++ = ',';
    }
    return array_end(text, at);
}

const char *pg_time(struct arena *a, int64_t us)
{
    return clock_iso(a, us).p;
}
