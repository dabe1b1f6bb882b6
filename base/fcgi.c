#include "base/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

enum {
    BACKLOG = 1024,
    STACK_BYTES = 2 * 1024 * 1024,
    HEAD_BYTES = 128 * 1024,
    REPLY_KEPT_BYTES = 1024 * 1024, /* one large reply shall not stay in memory for good */
    PEER_SECONDS = 30,
    STOP_SECONDS = 10,
    FIRST_BYTE_MS = 1000, /* a new peer that sends nothing shall not hold a thread */
    NOBODY = -1,          /* libfcgi's own accepting, which is not used */
    PAUSE_US = 10000,
};

/* libfcgi waits this long for a peer's last byte when closing; its default of two seconds would let
 * one stuck peer hold a thread. */
static const char patience_ms[] = "200";

struct worker {
    const struct fcgi_service *service;
    pthread_t id;
    FCGX_Request fcgx;
    int stop_fd;    /* readable once the process shall stop */
    int accept_fd;  /* epoll set of the listening socket and stop_fd, all threads' */
    bool is_new;    /* the connection has brought no request yet ... */
    bool is_silent; /* ... and not a byte in FIRST_BYTE_MS */
    bool is_last;   /* the process stops: this connection's next request is the thread's last */
    struct arena *arena;
    struct buf out, head;
    void *thread;
    struct request rq; /* the last one; another thread's from request_defer() until ... */
    sem_t answered;    /* ... this is posted: its reply is sent, its arena empty */
};

static int refuse_listen(const char *path, const char *reason)
{
    log_error(reason, LOG_STR("path", str_of(path)), LOG_INT("errno", errno));
    return -1;
}

/* A socket file nobody answers on is left from a killed process. */
static bool is_alive(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool alive = fd >= 0 && connect(fd, (const void *)address, sizeof(*address)) == 0;
    if (fd >= 0)
        close(fd);
    return alive;
}

static bool bind_socket(int fd, const struct sockaddr_un *address)
{
    /* By umask and not by chmod, so that no moment leaves the socket open to everybody. */
    mode_t before = umask(0117);
    bool bound = bind(fd, (const void *)address, sizeof(*address)) == 0;
    umask(before);
    return bound && listen(fd, BACKLOG) == 0;
}

static bool listens_at(int fd, const struct sockaddr_un *address)
{
    struct sockaddr_un bound = {0};
    socklen_t n = sizeof(bound);
    return fd >= 0 && getsockname(fd, (void *)&bound, &n) == 0 &&
           memcmp(&bound, address, sizeof(bound)) == 0 && is_alive(address);
}

int fcgi_listen(const char *path, int kept)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct str text = str_of(path);
    if (text.n >= sizeof(address.sun_path))
        return refuse_listen(path, "the path of a socket is longer than 107 bytes");
    memcpy(address.sun_path, text.p, text.n);
    if (listens_at(kept, &address))
        return kept;
    if (kept >= 0)
        close(kept);
    if (is_alive(&address))
        return refuse_listen(path, "another process serves this socket already");
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && bind_socket(fd, &address))
        return fd;
    refuse_listen(path, "cannot listen on a socket");
    if (fd >= 0)
        close(fd);
    return -1;
}

static const char *source_variable(void *from, const char *name)
{
    struct worker *w = from;
    return FCGX_GetParam(name, w->fcgx.envp);
}

static ssize_t source_read(void *from, void *to, size_t n)
{
    struct worker *w = from;
    int got = FCGX_GetStr(to, (int)(n > INT32_MAX ? INT32_MAX : n), w->fcgx.in);
    if (got <= 0 && FCGX_GetError(w->fcgx.in))
        return -1;
    return got;
}

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {208, "Already Reported"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
};

static const char *reason_of(int status)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "Other";
}

static bool has_body(int status)
{
    return status != 204 && status != 304;
}

static void write_head(struct buf *head, const struct request *rq)
{
    buf_clear(head);
    buf_printf(head, "Status: %d %s\r\n", rq->status, reason_of(rq->status));
    for (int i = 0; i < rq->header_count; i++) {
        buf_puts(head, rq->headers[i].name);
        buf_puts(head, ": ");
        buf_put_str(head, rq->headers[i].value);
        buf_puts(head, "\r\n");
    }
    if (has_body(rq->status))
        buf_printf(head, "Content-Length: %zu\r\n", rq->out->len);
    buf_puts(head, "\r\n");
}

static bool send_bytes(struct worker *w, struct str bytes)
{
    return bytes.n == 0 || FCGX_PutStr(bytes.p, (int)bytes.n, w->fcgx.out) == (int)bytes.n;
}

static void send_reply(struct worker *w, const struct request *rq)
{
    write_head(&w->head, rq);
    bool sent = buf_ok(&w->head) && send_bytes(w, buf_str(&w->head));
    if (sent && has_body(rq->status) && !rq->head)
        sent = send_bytes(w, buf_str(rq->out));
    if (!sent)
        w->fcgx.keepConnection = 0;
}

/* What the handler left may not be sendable; the status is then the server's fault. */
static void settle_reply(struct request *rq)
{
    if (reply_was_sent(rq) && buf_ok(rq->out))
        return;
    log_error(rq->status ? "a reply is over its ceiling" : "a request was not answered",
              LOG_STR("path", rq->path));
    rq->header_count = 0;
    reply_error(rq, 500, "Internal Error");
}

/* Closes the streams and leaves the connection, which its thread may be watching, to that. */
static void source_answer(void *from)
{
    struct worker *w = from;
    settle_reply(&w->rq);
    if (w->service->answered)
        w->service->answered(&w->rq);
    /* libfcgi keeps a connection whose body was not read to its end, and takes the rest for the
     * next request. */
    if (w->rq.undrained)
        w->fcgx.keepConnection = 0;
    send_reply(w, &w->rq);
    FCGX_FClose(w->fcgx.err);
    FCGX_FClose(w->fcgx.out);
    arena_reset(w->arena);
    if (w->out.cap > REPLY_KEPT_BYTES)
        buf_free(&w->out);
    sem_post(&w->answered);
}

/* Once its reply is sent a request's streams may go, and its connection be read or closed. */
static void await_answer(struct worker *w)
{
    while (sem_wait(&w->answered) < 0 && errno == EINTR)
        ;
    FCGX_Finish_r(&w->fcgx);
}

static void end_request(struct worker *w)
{
    await_answer(w);
    sem_post(&w->answered);
}

/* A deferred request on a kept connection leaves the thread free to watch for the next one, which
 * comes when the reply is sent. */
static void serve(struct worker *w)
{
    bool kept = w->fcgx.keepConnection;
    w->rq = (struct request){
        .arena = w->arena,
        .out = &w->out,
        .thread = w->thread,
        .source = {source_variable, source_read, w, source_answer},
    };
    buf_clear(&w->out);
    request_begin(&w->rq);
    log_request(w->rq.id);
    w->service->handle(&w->rq);
    log_request((struct str){0});
    if (!w->rq.deferred) {
        request_drain(&w->rq);
        request_answer(&w->rq);
    }
    if (!w->rq.deferred || !kept || w->rq.undrained)
        end_request(w);
}

/* Neither reading nor writing has a timeout of its own in libfcgi. */
static void limit_patience(int fd, int seconds)
{
    struct timeval patience = {.tv_sec = seconds ? seconds : PEER_SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

static bool watch_listening(int accept_fd, int listen_fd)
{
    struct epoll_event listening = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listen_fd};
    return epoll_ctl(accept_fd, EPOLL_CTL_ADD, listen_fd, &listening) == 0;
}

/* The kernel wakes the first in line.  Going to its end gives the next connection to another
 * process, so that all get their share of those that are kept. */
static void go_to_end_of_line(const struct worker *w)
{
    epoll_ctl(w->accept_fd, EPOLL_CTL_DEL, w->service->listen_fd, NULL);
    if (!watch_listening(w->accept_fd, w->service->listen_fd) && errno != EEXIST)
        log_error("cannot watch the listening socket", LOG_INT("errno", errno));
}

/* Not by libfcgi, which sets no timeouts and gives the descriptor to child processes.  Another
 * thread may be quicker. */
static void accept_connection(struct worker *w)
{
    int fd = accept4(w->service->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0) {
        limit_patience(fd, w->service->peer_seconds);
        w->fcgx.ipcFd = fd;
        w->fcgx.keepConnection = 1; /* else libfcgi would begin by closing it */
        w->is_new = true;
        go_to_end_of_line(w);
    } else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
        log_warn("cannot accept a connection", LOG_INT("errno", errno));
        usleep(PAUSE_US);
    }
}

/* Who is woken for a connection is the only one that is: it accepts once more even when the process
 * stops, or the connection would wait until another comes. */
static bool wait_on_epoll(struct worker *w)
{
    struct epoll_event events[2];
    if (w->is_last)
        return false;
    int n = epoll_wait(w->accept_fd, events, 2, -1);
    for (int i = 0; i < n; i++)
        w->is_last |= events[i].data.fd == w->stop_fd;
    return n >= 0 || errno == EINTR;
}

/* An idle connection is watched, not read: the library's read could not be woken.  Once the process
 * stops, a request that has come is still served, and the first one of a connection waited for. */
static bool wait_on_connection(struct worker *w)
{
    struct pollfd fds[] = {{.fd = w->fcgx.ipcFd, .events = POLLIN},
                           {.fd = w->stop_fd, .events = POLLIN}};
    int n = w->is_last ? 0 : poll(fds, 2, w->is_new ? FIRST_BYTE_MS : -1);
    w->is_last |= fds[1].revents != 0;
    w->is_silent = n == 0 && !w->is_last;
    if (w->is_last)
        return poll(fds, 1, w->is_new ? FIRST_BYTE_MS : 0) > 0;
    return n >= 0 || errno == EINTR;
}

static void read_request(struct worker *w)
{
    await_answer(w);
    w->is_new = false;
    if (w->is_silent)
        FCGX_Free(&w->fcgx, 1);
    if (w->fcgx.ipcFd < 0 || FCGX_Accept_r(&w->fcgx) != 0) {
        sem_post(&w->answered);
        return;
    }
    if (w->is_last)
        w->fcgx.keepConnection = 0;
    serve(w);
}

/* False when the process stops. */
static bool wait_for_work(struct worker *w)
{
    return w->fcgx.ipcFd >= 0 ? wait_on_connection(w) : wait_on_epoll(w);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    while (wait_for_work(w)) {
        if (w->fcgx.ipcFd >= 0)
            read_request(w);
        else
            accept_connection(w);
    }
    end_request(w);
    FCGX_Free(&w->fcgx, 1);
    return NULL;
}

static void must(bool done, const char *what)
{
    if (done)
        return;
    log_error(what, LOG_INT("errno", errno));
    abort();
}

/* One for all threads.  Exclusive: a connection wakes one of the processes that serve the socket.
 */
static int accept_set(int listen_fd, int stop_fd)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event stopping = {.events = EPOLLIN, .data.fd = stop_fd};
    must(fd >= 0 && watch_listening(fd, listen_fd) &&
             epoll_ctl(fd, EPOLL_CTL_ADD, stop_fd, &stopping) == 0,
         "cannot watch the listening socket");
    return fd;
}

static void start_worker(struct worker *w)
{
    pthread_attr_t attributes;
    const struct fcgi_service *s = w->service;
    w->arena = arena_new(s->arena_limit);
    buf_init(&w->out, s->reply_limit);
    buf_init(&w->head, HEAD_BYTES);
    must(FCGX_InitRequest(&w->fcgx, NOBODY, FCGI_FAIL_ACCEPT_ON_INTR) == 0 &&
             sem_init(&w->answered, 0, 1) == 0,
         "cannot prepare a FastCGI request");
    w->fcgx.ipcFd = -1;
    w->thread = s->thread_open ? s->thread_open(s->service) : NULL;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    must(pthread_create(&w->id, &attributes, work, w) == 0, "cannot start a thread");
    pthread_attr_destroy(&attributes);
}

static void wait_for_signal(const struct fcgi_service *s, const sigset_t *signals)
{
    int signal = 0;
    while (sigwait(signals, &signal) == 0 && signal == SIGHUP) {
        if (s->reload)
            s->reload();
    }
}

/* A handler that does not come to an end may not keep the process from doing so; what it was doing
 * is as lost as by a crash, and every layer below is made for that. */
static void join_worker(const struct worker *w, const struct timespec *deadline)
{
    if (pthread_timedjoin_np(w->id, NULL, deadline) == 0)
        return;
    log_error("a request does not end; leaving it behind");
    _exit(EXIT_FAILURE);
}

static void stop_worker(struct worker *w, const struct fcgi_service *s)
{
    if (s->thread_close && w->thread)
        s->thread_close(w->thread);
    sem_destroy(&w->answered);
    buf_free(&w->out);
    buf_free(&w->head);
    arena_free(w->arena);
}

/* SIGPIPE stays blocked and pending: a peer that hung up is the EPIPE of a write. */
static void block_signals(sigset_t *waited)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    sigemptyset(waited);
    sigaddset(waited, SIGTERM);
    sigaddset(waited, SIGINT);
    sigaddset(waited, SIGQUIT);
    sigaddset(waited, SIGHUP);
}

void fcgi_serve(const struct fcgi_service *s)
{
    sigset_t signals;
    struct timespec deadline;
    struct worker *workers = calloc((size_t)s->threads, sizeof(*workers));
    int stop_fd = eventfd(0, EFD_CLOEXEC);
    must(workers && stop_fd >= 0, "cannot start serving");
    block_signals(&signals);
    setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", patience_ms, 1);
    must(FCGX_Init() == 0, "cannot start the FastCGI library");
    int accept_fd = accept_set(s->listen_fd, stop_fd);
    for (int i = 0; i < s->threads; i++) {
        workers[i] = (struct worker){.service = s, .stop_fd = stop_fd, .accept_fd = accept_fd};
        start_worker(&workers[i]);
    }
    wait_for_signal(s, &signals);
    must(eventfd_write(stop_fd, 1) == 0, "cannot stop the threads");
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += s->stop_seconds ? s->stop_seconds : STOP_SECONDS;
    for (int i = 0; i < s->threads; i++)
        join_worker(&workers[i], &deadline);
    for (int i = 0; i < s->threads; i++)
        stop_worker(&workers[i], s);
    close(accept_fd);
    close(stop_fd);
    free(workers);
}
