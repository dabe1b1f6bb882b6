#include "ingest/credentials.h"

#include "base/text.h"
#include "ingest/refuse.h"

enum { KEY_LENGTH = 32, VERSION_MAX = 7 };

/* What one place of the request said, before it is checked. */
struct claim {
    struct str key, client, version;
};

static void claim_put(struct claim *c, struct str name, struct str value)
{
    if (str_eq(name, S("sentry_key")))
        c->key = value;
    else if (str_eq(name, S("sentry_client")))
        c->client = value;
    else if (str_eq(name, S("sentry_version")))
        c->version = value;
}

/* "Sentry sentry_key=…, sentry_version=7"; false when the header is of another scheme. */
static bool claim_header(struct str header, struct claim *c)
{
    if (header.n < 7 || !str_case_eq(str_slice(header, 0, 7), S("Sentry ")))
        return false;
    struct str rest = str_slice(header, 7, header.n);
    while (rest.p) {
        struct str part = str_split(&rest, ',');
        size_t at = str_index(part, '=');
        claim_put(c, str_trim(str_slice(part, 0, at)), str_trim(str_slice(part, at + 1, part.n)));
    }
    return true;
}

static bool claim_basic(struct arena *a, struct str header, struct claim *c)
{
    if (header.n < 6 || !str_case_eq(str_slice(header, 0, 6), S("Basic ")))
        return false;
    struct str pair = text_unbase64(a, str_trim(str_slice(header, 6, header.n)));
    size_t colon = str_index(pair, ':');
    if (!pair.p || colon == pair.n)
        return false;
    c->key = str_slice(pair, 0, colon);
    return true;
}

static bool claim_query(const struct request *rq, struct claim *c)
{
    if (!str_has(rq->query, S("sentry_")))
        return false;
    c->key = request_query(rq, S("sentry_key"));
    c->client = request_query(rq, S("sentry_client"));
    c->version = request_query(rq, S("sentry_version"));
    return true;
}

static bool claim_path(const struct request *rq, struct claim *c)
{
    struct str key = request_param(rq, S("key"));
    if (key.p)
        c->key = key;
    return key.p != NULL;
}

static int claims(const struct request *rq, struct claim *c)
{
    struct str authorization = request_header(rq, "HTTP_AUTHORIZATION");
    return claim_header(request_header(rq, "HTTP_X_SENTRY_AUTH"), c) +
           (claim_header(authorization, c) || claim_basic(rq->arena, authorization, c)) +
           claim_query(rq, c) + claim_path(rq, c);
}

static bool is_key(struct str key)
{
    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] <= ' ' || key.p[i] > '~')
            return false;
    return key.n == KEY_LENGTH;
}

/* Text after a dot is a list of flags that mean nothing to us. */
static struct str without_flags(struct str key)
{
    return str_slice(key, 0, str_index(key, '.'));
}

static bool version_is_number(struct str text, int64_t *version)
{
    *version = VERSION_MAX;
    return !text.p || text_int64(str_slice(text, 0, str_index(text, '.')), version);
}

static const char *fault_of(struct request *rq, const struct claim *c, int *status)
{
    int64_t version;
    *status = 401;
    if (!version_is_number(c->version, &version) || c->key.n == 0)
        return "bad x-sentry-auth header";
    *status = 400;
    if (version > VERSION_MAX)
        return arena_printf(rq->arena, "unsupported protocol version (%lld)", (long long)version);
    return is_key(without_flags(c->key)) ? NULL : "bad sentry DSN public key";
}

static enum credentials_result check(struct request *rq, const struct claim *c,
                                     struct credentials *out)
{
    int status;
    const char *fault = fault_of(rq, c, &status);
    *out = (struct credentials){without_flags(c->key), text_utf8(rq->arena, c->client), 0};
    if (!fault)
        return CREDENTIALS_FOUND;
    refuse(rq, status, fault);
    return CREDENTIALS_REFUSED;
}

enum credentials_result credentials_read(struct request *rq, struct credentials *out)
{
    struct claim claim = {0};
    *out = (struct credentials){0};
    switch (claims(rq, &claim)) {
    case 0:
        return CREDENTIALS_NONE;
    case 1:
        return check(rq, &claim, out);
    default:
        refuse(rq, 401, "multiple authorization payloads detected");
        return CREDENTIALS_REFUSED;
    }
}

bool credentials_of_dsn(struct str dsn, struct credentials *out)
{
    struct str rest = dsn;
    struct str scheme = str_split(&rest, ':');
    if (!str_eq(scheme, S("http")) && !str_eq(scheme, S("https")))
        return false;
    size_t at = str_index(rest, '@');
    if (!str_starts(rest, S("//")) || at == rest.n)
        return false;
    struct str user = str_slice(rest, 2, at), path = str_slice(rest, at + 1, rest.n);
    path = str_slice(path, 0, str_index(path, '?'));
    while (str_ends(path, S("/")))
        path.n--;
    struct str project = {0};
    while (path.p)
        project = str_split(&path, '/');
    *out = (struct credentials){.key = without_flags(str_slice(user, 0, str_index(user, ':')))};
    return is_key(out->key) && text_int64(project, &out->project_id) && out->project_id > 0;
}
