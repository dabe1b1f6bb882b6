/*
 * People and places for tests of who may do what: two organizations that know nothing of each
 * other, their projects, teams and issues, and credentials that a test can write down.
 */
#ifndef TESTS_UNIT_CALLERS_H
#define TESTS_UNIT_CALLERS_H

#include "auth/csrf.h"
#include "auth/session.h"
#include "auth/token.h"
#include "base/text.h"
#include "tests/unit/ask.h"
#include "tests/unit/database.h"

enum { SECRET = 32 };

/* olga owns acme, mick is a member of it, fred owns globex.  Both have a project "shop" with an
 * issue SHOP-1A (42). */
static const char callers_seed[] =
    "insert into organization (id, slug, name, date_created) values"
    " (1, 'acme', 'Acme', now()), (2, 'globex', 'Globex', now());"
    "insert into app_user (id, email, name, is_superuser, is_active, date_joined) values"
    " (1, 'olga@example.com', 'Olga', true, true, now()),"
    " (2, 'mick@example.com', '', false, true, now()),"
    " (3, 'fred@example.com', 'Fred', false, true, now()),"
    " (4, 'gone@example.com', 'Gone', false, false, now());"
    "insert into member (organization_id, user_id, role, date_created) values"
    " (1, 1, 'owner', now()), (1, 2, 'member', now()), (2, 3, 'owner', now()),"
    " (1, 4, 'owner', now());"
    "insert into team (id, organization_id, slug, name, date_created) values"
    " (1, 1, 'web', 'Web', now()), (2, 2, 'web', 'Web', now()), (3, 2, 'ops', 'Ops', now());"
    "insert into project (id, organization_id, slug, name, status, date_created) values"
    " (11, 1, 'shop', 'Shop', 'active', now()), (12, 1, 'api', 'Api', 'disabled', now()),"
    " (13, 1, 'old', 'Old', 'deletion', now()), (21, 2, 'shop', 'Shop', 'active', now()),"
    " (22, 2, 'secret', 'Secret', 'active', now());"
    "insert into issue (project_id, id, short_id, type, title, level, platform, first_seen,"
    "                   active_at, date_created) values"
    " (11, 101, 42, 'error', 'a', 40, 'node', now(), now(), now()),"
    " (12, 102, 42, 'error', 'b', 40, 'node', now(), now(), now()),"
    " (13, 103, 42, 'error', 'c', 40, 'node', now(), now(), now()),"
    " (21, 201, 42, 'error', 'd', 40, 'node', now(), now(), now());";

/* `secret` is the character its cookie is made of, times are SQL intervals from now. */
struct session_row {
    char secret;
    int user;
    const char *last_seen, *expires;
    bool remember;
};

/* A session's secret made of one character, so that a test can write its cookie. */
static inline struct str secret_of(struct arena *arena, char c)
{
    char *bytes = arena_take(arena, SECRET);
    memset(bytes, c, SECRET);
    return (struct str){bytes, SECRET};
}

static inline void add_session(struct pg *db, struct arena *arena, struct session_row s)
{
    struct str hash = session_hash(arena, secret_of(arena, s.secret));
    ck_assert(pg_script(
        db, arena_printf(arena,
                         "insert into session values ('\\x%.*s', %d, %s, null, null, now(),"
                         " now() + interval '%s', now() + interval '%s')",
                         STR_ARG(text_hex(arena, hash.p, hash.n)), s.user,
                         s.remember ? "true" : "false", s.last_seen, s.expires)));
}

/* SQL texts; `secret` is the letter its token is made of. */
struct token_row {
    char secret;
    const char *user, *organization, *scopes, *expires;
};

/* Of a text "sntryu_" and 64 times the character. */
static inline const char *token_of(struct arena *arena, char c)
{
    char digits[TOKEN_DIGITS + 1];
    memset(digits, c, TOKEN_DIGITS);
    digits[TOKEN_DIGITS] = '\0';
    return arena_printf(arena, "sntryu_%s", digits);
}

static inline void add_token(struct pg *db, struct arena *arena, struct token_row t)
{
    struct str hash = token_hash(arena, str_of(token_of(arena, t.secret)));
    ck_assert(
        pg_script(db, arena_printf(arena,
                                   "insert into api_token (user_id, organization_id, token_hash,"
                                   " last_characters, scopes, date_created, expires)"
                                   " values (%s, %s, '\\x%.*s', 'xxxx', '{%s}', now(), %s)",
                                   t.user, t.organization, STR_ARG(text_hex(arena, hash.p, hash.n)),
                                   t.scopes, t.expires)));
}

/* "o": olga's session, with its CSRF token; "token a": a token; "": nobody. */
static inline void put_caller(struct ask *q, struct arena *arena, const char *who)
{
    if (strncmp(who, "token ", 6) == 0) {
        ask_header(q, "HTTP_AUTHORIZATION",
                   arena_printf(arena, "Bearer %s", token_of(arena, who[6])));
    } else if (*who) {
        struct str secret = secret_of(arena, *who);
        ask_header(q, "HTTP_COOKIE",
                   arena_printf(arena, "vedette_session=%.*s",
                                STR_ARG(text_hex(arena, secret.p, secret.n))));
        ask_header(q, "HTTP_X_CSRFTOKEN", arena_strdup(arena, csrf_of_session(arena, secret)));
    }
}

#endif
