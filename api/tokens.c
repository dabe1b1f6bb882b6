/* A person's API tokens.  Only a signed-in browser may manage them: a token makes no tokens. */
#include <stddef.h>

#include "auth/identity.h"
#include "auth/scope.h"
#include "auth/token.h"
#include "base/bind.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/reply.h"

struct change {
    struct str name;
    struct field_texts scopes;
    bool has_scopes;
};

static const struct field create_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_TRIM, 0, 255},
    {"scopes", FIELD_TEXTS, offsetof(struct change, scopes), FIELD_REQUIRED, 1, 40},
    {0},
};

static const struct field update_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct change, name), FIELD_TRIM, 0, 255},
    {"scopes", FIELD_TEXTS, offsetof(struct change, scopes), 0, 1, 40,
     .present = FIELD_PRESENT(struct change, has_scopes)},
    {0},
};

struct removal {
    int64_t id;
};

static const struct field removal_fields[] = {
    {"tokenId", FIELD_INT, offsetof(struct removal, id), FIELD_REQUIRED, 1, INT64_MAX},
    {0},
};

static bool check_scopes(struct request *rq, const struct field_texts *scopes)
{
    for (size_t i = 0; i < scopes->count; i++) {
        if (!scope_of(scopes->items[i])) {
            reply_field_error(
                rq, "scopes",
                arena_printf(rq->arena, "There is no scope \"%.*s\".", STR_ARG(scopes->items[i])));
            return false;
        }
    }
    if (scopes->count == 0)
        reply_field_error(rq, "scopes", "Choose at least one scope.");
    return scopes->count > 0;
}

/* The id in the path; 0 is nobody's. */
static int64_t token_id(const struct request *rq)
{
    int64_t id = 0;
    text_int64(request_param(rq, S("id")), &id);
    return id;
}

static struct rows *find_tokens(struct request *rq, struct param id)
{
    return pg_query(rq->db, rq->arena, &SQL_token_list, rq->identity->user_id, id);
}

static int list_tokens(struct request *rq)
{
    return reply_rows(rq, find_tokens(rq, param_str((struct str){0})));
}

static int get_token(struct request *rq)
{
    return reply_row(rq, find_tokens(rq, param_int(token_id(rq))));
}

static int reply_new_token(struct request *rq, const struct token *t, struct rows *r)
{
    if (reply_if_failed(rq))
        return rq->status;
    rows_next(r);
    struct jw j = reply_json(rq, 201);
    jw_open(&j, '{');
    rows_put_members(r, &j);
    jw_str_k(&j, "token", str_of(t->text));
    jw_close(&j, '}');
    return reply_done(rq);
}

static int create_token(struct request *rq)
{
    struct change change = {.name = S("")};
    if (!bind_body(rq, create_fields, &change) || !check_scopes(rq, &change.scopes))
        return rq->status;
    struct token t = token_create();
    struct str hash = {(const char *)t.hash, sizeof(t.hash)};
    struct rows *r =
        pg_query(rq->db, rq->arena, &SQL_token_create, rq->identity->user_id, change.name,
                 param_bytes(hash), (const char *)t.last_characters,
                 pg_text_array(rq->arena, change.scopes.items, change.scopes.count),
                 pg_time(rq->arena, clock_now()), param_str((struct str){0}), rq->client_ip);
    return reply_new_token(rq, &t, r);
}

static int update_token(struct request *rq)
{
    struct change change = {0};
    if (!bind_body(rq, update_fields, &change))
        return rq->status;
    if (change.has_scopes && !check_scopes(rq, &change.scopes))
        return rq->status;
    const char *scopes = change.has_scopes
                             ? pg_text_array(rq->arena, change.scopes.items, change.scopes.count)
                             : NULL;
    return reply_row(rq, pg_query(rq->db, rq->arena, &SQL_token_update, rq->identity->user_id,
                                  token_id(rq), change.name, scopes,
                                  pg_time(rq->arena, clock_now()), rq->client_ip));
}

static int remove_token(struct request *rq, int64_t id)
{
    struct rows *r = pg_query(rq->db, rq->arena, &SQL_token_delete, rq->identity->user_id, id,
                              pg_time(rq->arena, clock_now()), rq->client_ip);
    if (reply_if_failed(rq))
        return rq->status;
    return rows_next(r) ? reply_empty(rq, 204) : reply_not_found(rq);
}

static int delete_token(struct request *rq)
{
    return remove_token(rq, token_id(rq));
}

/* Older clients name the token in the body. */
static int delete_named_token(struct request *rq)
{
    struct removal removal = {0};
    if (!bind_body(rq, removal_fields, &removal))
        return rq->status;
    return remove_token(rq, removal.id);
}

const struct route token_routes[] = {
    {METHOD_GET, "/api/0/api-tokens/", ACCESS_SESSION, list_tokens},
    {METHOD_POST, "/api/0/api-tokens/", ACCESS_SESSION, create_token},
    {METHOD_DELETE, "/api/0/api-tokens/", ACCESS_SESSION, delete_named_token},
    {METHOD_GET, "/api/0/api-tokens/{id}/", ACCESS_SESSION, get_token},
    {METHOD_PUT, "/api/0/api-tokens/{id}/", ACCESS_SESSION, update_token},
    {METHOD_DELETE, "/api/0/api-tokens/{id}/", ACCESS_SESSION, delete_token},
    {0},
};
