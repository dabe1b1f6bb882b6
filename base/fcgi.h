/*
 * FastCGI worker threads: accept, read, call the program, reply, drain, shut down.  The only file
 * pair that knows libfcgi; c-style.md §3 lists the traps it handles.
 *
 * One process, `threads` threads with 2 MiB stacks, each with one arena and one reply buffer reused
 * for every request.  fcgi_serve() blocks until SIGTERM, SIGINT or SIGQUIT, lets requests in flight
 * finish (at most stop_seconds, then the process ends), joins and returns.  A connection that was
 * accepted, but has brought no request yet, is in flight: nginx sends on a fresh connection only
 * once.  All signals are blocked in the worker threads.  Several processes may serve one listening
 * socket; each stops for itself.
 *
 * A connection that the server keeps open holds its thread: nginx must keep at most threads / 2 of
 * them (keepalive x worker_processes).  Headers and body are the reply's own bytes: the Content-
 * Length is exact, HEAD gets the headers of GET, a reply over reply_limit becomes a 500, and so
 * does a handler that answers nothing.  While a deferred request (request.h) waits for its
 * reply its thread does no more than watch the connection.
 */
#ifndef BASE_FCGI_H
#define BASE_FCGI_H

#include "base/request.h"

struct fcgi_service {
    int listen_fd;
    int threads;
    size_t arena_limit;                  /* bytes one request may take; past it the process dies */
    size_t reply_limit;                  /* bytes of one reply */
    void *(*thread_open)(void *service); /* per-thread state: rq->thread; may be NULL */
    void (*thread_close)(void *thread);
    void (*handle)(struct request *rq);
    void (*answered)(const struct request *rq); /* its reply is settled and goes out; may be NULL */
    void (*reload)(void);                       /* on SIGHUP, in the waiting thread; may be NULL */
    void *service;
    int peer_seconds; /* longest wait for a peer that stops sending or reading; 0: 30 */
    int stop_seconds; /* longest wait for requests in flight when stopping; 0: 10 */
};

/* Binds a unix socket, mode 0660, backlog 1024, replacing a stale one; -1 after logging the reason.
 * `kept` is returned instead when it is a socket that listens at the path, and closed otherwise;
 * -1: none (base/handover.h). */
int fcgi_listen(const char *path, int kept);

void fcgi_serve(const struct fcgi_service *s);

#endif
