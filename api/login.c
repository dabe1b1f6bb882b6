/* Signing in and out, and who is signed in. */
#include <stddef.h>

#include "api/account.h"
#include "api/version.h"
#include "auth/gate.h"
#include "auth/password.h"
#include "auth/ratelimit.h"
#include "auth/scope.h"
#include "auth/session.h"
#include "base/bind.h"
#include "base/clock.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

/* Wrong attempts only: a right one gives back what it took. */
static const struct ratelimit_rule account_rule = {20, 30 * (int64_t)CLOCK_SECOND};
static const struct ratelimit_rule address_rule = {40, 10 * (int64_t)CLOCK_SECOND};

struct attempt {
    struct str username, password;
    bool remember;
    const char *account_key, *address_key;
};

static const struct field attempt_fields[] = {
    {"username", FIELD_TEXT, offsetof(struct attempt, username), FIELD_REQUIRED | FIELD_TRIM, 1,
     200},
    {"password", FIELD_TEXT, offsetof(struct attempt, password), FIELD_REQUIRED, 1, 1024},
    {"remember", FIELD_BOOL, offsetof(struct attempt, remember)},
    {0},
};

static int reply_too_often(struct request *rq, int64_t retry_us)
{
    int64_t seconds = (retry_us + CLOCK_SECOND - 1) / CLOCK_SECOND;
    reply_headerf(rq, "Retry-After", "%lld", (long long)(seconds > 0 ? seconds : 1));
    return reply_error(rq, 429, "Too many attempts to sign in. Wait a little and try again.");
}

/* Both limits count the attempt before the password is looked at, so that many at once are many. */
static bool within_limits(struct request *rq, struct attempt *attempt)
{
    struct str name = text_lower(rq->arena, attempt->username);
    attempt->account_key = arena_printf(rq->arena, "login-account:%.*s", STR_ARG(name));
    attempt->address_key = arena_printf(rq->arena, "login-address:%.*s", STR_ARG(rq->client_ip));
    struct ratelimit_verdict address = ratelimit_take(str_of(attempt->address_key), &address_rule);
    struct ratelimit_verdict account = ratelimit_take(str_of(attempt->account_key), &account_rule);
    if (address.allowed && account.allowed)
        return true;
    reply_too_often(rq, address.retry_us > account.retry_us ? address.retry_us : account.retry_us);
    return false;
}

static void forgive(const struct attempt *attempt)
{
    ratelimit_return(str_of(attempt->account_key), &account_rule);
    ratelimit_return(str_of(attempt->address_key), &address_rule);
}

static void renew_hash(struct request *rq, int64_t user_id, struct str stored, struct str password)
{
    if (!password_is_outdated(rq->arena, stored))
        return;
    struct str fresh = password_hash(rq->arena, password);
    if (fresh.p)
        pg_query(rq->db, rq->arena, &SQL_account_rehash, user_id, fresh);
}

static int reply_signed_in(struct request *rq, int64_t user_id)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_account_get, user_id);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_not_found(rq);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_key(&j, "user");
    rows_put_object(r, &j);
    jw_null_k(&j, "nextUri");
    jw_close(&j, '}');
    return reply_done(rq);
}

static int sign_in(struct request *rq)
{
    struct attempt attempt = {0};
    if (!bind_body(rq, attempt_fields, &attempt) || !within_limits(rq, &attempt))
        return rq->status;
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_account_sign_in, attempt.username);
    if (reply_if_failed(rq))
        return rq->status;
    bool known = rows_next(r) && rows_bool(r, 2);
    struct str stored = known ? rows_str(r, 1) : (struct str){0};
    enum password_check check = password_verify(rq->arena, stored, attempt.password);
    if (check == PASSWORD_BUSY)
        return reply_too_often(rq, CLOCK_SECOND);
    if (check == PASSWORD_WRONG)
        return reply_error(rq, 400, "The e-mail or password is not correct.");
    forgive(&attempt);
    renew_hash(rq, rows_int(r, 0), stored, attempt.password);
    session_begin(rq, rows_int(r, 0), attempt.remember);
    return reply_signed_in(rq, rows_int(r, 0));
}

static int sign_out(struct request *rq)
{
    session_end(rq);
    return reply_if_failed(rq) ? rq->status : reply_empty(rq, 204);
}

static int get_config(struct request *rq)
{
    session_offer_csrf(rq);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_str_k(&j, "publicUrl", str_of(settings()->public_url));
    jw_str_k(&j, "version", S(VEDETTE_VERSION));
    jw_bool_k(&j, "canRegister", false);
    jw_bool_k(&j, "needsLogin", rq->identity->kind == IDENTITY_NOBODY);
    jw_close(&j, '}');
    return reply_done(rq);
}

static void put_scopes(struct jw *j, uint32_t scopes)
{
    jw_open_k(j, "scopes", '[');
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (scopes & (UINT32_C(1) << i))
            jw_str(j, str_of(scope_name(i)));
    }
    jw_close(j, ']');
}

static void put_caller(struct request *rq, struct jw *j)
{
    const struct identity *who = rq->identity;
    if (!who->user_id) {
        jw_null_k(j, "user");
        return;
    }
    jw_open_k(j, "user", '{');
    jw_str_k(j, "id", str_of(arena_printf(rq->arena, "%lld", (long long)who->user_id)));
    jw_str_k(j, "name", who->name.n ? who->name : who->email);
    jw_str_k(j, "username", who->email);
    jw_str_k(j, "email", who->email);
    jw_close(j, '}');
}

/* What a client asks first: is my token good, and whose is it. */
static int get_root(struct request *rq)
{
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_str_k(&j, "version", S("0"));
    if (rq->identity->kind == IDENTITY_TOKEN) {
        jw_open_k(&j, "auth", '{');
        put_scopes(&j, rq->identity->token_scopes);
        jw_close(&j, '}');
    } else {
        jw_null_k(&j, "auth");
    }
    put_caller(rq, &j);
    jw_close(&j, '}');
    return reply_done(rq);
}

const struct route login_routes[] = {
    {METHOD_GET, "/api/0/", ACCESS_PUBLIC, get_root},
    {METHOD_GET, "/api/0/auth/", ACCESS_USER, account_reply},
    {METHOD_DELETE, "/api/0/auth/", ACCESS_SESSION, sign_out},
    {METHOD_GET, "/api/0/auth/config/", ACCESS_PUBLIC, get_config},
    {METHOD_POST, "/api/0/auth/login/", ACCESS_PUBLIC, sign_in},
    {0},
};
