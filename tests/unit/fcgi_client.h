/*
 * The web server's side of FastCGI, as far as tests need it: they say byte by byte what a program
 * gets, right or wrong.  Records are those of the FastCGI 1.0 specification §3.3.
 */
#ifndef TESTS_UNIT_FCGI_CLIENT_H
#define TESTS_UNIT_FCGI_CLIENT_H

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "tests/unit/suite.h"

enum { FCGI_BEGIN = 1, FCGI_ABORT, FCGI_END, FCGI_PARAMS, FCGI_STDIN, FCGI_STDOUT, FCGI_STDERR };
enum { FCGI_RECORD_MAX = 65535, FCGI_WAIT_MS = 5000 };

struct fcgi_reply {
    struct buf text; /* head and body as one CGI answer */
    bool ended;      /* END_REQUEST came */
};

static inline int fcgi_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = FCGI_WAIT_MS / 1000};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    ck_assert_int_eq(connect(fd, (const void *)&address, sizeof(address)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    return fd;
}

static inline bool fcgi_write(int fd, const void *bytes, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes = (const char *)bytes + sent;
        n -= (size_t)sent;
    }
    return true;
}

static inline bool fcgi_record(int fd, int type, const void *bytes, size_t n)
{
    uint8_t head[8] = {1, (uint8_t)type, 0, 1, (uint8_t)(n >> 8), (uint8_t)n, 0, 0};
    return fcgi_write(fd, head, sizeof(head)) && fcgi_write(fd, bytes, n);
}

static inline void fcgi_begin(int fd, bool keep)
{
    const uint8_t body[8] = {0, 1, keep, 0, 0, 0, 0, 0};
    ck_assert(fcgi_record(fd, FCGI_BEGIN, body, sizeof(body)));
}

static inline void fcgi_pair(struct buf *to, const char *name, const char *value)
{
    size_t n = strlen(value);
    const uint8_t length[4] = {(uint8_t)(n >> 24 | 0x80), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
                               (uint8_t)n};
    buf_putc(to, (char)strlen(name));
    buf_put(to, length, sizeof(length));
    buf_puts(to, name);
    buf_puts(to, value);
}

static inline void fcgi_params(int fd, const char *method, const char *uri, size_t length)
{
    char digits[32];
    struct buf pairs;
    buf_init(&pairs, FCGI_RECORD_MAX);
    snprintf(digits, sizeof(digits), "%zu", length);
    fcgi_pair(&pairs, "REQUEST_METHOD", method);
    fcgi_pair(&pairs, "REQUEST_URI", uri);
    fcgi_pair(&pairs, "CONTENT_LENGTH", digits);
    ck_assert(fcgi_record(fd, FCGI_PARAMS, pairs.data, pairs.len));
    ck_assert(fcgi_record(fd, FCGI_PARAMS, "", 0));
    buf_free(&pairs);
}

/* False when the program stopped listening. */
static inline bool fcgi_body(int fd, size_t n)
{
    char piece[32768];
    memset(piece, 'x', sizeof(piece));
    while (n) {
        size_t now = n < sizeof(piece) ? n : sizeof(piece);
        if (!fcgi_record(fd, FCGI_STDIN, piece, now))
            return false;
        n -= now;
    }
    return fcgi_record(fd, FCGI_STDIN, "", 0);
}

static inline bool fcgi_send(int fd, const char *method, const char *uri, size_t body)
{
    fcgi_begin(fd, true);
    fcgi_params(fd, method, uri, body);
    return fcgi_body(fd, body);
}

static inline bool fcgi_read(int fd, void *to, size_t n)
{
    while (n) {
        ssize_t got = recv(fd, to, n, 0);
        if (got <= 0)
            return false;
        to = (char *)to + got;
        n -= (size_t)got;
    }
    return true;
}

/* Until END_REQUEST or the end of the connection. */
static inline struct fcgi_reply fcgi_receive(int fd)
{
    uint8_t head[8];
    static char content[FCGI_RECORD_MAX + 255];
    struct fcgi_reply reply = {0};
    buf_init(&reply.text, 16 << 20);
    while (!reply.ended && fcgi_read(fd, head, sizeof(head))) {
        size_t n = (size_t)head[4] << 8 | head[5];
        if (!fcgi_read(fd, content, n + head[6]))
            break;
        if (head[1] == FCGI_STDOUT)
            buf_put(&reply.text, content, n);
        reply.ended = head[1] == FCGI_END;
    }
    return reply;
}

/* Whether the program closes the connection now, as opposed to waiting for more. */
static inline bool fcgi_is_closed(int fd)
{
    char byte;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, FCGI_WAIT_MS) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

static inline bool fcgi_is_open(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, 50) == 0;
}

#endif
