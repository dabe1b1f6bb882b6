/*
 * One HTTP request on its way through a FastCGI thread, and its reply.
 *
 * Everything a request points to lives in its arena, reset after the reply is sent, so handlers
 * never free.  The reply is built in rq->out and sent by the worker when the handler returns:
 * until then status, headers and body may still be replaced (reply_error() clears the body).
 * Handlers return through reply_*(), which return the HTTP status.
 *
 * The body is not read before somebody asks: request_read() streams it, request_body() collects it
 * under a ceiling.  Whatever is left unread is drained (up to 1 MiB, else the connection is closed)
 * by the worker, because libfcgi breaks the next request on a kept connection otherwise.
 *
 * A handler that waits for something slow need not hold its thread: it builds the reply it hopes
 * for, calls request_defer(), hands rq to whoever will know, and returns without another look at
 * it.  That thread may build another reply in its place, and calls request_answer().
 */
#ifndef BASE_REQUEST_H
#define BASE_REQUEST_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/jw.h"
#include "base/str.h"

enum method {
    METHOD_GET = 1,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_HEAD,
    METHOD_OPTIONS,
};

enum { REQUEST_PARAMS_MAX = 6, REQUEST_HEADERS_MAX = 24 };

struct pg;
struct rows;
struct route;
struct identity;

struct header {
    const char *name;
    struct str value;
};

/* What the path names, found by the gate alone; 0 where the path names none. */
struct tenant {
    int64_t organization_id, project_id, team_id, issue_id;
    struct str organization_slug, project_slug;
};

/* Where a request's FastCGI variables and body come from and a deferred reply goes to: libfcgi, or
 * a unit test's arrays. */
struct request_source {
    const char *(*variable)(void *from, const char *name); /* NULL when absent */
    ssize_t (*read)(void *from, void *to, size_t n); /* 0 at the end, -1 when the peer failed */
    void *from;
    void (*answer)(void *from);
};

struct request {
    enum method method; /* HEAD arrives as METHOD_GET with head set */
    bool head;
    struct str id;          /* nginx's request id: 32 hex digits */
    struct str path;        /* percent-encoded as sent, "//" folded to "/", without query */
    struct str query;       /* raw, without "?" */
    int64_t content_length; /* -1 when unknown */
    struct str client_ip;   /* canonical, by trusted proxies' word; absent when unknown */
    int64_t started;        /* clock_monotonic() */

    struct arena *arena;
    struct request_source source;
    int64_t body_read; /* bytes taken from the source so far */
    bool deferred;     /* request_answer() will be called */
    bool undrained;    /* unread bytes are left: the connection cannot serve another request */

    const struct route *route;
    struct str params[REQUEST_PARAMS_MAX]; /* the route's {names}, in order, decoded as queries */
    struct pg *db;                         /* the thread's connection; NULL in ingest */
    struct identity *identity;             /* filled by the gate */
    struct tenant tenant;
    void *thread; /* the program's own per-thread state */

    int status;
    struct buf *out;
    struct header headers[REQUEST_HEADERS_MAX];
    int header_count;
};

/*
 * Fills the request's own fields from its source: method, head, id, path, query, content_length,
 * client_ip, started.  arena, source and out are set before.  A method that is none of ours stays
 * 0, which no route has.
 */
void request_begin(struct request *rq);

/*
 * The peer's own address, and whether the setting trusted_proxies names it: only then may a
 * forwarding header be believed.  client_ip follows X-Forwarded-For from its right end through
 * trusted proxies; who honours further headers (ingest.md §1.3) asks here first.
 */
struct str request_peer(const struct request *rq);
bool request_peer_is_trusted(const struct request *rq);

/* A request header by its FastCGI name ("HTTP_X_SENTRY_AUTH"); absent when not sent. */
struct str request_header(const struct request *rq, const char *fcgi_name);
struct str request_cookie(const struct request *rq, struct str name);

/* First value of a query parameter, decoded and valid UTF-8 without NUL; absent when not given,
 * empty when given empty. */
struct str request_query(const struct request *rq, struct str name);
/* Every value of a repeated parameter: start with *at = 0; false at the end. */
bool request_query_next(const struct request *rq, struct str name, size_t *at, struct str *value);

/* The value of the route's {name} segment. */
struct str request_param(const struct request *rq, struct str name);

/* Up to n body bytes; 0 at the end; -1 when the body is shorter than announced or the peer broke
 * off. */
ssize_t request_read(struct request *rq, void *to, size_t n);
/* The whole body, at most max bytes; false after answering 413 or 400. */
bool request_body(struct request *rq, size_t max, struct str *body);

/* Reads and forgets the rest of the body. */
void request_drain(struct request *rq);
/* The reply waits for request_answer(), which any thread may call, once; rq is gone after it. */
void request_defer(struct request *rq);
void request_answer(struct request *rq);

/* Set-Cookie adds a line, any other name replaces an earlier value.  The name is a literal, the
 * value lives in the arena; control characters in it become blanks. */
void reply_header(struct request *rq, const char *name, struct str value);
void reply_headerf(struct request *rq, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Clears the body so far and starts a JSON document in it. */
struct jw reply_json(struct request *rq, int status);
int reply_done(struct request *rq);              /* after reply_json: returns rq->status */
int reply_empty(struct request *rq, int status); /* 204 and the like */
int reply_bytes(struct request *rq, int status, const char *content_type, struct str bytes);
/* {"detail": …}; a 500 adds the request id as errorId. */
int reply_error(struct request *rq, int status, const char *detail);
int reply_not_found(
    struct request *rq); /* 404, the text an unknown id, slug or foreign tenant gets */
int reply_field_error(struct request *rq, const char *field,
                      const char *message);    /* 400 {field: [message]} */
bool reply_was_sent(const struct request *rq); /* a reply_* call has set the status */

#endif
