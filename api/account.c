#include "api/account.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/identity.h"
#include "auth/password.h"
#include "auth/ratelimit.h"
#include "auth/session.h"
#include "base/bind.h"
#include "base/clock.h"
#include "base/jt.h"
#include "base/log.h"
#include "base/route.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/reply.h"

enum { OPTIONS_MAX = 4096, CREDENTIALS_MAX = 8192 };

struct change {
    struct str name, options;
};

static const struct field change_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_TRIM, 1, 200},
    {"options", FIELD_JSON, offsetof(struct change, options), 0, 0, OPTIONS_MAX},
    {0},
};

static const struct {
    const char *name;
    enum jt_kind kind;
    const char *choices[5]; /* of a text; none: any, at most 64 bytes */
} option_rows[] = {
    {"theme", JT_STRING, {"system", "light", "dark"}},
    {"language", JT_STRING, {NULL}},
    {"timezone", JT_STRING, {NULL}},
    {"stacktraceOrder", JT_NUMBER, {"-1", "1", "2"}},
    {"clock24Hours", JT_TRUE, {NULL}},
    {"density", JT_STRING, {"comfortable", "compact"}},
    {"frameMode", JT_STRING, {"app", "all", "raw"}},
};

enum { OPTION_ROWS = sizeof(option_rows) / sizeof(option_rows[0]), OPTION_TEXT_MAX = 64 };

int account_reply(struct request *rq)
{
    return reply_row(rq, pg_query(rq->db, rq->arena, &SQL_account_get, rq->identity->user_id));
}

static bool is_choice(struct str text, const char *const *choices)
{
    if (!choices[0])
        return text.n <= OPTION_TEXT_MAX;
    for (; *choices; choices++) {
        if (str_eq(text, str_of(*choices)))
            return true;
    }
    return false;
}

static bool option_fits(const struct jt *v, size_t row)
{
    if (option_rows[row].kind == JT_TRUE)
        return v->kind == JT_TRUE || v->kind == JT_FALSE;
    return v->kind == option_rows[row].kind && is_choice(v->text, option_rows[row].choices);
}

/* Keeps the options there are and drops others; false after answering for a value that does not
 * fit. */
static bool read_options(struct request *rq, struct str json, struct str *kept)
{
    const char *error;
    struct buf *text = arena_new_of(rq->arena, struct buf);
    struct jw j;
    const struct jt *sent = jt_read(rq->arena, json.p ? json : S("{}"), BIND_DEPTH, &error);
    buf_init(text, OPTIONS_MAX);
    arena_defer(rq->arena, (void (*)(void *))buf_free, text);
    jw_begin(&j, text);
    jw_open(&j, '{');
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const struct jt *v = jt_get(sent, str_of(option_rows[i].name));
        if (v && !option_fits(v, i)) {
            reply_field_error(
                rq, "options",
                arena_printf(rq->arena, "Not a valid value of %s.", option_rows[i].name));
            return false;
        }
        if (v) {
            jw_key(&j, option_rows[i].name);
            jt_write(&j, v);
        }
    }
    jw_close(&j, '}');
    *kept = buf_str(text);
    return true;
}

static int update_account(struct request *rq)
{
    struct change change = {0};
    struct str options;
    if (!bind_body(rq, change_fields, &change) || !read_options(rq, change.options, &options))
        return rq->status;
    pg_query(rq->db, rq->arena, &SQL_account_update, rq->identity->user_id, change.name,
             arena_str(rq->arena, options), rq->client_ip, pg_time(rq->arena, clock_now()));
    return account_reply(rq);
}

/* Whoever sits at somebody's open browser may guess this often. */
static const struct ratelimit_rule guess_rule = {10, 30 * (int64_t)CLOCK_SECOND};

struct password_change {
    struct str password, fresh, again;
};

static const struct field password_fields[] = {
    {"password", FIELD_TEXT, offsetof(struct password_change, password), FIELD_REQUIRED, 1, 1024},
    {"passwordNew", FIELD_TEXT, offsetof(struct password_change, fresh), FIELD_REQUIRED,
     PASSWORD_LEAST, PASSWORD_MOST},
    {"passwordVerify", FIELD_TEXT, offsetof(struct password_change, again), FIELD_REQUIRED, 1,
     1024},
    {0},
};

/* The file that `make up` wrote for the first administrator names them by e-mail. */
static bool file_is_of(struct arena *a, const char *path, struct str email)
{
    const char *error;
    char *text = arena_take(a, CREDENTIALS_MAX);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t n = fread(text, 1, CREDENTIALS_MAX, file);
    fclose(file);
    const struct jt *json = jt_read(a, (struct str){text, n}, BIND_DEPTH, &error);
    return str_case_eq(jt_get_str(json, S("email")), email);
}

static void remove_first_credentials(struct request *rq, struct str email)
{
    const char *path = arena_printf(rq->arena, "%s/credentials.json", settings()->data_dir);
    if (file_is_of(rq->arena, path, email) && unlink(path) != 0)
        log_warn("the file of first credentials cannot be removed", LOG_STR("path", str_of(path)));
}

static int reply_wait(struct request *rq, int64_t us)
{
    long long seconds = us / CLOCK_SECOND + 1;
    reply_headerf(rq, "Retry-After", "%lld", seconds);
    return reply_error(rq, 429, "Too many passwords are being checked. Try again later.");
}

static int store_password(struct request *rq, struct str password, struct str email)
{
    struct str hash = password_hash(rq->arena, password);
    if (!hash.p)
        return reply_wait(rq, 0);
    pg_query(rq->db, rq->arena, &SQL_account_set_password, rq->identity->user_id, hash,
             rq->client_ip, pg_time(rq->arena, clock_now()));
    session_end_others(rq);
    if (reply_if_failed(rq))
        return rq->status;
    remove_first_credentials(rq, email);
    return reply_empty(rq, 204);
}

/* Whether the account's present password was given; a guess is counted before it is looked at. */
static bool check_password(struct request *rq, struct str stored, struct str password)
{
    const char *key = arena_printf(rq->arena, "password:%lld", (long long)rq->identity->user_id);
    struct ratelimit_verdict limit = ratelimit_take(str_of(key), &guess_rule);
    if (!limit.allowed) {
        reply_wait(rq, limit.retry_us);
        return false;
    }
    enum password_check check = password_verify(rq->arena, stored, password);
    if (check == PASSWORD_RIGHT)
        ratelimit_return(str_of(key), &guess_rule);
    else if (check == PASSWORD_BUSY)
        reply_wait(rq, 0);
    else
        reply_field_error(rq, "password", "The password is not correct.");
    return check == PASSWORD_RIGHT;
}

static int change_password(struct request *rq)
{
    struct password_change change = {0};
    if (!bind_body(rq, password_fields, &change))
        return rq->status;
    if (!str_eq(change.fresh, change.again))
        return reply_field_error(rq, "passwordVerify", "The passwords differ.");
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_account_password, rq->identity->user_id);
    if (reply_if_failed(rq))
        return rq->status;
    if (!rows_next(r))
        return reply_not_found(rq);
    if (!check_password(rq, rows_str(r, 0), change.password))
        return rq->status;
    return store_password(rq, change.fresh, rows_str(r, 1));
}

const struct route account_routes[] = {
    {METHOD_GET, "/api/0/users/me/", ACCESS_USER, account_reply},
    {METHOD_PUT, "/api/0/users/me/", ACCESS_SESSION, update_account},
    {METHOD_PUT, "/api/0/users/me/password/", ACCESS_SESSION, change_password},
    {0},
};
