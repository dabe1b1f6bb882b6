#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "api/cli/command.h"
#include "api/cli/dsn.h"
#include "api/cli/secret.h"
#include "auth/password.h"
#include "auth/scope.h"
#include "auth/token.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/jw.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/pg.h"

#define EMAIL "admin@localhost"
#define ORGANIZATION "vedette"
#define PROJECT "app"

/* What nobody can know but who made it. */
struct secrets {
    struct str password, public_key, secret_key;
    struct token token;
};

static struct secrets make_secrets(struct arena *a)
{
    return (struct secrets){secret_password(a), secret_key(a), secret_key(a), token_create()};
}

static const char *all_scopes(struct arena *a)
{
    struct str names[SCOPE_COUNT];
    for (int i = 0; i < SCOPE_COUNT; i++)
        names[i] = str_of(scope_name((enum scope_index)i));
    return pg_text_array(a, names, SCOPE_COUNT);
}

/* The id of the first project, 0 after saying why there is none. */
static int64_t make_tenant(struct arena *a, struct pg *db, const struct secrets *s)
{
    struct str hash = password_hash(a, s->password);
    if (!hash.p) {
        command_fail("too many people are signing in; try again");
        return 0;
    }
    struct str token_bytes = {(const char *)s->token.hash, sizeof(s->token.hash)};
    struct rows *rows =
        pg_query(db, a, &SQL_operator_setup, ORGANIZATION, "Vedette", pg_time(a, clock_now()),
                 EMAIL, hash, PROJECT, "App", s->public_key, s->secret_key,
                 param_bytes(token_bytes), s->token.last_characters, all_scopes(a));
    int64_t id = rows_next(rows) ? rows_int(rows, 0) : 0;
    command_database_ok(db);
    return id;
}

static void put_credentials(struct buf *text, struct arena *a, const struct secrets *s,
                            int64_t project_id)
{
    struct str url = str_of(settings()->public_url);
    struct jw json;
    jw_begin(&json, text);
    jw_open(&json, '{');
    jw_str_k(&json, "url", url);
    jw_str_k(&json, "email", S(EMAIL));
    jw_str_k(&json, "password", s->password);
    jw_str_k(&json, "organization", S(ORGANIZATION));
    jw_str_k(&json, "project", S(PROJECT));
    jw_str_k(&json, "dsn", dsn_of(a, url, s->public_key, project_id));
    jw_str_k(&json, "token", str_of(s->token.text));
    jw_close(&json, '}');
    buf_putc(text, '\n');
}

/* Synced before the account exists: a password that nobody has would lock everybody out. */
static bool write_file(const char *path, struct str text)
{
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool whole = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    return close(fd) == 0 && whole;
}

static int set_up(struct arena *a, struct pg *db, const char *path)
{
    struct secrets secrets = make_secrets(a);
    struct buf text;
    buf_init(&text, (size_t)1 << 16);
    pg_begin(db);
    int64_t project_id = make_tenant(a, db, &secrets);
    bool fine = project_id != 0;
    if (fine) {
        put_credentials(&text, a, &secrets, project_id);
        fine = buf_ok(&text) && write_file(path, buf_str(&text));
        if (!fine)
            command_fail("the first password cannot be written to %s", path);
        else if (!pg_commit(db))
            fine = command_database_ok(db);
    }
    buf_free(&text);
    return fine ? COMMAND_DONE : COMMAND_FAILED;
}

int command_setup(struct call *call)
{
    const char *path = arena_printf(call->arena, "%s/credentials.json", settings()->data_dir);
    struct pg *db = command_database();
    struct rows *rows = pg_query_none(db, call->arena, &SQL_operator_is_set_up);
    bool is_set_up = rows_next(rows) && rows_bool(rows, 0);
    int status = COMMAND_FAILED;
    if (!command_database_ok(db))
        status = COMMAND_FAILED;
    else if (is_set_up)
        status = COMMAND_DONE;
    else
        status = set_up(call->arena, db, path);
    pg_close(db);
    return status;
}
