/* Signing in and out, the account and its tokens: api/login.c, api/account.c, api/tokens.c. */
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include "auth/gate.h"
#include "auth/password.h"
#include "auth/ratelimit.h"
#include "base/bind.h"
#include "base/settings.h"
#include "tests/unit/ask.h"
#include "tests/unit/database.h"

extern const struct route login_routes[], account_routes[], token_routes[];

#define CSRF "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PASSWORD "correct horse battery"

static const struct route *const tables[] = {login_routes, account_routes, token_routes, NULL};

static char folder[] = "/tmp/vedette-login-XXXXXX";
static struct arena *arena;
static struct pg *db;
static struct routes *routes;

/* What a browser keeps between requests. */
static struct {
    char cookies[400], csrf[80];
} browser;

static void fill_database(void)
{
    arena = arena_new(16 << 20);
    db = database_migrated();
    struct str hash = password_hash(arena, S(PASSWORD));
    ck_assert(pg_script(
        db, arena_printf(arena,
                         "insert into app_user (id, email, name, password, is_superuser, is_active,"
                         " date_joined) values"
                         " (1, 'Olga@example.com', 'Olga', '%.*s', true, true, now()),"
                         " (2, 'mick@example.com', '', null, false, true, now()),"
                         " (3, 'gone@example.com', '', '%.*s', false, false, now())",
                         STR_ARG(hash), STR_ARG(hash))));
    pg_close(db);
    arena_free(arena);
}

static void set_up(void)
{
    arena = arena_new(64 << 20);
    db = pg_open(database_conninfo, "test");
    routes = routes_compile(tables);
    snprintf(browser.cookies, sizeof(browser.cookies), "csrf=" CSRF);
    snprintf(browser.csrf, sizeof(browser.csrf), CSRF);
}

static void tear_down(void)
{
    routes_free(routes);
    pg_close(db);
    arena_free(arena);
}

static struct request *ask(const char *method, const char *uri, const char *body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = method, .uri = uri, .body = str_of(body)};
    ask_header(q, "HTTP_COOKIE", arena_strdup(arena, str_of(browser.cookies)));
    ask_header(q, "HTTP_X_CSRFTOKEN", arena_strdup(arena, str_of(browser.csrf)));
    ask_header(q, "HTTP_USER_AGENT", "Browser/1.0 \xff");
    ask_header(q, "REMOTE_ADDR", "203.0.113.9");
    struct request *rq = ask_begin(q, arena);
    rq->db = db;
    gate_serve(routes, rq);
    return rq;
}

/* The value of a cookie that the reply sets; absent when it sets none of that name. */
static struct str set_cookie(const struct request *rq, const char *name)
{
    for (int i = 0; i < rq->header_count; i++) {
        struct str value = rq->headers[i].value;
        size_t end = strlen(name);
        if (strcmp(rq->headers[i].name, "Set-Cookie") == 0 && str_starts(value, str_of(name)) &&
            value.p[end] == '=')
            return str_slice(value, end + 1, value.n);
    }
    return (struct str){0};
}

static void keep_cookies(const struct request *rq)
{
    struct str session = set_cookie(rq, "vedette_session"), csrf = set_cookie(rq, "csrf");
    ck_assert_uint_ge(session.n, 64);
    snprintf(browser.cookies, sizeof(browser.cookies), "vedette_session=%.64s; csrf=%.64s",
             session.p, csrf.p);
    snprintf(browser.csrf, sizeof(browser.csrf), "%.64s", csrf.p);
}

static void sign_in(void)
{
    struct request *rq = ask("POST", "/api/0/auth/login/",
                             "{\"username\":\"olga@example.com\",\"password\":\"" PASSWORD "\"}");
    ck_assert_int_eq(rq->status, 200);
    keep_cookies(rq);
}

static const struct {
    const char *body;
    int status;
    const char *reply; /* its beginning */
} attempts[] = {
    {"{\"username\":\"olga@example.com\",\"password\":\"" PASSWORD "\"}", 200,
     "{\"user\":{\"id\":\"1\""},
    {"{\"username\":\" OLGA@EXAMPLE.COM \",\"password\":\"" PASSWORD "\"}", 200,
     "{\"user\":{\"id\":\"1\""},
    {"{\"username\":\"olga@example.com\",\"password\":\"wrong\"}", 400,
     "{\"detail\":\"The e-mail or password is not correct.\"}"},
    {"{\"username\":\"nobody@example.com\",\"password\":\"" PASSWORD "\"}", 400,
     "{\"detail\":\"The e-mail or password is not correct.\"}"},
    {"{\"username\":\"mick@example.com\",\"password\":\"" PASSWORD "\"}", 400,
     "{\"detail\":\"The e-mail or password is not correct.\"}"},
    {"{\"username\":\"gone@example.com\",\"password\":\"" PASSWORD "\"}", 400,
     "{\"detail\":\"The e-mail or password is not correct.\"}"},
    {"{\"username\":\"olga@example.com\"}", 400, "{\"password\":[\"This field is required.\"]}"},
    {"{\"username\":\"\",\"password\":\"x\"}", 400,
     "{\"username\":[\"This field may not be blank.\"]}"},
    {"{}", 400, "{\"username\":"},
    {"[", 400, "{\"detail\":"},
};

START_TEST(signing_in)
{
    const struct request *rq = ask("POST", "/api/0/auth/login/", attempts[_i].body);
    ck_assert_int_eq(rq->status, attempts[_i].status);
    ck_assert_msg(str_starts(ask_body(rq), str_of(attempts[_i].reply)), "got %.*s",
                  STR_ARG(ask_body(rq)));
    ck_assert_int_eq(set_cookie(rq, "vedette_session").p != NULL, attempts[_i].status == 200);
}
END_TEST

START_TEST(session_cookie_is_a_secret_of_the_browser)
{
    const struct request *rq =
        ask("POST", "/api/0/auth/login/",
            "{\"username\":\"olga@example.com\",\"password\":\"" PASSWORD "\"}");
    struct str session = set_cookie(rq, "vedette_session"), csrf = set_cookie(rq, "csrf");
    ck_assert_text(str_slice(session, 64, session.n), "; Path=/; SameSite=Lax; HttpOnly");
    ck_assert_text(str_slice(csrf, 64, csrf.n), "; Path=/; SameSite=Lax");
    const char *stored = arena_printf(
        arena, "select count(*) from session where token_hash = '\\x%.64s'", session.p);
    ck_assert_int_eq(database_int(db, arena, stored), 0);
    ck_assert_int_eq(database_int(db, arena,
                                  "select count(*) from session where ip = '203.0.113.9'"
                                  " and user_agent = 'Browser/1.0 \xef\xbf\xbd'"
                                  " and expires - date_created = interval '1 day'") > 0,
                     1);
}
END_TEST

START_TEST(cookies_of_an_https_site_belong_to_its_host)
{
    setenv("VEDETTE_PUBLIC_URL", "https://errors.example.com", 1);
    settings_load();
    snprintf(browser.cookies, sizeof(browser.cookies), "csrf=" CSRF);
    ck_assert_int_eq(ask("POST", "/api/0/auth/login/", attempts[0].body)->status, 403);
    snprintf(browser.cookies, sizeof(browser.cookies), "__Host-csrf=" CSRF);
    const struct request *rq = ask("POST", "/api/0/auth/login/", attempts[0].body);
    ck_assert_int_eq(rq->status, 200);
    struct str session = set_cookie(rq, "__Host-vedette_session");
    struct str csrf = set_cookie(rq, "__Host-csrf");
    ck_assert_text(str_slice(session, 64, session.n), "; Path=/; SameSite=Lax; HttpOnly; Secure");
    ck_assert_text(str_slice(csrf, 64, csrf.n), "; Path=/; SameSite=Lax; Secure");
    snprintf(browser.cookies, sizeof(browser.cookies), "vedette_session=%.64s", session.p);
    ck_assert_int_eq(ask("GET", "/api/0/auth/", "")->status, 401);
    snprintf(browser.cookies, sizeof(browser.cookies), "__Host-vedette_session=%.64s", session.p);
    ck_assert_int_eq(ask("GET", "/api/0/auth/", "")->status, 200);
}
END_TEST

START_TEST(remembered_session_lasts)
{
    const struct request *rq =
        ask("POST", "/api/0/auth/login/",
            "{\"username\":\"olga@example.com\",\"password\":\"" PASSWORD "\",\"remember\":true}");
    ck_assert(str_has(set_cookie(rq, "vedette_session"), S("; Max-Age=1209600; ")));
    ck_assert_int_gt(database_int(db, arena,
                                  "select count(*) from session where remember and"
                                  " expires - date_created = interval '14 days'"),
                     0);
}
END_TEST

START_TEST(signing_in_again_ends_the_old_session)
{
    char before[400];
    sign_in();
    snprintf(before, sizeof(before), "%s", browser.cookies);
    sign_in();
    ck_assert_int_eq(ask("GET", "/api/0/auth/", "")->status, 200);
    snprintf(browser.cookies, sizeof(browser.cookies), "%s", before);
    ck_assert_int_eq(ask("GET", "/api/0/auth/", "")->status, 401);
}
END_TEST

START_TEST(signing_out_ends_the_session)
{
    sign_in();
    const struct request *rq = ask("DELETE", "/api/0/auth/", "");
    ck_assert_int_eq(rq->status, 204);
    ck_assert_text(set_cookie(rq, "vedette_session"),
                   "; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
    ck_assert_text(set_cookie(rq, "csrf"), "; Path=/; Max-Age=0; SameSite=Lax");
    ck_assert_int_eq(ask("GET", "/api/0/auth/", "")->status, 401);
}
END_TEST

START_TEST(wrong_attempts_run_out)
{
    const struct request *rq = NULL;
    int wrong = 0;
    ratelimit_start();
    for (int i = 0; i < 30; i++) {
        sign_in();
        rq = ask("POST", "/api/0/auth/login/",
                 "{\"username\":\"nobody@example.com\",\"password\":\"x\"}");
        if (rq->status != 400)
            break;
        wrong++;
    }
    ck_assert_int_eq(wrong, 20);
    ck_assert_int_eq(rq->status, 429);
    ck_assert(str_starts(ask_body(rq), S("{\"detail\":")));
    ck_assert_uint_ge(ask_reply_header(rq, "Retry-After").n, 1);
    sign_in();
}
END_TEST

START_TEST(busy_hashing_is_said)
{
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 9};
    int fd =
        open(arena_printf(arena, "%s/password.lock", folder), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_eq(fcntl(fd, F_OFD_SETLK, &all), 0);
    const struct request *rq = ask("POST", "/api/0/auth/login/", attempts[0].body);
    ck_assert_int_eq(rq->status, 429);
    ck_assert_text(ask_reply_header(rq, "Retry-After"), "1");
    close(fd);
}
END_TEST

START_TEST(old_hashes_are_made_anew)
{
    char weak[crypto_pwhash_STRBYTES];
    ck_assert_int_eq(crypto_pwhash_str(weak, PASSWORD, strlen(PASSWORD), 1, 8 << 20), 0);
    ck_assert(pg_script(
        db, arena_printf(arena, "update app_user set password = '%s' where id = 1", weak)));
    sign_in();
    struct str stored = database_text(db, arena, "select password from app_user where id = 1");
    ck_assert(str_starts(stored, S("$argon2id$v=19$m=19456,t=2,")));
    sign_in();
}
END_TEST

START_TEST(config_offers_a_csrf_token)
{
    snprintf(browser.cookies, sizeof(browser.cookies), "x=y");
    const struct request *rq = ask("GET", "/api/0/auth/config/", "");
    ck_assert_text(ask_body(rq), "{\"publicUrl\":\"http://localhost:8900\",\"version\":\"0.1.0\","
                                 "\"canRegister\":false,\"needsLogin\":true}");
    ck_assert_uint_ge(set_cookie(rq, "csrf").n, 64);
    snprintf(browser.cookies, sizeof(browser.cookies), "csrf=" CSRF);
    ck_assert_ptr_null(set_cookie(ask("GET", "/api/0/auth/config/", ""), "csrf").p);
    sign_in();
    rq = ask("GET", "/api/0/auth/config/", "");
    ck_assert(str_has(ask_body(rq), S("\"needsLogin\":false")));
    ck_assert_ptr_null(set_cookie(rq, "csrf").p);
    *strstr(browser.cookies, "csrf=") = '\0';
    rq = ask("GET", "/api/0/auth/config/", "");
    ck_assert_int_eq(strncmp(set_cookie(rq, "csrf").p, browser.csrf, 64), 0);
}
END_TEST

START_TEST(root_tells_who_asks)
{
    ck_assert_text(ask_body(ask("GET", "/api/0/", "")),
                   "{\"version\":\"0\",\"auth\":null,\"user\":null}");
    sign_in();
    ck_assert_text(ask_body(ask("GET", "/api/0/", "")),
                   "{\"version\":\"0\",\"auth\":null,\"user\":{\"id\":\"1\",\"name\":\"Olga\","
                   "\"username\":\"Olga@example.com\",\"email\":\"Olga@example.com\"}}");
}
END_TEST

START_TEST(account_is_shown_and_changed)
{
    sign_in();
    const struct request *rq = ask("GET", "/api/0/users/me/", "");
    ck_assert_int_eq(rq->status, 200);
    static const char *const members[] = {
        "\"id\":\"1\"",
        "\"username\":\"Olga@example.com\"",
        "\"isActive\":true",
        "\"hasPasswordAuth\":true",
        "\"isSuperuser\":true",
        "\"has2fa\":false",
        "\"experiments\":{}",
        "\"theme\": \"system\"",
        "\"stacktraceOrder\": -1",
    };
    for (int i = 0; i < COUNT_OF(members); i++)
        ck_assert_msg(str_has(ask_body(rq), str_of(members[i])), "%s in %.*s", members[i],
                      STR_ARG(ask_body(rq)));
    rq = ask("PUT", "/api/0/users/me/",
             "{\"name\":\" Olga O. "
             "\",\"options\":{\"theme\":\"dark\",\"clock24Hours\":true,\"foreign\":[1]}}");
    ck_assert_int_eq(rq->status, 200);
    ck_assert(str_has(ask_body(rq), S("\"name\":\"Olga O.\"")));
    ck_assert(str_has(ask_body(rq), S("\"theme\": \"dark\"")));
    ck_assert(str_has(ask_body(rq), S("\"clock24Hours\": true")));
    ck_assert(!str_has(ask_body(rq), S("foreign")));
    rq = ask("PUT", "/api/0/users/me/", "{\"options\":{\"density\":\"compact\"}}");
    ck_assert_int_eq(
        database_int(db, arena, "select count(*) from audit_log where action = 'user.edit'"), 1);
    ck_assert(str_has(ask_body(rq), S("\"theme\": \"dark\"")));
    ck_assert(str_has(ask_body(rq), S("\"density\": \"compact\"")));
}
END_TEST

START_TEST(wrong_options_are_refused)
{
    static const char *const wrong[] = {
        "{\"options\":{\"theme\":\"pink\"}}",
        "{\"options\":{\"theme\":1}}",
        "{\"options\":{\"clock24Hours\":\"yes\"}}",
        "{\"options\":{\"stacktraceOrder\":7}}",
        "{\"name\":\"\"}",
        ("{\"options\":{\"timezone\":"
         "\"0123456789012345678901234567890123456789012345678901234567890123456789\"}}"),
    };
    sign_in();
    for (int i = 0; i < COUNT_OF(wrong); i++)
        ck_assert_int_eq(ask("PUT", "/api/0/users/me/", wrong[i])->status, 400);
}
END_TEST

static const char *write_credentials(const char *email)
{
    const char *path = arena_printf(arena, "%s/credentials.json", folder);
    FILE *file = fopen(path, "we");
    fprintf(file, "{\"url\": \"http://localhost\", \"email\": \"%s\"}\n", email);
    fclose(file);
    return path;
}

START_TEST(password_is_changed)
{
    static const struct {
        const char *body, *reply;
    } refused[] = {
        {"{\"password\":\"wrong\",\"passwordNew\":\"long enough\",\"passwordVerify\":\"long "
         "enough\"}",
         "{\"password\":[\"The password is not correct.\"]}"},
        {"{\"password\":\"" PASSWORD
         "\",\"passwordNew\":\"long enough\",\"passwordVerify\":\"another\"}",
         "{\"passwordVerify\":[\"The passwords differ.\"]}"},
        {"{\"password\":\"" PASSWORD "\",\"passwordNew\":\"short\",\"passwordVerify\":\"short\"}",
         "{\"passwordNew\":[\"Must have at least 8 characters.\"]}"},
    };
    struct stat info;
    char other[400], csrf[80];
    sign_in();
    snprintf(other, sizeof(other), "%s", browser.cookies);
    snprintf(browser.cookies, sizeof(browser.cookies), "csrf=" CSRF);
    snprintf(csrf, sizeof(csrf), CSRF);
    snprintf(browser.csrf, sizeof(browser.csrf), "%s", csrf);
    sign_in();
    for (int i = 0; i < COUNT_OF(refused); i++)
        ck_assert_text(ask_body(ask("PUT", "/api/0/users/me/password/", refused[i].body)),
                       refused[i].reply);
    const char *path = write_credentials("olga@example.com");
    ck_assert_int_eq(ask("PUT", "/api/0/users/me/password/",
                         "{\"password\":\"" PASSWORD "\",\"passwordNew\":\"" PASSWORD "!\","
                         "\"passwordVerify\":\"" PASSWORD "!\"}")
                         ->status,
                     204);
    ck_assert_int_ne(stat(path, &info), 0);
    ck_assert_int_eq(ask("GET", "/api/0/auth/", "")->status, 200);
    path = write_credentials("mick@example.com");
    ck_assert_int_eq(ask("PUT", "/api/0/users/me/password/",
                         "{\"password\":\"" PASSWORD "!\",\"passwordNew\":\"" PASSWORD "\","
                         "\"passwordVerify\":\"" PASSWORD "\"}")
                         ->status,
                     204);
    ck_assert_int_eq(stat(path, &info), 0);
    snprintf(browser.cookies, sizeof(browser.cookies), "%s", other);
    ck_assert_int_eq(ask("GET", "/api/0/auth/", "")->status, 401);
    ck_assert_int_eq(
        database_int(db, arena,
                     "select count(*) from audit_log where action = 'user.password-change'"),
        2);
}
END_TEST

START_TEST(guesses_at_the_present_password_run_out)
{
    static const char guess[] = "{\"password\":\"wrong\",\"passwordNew\":\"long enough\","
                                "\"passwordVerify\":\"long enough\"}";
    const struct request *rq = NULL;
    sign_in();
    ratelimit_start();
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(ask("PUT", "/api/0/users/me/password/", guess)->status, 400);
    rq = ask("PUT", "/api/0/users/me/password/", guess);
    ck_assert_int_eq(rq->status, 429);
    ck_assert_uint_ge(ask_reply_header(rq, "Retry-After").n, 1);
}
END_TEST

/* The text of a string member of the reply. */
static const char *member(const struct request *rq, const char *name)
{
    struct str key = str_of(arena_printf(arena, "\"%s\":\"", name));
    size_t at = str_find(ask_body(rq), key) + key.n;
    ck_assert_uint_lt(at, ask_body(rq).n);
    struct str rest = str_slice(ask_body(rq), at, ask_body(rq).n);
    return arena_strdup(arena, str_slice(rest, 0, str_index(rest, '"')));
}

static struct request *ask_with_token(const char *token, const char *method, const char *uri)
{
    struct ask *q = arena_new_of(arena, struct ask);
    *q = (struct ask){.method = method, .uri = uri};
    ask_header(q, "HTTP_AUTHORIZATION", arena_printf(arena, "Bearer %s", token));
    struct request *rq = ask_begin(q, arena);
    rq->db = db;
    gate_serve(routes, rq);
    return rq;
}

START_TEST(tokens_are_made_used_changed_and_removed)
{
    sign_in();
    const struct request *rq =
        ask("POST", "/api/0/api-tokens/",
            "{\"name\":\"ci\",\"scopes\":[\"org:read\",\"project:releases\"]}");
    ck_assert_int_eq(rq->status, 201);
    const char *token = member(rq, "token"), *id = member(rq, "id");
    ck_assert_str_eq(member(rq, "tokenLastCharacters"), token + strlen(token) - 4);
    ck_assert_text(ask_body(ask_with_token(token, "GET", "/api/0/")),
                   "{\"version\":\"0\",\"auth\":{\"scopes\":[\"org:read\",\"project:releases\"]},"
                   "\"user\":{\"id\":\"1\",\"name\":\"Olga\",\"username\":\"Olga@example.com\","
                   "\"email\":\"Olga@example.com\"}}");
    ck_assert_int_eq(ask_with_token(token, "GET", "/api/0/users/me/")->status, 200);
    ck_assert_int_eq(ask_with_token(token, "GET", "/api/0/api-tokens/")->status, 403);
    rq = ask("GET", "/api/0/api-tokens/", "");
    ck_assert(str_has(ask_body(rq), S("\"name\":\"ci\"")));
    ck_assert(!str_has(ask_body(rq), str_of(token)));
    const char *one = arena_printf(arena, "/api/0/api-tokens/%s/", id);
    rq = ask("PUT", one, "{\"name\":\"cd\",\"scopes\":[\"org:read\"]}");
    ck_assert(str_has(ask_body(rq), S("\"name\":\"cd\",\"scopes\":[\"org:read\"]")));
    ck_assert_int_eq(ask("GET", one, "")->status, 200);
    ck_assert_int_eq(ask("DELETE", one, "")->status, 204);
    ck_assert_int_eq(ask("DELETE", one, "")->status, 404);
    ck_assert_int_eq(ask_with_token(token, "GET", "/api/0/")->status, 401);
    ck_assert_int_eq(
        database_int(db, arena, "select count(*) from audit_log where action like 'api-token.%'"),
        3);
}
END_TEST

START_TEST(token_named_in_the_body_is_removed)
{
    sign_in();
    const char *id = member(ask("POST", "/api/0/api-tokens/", "{\"scopes\":[\"org:read\"]}"), "id");
    const char *body = arena_printf(arena, "{\"tokenId\":\"%s\"}", id);
    ck_assert_int_eq(ask("DELETE", "/api/0/api-tokens/", body)->status, 204);
    ck_assert_int_eq(ask("DELETE", "/api/0/api-tokens/", body)->status, 404);
    ck_assert_int_eq(ask("DELETE", "/api/0/api-tokens/", "{}")->status, 400);
}
END_TEST

START_TEST(tokens_of_others_do_not_exist)
{
    sign_in();
    ck_assert(pg_script(db,
                        "insert into api_token (id, user_id, token_hash, last_characters, scopes,"
                        " date_created) values (9000, 2, '\\x01', 'abcd', '{org:read}', now())"));
    ck_assert_int_eq(ask("GET", "/api/0/api-tokens/9000/", "")->status, 404);
    ck_assert_int_eq(ask("PUT", "/api/0/api-tokens/9000/", "{\"name\":\"mine\"}")->status, 404);
    ck_assert_int_eq(ask("DELETE", "/api/0/api-tokens/9000/", "")->status, 404);
    ck_assert_int_eq(ask("GET", "/api/0/api-tokens/x/", "")->status, 404);
    ck_assert_int_eq(
        database_int(db, arena, "select count(*) from api_token where id = 9000 and name = ''"), 1);
}
END_TEST

START_TEST(wrong_scopes_are_refused)
{
    sign_in();
    ck_assert_text(ask_body(ask("POST", "/api/0/api-tokens/", "{\"scopes\":[\"root\"]}")),
                   "{\"scopes\":[\"There is no scope \\\"root\\\".\"]}");
    ck_assert_text(ask_body(ask("POST", "/api/0/api-tokens/", "{\"scopes\":[]}")),
                   "{\"scopes\":[\"Choose at least one scope.\"]}");
    ck_assert_text(ask_body(ask("POST", "/api/0/api-tokens/", "{}")),
                   "{\"scopes\":[\"This field is required.\"]}");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill_database, NULL);
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, signing_in, 0, COUNT_OF(attempts));
    tcase_add_test(tc, session_cookie_is_a_secret_of_the_browser);
    tcase_add_test(tc, cookies_of_an_https_site_belong_to_its_host);
    tcase_add_test(tc, remembered_session_lasts);
    tcase_add_test(tc, signing_in_again_ends_the_old_session);
    tcase_add_test(tc, signing_out_ends_the_session);
    tcase_add_test(tc, wrong_attempts_run_out);
    tcase_add_test(tc, busy_hashing_is_said);
    tcase_add_test(tc, old_hashes_are_made_anew);
    tcase_add_test(tc, config_offers_a_csrf_token);
    tcase_add_test(tc, root_tells_who_asks);
    tcase_add_test(tc, tokens_are_made_used_changed_and_removed);
    tcase_add_test(tc, token_named_in_the_body_is_removed);
    tcase_add_test(tc, tokens_of_others_do_not_exist);
    tcase_add_test(tc, wrong_scopes_are_refused);
    tcase_add_test(tc, account_is_shown_and_changed);
    tcase_add_test(tc, wrong_options_are_refused);
    tcase_add_test(tc, password_is_changed);
    tcase_add_test(tc, guesses_at_the_present_password_run_out);
}

static void remove_folder(void)
{
    static const char *const names[] = {"password.lock", "credentials.json"};
    char path[100];
    for (int i = 0; i < COUNT_OF(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(int count, char **words)
{
    (void)count;
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    bind_start();
    if (getenv("VEDETTE_TEST_DATABASE") && !mkdtemp(folder))
        return EXIT_FAILURE;
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    setenv("VEDETTE_RUN_DIR", folder, 1);
    setenv("VEDETTE_DATA_DIR", folder, 1);
    settings_load();
    int failed = database_suite_run(words[0], "login", add_tests);
    remove_folder();
    return failed;
}
