/*
 * A request made of arrays instead of a FastCGI connection, for tests of everything behind it.
 *
 *   struct ask q = {.method = "PUT", .uri = "/api/0/x/?a=b", .body = "{}"};
 *   ask_header(&q, "HTTP_COOKIE", "a=b");
 *   struct request *rq = ask_begin(&q, arena);
 *   ... rq->status, ask_body(rq), ask_reply_header(rq, "Allow")
 */
#ifndef TESTS_UNIT_ASK_H
#define TESTS_UNIT_ASK_H

#include <semaphore.h>
#include <stdio.h>

#include "base/request.h"
#include "tests/unit/suite.h"

enum { ASK_VARIABLES = 32, ASK_REPLY_MAX = 4 << 20 };

struct ask {
    const char *method, *uri;
    struct str body;
    const char *type; /* Content-Type; NULL: application/json when there is a body */
    int64_t claims;   /* CONTENT_LENGTH where it is not the body's; -1: none sent */
    size_t piece;     /* most bytes one read gives; 0: all */
    bool breaks;      /* the peer fails after the body's bytes */
    const char *names[ASK_VARIABLES], *values[ASK_VARIABLES];
    int count;
    size_t given;
    sem_t answered; /* posted by a deferred reply; ask_end() waits for it */
};

static inline void ask_header(struct ask *q, const char *name, const char *value)
{
    ck_assert_int_lt(q->count, ASK_VARIABLES);
    q->names[q->count] = name;
    q->values[q->count++] = value;
}

static inline const char *ask_variable(void *from, const char *name)
{
    const struct ask *q = from;
    for (int i = 0; i < q->count; i++) {
        if (strcmp(q->names[i], name) == 0)
            return q->values[i];
    }
    return NULL;
}

static inline ssize_t ask_read(void *from, void *to, size_t n)
{
    struct ask *q = from;
    size_t left = q->body.n - q->given;
    n = n < left ? n : left;
    n = q->piece && q->piece < n ? q->piece : n;
    if (n == 0)
        return q->breaks ? -1 : 0;
    memcpy(to, q->body.p + q->given, n);
    q->given += n;
    return (ssize_t)n;
}

static inline void ask_answer(void *from)
{
    struct ask *q = from;
    sem_post(&q->answered);
}

static inline void ask_end(struct ask *q, const struct request *rq)
{
    if (rq->deferred)
        sem_wait(&q->answered);
}

static inline struct request *ask_begin(struct ask *q, struct arena *a)
{
    static const char id[] = "0123456789abcdef0123456789abcdef";
    struct request *rq = arena_new_of(a, struct request);
    rq->arena = a;
    rq->source = (struct request_source){ask_variable, ask_read, q, ask_answer};
    sem_init(&q->answered, 0, 0);
    rq->out = arena_new_of(a, struct buf);
    buf_init(rq->out, ASK_REPLY_MAX);
    arena_defer(a, (void (*)(void *))buf_free, rq->out);
    ask_header(q, "REQUEST_METHOD", q->method ? q->method : "GET");
    ask_header(q, "REQUEST_URI", q->uri ? q->uri : "/");
    ask_header(q, "REQUEST_ID", id);
    if (q->claims >= 0 && (q->body.n || q->claims))
        ask_header(
            q, "CONTENT_LENGTH",
            arena_printf(a, "%lld", q->claims ? (long long)q->claims : (long long)q->body.n));
    if (q->body.n || q->type)
        ask_header(q, "CONTENT_TYPE", q->type ? q->type : "application/json");
    request_begin(rq);
    return rq;
}

static inline struct str ask_body(const struct request *rq)
{
    return buf_str(rq->out);
}

static inline struct str ask_reply_header(const struct request *rq, const char *name)
{
    for (int i = 0; i < rq->header_count; i++) {
        if (strcmp(rq->headers[i].name, name) == 0)
            return rq->headers[i].value;
    }
    return (struct str){0};
}

#endif
