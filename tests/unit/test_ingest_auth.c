/* Who may send, and from where: ingest-checklist.md A, against a real database of keys. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/ingest.h"

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

/* One column less for each key: what version 13 of the database had. */
START_TEST(older_snapshot_is_read)
{
    wait_for_keys();
    service_close();
    FILE *f = fopen(snapshot, "w");
    fputs("[[\"" KEY "\",1,42,true,0,0,\"*\",\"acme\",\"shop\",\"{}\"]]", f);
    fclose(f);
    service_open("host=/nowhere connect_timeout=1");
    expect(post(STORE, SENTRY(KEY), S("{}")), 200, "id");
}
END_TEST

/* The smaller of both settings is the key's, also from the snapshot. */
START_TEST(events_are_as_large_as_project_and_organization_let_them)
{
    const char *small = arena_printf(arena, "{\"a\":\"%*s\"}", 1900, "");
    const char *large = arena_printf(arena, "{\"a\":\"%*s\"}", 2100, "");
    ck_assert(pg_script(db, "update organization set options = '{\"maxEventBytes\": 4096}';"
                            "update project set options = '{\"maxEventBytes\": 2048}'"));
    usleep(1500000); /* keys are read every second */
    expect(post(STORE, SENTRY(KEY), str_of(small)), 200, "id");
    expect(post(STORE, SENTRY(KEY), str_of(large)), 413,
           "envelope exceeded size limits for type 'event'");
    service_close();
    service_open("host=/nowhere connect_timeout=1");
    expect(post(STORE, SENTRY(KEY), str_of(large)), 413, "size limits");
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
    usleep(1100000); /* the backlog is cached for a second */
    service_measure(&ingest);
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
    tcase_add_test(tc, restart_without_a_database_refuses_nobody);
    tcase_add_test(tc, broken_snapshot_knows_nobody);
    tcase_add_test(tc, older_snapshot_is_read);
    tcase_add_test(tc, events_are_as_large_as_project_and_organization_let_them);
    tcase_add_test(tc, new_key_is_found_at_once);
    tcase_add_test(tc, full_log_answers_503);
}

int main(int argc, char **argv)
{
    (void)argc;
    return ingest_suite_run(argv[0], "ingest_auth", add_tests);
}
