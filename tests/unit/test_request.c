#include "base/request.h"

#include "base/route.h"
#include "base/settings.h"
#include "tests/unit/ask.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(64 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static struct request *ask(const char *uri)
{
    struct ask *q = arena_new_of(arena, struct ask);
    q->uri = uri;
    return ask_begin(q, arena);
}

static const struct {
    const char *name;
    enum method method;
    bool head;
} methods[] = {
    {"GET", METHOD_GET, false},
    {"HEAD", METHOD_GET, true},
    {"POST", METHOD_POST, false},
    {"PUT", METHOD_PUT, false},
    {"PATCH", METHOD_PATCH, false},
    {"DELETE", METHOD_DELETE, false},
    {"OPTIONS", METHOD_OPTIONS, false},
    {"PROPFIND", 0, false},
    {"get", 0, false},
    {"", 0, false},
};

START_TEST(methods_are_known)
{
    struct ask q = {.method = methods[_i].name};
    const struct request *rq = ask_begin(&q, arena);
    ck_assert_int_eq(rq->method, methods[_i].method);
    ck_assert_int_eq(rq->head, methods[_i].head);
}
END_TEST

static const struct {
    const char *uri, *path, *query;
} uris[] = {
    {"/", "/", ""},
    {"/a/b/?x=1&y", "/a/b/", "x=1&y"},
    {"/a//b///c", "/a/b/c", ""},
    {"//evil.example/a", "/evil.example/a", ""},
    {"/a?b?c=d", "/a", "b?c=d"},
    {"/a%2Fb%20/", "/a%2Fb%20/", ""},
    {"/a#b?c", "/a", ""},
    {"?x=1", "", "x=1"},
    {"", "", ""},
};

START_TEST(uri_is_split)
{
    const struct request *rq = ask(uris[_i].uri);
    ck_assert_text(rq->path, uris[_i].path);
    ck_assert_text(rq->query, uris[_i].query);
}
END_TEST

static const struct {
    const char *uri, *value; /* NULL: absent */
} parameters[] = {
    {"/?a=1", "1"},
    {"/?b=2&a=1", "1"},
    {"/?a=1&a=2", "1"},
    {"/?a=", ""},
    {"/?a", ""},
    {"/?b=1", NULL},
    {"/?aa=1", NULL},
    {"/", NULL},
    {"/?a=b%20c+d", "b c d"},
    {"/?%61=1", "1"},
    {"/?a=%", "%"},
    {"/?a=%zz", "%zz"},
    {"/?a=x%00y", "xy"},
    {"/?a=%ff", "\xef\xbf\xbd"},
    {"/?a=b=c", "b=c"},
    {"/?&&a=1", "1"},
};

START_TEST(query_parameters_are_found_and_clean)
{
    struct str value = request_query(ask(parameters[_i].uri), S("a"));
    ck_assert_int_eq(value.p != NULL, parameters[_i].value != NULL);
    ck_assert_text(value, parameters[_i].value);
}
END_TEST

START_TEST(repeated_parameters_come_in_order)
{
    size_t at = 0;
    struct str value;
    const struct request *rq = ask("/?p=1&q=9&p=2&p&p=3");
    static const char *const expected[] = {"1", "2", "", "3"};
    for (int i = 0; i < COUNT_OF(expected); i++) {
        ck_assert(request_query_next(rq, S("p"), &at, &value));
        ck_assert_text(value, expected[i]);
    }
    ck_assert(!request_query_next(rq, S("p"), &at, &value));
}
END_TEST

START_TEST(cookies_are_found)
{
    struct ask q = {0};
    ask_header(&q, "HTTP_COOKIE", "xcsrf=no; csrf=yes=1 ;empty=; csrf=second; broken");
    const struct request *rq = ask_begin(&q, arena);
    ck_assert_text(request_cookie(rq, S("csrf")), "yes=1");
    ck_assert_text(request_cookie(rq, S("empty")), "");
    ck_assert_ptr_null(request_cookie(rq, S("broken")).p);
    ck_assert_ptr_null(request_cookie(rq, S("absent")).p);
    ck_assert_ptr_null(request_cookie(ask("/"), S("csrf")).p);
}
END_TEST

/* The proxies of the test's settings are 10.0.0.0/8. */
static const struct {
    const char *peer, *forwarded, *client;
} clients[] = {
    {"203.0.113.5", NULL, "203.0.113.5"},
    {"203.0.113.5", "198.51.100.1", "203.0.113.5"},
    {"10.0.0.1", NULL, "10.0.0.1"},
    {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
    {"10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"},
    {"10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
    {"10.0.0.1", "192.0.2.66, 198.51.100.1 ,10.0.0.2,10.0.0.3", "198.51.100.1"},
    {"10.0.0.1", "10.0.0.9", "10.0.0.9"},
    {"10.0.0.1", "junk", "10.0.0.1"},
    {"10.0.0.1", "198.51.100.1, junk", "10.0.0.1"},
    {"10.0.0.1", "2001:DB8::1", "2001:db8::1"},
    {"10.0.0.1", "", "10.0.0.1"},
    {"unix:", "198.51.100.1", ""},
};

START_TEST(client_address_is_the_last_untrusted_one)
{
    struct ask q = {0};
    ask_header(&q, "REMOTE_ADDR", clients[_i].peer);
    ask_header(&q, "HTTP_X_FORWARDED_FOR", clients[_i].forwarded);
    const struct request *rq = ask_begin(&q, arena);
    ck_assert_text(rq->client_ip, clients[_i].client);
    ck_assert_int_eq(request_peer_is_trusted(rq), clients[_i].peer[0] == '1');
}
END_TEST

START_TEST(request_has_an_id)
{
    struct ask q = {0};
    ask_header(&q, "REQUEST_ID", "");
    ck_assert_text(ask("/")->id, "0123456789abcdef0123456789abcdef");
    ck_assert_uint_eq(ask_begin(&q, arena)->id.n, 32);
}
END_TEST

static const struct {
    const char *body;
    int64_t claims;
    size_t piece, max;
    bool breaks;
    int status; /* 0: read */
} bodies[] = {
    {"hello", 0, 0, 5, false, 0},    {"hello", 0, 1, 5, false, 0},
    {"hello", 0, 0, 4, false, 413},  {"hello", -1, 2, 5, false, 0},
    {"hello", -1, 2, 4, false, 413}, {"hello", 9, 0, 99, false, 400},
    {"hello", 0, 0, 99, true, 400},  {"hello", -1, 0, 99, true, 400},
    {"", 0, 0, 99, false, 0},        {"", 7, 0, 99, false, 400},
    {"hi", 1000, 0, 99, false, 413},
};

START_TEST(body_is_read_whole_or_refused)
{
    struct str body = {0};
    struct ask q = {.method = "POST",
                    .body = str_of(bodies[_i].body),
                    .claims = bodies[_i].claims,
                    .piece = bodies[_i].piece,
                    .breaks = bodies[_i].breaks};
    struct request *rq = ask_begin(&q, arena);
    ck_assert_int_eq(request_body(rq, bodies[_i].max, &body), bodies[_i].status == 0);
    ck_assert_int_eq(rq->status, bodies[_i].status);
    if (!rq->status)
        ck_assert_text(body, bodies[_i].body);
}
END_TEST

START_TEST(long_body_without_length)
{
    struct str body;
    size_t n = 3 << 20;
    char *bytes = arena_take(arena, n);
    memset(bytes, 'x', n);
    struct ask q = {.method = "POST", .body = {bytes, n}, .claims = -1, .piece = 8000};
    ck_assert(request_body(ask_begin(&q, arena), n, &body));
    ck_assert_uint_eq(body.n, n);
    ck_assert_int_eq(memcmp(body.p, bytes, n), 0);
}
END_TEST

START_TEST(params_are_named)
{
    static const struct route route = {.path = "/a/{first}/b/{second}/"};
    struct request *rq = ask("/");
    rq->route = &route;
    rq->params[0] = S("1");
    rq->params[1] = S("2");
    ck_assert_text(request_param(rq, S("first")), "1");
    ck_assert_text(request_param(rq, S("second")), "2");
    ck_assert_ptr_null(request_param(rq, S("firs")).p);
}
END_TEST

START_TEST(errors_replace_what_was_written)
{
    struct request *rq = ask("/");
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '[');
    ck_assert_int_eq(reply_error(rq, 400, "say \"no\""), 400);
    ck_assert_text(ask_body(rq), "{\"detail\":\"say \\\"no\\\"\"}");
    ck_assert_int_eq(reply_field_error(rq, "name", "Too long."), 400);
    ck_assert_text(ask_body(rq), "{\"name\":[\"Too long.\"]}");
    ck_assert_int_eq(reply_error(rq, 500, "Internal Error"), 500);
    ck_assert_text(ask_body(rq), "{\"detail\":\"Internal Error\","
                                 "\"errorId\":\"0123456789abcdef0123456789abcdef\"}");
    ck_assert_int_eq(reply_empty(rq, 204), 204);
    ck_assert_uint_eq(ask_body(rq).n, 0);
}
END_TEST

START_TEST(headers_replace_but_cookies_add_up)
{
    struct request *rq = ask("/");
    reply_header(rq, "X-Hits", S("1"));
    reply_header(rq, "x-hits", S("2"));
    reply_header(rq, "Set-Cookie", S("a=1"));
    reply_header(rq, "Set-Cookie", S("b=2"));
    ck_assert_int_eq(rq->header_count, 3);
    ck_assert_text(ask_reply_header(rq, "x-hits"), "2");
}
END_TEST

START_TEST(headers_hold_no_line_breaks)
{
    struct request *rq = ask("/");
    reply_header(rq, "X-A", S("a\r\nSet-Cookie: b\x7f"));
    ck_assert_text(ask_reply_header(rq, "X-A"), "a  Set-Cookie: b ");
    reply_headerf(rq, "X-B", "%s", "c\nd");
    ck_assert_text(ask_reply_header(rq, "X-B"), "c d");
}
END_TEST

START_TEST(headers_have_a_ceiling)
{
    struct request *rq = ask("/");
    for (int i = 0; i < REQUEST_HEADERS_MAX + 5; i++)
        reply_headerf(rq, "Set-Cookie", "n=%d", i);
    ck_assert_int_eq(rq->header_count, REQUEST_HEADERS_MAX);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, methods_are_known, 0, COUNT_OF(methods));
    tcase_add_loop_test(tc, uri_is_split, 0, COUNT_OF(uris));
    tcase_add_loop_test(tc, query_parameters_are_found_and_clean, 0, COUNT_OF(parameters));
    tcase_add_test(tc, repeated_parameters_come_in_order);
    tcase_add_test(tc, cookies_are_found);
    tcase_add_loop_test(tc, client_address_is_the_last_untrusted_one, 0, COUNT_OF(clients));
    tcase_add_test(tc, request_has_an_id);
    tcase_add_loop_test(tc, body_is_read_whole_or_refused, 0, COUNT_OF(bodies));
    tcase_add_test(tc, long_body_without_length);
    tcase_add_test(tc, params_are_named);
    tcase_add_test(tc, errors_replace_what_was_written);
    tcase_add_test(tc, headers_replace_but_cookies_add_up);
    tcase_add_test(tc, headers_hold_no_line_breaks);
    tcase_add_test(tc, headers_have_a_ceiling);
}

int main(void)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_TRUSTED_PROXIES", "10.0.0.0/8", 1);
    settings_load();
    return suite_run("request", add_tests);
}
