/*
 * An ingest service for unit tests: real keys in a real database, a real log, requests made of
 * arrays.  A test file names setup and teardown as its fixture, asks with post(), ask_plain() or
 * serve(), and looks at what the log holds with kept().
 */
#ifndef TESTS_UNIT_INGEST_H
#define TESTS_UNIT_INGEST_H

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/text.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"
#include "tests/unit/ask.h"
#include "tests/unit/database.h"

#define KEY "11111111111111111111111111111111"
#define CLOSED "22222222222222222222222222222222"
#define DISABLED "33333333333333333333333333333333"
#define LIMITED "44444444444444444444444444444444"
#define LOCKED "55555555555555555555555555555555"
#define WILD "66666666666666666666666666666666"

static char dir[64], log_dir[80], blob_dir[80], snapshot[80];
static struct arena *arena;
static struct pg *db;
static struct ingest ingest;
static struct visit visit;

static inline void fill(void)
{
    ck_assert(pg_script(
        db,
        "insert into organization (slug, name, date_created) values ('o', 'O', now());"
        "insert into project (id, organization_id, slug, name, allowed_domains, status, "
        "                     date_created) values"
        " (42, 1, 'a', 'A', '{*}', 'active', now()),"
        " (43, 1, 'b', 'B', '{valid.com,https://*.wild.com:8443}', 'active', now()),"
        " (44, 1, 'c', 'C', '{}', 'active', now()), (45, 1, 'd', 'D', '{*}', 'disabled', now()),"
        " (46, 1, 'e', 'E', '{*.valid.com}', 'active', now());"
        "insert into project_key (id, project_id, label, public_key, secret_key, is_active, "
        "                         rate_limit_count, rate_limit_window, date_created) values"
        " (1, 42, '', '" KEY "', '', true, null, null, now()),"
        " (2, 43, '', '" CLOSED "', '', true, null, null, now()),"
        " (3, 42, '', '" DISABLED "', '', false, null, null, now()),"
        " (4, 42, '', '" LIMITED "', '', true, 2, 100000, now()),"
        " (5, 44, '', '" LOCKED "', '', true, null, null, now()),"
        " (6, 45, '', '77777777777777777777777777777777', '', true, null, null, now()),"
        " (7, 46, '', '" WILD "', '', true, null, null, now());"));
}

static struct rates *quota_rates;

static inline void service_open(const char *conninfo)
{
    quota_rates = rates_new();
    struct quotas *quotas = quotas_new(quota_rates);
    ingest = (struct ingest){
        .log = eventlog_create(log_dir, 1 << 20),
        .keys = keys_open(conninfo, snapshot, quotas),
        .rates = rates_new(),
        .quotas = quotas,
        .outcomes = outcomes_new(),
        .routes = routes_compile(ingest_tables),
        .large = {.free = 1, .dir = dir},
        .log_dir = log_dir,
        .blob_dir = blob_dir,
    };
    visit = (struct visit){.ingest = &ingest};
}

static inline void service_close(void)
{
    keys_close(ingest.keys);
    quotas_free(ingest.quotas);
    rates_free(ingest.rates);
    rates_free(quota_rates);
    outcomes_free(ingest.outcomes);
    routes_free(ingest.routes);
    eventlog_close(ingest.log);
    buf_free(&visit.body.decoded);
    buf_free(&visit.unpacked.decoded);
}

static inline void setup(void)
{
    snprintf(dir, sizeof(dir), "/tmp/vedette-ingest-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(log_dir, sizeof(log_dir), "%s/log", dir);
    snprintf(blob_dir, sizeof(blob_dir), "%s/blobs", dir);
    snprintf(snapshot, sizeof(snapshot), "%s/keys.json", dir);
    arena = arena_new((size_t)1 << 30);
    db = database_migrated();
    fill();
    service_open(database_conninfo);
}

static inline void teardown(void)
{
    char command[128];
    service_close();
    pg_close(db);
    arena_free(arena);
    clock_pin(0);
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}

/* ---- asking */

static inline struct request *serve(struct ask *q)
{
    struct request *rq = ask_begin(q, arena);
    rq->thread = &visit;
    ingest_gate_serve(rq);
    ask_end(q, rq);
    return rq;
}

static inline struct request *post(const char *uri, const char *auth, struct str body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST", .uri = uri, .body = body};
    if (auth)
        ask_header(q, "HTTP_X_SENTRY_AUTH", auth);
    return serve(q);
}

/* With a content type, and the key in the query. */
static inline struct request *post_as(const char *type, const char *uri, struct str body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST", .uri = uri, .body = body, .type = type};
    return serve(q);
}

#define SENTRY(key) "Sentry sentry_version=7, sentry_client=test/1.0, sentry_key=" key
#define STORE "/api/42/store/"
#define ENVELOPE "/api/42/envelope/"

static inline void expect(struct request *rq, int status, const char *part)
{
    struct str body = ask_body(rq);
    ck_assert_msg(rq->status == status && str_has(body, str_of(part)),
                  "status %d, body %.*s; expected %d, %s", rq->status, STR_ARG(body), status, part);
}

static inline struct request *ask_plain(const char *method, const char *uri)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = method, .uri = uri};
    return serve(q);
}

/* ---- what the log holds */

struct kept {
    struct log_record records[64];
    size_t count;
};

static inline struct kept kept(void)
{
    struct kept k = {0};
    struct str bytes;
    int64_t next;
    struct eventlog_reader *r = eventlog_open(log_dir, eventlog_id(ingest.log), 0);
    while (eventlog_read(r, &bytes, &next) == READ_RECORD)
        ck_assert(log_record_decode(arena, arena_str(arena, bytes), &k.records[k.count++]));
    eventlog_reader_free(r);
    return k;
}

static inline const struct log_item *only_item(void)
{
    static struct kept k;
    k = kept();
    ck_assert_uint_eq(k.count, 1);
    ck_assert_uint_eq(k.records[0].item_count, 1);
    return &k.records[0].items[0];
}

/* The only outcome waiting to be written. */
static inline struct log_item only_outcome(void)
{
    outcomes_flush(ingest.outcomes, ingest.log);
    struct kept k = kept();
    ck_assert_uint_ge(k.count, 1);
    struct log_record *last = &k.records[k.count - 1];
    ck_assert_uint_eq(last->item_count, 1);
    return last->items[0];
}

static inline int ingest_suite_run(char *program, const char *name, void (*add_tests)(TCase *tc))
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_TRUSTED_PROXIES", "10.0.0.0/8", 1);
    settings_load();
    log_open(name, LOG_ERROR + 1);
    return database_suite_run(program, name, add_tests);
}

#endif
