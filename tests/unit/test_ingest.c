/* The gate and the endpoints, from a request's variables to the record in the log: the lines of
 * ingest-checklist.md A and B, against a real database for the keys. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

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

static void fill(void)
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

static void service_open(const char *conninfo)
{
    static const struct route *const tables[] = {envelope_routes, store_routes, health_routes,
                                                 NULL};
    ingest = (struct ingest){
        .log = eventlog_create(log_dir, 1 << 20),
        .keys = keys_open(conninfo, snapshot),
        .rates = rates_new(),
        .outcomes = outcomes_new(),
        .routes = routes_compile(tables),
        .large = {.free = 1, .dir = dir},
        .log_dir = log_dir,
        .blob_dir = blob_dir,
    };
    visit = (struct visit){.ingest = &ingest};
}

static void service_close(void)
{
    keys_close(ingest.keys);
    rates_free(ingest.rates);
    outcomes_free(ingest.outcomes);
    routes_free(ingest.routes);
    eventlog_close(ingest.log);
    buf_free(&visit.body.decoded);
}

static void setup(void)
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

static void teardown(void)
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

static struct request *serve(struct ask *q)
{
    struct request *rq = ask_begin(q, arena);
    rq->thread = &visit;
    ingest_gate_serve(rq);
    return rq;
}

static struct request *post(const char *uri, const char *auth, struct str body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST", .uri = uri, .body = body};
    if (auth)
        ask_header(q, "HTTP_X_SENTRY_AUTH", auth);
    return serve(q);
}

#define SENTRY(key) "Sentry sentry_version=7, sentry_client=test/1.0, sentry_key=" key
#define STORE "/api/42/store/"
#define ENVELOPE "/api/42/envelope/"

static void expect(struct request *rq, int status, const char *part)
{
    struct str body = ask_body(rq);
    ck_assert_msg(rq->status == status && str_has(body, str_of(part)),
                  "status %d, body %.*s; expected %d, %s", rq->status, STR_ARG(body), status, part);
}

/* ---- what the log holds */

struct kept {
    struct log_record records[64];
    size_t count;
};

static struct kept kept(void)
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

static const struct log_item *only_item(void)
{
    static struct kept k;
    k = kept();
    ck_assert_uint_eq(k.count, 1);
    ck_assert_uint_eq(k.records[0].item_count, 1);
    return &k.records[0].items[0];
}

/* The only outcome waiting to be written. */
static struct log_item only_outcome(void)
{
    outcomes_flush(ingest.outcomes, ingest.log);
    struct kept k = kept();
    ck_assert_uint_ge(k.count, 1);
    struct log_record *last = &k.records[k.count - 1];
    ck_assert_uint_eq(last->item_count, 1);
    return last->items[0];
}

/* ---- authentication */

static const struct {
    const char *uri, *name, *value;
    int status;
    const char *part;
} ways[] = {
    {STORE, "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 200, "{\"id\":\""},
    {STORE, "HTTP_X_SENTRY_AUTH", "sentry sentry_key=" KEY, 200, "id"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry  sentry_key = " KEY " ,what=is it", 200, "id"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_key=" KEY ".no-cache", 200, "id"},
    {STORE, "HTTP_AUTHORIZATION", "Sentry sentry_key=" KEY, 200, "id"},
    {STORE, "HTTP_AUTHORIZATION", "Basic MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE6", 200, "id"},
    {STORE, "HTTP_AUTHORIZATION", "Basic ???", 401, "missing authorization information"},
    {STORE "?sentry_key=" KEY, NULL, NULL, 200, "id"},
    {STORE "?sentry_key=" KEY, "HTTP_X_SENTRY_AUTH", "Bearer x", 200, "id"},
    {STORE "?sentry_key=" KEY, "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 401,
     "multiple authorization payloads detected"},
    {STORE "?sentry_release=1", NULL, NULL, 401, "bad x-sentry-auth header"},
    {STORE, NULL, NULL, 401, "missing authorization information"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_version=7", 401, "bad x-sentry-auth header"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_version=8, sentry_key=" KEY, 400,
     "unsupported protocol version (8)"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_version=7.0, sentry_key=" KEY, 200, "id"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_version=4, sentry_key=" KEY, 200, "id"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_version=abc, sentry_key=" KEY, 401,
     "bad x-sentry-auth header"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_key=1111111111111111111111111111111", 400,
     "bad sentry DSN public key"},
    {"/api/abc/store/", "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 400, "bad project path parameter"},
    {"/api/0/store/", "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 400, "bad project path parameter"},
    {"/api/99/store/", "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 403, "with_reason: ProjectId"},
    {STORE, "HTTP_X_SENTRY_AUTH", SENTRY(DISABLED), 403, "with_reason: ProjectId"},
    {"/api/45/store/", "HTTP_X_SENTRY_AUTH", "Sentry sentry_key=77777777777777777777777777777777",
     403, "with_reason: ProjectId"},
    {STORE, "HTTP_X_SENTRY_AUTH", "Sentry sentry_key=99999999999999999999999999999999", 403,
     "with_reason: ProjectId"},
    {"/api/store/", "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 200, "id"},
    {"/api/42/store", "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 200, "id"},
    {"//api/42//store//", "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 200, "id"},
    {"/api/42/nothing/", "HTTP_X_SENTRY_AUTH", SENTRY(KEY), 404, ""},
};

START_TEST(ways_to_show_a_key)
{
    struct ask q = {.method = "POST", .uri = ways[_i].uri, .body = S("{\"message\":\"hi\"}")};
    if (ways[_i].name)
        ask_header(&q, ways[_i].name, ways[_i].value);
    struct request *rq = serve(&q);
    expect(rq, ways[_i].status, ways[_i].part);
    ck_assert_uint_eq(kept().count, ways[_i].status == 200);
    ck_assert_text(ask_reply_header(rq, "Access-Control-Allow-Origin"), "*");
    ck_assert_text(ask_reply_header(rq, "Cross-Origin-Resource-Policy"), "cross-origin");
    ck_assert_text(ask_reply_header(rq, "Access-Control-Expose-Headers"),
                   "x-sentry-error,x-sentry-rate-limits,retry-after");
}
END_TEST

static const struct {
    const char *auth, *header;
    int status;
    const char *part;
} tunnels[] = {
    {"", "{\"dsn\":\"http://" KEY "@host/42\"}", 200, "id"},
    {NULL, "{\"dsn\":\"https://" KEY ":secret@host:9000/some/path/42/\"}", 200, "id"},
    {NULL, "{}", 401, "bad envelope authentication header"},
    {NULL, "not json", 401, "bad envelope authentication header"},
    {NULL, "{\"dsn\":\"http://host/42\"}", 401, "bad envelope authentication header"},
    {NULL, "{\"dsn\":\"http://" KEY "@host/0\"}", 401, "bad envelope authentication header"},
    {NULL, "{\"dsn\":\"http://" KEY "@host/43\"}", 400, "project id header mismatch"},
    {SENTRY(KEY), "{\"dsn\":\"http://" KEY "@host/42\"}", 200, "id"},
    {SENTRY(KEY), "{\"dsn\":\"http://" KEY "@host/43\"}", 400, "project id header mismatch"},
    {SENTRY(KEY), "{\"dsn\":\"http://" LIMITED "@host/42\"}", 400, "invalid event envelope"},
    {SENTRY(KEY), "{\"dsn\":\"nonsense\"}", 400, "invalid event envelope"},
};

START_TEST(envelopes_that_name_their_key)
{
    const char *body = arena_printf(arena, "%s\n{\"type\":\"event\"}\n{}\n", tunnels[_i].header);
    expect(post(ENVELOPE, tunnels[_i].auth, str_of(body)), tunnels[_i].status, tunnels[_i].part);
    ck_assert_uint_eq(kept().count, tunnels[_i].status == 200);
}
END_TEST

START_TEST(refused_keys_are_counted_where_they_belong)
{
    post("/api/99/store/", SENTRY(KEY), S("{}"));
    post("/api/99/store/", SENTRY(KEY), S("{}"));
    post(STORE, "Sentry sentry_key=99999999999999999999999999999999", S("{}"));
    struct log_item outcome = only_outcome();
    ck_assert_int_eq(outcome.verdict, OUTCOME_INVALID);
    ck_assert_text(outcome.reason, "project_id");
    ck_assert_uint_eq(outcome.quantity, 2);
    ck_assert_int_eq(kept().records[0].project_id, 42);
}
END_TEST

/* ---- methods, preflight, health */

static struct request *ask_plain(const char *method, const char *uri)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = method, .uri = uri};
    return serve(q);
}

START_TEST(preflight_needs_no_key)
{
    struct request *rq = ask_plain("OPTIONS", STORE);
    ck_assert_int_eq(rq->status, 200);
    ck_assert_text(ask_reply_header(rq, "Access-Control-Allow-Methods"), "POST");
    ck_assert_text(ask_reply_header(rq, "Access-Control-Max-Age"), "3600");
    ck_assert_text(ask_reply_header(rq, "Access-Control-Allow-Headers"),
                   "x-sentry-auth,x-requested-with,x-forwarded-for,origin,referer,accept,"
                   "content-type,authentication,authorization,content-encoding,transfer-encoding");
    ck_assert_int_eq(ask_plain("OPTIONS", "/elsewhere")->status, 404);
}
END_TEST

START_TEST(wrong_method_and_unknown_path)
{
    struct request *rq = ask_plain("PUT", ENVELOPE);
    ck_assert_int_eq(rq->status, 405);
    ck_assert_text(ask_reply_header(rq, "Allow"), "POST");
    ck_assert_int_eq(ask_plain("POST", "/foo")->status, 404);
}
END_TEST

START_TEST(health)
{
    expect(ask_plain("GET", "/api/relay/healthcheck/live/"), 200, "{\"is_healthy\":true}");
    post(STORE, SENTRY(KEY), S("{}")); /* waits for the keys */
    expect(ask_plain("GET", "/api/relay/healthcheck/ready/"), 200, "{\"is_healthy\":true}");
}
END_TEST

/* ---- origins and addresses */

static const struct {
    const char *uri, *key, *name, *value;
    int status;
} origins[] = {
    {"/api/43/store/", CLOSED, "HTTP_ORIGIN", "http://valid.com", 200},
    {"/api/43/store/", CLOSED, "HTTP_ORIGIN", "https://VALID.com:8080", 200},
    {"/api/43/store/", CLOSED, "HTTP_ORIGIN", "http://not.valid.com.evil", 403},
    {"/api/43/store/", CLOSED, "HTTP_ORIGIN", "https://sub.wild.com:8443", 200},
    {"/api/43/store/", CLOSED, "HTTP_ORIGIN", "http://sub.wild.com:8443", 403},
    {"/api/43/store/", CLOSED, "HTTP_ORIGIN", "https://sub.wild.com", 403},
    {"/api/43/store/", CLOSED, "HTTP_ORIGIN", "null", 200},
    {"/api/43/store/", CLOSED, "HTTP_REFERER", "http://evil.com/x?valid.com", 403},
    {"/api/43/store/", CLOSED, "HTTP_REFERER", "http://valid.com@evil.com/", 403},
    {"/api/43/store/", CLOSED, "HTTP_REFERER", "http://valid.com/page#x", 200},
    {"/api/46/store/", WILD, "HTTP_ORIGIN", "https://valid.com", 200},
    {"/api/46/store/", WILD, "HTTP_ORIGIN", "https://a.b.valid.com", 200},
    {"/api/46/store/", WILD, "HTTP_ORIGIN", "https://invalid.com", 403},
    {"/api/44/store/", LOCKED, "HTTP_ORIGIN", "http://a.com", 403},
    {"/api/44/store/", LOCKED, NULL, NULL, 200},
    {STORE, KEY, "HTTP_ORIGIN", "http://anyone.example", 200},
};

START_TEST(origins_of_pages)
{
    struct ask q = {.method = "POST", .uri = origins[_i].uri, .body = S("{}")};
    ask_header(&q, "HTTP_X_SENTRY_AUTH",
               arena_printf(arena, "Sentry sentry_key=%s", origins[_i].key));
    if (origins[_i].name)
        ask_header(&q, origins[_i].name, origins[_i].value);
    expect(serve(&q), origins[_i].status, origins[_i].status == 403 ? "with_reason: Cors" : "id");
    if (origins[_i].status == 403)
        ck_assert_text(only_outcome().reason, "cors");
}
END_TEST

static const struct {
    const char *peer, *name, *value, *client;
} addresses[] = {
    {"192.0.2.1", NULL, NULL, "192.0.2.1"},
    {"192.0.2.1", "HTTP_X_FORWARDED_FOR", "1.2.3.4", "192.0.2.1"},
    {"192.0.2.1", "HTTP_CF_CONNECTING_IP", "9.9.9.9", "192.0.2.1"},
    {"10.0.0.1", "HTTP_X_FORWARDED_FOR", "1.2.3.4, 10.0.0.7", "1.2.3.4"},
    {"10.0.0.1", "HTTP_CF_CONNECTING_IP", "9.9.9.9", "9.9.9.9"},
    {"10.0.0.1", "HTTP_X_SENTRY_FORWARDED_FOR", "2001:DB8::1, 1.1.1.1", "2001:db8::1"},
    {"10.0.0.1", "HTTP_CF_CONNECTING_IP", "unknown, 1.1.1.1", NULL},
};

START_TEST(client_address)
{
    struct ask q = {.method = "POST", .uri = STORE "?sentry_key=" KEY, .body = S("{}")};
    ask_header(&q, "REMOTE_ADDR", addresses[_i].peer);
    if (addresses[_i].name)
        ask_header(&q, addresses[_i].name, addresses[_i].value);
    expect(serve(&q), 200, "id");
    struct log_record record = kept().records[0];
    ck_assert_text(record.client_ip, addresses[_i].client);
}
END_TEST

START_TEST(record_remembers_the_request)
{
    struct ask q = {.method = "POST", .uri = STORE, .body = S("{\"message\":\"hi\"}")};
    ask_header(&q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    ask_header(&q, "HTTP_USER_AGENT", "agent\xFF/1");
    ask_header(&q, "HTTP_ORIGIN", "http://page.example");
    clock_pin(1700000000000000);
    serve(&q);
    struct log_record r = kept().records[0];
    ck_assert_int_eq(r.received, 1700000000000000);
    ck_assert_int_eq(r.project_id, 42);
    ck_assert_int_eq(r.key_id, 1);
    ck_assert_text(uuid_text(arena, r.request_id), "0123456789abcdef0123456789abcdef");
    ck_assert_text(r.client, "test/1.0");
    ck_assert_text(r.user_agent, "agent\xEF\xBF\xBD/1");
    ck_assert_text(r.origin, "http://page.example");
    ck_assert_ptr_null(r.envelope_header.p);
    ck_assert_text(r.items[0].payload, "{\"message\":\"hi\"}");
    ck_assert_ptr_null(r.items[0].header.p);
}
END_TEST

/* ---- bodies */

static struct str zipped(struct str plain, int window_bits)
{
    size_t room = plain.n + 1024;
    char *out = arena_alloc(arena, room);
    z_stream z = {0};
    ck_assert_int_eq(deflateInit2(&z, 1, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)arena_strdup(arena, plain);
    z.avail_in = (unsigned)plain.n;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (struct str){out, z.total_out};
}

static struct request *post_encoded(const char *uri, const char *encoding, struct str body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = "POST", .uri = uri, .body = body};
    ask_header(q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    ask_header(q, "HTTP_CONTENT_ENCODING", encoding);
    return serve(q);
}

static struct str filled(size_t n)
{
    char *bytes = arena_alloc(arena, n + 1);
    memset(bytes, 'x', n);
    return (struct str){bytes, n};
}

static struct str json_of(size_t n)
{
    struct str fill = filled(n);
    char *bytes = (char *)arena_strdup(arena, fill);
    memcpy(bytes, "{\"a\":\"", 6);
    memcpy(bytes + n - 2, "\"}", 2);
    return (struct str){bytes, n};
}

START_TEST(encodings)
{
    struct str plain = S("{\"message\":\"hi\"}");
    expect(post_encoded(STORE, "gzip", zipped(plain, 31)), 200, "id");
    expect(post_encoded(STORE, "deflate", zipped(plain, 15)), 200, "id");
    expect(post_encoded(STORE, "gzip, gzip", zipped(zipped(plain, 31), 31)), 200, "id");
    expect(post_encoded(STORE, "", plain), 200, "id");
    expect(post_encoded(STORE, "identity", plain), 200, "id");
    expect(post_encoded(STORE, "UTF-8", plain), 200, "id");
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 6);
    for (size_t i = 0; i < k.count; i++)
        ck_assert_text(k.records[i].items[0].payload, "{\"message\":\"hi\"}");
    expect(post_encoded(STORE, "this-does-not-exist", plain), 415, "");
    expect(post_encoded(STORE, "gzip", S("")), 400, "invalid request body");
    expect(post_encoded(STORE, "gzip", plain), 400, "invalid request body");
}
END_TEST

START_TEST(sizes_of_store_bodies)
{
    size_t mib = (size_t)1 << 20;
    expect(post(STORE, SENTRY(KEY), json_of(mib)), 200, "id");
    expect(post(STORE, SENTRY(KEY), json_of(mib + 1)), 413, "length limit exceeded");
    expect(post_encoded(STORE, "gzip", zipped(json_of(mib), 31)), 200, "id");
    expect(post_encoded(STORE, "gzip", zipped(json_of(mib + 1), 31)), 413, "length limit");
    ck_assert_uint_eq(kept().count, 2);
}
END_TEST

static struct str attachment_envelope(size_t n)
{
    char *body = arena_alloc(arena, n + 200);
    int head = snprintf(body, 200,
                        "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n"
                        "{\"type\":\"attachment\",\"length\":%zu}\n",
                        n);
    memset(body + head, 'a', n);
    return (struct str){body, (size_t)head + n};
}

START_TEST(large_bodies_take_a_slot_and_end_as_blobs)
{
    size_t n = (size_t)3 << 20;
    expect(post(ENVELOPE, SENTRY(KEY), attachment_envelope(n)), 200, "9ec79c33ec9942ab");
    expect(post_encoded(ENVELOPE, "gzip", zipped(attachment_envelope(n), 31)), 200, "id");
    struct kept k = kept();
    for (size_t i = 0; i < 2; i++) {
        const struct log_item *item = &k.records[i].items[0];
        ck_assert_ptr_null(item->payload.p);
        ck_assert_uint_eq(item->blob.n, 64);
        ck_assert_uint_eq(item->quantity, n);
    }
    ck_assert_int_eq(ingest.large.free, 1);
    ingest.large.free = 0;
    struct request *rq = post(ENVELOPE, SENTRY(KEY), attachment_envelope(n));
    expect(rq, 503, "overloaded");
    ck_assert(ask_reply_header(rq, "Retry-After").n > 0);
}
END_TEST

START_TEST(bomb_stops_at_the_ceiling)
{
    struct str bomb = zipped(filled((size_t)100 << 20), 31);
    expect(post_encoded(STORE, "gzip", bomb), 413, "length limit exceeded");
    bomb = zipped(bomb, 31);
    expect(post_encoded(STORE, "gzip, gzip", bomb), 413, "length limit exceeded");
    ck_assert_uint_le(visit.body.decoded.cap, 64 << 10);
}
END_TEST

START_TEST(announced_body_over_the_limit_is_not_read)
{
    struct ask q = {.method = "POST", .uri = ENVELOPE, .body = S("{}"), .claims = 201 << 20};
    ask_header(&q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    expect(serve(&q), 413, "length limit exceeded");
    ck_assert_uint_eq(q.given, 0);
}
END_TEST

START_TEST(body_that_breaks_off)
{
    struct ask q = {.method = "POST", .uri = STORE, .body = S("{}"), .claims = 100};
    ask_header(&q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    expect(serve(&q), 400, "invalid request body");
    ck_assert_uint_eq(kept().count, 0);
}
END_TEST

/* ---- store */

#define ID "9ec79c33ec9942ab8353589fcb2e04dc"

static const struct {
    const char *body;
    int status;
    const char *part;
} bodies[] = {
    {"{\"event_id\":\"" ID "\"}", 200, "{\"id\":\"" ID "\"}"},
    {"{\"event_id\":\"9EC79C33-EC99-42AB-8353-589FCB2E04DC\"}", 200, "{\"id\":\"" ID "\"}"},
    {"{\"event_id\":null}", 200, "{\"id\":\""},
    {" \n{\"a\":1}\n", 200, "id"},
    {"\xEF\xBB\xBF{\"a\":1}", 200, "id"},
    {"{\"extra\":{\"a\":NaN,\"b\":-Infinity}}", 200, "id"},
    {"{\"a\":\"\\ud800\",\"b\":1e400,\"c\":99999999999999999999,\"d\":\"\xFF\"}", 200, "id"},
    {"eyJtZXNzYWdlIjoiaGkifQ==", 200, "id"},
    {"eJyrVspNLS5OTE9VslLKyFSqBQAwSwVx", 200, "id"},
    {"", 400, "empty request body"},
    {"{", 400, "invalid JSON data: "},
    {"{} x", 400, "invalid JSON data: "},
    {"{\"event_id\":\"zz\"}", 400, "invalid JSON data: "},
    {"{\"event_id\":5}", 400, "invalid JSON data: "},
    {"[]", 400, "invalid request body"},
    {"garbage!", 400, "invalid request body"},
    {"Z2FyYmFnZQ==", 400, "invalid request body"},
};

START_TEST(store_bodies)
{
    expect(post(STORE, SENTRY(KEY), str_of(bodies[_i].body)), bodies[_i].status, bodies[_i].part);
    ck_assert_uint_eq(kept().count, bodies[_i].status == 200);
}
END_TEST

START_TEST(broken_json_is_counted)
{
    post(STORE, SENTRY(KEY), S("{"));
    struct log_item outcome = only_outcome();
    ck_assert_text(outcome.reason, "invalid_json");
    ck_assert_int_eq(outcome.type, ITEM_EVENT);
}
END_TEST

START_TEST(type_of_a_store_body)
{
    post(STORE, SENTRY(KEY), S("{\"type\":\"transaction\"}"));
    ck_assert_int_eq(only_item()->type, ITEM_TRANSACTION);
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
    size_t n = 500000;
    char *deep = arena_alloc(arena, n + 1);
    memset(deep, '[', n);
    memcpy(deep, "{\"a\":", 5);
    expect(post(STORE, SENTRY(KEY), (struct str){deep, n}), 400, "invalid JSON data: ");
}
END_TEST

START_TEST(event_in_the_query)
{
    static const char *const queries[] = {
        "/api/42/store/?sentry_data=%7B%22message%22:%22im%20in%20ur%20query%22%7D&sentry_key=" KEY,
        "/api/42/store/?sentry_data=eyJtZXNzYWdlIjoiaGkifQ==&sentry_key=" KEY,
        "/api/42/store/?sentry_key=" KEY "&sentry_data=eJyrVspNLS5OTE9VslLKyFSqBQAwSwVx",
        "/api/store/?sentry_key=" KEY "&sentry_data=%7B%22a%22:%22%3E%22%7D",
    };
    for (size_t i = 0; i < 4; i++) {
        struct request *rq = ask_plain("GET", queries[i]);
        ck_assert_int_eq(rq->status, 200);
        ck_assert_uint_eq(ask_body(rq).n, 43);
        ck_assert_text(ask_reply_header(rq, "Content-Type"), "image/gif");
    }
    ck_assert_uint_eq(kept().count, 4);
    expect(ask_plain("GET", "/api/42/store/?sentry_key=" KEY), 400, "empty request body");
}
END_TEST

START_TEST(envelope_sent_to_store)
{
    struct ask q = {.method = "POST",
                    .uri = STORE,
                    .type = "application/x-sentry-envelope",
                    .body = S("{\"event_id\":\"" ID "\"}\n{\"type\":\"event\"}\n{}\n")};
    ask_header(&q, "HTTP_X_SENTRY_AUTH", SENTRY(KEY));
    expect(serve(&q), 200, "{\"id\":\"" ID "\"}");
    ck_assert_text(only_item()->header, "{\"type\":\"event\"}");
}
END_TEST

/* ---- envelopes */

#define HEAD "{\"event_id\":\"" ID "\"}\n"

static const struct {
    const char *body;
    int status;
    const char *part;
    size_t items; /* in the record; 0: none was written */
} envelopes[] = {
    {HEAD "{\"type\":\"event\"}\n{}\n", 200, "{\"id\":\"" ID "\"}", 1},
    {HEAD "{\"type\":\"event\"}\n{\"event_id\":\"00000000000000000000000000000001\"}\n", 200,
     "{\"id\":\"" ID "\"}", 1},
    {"{}\n{\"type\":\"event\"}\n{}\n", 200, "{\"id\":\"", 1},
    {"{}\n{\"type\":\"session\"}\n{}\n", 200, "{}", 1},
    {"{}\n", 200, "{}", 0},
    {HEAD, 200, "{\"id\":\"" ID "\"}", 0},
    {"", 400, "missing envelope header", 0},
    {HEAD "{\"type\":\"event\"}\n{broken\n", 200, "id", 1},
    {HEAD "{\"type\":\"invalid_unknown\"}\nx\n", 200, "{\"id\":\"" ID "\"}", 0},
    {HEAD "{\"type\":\"attachment\"}\nx\n{\"type\":\"what\"}\n\n"
          "{\"type\":\"attachment\",\"attachment_type\":\"attachment_unknown\"}\ny\n",
     200, "id", 1},
    {HEAD "{\"type\":\"event\"}\n{}\n{\"type\":\"session\"}\n{}\n{\"type\":\"client_report\"}\n{}\n"
          "{\"type\":\"check_in\"}\n{}\n",
     200, "id", 4},
    {HEAD "{\"type\":\"statsd\"}\na:1|c\n", 200, "id", 0},
    {HEAD "{\"type\":\"event\"}\n{}\n{\"type\":\"event\"}\n{}\n", 413,
     "envelope exceeded size limits for type 'event' "
     "(https://develop.sentry.dev/sdk/envelopes/#size-limits)",
     0},
    {HEAD "{\"type\":\"integration\"}\n{}\n", 400, "envelope contains internal items", 0},
    {HEAD "{\"type\":\"event\",\"length\":99}\n{}\n", 400, "unexpected end of file", 0},
    {HEAD "{\"type\":\"event\"}\n{}\n{}\n{}\n", 400, "invalid item header", 0},
    {"{\"sent_at\":\"not a date\"}\n", 400, "invalid event envelope", 0},
    {"{\"trace\":\"garbage\"}\n{\"type\":\"event\"}\n{}\n", 200, "id", 1},
};

START_TEST(envelopes_and_their_items)
{
    expect(post(ENVELOPE, SENTRY(KEY), str_of(envelopes[_i].body)), envelopes[_i].status,
           envelopes[_i].part);
    struct kept k = kept();
    ck_assert_uint_eq(k.count, envelopes[_i].items > 0);
    if (k.count)
        ck_assert_uint_eq(k.records[0].item_count, envelopes[_i].items);
}
END_TEST

START_TEST(oversized_event_refuses_the_envelope)
{
    size_t n = ((size_t)1 << 20) + 1;
    char *body = arena_alloc(arena, n + 200);
    int head = snprintf(
        body, 200, HEAD "{\"type\":\"session\"}\n{}\n{\"type\":\"event\",\"length\":%zu}\n", n);
    memset(body + head, 'x', n);
    expect(post(ENVELOPE, SENTRY(KEY), (struct str){body, (size_t)head + n}), 413, "'event'");
    outcomes_flush(ingest.outcomes, ingest.log);
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 1);
    ck_assert_uint_eq(k.records[0].item_count, 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_text(k.records[0].items[i].reason, "too_large:event");
}
END_TEST

START_TEST(sent_at_and_header_reach_the_record)
{
    post(ENVELOPE, SENTRY(KEY),
         S("{\"sent_at\":\"2026-11-21T09:15:24Z\",\"event_id\":\"" ID
           "\"}\n{\"type\":\"event\"}\n{}"));
    struct log_record r = kept().records[0];
    int64_t sent_at;
    ck_assert(clock_parse(S("2026-11-21T09:15:24Z"), &sent_at));
    ck_assert_int_eq(r.sent_at, sent_at);
    ck_assert(str_starts(r.envelope_header, S("{\"sent_at\"")));
    ck_assert(r.has_event_id);
    ck_assert_text(uuid_text(arena, r.event_id), ID);
}
END_TEST

START_TEST(content_type_of_an_envelope_does_not_matter)
{
    static const char *const types[] = {"multipart/form-data", "text/plain;charset=UTF-8",
                                        "application/x-www-form-urlencoded"};
    for (size_t i = 0; i < 3; i++) {
        struct ask q = {.method = "POST",
                        .uri = ENVELOPE "?sentry_key=" KEY "&sentry_version=7",
                        .type = types[i],
                        .body = S(HEAD "{\"type\":\"event\"}\n{}\n")};
        expect(serve(&q), 200, ID);
    }
}
END_TEST

/* ---- rate limits */

#define ERROR_AND_SESSION                                                                          \
    S(HEAD "{\"type\":\"event\"}\n{}\n{\"type\":\"attachment\"}\nx\n{\"type\":\"session\"}\n{}\n")

START_TEST(limit_of_a_key)
{
    clock_pin((int64_t)1700000000 * CLOCK_SECOND);
    expect(post(STORE, SENTRY(LIMITED), S("{}")), 200, "id");
    expect(post(STORE, SENTRY(LIMITED), S("{}")), 200, "id");
    struct request *rq = post(STORE, SENTRY(LIMITED), S("{}"));
    expect(rq, 429, "Sentry dropped data due to a quota");
    ck_assert_text(ask_reply_header(rq, "Retry-After"), "300");
    ck_assert_text(ask_reply_header(rq, "X-Sentry-Rate-Limits"),
                   "300:default;error;security:key:key_quota");
    struct log_item outcome = only_outcome();
    ck_assert_int_eq(outcome.verdict, OUTCOME_RATE_LIMITED);
    ck_assert_text(outcome.reason, "key_quota");
    expect(post(STORE, SENTRY(KEY), S("{}")), 200, "id"); /* another key of the project */
    expect(post(ENVELOPE, SENTRY(LIMITED), S("{}\n{\"type\":\"session\"}\n{}")), 200, "{}");
    expect(post(ENVELOPE, SENTRY(LIMITED), S(HEAD "{\"type\":\"transaction\"}\n{}")), 200, "id");
    clock_pin((int64_t)1700100000 * CLOCK_SECOND);
    expect(post(STORE, SENTRY(LIMITED), S("{}")), 200, "id");
}
END_TEST

START_TEST(limited_event_takes_its_attachments_along_only)
{
    post(STORE, SENTRY(LIMITED), S("{}"));
    post(STORE, SENTRY(LIMITED), S("{}"));
    expect(post(ENVELOPE, SENTRY(LIMITED), ERROR_AND_SESSION), 429, "quota");
    struct kept k = kept();
    ck_assert_uint_eq(k.count, 3);
    const struct log_item *items = k.records[2].items;
    ck_assert_uint_eq(k.records[2].item_count, 3);
    ck_assert_int_eq(items[0].verdict, OUTCOME_RATE_LIMITED);
    ck_assert_ptr_null(items[0].payload.p);
    ck_assert_int_eq(items[1].verdict, OUTCOME_RATE_LIMITED);
    ck_assert_int_eq(items[2].verdict, OUTCOME_ACCEPTED);
    ck_assert_text(items[2].payload, "{}");
}
END_TEST

/* ---- keys */

static void wait_for_keys(void)
{
    for (int i = 0; i < 500 && access(snapshot, F_OK) != 0; i++)
        usleep(10000);
    ck_assert(keys_ready(ingest.keys));
}

START_TEST(restart_without_a_database_refuses_nobody)
{
    struct stat st;
    wait_for_keys();
    ck_assert_int_eq(stat(snapshot, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    service_close();
    service_open("host=/nowhere connect_timeout=1");
    expect(post(STORE, SENTRY(KEY), S("{}")), 200, "id");
    expect(post(STORE, SENTRY(DISABLED), S("{}")), 403, "ProjectId");
    struct request *rq = post(STORE, "Sentry sentry_key=99999999999999999999999999999999", S("{}"));
    expect(rq, 503, "cannot be looked up");
    ck_assert(ask_reply_header(rq, "Retry-After").n > 0);
}
END_TEST

START_TEST(broken_snapshot_knows_nobody)
{
    wait_for_keys();
    service_close();
    FILE *f = fopen(snapshot, "w");
    fputs("[[\"" KEY "\",1,42,true,0,0", f);
    fclose(f);
    service_open("host=/nowhere connect_timeout=1");
    expect(post(STORE, SENTRY(KEY), S("{}")), 503, "cannot be looked up");
}
END_TEST

START_TEST(new_key_is_found_at_once)
{
    wait_for_keys();
    ck_assert(pg_script(db,
                        "insert into project_key (id, project_id, label, public_key, secret_key, "
                        "date_created) values (100, 42, '', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '',"
                        " now())"));
    int64_t began = clock_monotonic();
    expect(post(STORE, SENTRY("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), S("{}")), 200, "id");
    ck_assert_int_lt(clock_monotonic() - began, CLOCK_SECOND);
}
END_TEST

START_TEST(full_log_answers_503)
{
    post(STORE, SENTRY(KEY), S("{}"));
    setenv("VEDETTE_EVENTLOG_MAX_BYTES", "67108864", 1);
    settings_load();
    char path[160], hex[33];
    uuid_put(eventlog_id(ingest.log), hex);
    snprintf(path, sizeof(path), "%s/%s/%020d.seg", log_dir, hex, 99999999);
    ck_assert_int_eq(truncate(path, 0), -1);
    FILE *f = fopen(path, "w");
    ck_assert_int_eq(ftruncate(fileno(f), 67108864), 0);
    fclose(f);
    usleep(1100000); /* the backlog is measured once a second */
    struct request *rq = post(STORE, SENTRY(KEY), S("{}"));
    expect(rq, 503, "failed to queue envelope");
    ck_assert(ask_reply_header(rq, "Retry-After").n > 0);
    expect(ask_plain("GET", "/api/relay/healthcheck/ready/"), 503, "{\"is_healthy\":false}");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, ways_to_show_a_key, 0, COUNT_OF(ways));
    tcase_add_loop_test(tc, envelopes_that_name_their_key, 0, COUNT_OF(tunnels));
    tcase_add_test(tc, refused_keys_are_counted_where_they_belong);
    tcase_add_test(tc, preflight_needs_no_key);
    tcase_add_test(tc, wrong_method_and_unknown_path);
    tcase_add_test(tc, health);
    tcase_add_loop_test(tc, origins_of_pages, 0, COUNT_OF(origins));
    tcase_add_loop_test(tc, client_address, 0, COUNT_OF(addresses));
    tcase_add_test(tc, record_remembers_the_request);
    tcase_add_test(tc, encodings);
    tcase_add_test(tc, sizes_of_store_bodies);
    tcase_add_test(tc, large_bodies_take_a_slot_and_end_as_blobs);
    tcase_add_test(tc, bomb_stops_at_the_ceiling);
    tcase_add_test(tc, announced_body_over_the_limit_is_not_read);
    tcase_add_test(tc, body_that_breaks_off);
    tcase_add_loop_test(tc, store_bodies, 0, COUNT_OF(bodies));
    tcase_add_test(tc, broken_json_is_counted);
    tcase_add_test(tc, type_of_a_store_body);
    tcase_add_test(tc, deep_nesting_is_refused);
    tcase_add_test(tc, event_in_the_query);
    tcase_add_test(tc, envelope_sent_to_store);
    tcase_add_loop_test(tc, envelopes_and_their_items, 0, COUNT_OF(envelopes));
    tcase_add_test(tc, oversized_event_refuses_the_envelope);
    tcase_add_test(tc, sent_at_and_header_reach_the_record);
    tcase_add_test(tc, content_type_of_an_envelope_does_not_matter);
    tcase_add_test(tc, limit_of_a_key);
    tcase_add_test(tc, limited_event_takes_its_attachments_along_only);
    tcase_add_test(tc, restart_without_a_database_refuses_nobody);
    tcase_add_test(tc, broken_snapshot_knows_nobody);
    tcase_add_test(tc, new_key_is_found_at_once);
    tcase_add_test(tc, full_log_answers_503);
}

int main(int argc, char **argv)
{
    (void)argc;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_TRUSTED_PROXIES", "10.0.0.0/8", 1);
    settings_load();
    log_open("test_ingest", LOG_ERROR + 1);
    return database_suite_run(argv[0], "ingest", add_tests);
}
