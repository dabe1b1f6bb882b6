#include "auth/session.h"

#include <sodium.h>

#include "auth/csrf.h"
#include "auth/identity.h"
#include "base/clock.h"
#include "base/settings.h"
#include "base/text.h"
#include "sql.h"
#include "storage/pg.h"

enum { SECRET_BYTES = 32, SECRET_DIGITS = 64, SHORT_HOURS = 24, USER_AGENT_POINTS = 300 };

static bool is_secure(void)
{
    return str_starts(str_of(settings()->public_url), S("https://"));
}

static const char *session_cookie_name(void)
{
    return is_secure() ? "__Host-vedette_session" : "vedette_session";
}

static const char *csrf_cookie_name(void)
{
    return is_secure() ? "__Host-csrf" : "csrf";
}

/* max_age -1: until the browser closes; 0: at once. */
static void set_cookie(struct request *rq, const char *name, struct str value, int64_t max_age)
{
    const char *age =
        max_age < 0 ? "" : arena_printf(rq->arena, "; Max-Age=%lld", (long long)max_age);
    bool hidden = str_ends(str_of(name), S("session"));
    reply_headerf(rq, "Set-Cookie", "%s=%.*s; Path=/%s; SameSite=Lax%s%s", name, STR_ARG(value),
                  age, hidden ? "; HttpOnly" : "", is_secure() ? "; Secure" : "");
}

struct str session_secret(const struct request *rq)
{
    struct str digits = request_cookie(rq, str_of(session_cookie_name()));
    uint8_t *secret = arena_take(rq->arena, SECRET_BYTES);
    if (digits.n != SECRET_DIGITS || !text_unhex(digits, secret))
        return (struct str){0};
    return (struct str){(const char *)secret, SECRET_BYTES};
}

struct str session_hash(struct arena *a, struct str secret)
{
    uint8_t *hash = arena_take(a, crypto_generichash_BYTES);
    crypto_generichash(hash, crypto_generichash_BYTES, (const unsigned char *)secret.p, secret.n,
                       NULL, 0);
    return (struct str){(const char *)hash, crypto_generichash_BYTES};
}

static void delete_session(struct request *rq, struct str secret)
{
    if (secret.p)
        pg_query(rq->db, rq->arena, &SQL_session_delete,
                 param_bytes(session_hash(rq->arena, secret)));
}

static struct str browser_name(struct request *rq)
{
    struct str agent = text_utf8(rq->arena, request_header(rq, "HTTP_USER_AGENT"));
    return text_ellipsis(rq->arena, agent, USER_AGENT_POINTS);
}

void session_begin(struct request *rq, int64_t user_id, bool remember)
{
    int64_t now = clock_now();
    int64_t lives = remember ? settings()->session_days * CLOCK_DAY
                             : (int64_t)SHORT_HOURS * 3600 * CLOCK_SECOND;
    int64_t max_age = remember ? lives / CLOCK_SECOND : -1;
    uint8_t *secret = arena_take(rq->arena, SECRET_BYTES);
    struct str fresh = {(const char *)secret, SECRET_BYTES};
    randombytes_buf(secret, SECRET_BYTES);
    delete_session(rq, session_secret(rq));
    pg_query(rq->db, rq->arena, &SQL_session_begin, param_bytes(session_hash(rq->arena, fresh)),
             user_id, remember, rq->client_ip, browser_name(rq), pg_time(rq->arena, now),
             pg_time(rq->arena, now + lives));
    set_cookie(rq, session_cookie_name(), text_hex(rq->arena, secret, SECRET_BYTES), max_age);
    set_cookie(rq, csrf_cookie_name(), csrf_of_session(rq->arena, fresh), max_age);
}

void session_end(struct request *rq)
{
    delete_session(rq, session_secret(rq));
    set_cookie(rq, session_cookie_name(), S(""), 0);
    set_cookie(rq, csrf_cookie_name(), S(""), 0);
}

void session_end_others(struct request *rq)
{
    pg_query(rq->db, rq->arena, &SQL_session_end_others, rq->identity->user_id,
             param_bytes(rq->identity->session_hash));
}

struct str session_csrf_cookie(const struct request *rq)
{
    return request_cookie(rq, str_of(csrf_cookie_name()));
}

void session_offer_csrf(struct request *rq)
{
    struct str has = session_csrf_cookie(rq);
    bool signed_in = rq->identity->kind == IDENTITY_SESSION;
    struct str wanted =
        signed_in ? csrf_of_session(rq->arena, session_secret(rq)) : csrf_random(rq->arena);
    bool is_right = signed_in ? csrf_equal(has, wanted) : csrf_equal(has, has);
    if (!is_right)
        set_cookie(rq, csrf_cookie_name(), wanted, -1);
}
