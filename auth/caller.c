#include "auth/caller.h"

#include "auth/identity.h"
#include "auth/scope.h"
#include "auth/session.h"
#include "auth/token.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/pg.h"
#include "storage/reply.h"
#include "storage/short_id.h"

struct credentials caller_credentials(const struct request *rq)
{
    struct credentials c = {0};
    struct str header = str_trim(request_header(rq, "HTTP_AUTHORIZATION"));
    size_t blank = str_index(header, ' ');
    if (str_case_eq(str_slice(header, 0, blank), S("Bearer"))) {
        c.has_token = true;
        c.token_hash = token_hash(rq->arena, str_trim(str_slice(header, blank, header.n)));
    } else {
        c.session_secret = session_secret(rq);
    }
    return c;
}

/* "123", or "SHOP-1A". */
static bool read_issue(const struct request *rq, struct str text, struct place *place)
{
    place->has_issue = true;
    if (text_int64(text, &place->issue))
        return place->issue > 0;
    return short_id_read(rq->arena, text, &place->issue_slug, &place->issue);
}

bool caller_place(const struct request *rq, struct place *place)
{
    struct str issue = request_param(rq, S("issue"));
    place->organization = request_param(rq, S("organization"));
    place->project = request_param(rq, S("project"));
    place->team = request_param(rq, S("team"));
    return !issue.p || read_issue(rq, issue, place);
}

static struct param optional_int(bool given, int64_t v)
{
    return given ? param_int(v) : param_str((struct str){0});
}

static struct rows *find_caller(struct request *rq, const struct credentials *c,
                                const struct place *place)
{
    bool is_short = place->issue_slug.p != NULL;
    struct str session =
        c->session_secret.p ? session_hash(rq->arena, c->session_secret) : (struct str){0};
    return pg_query(rq->db, rq->arena, &SQL_caller_find, param_bytes(session),
                    param_bytes(c->token_hash), pg_time(rq->arena, clock_now()),
                    place->organization, place->project, place->team,
                    optional_int(place->has_issue && !is_short, place->issue), place->issue_slug,
                    optional_int(is_short, place->issue));
}

static struct str column_str(const struct rows *r, const char *name)
{
    return rows_str(r, rows_column(r, name));
}

static int64_t column_int(const struct rows *r, const char *name)
{
    return rows_int(r, rows_column(r, name));
}

static uint32_t scopes_of_names(struct str names)
{
    uint32_t scopes = 0;
    for (struct str rest = names; rest.p;)
        scopes |= scope_of(str_split(&rest, ' '));
    return scope_closure(scopes);
}

static void fill_identity(struct request *rq, const struct rows *r, const struct credentials *c)
{
    struct identity *who = rq->identity;
    who->kind = c->has_token ? IDENTITY_TOKEN : IDENTITY_SESSION;
    who->user_id = column_int(r, "user_id");
    who->token_id = column_int(r, "token_id");
    who->organization_id = column_int(r, "token_organization_id");
    who->token_scopes =
        c->has_token ? scopes_of_names(column_str(r, "scopes")) : (UINT32_C(1) << SCOPE_COUNT) - 1;
    who->is_superuser = rows_bool(r, rows_column(r, "is_superuser"));
    who->email = column_str(r, "email");
    who->name = column_str(r, "name");
    if (c->session_secret.p)
        who->session_hash = session_hash(rq->arena, c->session_secret);
}

/* An organization's own token has no member's role behind it. */
static void fill_tenant(struct request *rq, const struct rows *r)
{
    struct identity *who = rq->identity;
    uint32_t role = scope_of_role(column_str(r, "role"));
    rq->tenant = (struct tenant){
        .organization_id = column_int(r, "organization_id"),
        .project_id = column_int(r, "project_id"),
        .team_id = column_int(r, "team_id"),
        .issue_id = column_int(r, "issue_id"),
        .organization_slug = column_str(r, "organization_slug"),
        .project_slug = column_str(r, "project_slug"),
    };
    who->scopes = who->user_id ? role & who->token_scopes : who->token_scopes;
}

static void touch(struct request *rq, const struct rows *r)
{
    const char *now = pg_time(rq->arena, clock_now());
    if (!rows_bool(r, rows_column(r, "stale")))
        return;
    if (rq->identity->kind == IDENTITY_TOKEN)
        pg_query(rq->db, rq->arena, &SQL_token_touch, rq->identity->token_id, now);
    else
        pg_query(rq->db, rq->arena, &SQL_session_touch, param_bytes(rq->identity->session_hash),
                 now);
}

static bool refuse(struct request *rq, int status, const char *detail)
{
    reply_error(rq, status, detail);
    return false;
}

static bool is_public(const struct request *rq)
{
    return (rq->route->access & ACCESS_PUBLIC) != 0;
}

static bool refuse_nobody(struct request *rq)
{
    return is_public(rq) || refuse(rq, 401, "Authentication credentials were not provided.");
}

/* A public page is shown without the database too, to nobody in particular. */
static bool refuse_away(struct request *rq, const struct credentials *c)
{
    if (is_public(rq) && !c->has_token)
        return true;
    reply_if_failed(rq);
    return false;
}

bool caller_identify(struct request *rq, const struct credentials *c, const struct place *place)
{
    if (c->has_token && !c->token_hash.p)
        return refuse(rq, 401, "Invalid token");
    if (!c->has_token && !c->session_secret.p)
        return refuse_nobody(rq);
    struct rows *r = find_caller(rq, c, place);
    if (pg_failed(rq->db))
        return refuse_away(rq, c);
    if (!rows_next(r))
        return c->has_token ? refuse(rq, 401, "Invalid token") : refuse_nobody(rq);
    if (rows_bool(r, rows_column(r, "expired")))
        return refuse(rq, 401, "Token expired");
    fill_identity(rq, r, c);
    fill_tenant(rq, r);
    touch(rq, r);
    return true;
}
