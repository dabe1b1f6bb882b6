#include "base/fcgi.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/log.h"
#include "base/settings.h"
#include "tests/unit/fcgi_client.h"

enum { THREADS = 4, REPLY_LIMIT = 256 * 1024, LARGE_UNREAD = 5 << 20 };

static char path[100];
static int listen_fd;
static pid_t server;
static atomic_int reloads;

static int answer_echo(struct request *rq)
{
    char piece[10000];
    size_t total = 0;
    ssize_t got;
    while ((got = request_read(rq, piece, sizeof(piece))) > 0)
        total += (size_t)got;
    if (got < 0)
        return reply_error(rq, 400, "short");
    return reply_bytes(rq, 200, "text/plain", str_of(arena_printf(rq->arena, "%zu bytes", total)));
}

static int answer_size(struct request *rq, size_t n)
{
    char *bytes = arena_take(rq->arena, n);
    memset(bytes, 'z', n);
    return reply_bytes(rq, 200, "text/plain", (struct str){bytes, n});
}

static int answer_hello(struct request *rq)
{
    return reply_bytes(rq, 200, "text/plain", S("hello"));
}

static int answer_slow(struct request *rq)
{
    usleep(500 * 1000);
    return answer_hello(rq);
}

static int answer_never(struct request *rq)
{
    sleep(60);
    return answer_hello(rq);
}

static int answer_thread(struct request *rq)
{
    return reply_bytes(rq, 200, "text/plain", str_of(rq->thread));
}

static int answer_silent(struct request *rq)
{
    return rq->status;
}

static int answer_none(struct request *rq)
{
    return reply_empty(rq, 204);
}

static int answer_early(struct request *rq)
{
    return reply_error(rq, 413, "no");
}

static int answer_large(struct request *rq)
{
    return answer_size(rq, REPLY_LIMIT);
}

static int answer_too_large(struct request *rq)
{
    return answer_size(rq, REPLY_LIMIT + 1);
}

static int answer_reloads(struct request *rq)
{
    return reply_bytes(rq, 200, "text/plain",
                       str_of(arena_printf(rq->arena, "%d", atomic_load(&reloads))));
}

static void *answer_later_thread(void *arg)
{
    struct request *rq = arg;
    usleep(200 * 1000);
    request_answer(rq);
    return NULL;
}

static int answer_later(struct request *rq)
{
    pthread_t thread;
    answer_hello(rq);
    request_defer(rq);
    ck_assert_int_eq(pthread_create(&thread, NULL, answer_later_thread, rq), 0);
    pthread_detach(thread);
    return 0;
}

/* Another answer than the one it hoped for, before it has returned. */
static int answer_otherwise(struct request *rq)
{
    answer_hello(rq);
    request_defer(rq);
    reply_error(rq, 503, "no");
    request_answer(rq);
    return 0;
}

static const struct {
    const char *path;
    int (*answer)(struct request *rq);
} answers[] = {
    {"/hello", answer_hello},         {"/echo", answer_echo},
    {"/slow", answer_slow},           {"/silent", answer_silent},
    {"/none", answer_none},           {"/early", answer_early},
    {"/large", answer_large},         {"/too-large", answer_too_large},
    {"/reloads", answer_reloads},     {"/never", answer_never},
    {"/thread", answer_thread},       {"/later", answer_later},
    {"/otherwise", answer_otherwise},
};

static void handle(struct request *rq)
{
    for (int i = 0; i < COUNT_OF(answers); i++) {
        if (str_eq(rq->path, str_of(answers[i].path)))
            answers[i].answer(rq);
    }
}

static void reload(void)
{
    atomic_fetch_add(&reloads, 1);
}

static atomic_int threads_open;

static void *open_thread(void *service)
{
    atomic_fetch_add(&threads_open, 1);
    return service;
}

static void close_thread(void *thread)
{
    (void)thread;
    atomic_fetch_sub(&threads_open, 1);
}

static pid_t start_server(void)
{
    static char service_data[] = "of the thread";
    const struct fcgi_service service = {
        .listen_fd = listen_fd,
        .threads = THREADS,
        .arena_limit = 8 << 20,
        .reply_limit = REPLY_LIMIT,
        .handle = handle,
        .reload = reload,
        .thread_open = open_thread,
        .thread_close = close_thread,
        .service = service_data,
        .peer_seconds = 1,
        .stop_seconds = 1,
    };
    pid_t pid = fork();
    if (pid == 0) {
        fcgi_serve(&service);
        exit(atomic_load(&threads_open) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    return pid;
}

/* A signal before the server waits for one would end it as any other program. */
static void wait_for_server(void)
{
    int fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "GET", "/hello", 0));
    struct fcgi_reply reply = fcgi_receive(fd);
    ck_assert(reply.ended);
    buf_free(&reply.text);
    close(fd);
}

static void set_up(void)
{
    snprintf(path, sizeof(path), "/tmp/vedette-fcgi-%d.sock", getpid());
    listen_fd = fcgi_listen(path, -1);
    ck_assert_int_ge(listen_fd, 0);
    server = start_server();
    wait_for_server();
}

static int stop_server(pid_t pid)
{
    int status = -1;
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    return status;
}

static void tear_down(void)
{
    if (server)
        ck_assert_int_eq(stop_server(server), 0);
    close(listen_fd);
    unlink(path);
}

/* What came back must be a whole answer with this status line, header and body. */
static void check_reply(int fd, const char *status, const char *header, const char *body)
{
    struct fcgi_reply reply = fcgi_receive(fd);
    struct str text = buf_str(&reply.text);
    size_t end = str_find(text, S("\r\n\r\n"));
    ck_assert(reply.ended);
    ck_assert_msg(str_starts(text, str_of(status)), "got %.*s", STR_ARG(text));
    ck_assert_msg(str_has(str_slice(text, 0, end), str_of(header)), "got %.*s", STR_ARG(text));
    if (body)
        ck_assert_text(str_slice(text, end + 4, text.n), body);
    buf_free(&reply.text);
}

static void check_hello(int fd)
{
    ck_assert(fcgi_send(fd, "GET", "/hello", 0));
    check_reply(fd, "Status: 200 OK\r\n", "\r\nContent-Length: 5", "hello");
}

static void check_server_is_well(void)
{
    int fd = fcgi_connect(path);
    check_hello(fd);
    close(fd);
}

START_TEST(kept_connection_serves_many)
{
    int fd = fcgi_connect(path);
    for (int i = 0; i < 200; i++)
        check_hello(fd);
    close(fd);
}
END_TEST

START_TEST(connection_closes_when_not_kept)
{
    int fd = fcgi_connect(path);
    fcgi_begin(fd, false);
    fcgi_params(fd, "GET", "/hello", 0);
    fcgi_body(fd, 0);
    check_reply(fd, "Status: 200", "", "hello");
    ck_assert(fcgi_is_closed(fd));
    close(fd);
}
END_TEST

START_TEST(body_arrives_whole)
{
    int fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "POST", "/echo", 100000));
    check_reply(fd, "Status: 200", "", "100000 bytes");
    check_hello(fd);
    close(fd);
}
END_TEST

START_TEST(unread_body_does_not_break_the_next_request)
{
    int fd = fcgi_connect(path);
    for (int i = 0; i < 20; i++) {
        ck_assert(fcgi_send(fd, "POST", "/early", 50000));
        check_reply(fd, "Status: 413 ", "\r\nContent-Type: application/json",
                    "{\"detail\":\"no\"}");
    }
    check_hello(fd);
    close(fd);
}
END_TEST

START_TEST(long_unread_body_ends_the_connection_after_the_answer)
{
    int fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "POST", "/early", LARGE_UNREAD));
    check_reply(fd, "Status: 413 ", "", "{\"detail\":\"no\"}");
    ck_assert(fcgi_is_closed(fd));
    close(fd);
    check_server_is_well();
}
END_TEST

START_TEST(short_body_is_told_apart_from_its_end)
{
    int fd = fcgi_connect(path);
    fcgi_begin(fd, true);
    fcgi_params(fd, "POST", "/echo", 100);
    ck_assert(fcgi_body(fd, 99));
    check_reply(fd, "Status: 400 ", "", "{\"detail\":\"short\"}");
    check_hello(fd);
    close(fd);
}
END_TEST

START_TEST(deferred_reply_comes_by_another_thread)
{
    for (int keep = 0; keep <= 1; keep++) {
        int fd = fcgi_connect(path);
        fcgi_begin(fd, keep);
        fcgi_params(fd, "POST", "/later", 5);
        ck_assert(fcgi_body(fd, 5));
        check_reply(fd, "Status: 200 OK\r\n", "\r\nContent-Length: 5", "hello");
        if (keep) {
            check_hello(fd);
            ck_assert(fcgi_send(fd, "GET", "/otherwise", 0));
            check_reply(fd, "Status: 503 ", "", "{\"detail\":\"no\"}");
            check_hello(fd);
        }
        close(fd);
    }
}
END_TEST

START_TEST(deferred_reply_is_sent_before_the_end)
{
    int status = -1, fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "GET", "/later", 0));
    usleep(50 * 1000);
    kill(server, SIGTERM);
    check_reply(fd, "Status: 200 OK\r\n", "", "hello");
    waitpid(server, &status, 0);
    ck_assert_int_eq(status, 0);
    server = 0;
    close(fd);
}
END_TEST

START_TEST(peer_that_hangs_up_before_a_deferred_reply_costs_nothing)
{
    for (int i = 0; i < 2 * THREADS; i++) {
        int fd = fcgi_connect(path);
        ck_assert(fcgi_send(fd, "GET", "/later", 0));
        close(fd);
    }
    check_server_is_well();
}
END_TEST

START_TEST(peer_that_hangs_up_costs_nothing)
{
    for (int i = 0; i < 2 * THREADS; i++) {
        int fd = fcgi_connect(path);
        fcgi_begin(fd, true);
        fcgi_params(fd, "POST", "/echo", 100000);
        fcgi_record(fd, FCGI_STDIN, "abc", 3);
        close(fd);
    }
    check_server_is_well();
}
END_TEST

START_TEST(peer_that_does_not_read_the_answer_costs_nothing)
{
    for (int i = 0; i < 2 * THREADS; i++) {
        int fd = fcgi_connect(path);
        fcgi_send(fd, "GET", "/large", 0);
        close(fd);
    }
    check_server_is_well();
}
END_TEST

START_TEST(peer_that_stops_sending_is_given_up)
{
    int fd = fcgi_connect(path);
    fcgi_begin(fd, true);
    fcgi_params(fd, "POST", "/echo", 100000);
    fcgi_record(fd, FCGI_STDIN, "abc", 3);
    check_reply(fd, "Status: 400 ", "", "{\"detail\":\"short\"}");
    ck_assert(fcgi_is_closed(fd));
    close(fd);
}
END_TEST

START_TEST(threads_have_what_was_opened_for_them)
{
    int fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "GET", "/thread", 0));
    check_reply(fd, "Status: 200", "", "of the thread");
    close(fd);
}
END_TEST

START_TEST(head_has_the_headers_of_get)
{
    int fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "HEAD", "/hello", 0));
    check_reply(fd, "Status: 200 OK\r\n", "\r\nContent-Length: 5", "");
    check_hello(fd);
    close(fd);
}
END_TEST

START_TEST(empty_status_has_no_length)
{
    int fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "DELETE", "/none", 0));
    struct fcgi_reply reply = fcgi_receive(fd);
    ck_assert_text(buf_str(&reply.text), "Status: 204 No Content\r\n\r\n");
    buf_free(&reply.text);
    close(fd);
}
END_TEST

static const struct {
    const char *uri, *status, *header;
} ceilings[] = {
    {"/large", "Status: 200 OK\r\n", "\r\nContent-Length: 262144"},
    {"/too-large", "Status: 500 ", "\r\nContent-Type: application/json"},
    {"/silent", "Status: 500 ", "\r\nContent-Type: application/json"},
    {"/nowhere", "Status: 500 ", "\r\nContent-Type: application/json"},
};

START_TEST(replies_have_a_ceiling)
{
    int fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "GET", ceilings[_i].uri, 0));
    check_reply(fd, ceilings[_i].status, ceilings[_i].header, NULL);
    check_hello(fd);
    close(fd);
}
END_TEST

static const struct {
    const char *bytes;
    size_t n;
} garbage[] = {
    {"GET / HTTP/1.0\r\n\r\n", 18},
    {"\0\0\0\0\0\0\0\0", 8},
    {"\2\1\0\1\0\10\0\0\0\1\1\0\0\0\0\0", 16},  /* version 2 */
    {"\1\1\0\1\0\10\0\0\0\77\1\0\0\0\0\0", 16}, /* a role that is none */
    {"\1\1\0\1\0\4\0\0\0\1\1\0", 12},           /* BEGIN_REQUEST too short */
    {"\1\4\0\1\0\4\0\0\1\1ab", 12},             /* PARAMS before BEGIN_REQUEST */
    {"\1\7\0\1\377\377\377\0", 8},              /* STDERR of a length that never comes */
    {"\1\1\0\1\0\10\0\0\0\1\1\0\0\0\0\0"        /* a name of 2 GB */
     "\1\4\0\1\0\10\0\0\377\377\377\377\377\377\377\377\1\4\0\1\0\0\0\0",
     40},
    {"\1\1\0\1\0\10\0\0\0\1\1\0\0\0\0\0" /* a name longer than its record */
     "\1\4\0\1\0\3\0\0\20\0a\1\4\0\1\0\0\0\0",
     35},
    {"\1\1\0\1\0\10\0\0\0\1\1\0\0\0\0\0\1\2\0\1\0\0\0\0", 24}, /* ABORT_REQUEST */
};

START_TEST(malformed_records_end_their_connection_only)
{
    for (int i = 0; i < 2 * THREADS; i++) {
        int fd = fcgi_connect(path);
        fcgi_write(fd, garbage[_i].bytes, garbage[_i].n);
        shutdown(fd, SHUT_WR);
        fcgi_is_closed(fd);
        close(fd);
    }
    check_server_is_well();
}
END_TEST

START_TEST(silent_connections_leave_room)
{
    int silent[THREADS];
    for (int i = 0; i < THREADS; i++)
        silent[i] = fcgi_connect(path);
    check_server_is_well();
    for (int i = 0; i < THREADS; i++)
        close(silent[i]);
}
END_TEST

START_TEST(request_in_flight_is_answered_before_the_end)
{
    int status = -1, slow = fcgi_connect(path), idle = fcgi_connect(path);
    check_hello(idle);
    ck_assert(fcgi_send(slow, "GET", "/slow", 0));
    usleep(100 * 1000);
    kill(server, SIGTERM);
    check_reply(slow, "Status: 200", "", "hello");
    ck_assert(fcgi_is_closed(idle));
    waitpid(server, &status, 0);
    ck_assert_int_eq(status, 0);
    server = 0;
    close(slow);
    close(idle);
}
END_TEST

START_TEST(idle_server_ends_at_once)
{
    int fd = fcgi_connect(path);
    check_hello(fd);
    ck_assert_int_eq(stop_server(server), 0);
    ck_assert(fcgi_is_closed(fd));
    server = 0;
    close(fd);
}
END_TEST

START_TEST(request_that_does_not_end_is_left_behind)
{
    int status = -1, fd = fcgi_connect(path);
    ck_assert(fcgi_send(fd, "GET", "/never", 0));
    usleep(100 * 1000);
    kill(server, SIGTERM);
    waitpid(server, &status, 0);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE);
    server = 0;
    close(fd);
}
END_TEST

/* The server was told to end: it hangs up, and all is well. */
static void check_ended(int fd)
{
    int status = -1;
    ck_assert(fcgi_is_closed(fd));
    waitpid(server, &status, 0);
    ck_assert_int_eq(status, 0);
    server = 0;
    close(fd);
}

/* nginx sends on a fresh connection only once: what it gets no answer to is its visitor's loss. */
START_TEST(accepted_connection_is_served_before_the_end)
{
    int fd = fcgi_connect(path);
    usleep(100 * 1000);
    kill(server, SIGTERM);
    usleep(100 * 1000);
    check_hello(fd);
    check_ended(fd);
}
END_TEST

START_TEST(request_that_has_come_is_served_before_the_end)
{
    int fd = fcgi_connect(path);
    check_hello(fd);
    kill(server, SIGSTOP);
    ck_assert(fcgi_send(fd, "GET", "/hello", 0));
    kill(server, SIGTERM);
    kill(server, SIGCONT);
    check_reply(fd, "Status: 200 OK\r\n", "", "hello");
    check_ended(fd);
}
END_TEST

START_TEST(one_of_two_processes_may_end)
{
    pid_t second = start_server();
    usleep(200 * 1000);
    ck_assert_int_eq(stop_server(server), 0);
    server = 0;
    for (int i = 0; i < 20; i++)
        check_server_is_well();
    ck_assert_int_eq(stop_server(second), 0);
}
END_TEST

START_TEST(hangup_reloads)
{
    int fd = fcgi_connect(path);
    check_hello(fd);
    kill(server, SIGHUP);
    usleep(100 * 1000);
    ck_assert(fcgi_send(fd, "GET", "/reloads", 0));
    check_reply(fd, "Status: 200", "", "1");
    close(fd);
}
END_TEST

START_TEST(socket_is_private)
{
    struct stat info;
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_uint_eq(info.st_mode & 07777, 0660);
}
END_TEST

START_TEST(socket_in_use_is_left_alone)
{
    check_server_is_well();
    ck_assert_int_eq(fcgi_listen(path, -1), -1);
    check_server_is_well();
}
END_TEST

START_TEST(kept_socket_goes_on_at_its_path_only)
{
    char other[sizeof(path)];
    snprintf(other, sizeof(other), "/tmp/vedette-fcgi-%d.other", getpid());
    ck_assert_int_eq(fcgi_listen(path, listen_fd), listen_fd);
    check_server_is_well();
    int kept = dup(listen_fd), fd = fcgi_listen(other, kept);
    ck_assert_int_ge(fd, 0);
    ck_assert(fd != listen_fd);
    close(fcgi_connect(other));
    close(fd);
    unlink(other);
}
END_TEST

START_TEST(stale_socket_is_replaced)
{
    char stale[120];
    snprintf(stale, sizeof(stale), "%s.stale", path);
    close(fcgi_listen(stale, -1));
    int fd = fcgi_listen(stale, -1);
    ck_assert_int_ge(fd, 0);
    close(fd);
    unlink(stale);
}
END_TEST

START_TEST(impossible_socket_is_refused)
{
    char name[200];
    memset(name, 'a', sizeof(name));
    name[0] = '/';
    name[sizeof(name) - 1] = '\0';
    ck_assert_int_eq(fcgi_listen(name, -1), -1);
    ck_assert_int_eq(fcgi_listen("/nonexistent/folder/x.sock", -1), -1);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, kept_connection_serves_many);
    tcase_add_test(tc, connection_closes_when_not_kept);
    tcase_add_test(tc, body_arrives_whole);
    tcase_add_test(tc, unread_body_does_not_break_the_next_request);
    tcase_add_test(tc, long_unread_body_ends_the_connection_after_the_answer);
    tcase_add_test(tc, short_body_is_told_apart_from_its_end);
    tcase_add_test(tc, deferred_reply_comes_by_another_thread);
    tcase_add_test(tc, deferred_reply_is_sent_before_the_end);
    tcase_add_test(tc, peer_that_hangs_up_before_a_deferred_reply_costs_nothing);
    tcase_add_test(tc, peer_that_hangs_up_costs_nothing);
    tcase_add_test(tc, peer_that_does_not_read_the_answer_costs_nothing);
    tcase_add_test(tc, peer_that_stops_sending_is_given_up);
    tcase_add_test(tc, threads_have_what_was_opened_for_them);
    tcase_add_test(tc, head_has_the_headers_of_get);
    tcase_add_test(tc, empty_status_has_no_length);
    tcase_add_loop_test(tc, replies_have_a_ceiling, 0, COUNT_OF(ceilings));
    tcase_add_loop_test(tc, malformed_records_end_their_connection_only, 0, COUNT_OF(garbage));
    tcase_add_test(tc, silent_connections_leave_room);
    tcase_add_test(tc, request_in_flight_is_answered_before_the_end);
    tcase_add_test(tc, request_that_does_not_end_is_left_behind);
    tcase_add_test(tc, idle_server_ends_at_once);
    tcase_add_test(tc, accepted_connection_is_served_before_the_end);
    tcase_add_test(tc, request_that_has_come_is_served_before_the_end);
    tcase_add_test(tc, one_of_two_processes_may_end);
    tcase_add_test(tc, hangup_reloads);
    tcase_add_test(tc, socket_is_private);
    tcase_add_test(tc, socket_in_use_is_left_alone);
    tcase_add_test(tc, kept_socket_goes_on_at_its_path_only);
    tcase_add_test(tc, stale_socket_is_replaced);
    tcase_add_test(tc, impossible_socket_is_refused);
}

#ifdef __SANITIZE_THREAD__
/* One test leaves a thread behind on purpose. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "report_thread_leaks=0";
}
#endif

int main(void)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    return suite_run("fcgi", add_tests);
}
