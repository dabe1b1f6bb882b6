#include "base/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/network.h"
#include "base/route.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/uuid.h"

enum { HEADER_VALUE_MAX = 8192, BODY_CHUNK = 16384, FORWARDED_MAX = 32, DRAIN_BYTES = 1 << 20 };

static const struct {
    const char *name;
    enum method method;
    bool head;
} methods[] = {
    {"GET", METHOD_GET, false},         {"POST", METHOD_POST, false},
    {"PUT", METHOD_PUT, false},         {"PATCH", METHOD_PATCH, false},
    {"DELETE", METHOD_DELETE, false},   {"HEAD", METHOD_GET, true},
    {"OPTIONS", METHOD_OPTIONS, false},
};

struct str request_header(const struct request *rq, const char *fcgi_name)
{
    return str_of(rq->source.variable(rq->source.from, fcgi_name));
}

static void begin_method(struct request *rq)
{
    struct str name = request_header(rq, "REQUEST_METHOD");
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (str_eq(name, str_of(methods[i].name))) {
            rq->method = methods[i].method;
            rq->head = methods[i].head;
        }
    }
}

/* "//" would hide a path from the table that a proxy in front may have let through. */
static struct str fold_slashes(struct arena *a, struct str path)
{
    if (!str_has(path, S("//")))
        return path;
    char *folded = arena_take(a, path.n);
    size_t n = 0;
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] != '/' || n == 0 || folded[n - 1] != '/')
            folded[n++] = path.p[i];
    }
    return (struct str){folded, n};
}

static void begin_path(struct request *rq)
{
    struct str uri = request_header(rq, "REQUEST_URI");
    uri = str_slice(uri, 0, str_index(uri, '#'));
    size_t mark = str_index(uri, '?');
    rq->path = fold_slashes(rq->arena, str_slice(uri, 0, mark));
    rq->query = str_slice(uri, mark + 1, uri.n);
}

struct str request_peer(const struct request *rq)
{
    return text_ip(rq->arena, request_header(rq, "REMOTE_ADDR"));
}

bool request_peer_is_trusted(const struct request *rq)
{
    return network_has(str_of(settings()->trusted_proxies), request_header(rq, "REMOTE_ADDR"));
}

/* The last comma-separated entry of *list, which is cut off; absent when there is none. */
static struct str take_last(struct str *list)
{
    size_t at = list->n;
    while (at > 0 && list->p[at - 1] != ',')
        at--;
    struct str entry = str_trim(str_slice(*list, at, list->n));
    *list = str_slice(*list, 0, at ? at - 1 : 0);
    return entry;
}

/* Each proxy appends the address it saw, so the list is true from its right end as far as the
 * addresses are those of proxies we trust; the first other one is the client. */
static struct str forwarded_client(const struct request *rq, struct str peer)
{
    struct str trusted = str_of(settings()->trusted_proxies);
    struct str list = request_header(rq, "HTTP_X_FORWARDED_FOR");
    struct str client = peer;
    for (int i = 0; i < FORWARDED_MAX && list.n && network_has(trusted, client); i++) {
        struct str entry = text_ip(rq->arena, take_last(&list));
        if (!entry.p)
            break;
        client = entry;
    }
    return client;
}

void request_begin(struct request *rq)
{
    int64_t length;
    struct str id = request_header(rq, "REQUEST_ID");
    rq->started = clock_monotonic();
    rq->id = id.n ? id : uuid_text(rq->arena, uuid_random());
    rq->content_length = -1;
    if (text_int64(request_header(rq, "CONTENT_LENGTH"), &length) && length >= 0)
        rq->content_length = length;
    begin_method(rq);
    begin_path(rq);
    rq->client_ip = forwarded_client(rq, request_peer(rq));
}

struct str request_cookie(const struct request *rq, struct str name)
{
    struct str rest = request_header(rq, "HTTP_COOKIE");
    while (rest.p) {
        struct str pair = str_trim(str_split(&rest, ';'));
        size_t mark = str_index(pair, '=');
        if (mark < pair.n && str_eq(str_slice(pair, 0, mark), name))
            return str_slice(pair, mark + 1, pair.n);
    }
    return (struct str){0};
}

static struct str decode_query(const struct request *rq, struct str text)
{
    return text_utf8(rq->arena, text_percent_decode(rq->arena, text, true));
}

static bool names_equal(const struct request *rq, struct str sent, struct str name)
{
    if (str_eq(sent, name))
        return true;
    return (str_index(sent, '%') < sent.n || str_index(sent, '+') < sent.n) &&
           str_eq(decode_query(rq, sent), name);
}

bool request_query_next(const struct request *rq, struct str name, size_t *at, struct str *value)
{
    while (*at < rq->query.n) {
        struct str pair = str_slice(rq->query, *at, rq->query.n);
        pair = str_slice(pair, 0, str_index(pair, '&'));
        *at += pair.n + 1;
        size_t mark = str_index(pair, '=');
        if (names_equal(rq, str_slice(pair, 0, mark), name)) {
            *value = decode_query(rq, str_slice(pair, mark + 1, pair.n));
            return true;
        }
    }
    return false;
}

struct str request_query(const struct request *rq, struct str name)
{
    size_t at = 0;
    struct str value = {0};
    request_query_next(rq, name, &at, &value);
    return value;
}

struct str request_param(const struct request *rq, struct str name)
{
    int index = 0;
    for (const char *open = strchr(rq->route->path, '{'); open; open = strchr(open + 1, '{')) {
        struct str here = str_of(open + 1);
        if (str_eq(str_slice(here, 0, str_index(here, '}')), name))
            return rq->params[index];
        index++;
    }
    return (struct str){0};
}

ssize_t request_read(struct request *rq, void *to, size_t n)
{
    ssize_t got = n ? rq->source.read(rq->source.from, to, n) : 0;
    if (got > 0)
        rq->body_read += got;
    if (got == 0 && n > 0 && rq->body_read < rq->content_length)
        return -1;
    return got;
}

static bool refuse_large(struct request *rq)
{
    reply_error(rq, 413, "The request body is too large.");
    return false;
}

static bool refuse_broken(struct request *rq)
{
    reply_error(rq, 400, "The request body is shorter than announced.");
    return false;
}

/* Without an announced length the room doubles; what it leaves behind in the arena is at most as
 * large as the body. */
static char *body_room(struct request *rq, char *body, size_t used, size_t *room)
{
    if (used < *room)
        return body;
    char *larger = arena_take(rq->arena, *room * 2 + 1);
    memcpy(larger, body, used);
    *room *= 2;
    return larger;
}

bool request_body(struct request *rq, size_t max, struct str *body)
{
    size_t used = 0, room = rq->content_length > 0 ? (size_t)rq->content_length : BODY_CHUNK;
    if (rq->content_length >= 0 && (uint64_t)rq->content_length > max)
        return refuse_large(rq);
    char *bytes = arena_take(rq->arena, room + 1);
    for (;;) {
        bytes = body_room(rq, bytes, used, &room);
        ssize_t got = request_read(rq, bytes + used, room - used);
        if (got < 0)
            return refuse_broken(rq);
        if (got == 0)
            break;
        used += (size_t)got;
        if (used > max)
            return refuse_large(rq);
    }
    bytes[used] = '\0';
    *body = (struct str){bytes, used};
    return true;
}

void request_drain(struct request *rq)
{
    char trash[8192];
    size_t drained = 0;
    ssize_t got = 0;
    while (drained <= DRAIN_BYTES &&
           (got = rq->source.read(rq->source.from, trash, sizeof(trash))) > 0)
        drained += (size_t)got;
    rq->undrained = got != 0;
}

void request_defer(struct request *rq)
{
    request_drain(rq);
    rq->deferred = true;
}

void request_answer(struct request *rq)
{
    rq->source.answer(rq->source.from);
}

/* A line break in a value would begin a header of the client's choosing. */
static struct str header_text(struct request *rq, struct str value)
{
    char *clean = NULL;
    for (size_t i = 0; i < value.n; i++) {
        if ((unsigned char)value.p[i] >= 0x20 && value.p[i] != 0x7f)
            continue;
        if (!clean)
            value.p = clean = arena_strdup(rq->arena, value);
        clean[i] = ' ';
    }
    return value;
}

void reply_header(struct request *rq, const char *name, struct str value)
{
    int at = rq->header_count;
    bool adds = strcasecmp(name, "Set-Cookie") == 0;
    for (int i = 0; !adds && i < rq->header_count; i++) {
        if (strcasecmp(rq->headers[i].name, name) == 0)
            at = i;
    }
    if (at == REQUEST_HEADERS_MAX) {
        log_error("a reply has too many headers", LOG_STR("header", str_of(name)));
        return;
    }
    rq->headers[at] = (struct header){name, header_text(rq, value)};
    rq->header_count += at == rq->header_count;
}

void reply_headerf(struct request *rq, const char *name, const char *format, ...)
{
    va_list args;
    char *text = arena_take(rq->arena, HEADER_VALUE_MAX);
    va_start(args, format);
    int n = vsnprintf(text, HEADER_VALUE_MAX, format, args);
    va_end(args);
    if (n >= 0 && n < HEADER_VALUE_MAX)
        reply_header(rq, name, (struct str){text, (size_t)n});
    else
        log_error("a reply header is too long", LOG_STR("header", str_of(name)));
}

struct jw reply_json(struct request *rq, int status)
{
    struct jw j;
    rq->status = status;
    reply_header(rq, "Content-Type", S("application/json"));
    buf_clear(rq->out);
    jw_begin(&j, rq->out);
    return j;
}

int reply_done(struct request *rq)
{
    return rq->status;
}

int reply_empty(struct request *rq, int status)
{
    buf_clear(rq->out);
    return rq->status = status;
}

int reply_bytes(struct request *rq, int status, const char *content_type, struct str bytes)
{
    reply_header(rq, "Content-Type", str_of(content_type));
    buf_clear(rq->out);
    buf_put_str(rq->out, bytes);
    return rq->status = status;
}

int reply_error(struct request *rq, int status, const char *detail)
{
    struct jw j = reply_json(rq, status);
    jw_open(&j, '{');
    jw_str_k(&j, "detail", str_of(detail));
    if (status == 500)
        jw_str_k(&j, "errorId", text_utf8(rq->arena, rq->id));
    jw_close(&j, '}');
    return reply_done(rq);
}

int reply_not_found(struct request *rq)
{
    return reply_error(rq, 404, "The requested resource does not exist");
}

int reply_field_error(struct request *rq, const char *field, const char *message)
{
    struct jw j = reply_json(rq, 400);
    jw_open(&j, '{');
    jw_open_k(&j, field, '[');
    jw_str(&j, str_of(message));
    jw_close(&j, ']');
    jw_close(&j, '}');
    return reply_done(rq);
}

bool reply_was_sent(const struct request *rq)
{
    return rq->status != 0;
}
