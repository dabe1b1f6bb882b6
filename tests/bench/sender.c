/*
 * An open-loop load generator for the envelope endpoint.
 *
 * usage: sender NAME=value…
 *   address=127.0.0.1 port=8900 project=1 key=…   where to
 *   rate=1000      requests a second on an exact schedule; 0: closed loop, as fast as answers come
 *   seconds=10     or count=N requests
 *   connections=32 kept alive, one request at a time on each
 *   spans=0        of a transaction; 0: errors are sent
 *   size=3072      bytes of an envelope, uncompressed;  gzip=50  percent of bodies compressed
 *   seed=…         of the bodies; by the clock when not given
 *   repeat=1       what was not answered 200 is sent again until it is, connections reopened
 *   ids=FILE       ids that were answered 200, one a line
 *
 * Prints one JSON object.  A time is measured from the moment its request was due, so an answer
 * that waited for a free connection counts as late.  Any status but 200 is a refusal and ends in
 * exit status 1, unless it was repeated in the end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/payload.h"

enum { CONNECTIONS_MAX = 1024, REPLY_MAX = 8192, EVENTS = 256, STATUS_MAX = 600 };
#define SECOND 1000000000ll
#define RECONNECT_PAUSE (SECOND / 50)

struct options {
    const char *address, *key, *ids;
    long port, project, rate, seconds, count, connections, size, gzip, seed, repeat, spans;
};

struct connection {
    int fd;
    bool busy;
    bool wants_write;
    uint64_t number; /* of the request on its way */
    int64_t due;
    int64_t open_at; /* when a broken one may be opened again */
    char *out;
    size_t out_size, out_sent;
    char in[REPLY_MAX];
    size_t in_size;
    char id[ID_DIGITS + 1];
};

/* Requests that have to be sent again, oldest first. */
struct again {
    uint64_t *numbers;
    int64_t *dues;
    size_t first, count, room;
};

struct sender {
    struct options options;
    struct payloads payloads;
    struct sockaddr_in to;
    int epoll;
    struct connection connections[CONNECTIONS_MAX];
    long busy; /* connections with a request on its way */
    int64_t began, ends;
    uint64_t next, total, answered;
    struct again again;
    uint64_t statuses[STATUS_MAX], broken, bytes;
    uint32_t *latencies; /* us, of 200s */
    size_t latency_count, latency_room;
    int64_t slip; /* longest time that the sender itself was late */
    FILE *ids;
};

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static double wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / (double)SECOND;
}

static void *grow(void *p, size_t bytes)
{
    void *more = realloc(p, bytes);
    if (!more)
        abort();
    return more;
}

/* ---- options */

static bool option_long(const char *argument, const char *name, long *value)
{
    size_t n = strlen(name);
    if (strncmp(argument, name, n) != 0 || argument[n] != '=')
        return false;
    *value = strtol(argument + n + 1, NULL, 10);
    return true;
}

static bool option_text(const char *argument, const char *name, const char **value)
{
    size_t n = strlen(name);
    if (strncmp(argument, name, n) != 0 || argument[n] != '=')
        return false;
    *value = argument + n + 1;
    return true;
}

static bool option_read(struct options *o, const char *argument)
{
    return option_text(argument, "address", &o->address) || option_text(argument, "key", &o->key) ||
           option_text(argument, "ids", &o->ids) || option_long(argument, "port", &o->port) ||
           option_long(argument, "project", &o->project) ||
           option_long(argument, "rate", &o->rate) ||
           option_long(argument, "seconds", &o->seconds) ||
           option_long(argument, "count", &o->count) ||
           option_long(argument, "connections", &o->connections) ||
           option_long(argument, "size", &o->size) || option_long(argument, "gzip", &o->gzip) ||
           option_long(argument, "spans", &o->spans) || option_long(argument, "seed", &o->seed) ||
           option_long(argument, "repeat", &o->repeat);
}

static bool options_read(struct options *o, int argc, char **argv)
{
    *o = (struct options){.address = "127.0.0.1",
                          .key = "",
                          .port = 8900,
                          .project = 1,
                          .rate = 1000,
                          .seconds = 10,
                          .connections = 32,
                          .size = 3072,
                          .gzip = 50,
                          .seed = (long)now()};
    for (int i = 1; i < argc; i++)
        if (!option_read(o, argv[i])) {
            fprintf(stderr, "sender: unknown option %s\n", argv[i]);
            return false;
        }
    return o->connections > 0 && o->connections <= CONNECTIONS_MAX;
}

/* ---- connections */

static void watch(struct sender *s, struct connection *c, bool writes)
{
    struct epoll_event e = {.events = writes ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c};
    c->wants_write = writes;
    epoll_ctl(s->epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static bool connection_open(struct sender *s, struct connection *c)
{
    int yes = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&s->to, sizeof(s->to)) < 0) {
        if (c->fd >= 0)
            close(c->fd);
        c->fd = -1;
        c->open_at = now() + RECONNECT_PAUSE;
        return false;
    }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(s->epoll, EPOLL_CTL_ADD, c->fd, &e);
    return true;
}

static void repeat_later(struct sender *s, const struct connection *c)
{
    struct again *a = &s->again;
    if (a->first + a->count == a->room) {
        a->room = a->room ? a->room * 2 : 1024;
        a->numbers = grow(a->numbers, a->room * sizeof(*a->numbers));
        a->dues = grow(a->dues, a->room * sizeof(*a->dues));
    }
    a->numbers[a->first + a->count] = c->number;
    a->dues[a->first + a->count++] = c->due;
}

static void finish(struct sender *s, struct connection *c, bool repeats)
{
    c->busy = false;
    s->busy--;
    c->in_size = 0;
    if (repeats && s->options.repeat)
        repeat_later(s, c);
    else
        s->answered++;
}

static void connection_break(struct sender *s, struct connection *c)
{
    close(c->fd);
    c->fd = -1;
    c->open_at = now() + RECONNECT_PAUSE;
    if (!c->busy)
        return;
    s->broken++;
    finish(s, c, true);
}

/* ---- a request */

static void connection_write(struct sender *s, struct connection *c)
{
    while (c->out_sent < c->out_size) {
        ssize_t n = send(c->fd, c->out + c->out_sent, c->out_size - c->out_sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) {
            watch(s, c, true);
            return;
        }
        if (n <= 0) {
            connection_break(s, c);
            return;
        }
        c->out_sent += (size_t)n;
    }
    if (c->wants_write)
        watch(s, c, false);
}

static void request_send(struct sender *s, struct connection *c, uint64_t number, int64_t due)
{
    enum { HEAD = 512 };
    struct payload body = {.bytes = c->out + HEAD};
    char head[HEAD];
    payload_make(&s->payloads, number, wall(), &body);
    int n = snprintf(head, sizeof(head),
                     "POST /api/%ld/envelope/ HTTP/1.1\r\nHost: localhost\r\nX-Sentry-Auth: Sentry "
                     "sentry_version=7,sentry_client=bench/1.0,sentry_key=%s\r\n"
                     "Content-Type: application/x-sentry-envelope\r\n%sContent-Length: %zu\r\n\r\n",
                     s->options.project, s->options.key,
                     body.gzipped ? "Content-Encoding: gzip\r\n" : "", body.size);
    char *start = c->out + HEAD - n;
    memcpy(start, head, (size_t)n);
    memmove(c->out, start, (size_t)n + body.size);
    memcpy(c->id, body.id, sizeof(c->id));
    c->out_size = (size_t)n + body.size;
    c->out_sent = 0;
    c->busy = true;
    s->busy++;
    c->number = number;
    c->due = due;
    s->bytes += body.size;
    connection_write(s, c);
}

static void note_latency(struct sender *s, int64_t due)
{
    if (s->latency_count == s->latency_room) {
        s->latency_room = s->latency_room ? s->latency_room * 2 : 65536;
        s->latencies = grow(s->latencies, s->latency_room * sizeof(*s->latencies));
    }
    s->latencies[s->latency_count++] = (uint32_t)((now() - due) / 1000);
}

static void answer(struct sender *s, struct connection *c, int status)
{
    s->statuses[status > 0 && status < STATUS_MAX ? status : 0]++;
    if (status == 200)
        note_latency(s, c->due);
    if (status == 200 && s->ids)
        fprintf(s->ids, "%s\n", c->id);
    finish(s, c, status != 200);
}

/* Bytes of the reply in the buffer when it is whole; 0 while it is not. */
static size_t reply_size(struct connection *c, bool *closes)
{
    c->in[c->in_size] = '\0';
    char *body = strstr(c->in, "\r\n\r\n");
    if (!body)
        return 0;
    const char *length = strcasestr(c->in, "\r\nContent-Length:");
    size_t size = length && length < body ? strtoul(length + 17, NULL, 10) : 0;
    const char *close_header = strcasestr(c->in, "\r\nConnection: close");
    *closes = close_header && close_header < body;
    size += (size_t)(body + 4 - c->in);
    return c->in_size >= size ? size : 0;
}

static void connection_read(struct sender *s, struct connection *c)
{
    bool closes = false;
    ssize_t n = recv(c->fd, c->in + c->in_size, REPLY_MAX - 1 - c->in_size, 0);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        connection_break(s, c);
        return;
    }
    c->in_size += (size_t)n;
    if (!c->busy || !reply_size(c, &closes))
        return;
    answer(s, c, (int)strtol(c->in + 9, NULL, 10));
    if (closes)
        connection_break(s, c);
}

/* ---- the schedule */

static int64_t due_time(const struct sender *s, uint64_t number)
{
    return s->began + (int64_t)((double)number * (double)SECOND / (double)s->options.rate);
}

/* True when a request is due now; which one, and since when. */
static bool take_due(struct sender *s, uint64_t *number, int64_t *due)
{
    struct again *a = &s->again;
    if (a->count) {
        *number = a->numbers[a->first];
        *due = a->dues[a->first++];
        a->count--;
        if (a->count == 0)
            a->first = 0;
        return true;
    }
    int64_t at = s->options.rate ? due_time(s, s->next) : now();
    if (s->next >= s->total || at > now() || (!s->options.rate && at >= s->ends))
        return false;
    *number = s->next++;
    *due = at;
    return true;
}

static bool is_usable(struct sender *s, struct connection *c)
{
    if (c->busy)
        return false;
    return c->fd >= 0 || (now() >= c->open_at && connection_open(s, c));
}

static void send_due(struct sender *s)
{
    uint64_t number;
    int64_t due;
    for (long i = 0; i < s->options.connections; i++) {
        struct connection *c = &s->connections[i];
        if (!is_usable(s, c))
            continue;
        if (!take_due(s, &number, &due))
            return;
        int64_t late = now() - due;
        s->slip = late > s->slip ? late : s->slip;
        request_send(s, c, number, due);
    }
}

static bool is_over(const struct sender *s)
{
    bool all_sent = s->next >= s->total || (!s->options.rate && now() >= s->ends);
    return all_sent && s->again.count == 0 && s->answered >= s->next;
}

static int64_t until_next(const struct sender *s)
{
    int64_t wait = SECOND / 100;
    if (s->options.rate && s->next < s->total && s->busy < s->options.connections) {
        int64_t due = due_time(s, s->next) - now();
        wait = due < wait ? due : wait;
    }
    return wait > 0 ? wait : 0;
}

static void serve_events(struct sender *s)
{
    struct epoll_event events[EVENTS];
    int64_t wait = until_next(s);
    struct timespec timeout = {wait / SECOND, wait % SECOND};
    int count = epoll_pwait2(s->epoll, events, EVENTS, &timeout, NULL);
    for (int i = 0; i < count; i++) {
        struct connection *c = events[i].data.ptr;
        if (c->fd >= 0 && events[i].events & EPOLLOUT)
            connection_write(s, c);
        if (c->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            connection_read(s, c);
    }
}

/* ---- the report */

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double percentile_ms(const struct sender *s, double share)
{
    if (s->latency_count == 0)
        return 0;
    size_t at = (size_t)((double)(s->latency_count - 1) * share);
    return (double)s->latencies[at] / 1000;
}

static uint64_t report(struct sender *s, double seconds)
{
    uint64_t accepted = s->statuses[200], refused = 0;
    printf("{\"rate\":%ld,\"seconds\":%.3f,\"connections\":%ld,\"size\":%ld,\"requests\":%llu,"
           "\"accepted\":%llu,\"accepted_per_second\":%.1f,\"statuses\":{",
           s->options.rate, seconds, s->options.connections, s->options.size,
           (unsigned long long)s->next, (unsigned long long)accepted, (double)accepted / seconds);
    const char *comma = "";
    for (int i = 0; i < STATUS_MAX; i++) {
        if (!s->statuses[i])
            continue;
        printf("%s\"%d\":%llu", comma, i, (unsigned long long)s->statuses[i]);
        comma = ",";
        refused += i == 200 ? 0 : s->statuses[i];
    }
    qsort(s->latencies, s->latency_count, sizeof(*s->latencies), by_size);
    printf("},\"refused\":%llu,\"broken\":%llu,\"bytes\":%llu,\"p50_ms\":%.3f,\"p95_ms\":%.3f,"
           "\"p99_ms\":%.3f,\"max_ms\":%.3f,\"sender_late_ms\":%.3f}\n",
           (unsigned long long)refused, (unsigned long long)s->broken, (unsigned long long)s->bytes,
           percentile_ms(s, 0.50), percentile_ms(s, 0.95), percentile_ms(s, 0.99),
           percentile_ms(s, 1), (double)s->slip / 1e6);
    return s->next - accepted;
}

static bool sender_open(struct sender *s)
{
    const struct options *o = &s->options;
    payloads_open(&s->payloads, (uint64_t)o->seed, (size_t)o->size, (unsigned)o->gzip,
                  (unsigned)o->spans, wall());
    s->to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port)};
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->total = o->count ? (uint64_t)o->count : (uint64_t)(o->rate * o->seconds);
    if (!o->rate && !o->count)
        s->total = UINT64_MAX;
    s->ids = o->ids ? fopen(o->ids, "w") : NULL;
    for (long i = 0; i < o->connections; i++) {
        s->connections[i].fd = -1;
        s->connections[i].out = grow(NULL, payloads_room(&s->payloads));
    }
    return inet_pton(AF_INET, o->address, &s->to.sin_addr) == 1;
}

int main(int argc, char **argv)
{
    static struct sender s;
    if (!options_read(&s.options, argc, argv) || !sender_open(&s))
        return 2;
    signal(SIGPIPE, SIG_IGN);
    s.began = now();
    s.ends = s.options.count ? INT64_MAX : s.began + s.options.seconds * SECOND;
    while (!is_over(&s)) {
        send_due(&s);
        serve_events(&s);
    }
    uint64_t missing = report(&s, (double)(now() - s.began) / (double)SECOND);
    if (s.ids)
        fclose(s.ids);
    return missing ? 1 : 0;
}
