/* vedette-api: the web API under /api/0/. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "api/tables.h"
#include "auth/gate.h"
#include "auth/ratelimit.h"
#include "base/bind.h"
#include "base/fcgi.h"
#include "base/log.h"
#include "base/master.h"
#include "base/metrics.h"
#include "base/settings.h"
#include "storage/pg.h"

enum {
    ARENA_LIMIT = 256 * 1024 * 1024,
    REPLY_LIMIT = 64 * 1024 * 1024,
    GRACE_SECONDS = 15,
    PATH_BYTES = 128,
};

static struct {
    struct routes *routes, *private_routes;
    int listen_fd;
} program;

static void *open_thread(void *service)
{
    (void)service;
    return pg_open(settings()->database, "vedette-api");
}

static void close_thread(void *thread)
{
    pg_close(thread);
}

/* The private side is for whoever can reach it: nginx says which side a request came from, and no
 * client can. */
static void serve_private(struct request *rq)
{
    int status = routes_match(program.private_routes, rq);
    if (status) {
        reply_empty(rq, status);
        return;
    }
    pg_reset(rq->db);
    rq->route->handle(rq);
}

static void handle(struct request *rq)
{
    rq->db = rq->thread;
    if (request_header(rq, "PRIVATE_SIDE").n)
        serve_private(rq);
    else
        gate_serve(program.routes, rq);
}

static void reload(void)
{
    enum log_level level;
    settings_reload();
    if (log_level_named(str_of(settings()->log_level), &level))
        log_set_level(level);
}

static int run_child(int index, void *arg)
{
    const struct fcgi_service service = {
        .listen_fd = program.listen_fd,
        .threads = (int)settings()->api_threads,
        .arena_limit = ARENA_LIMIT,
        .reply_limit = REPLY_LIMIT,
        .thread_open = open_thread,
        .thread_close = close_thread,
        .handle = handle,
        .reload = reload,
    };
    (void)arg;
    log_info("ready", LOG_INT("child", index), LOG_INT("threads", service.threads));
    fcgi_serve(&service);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    char path[PATH_BYTES];
    enum log_level level = LOG_INFO;
    struct handover handover = handover_take(argv);
    (void)argc;
    settings_load();
    log_level_named(str_of(settings()->log_level), &level);
    log_open("vedette-api", level);
    metrics_open(METRIC_OF_API);
    if (sodium_init() < 0) {
        log_error("the system has no source of random numbers");
        return EXIT_FAILURE;
    }
    bind_start();
    ratelimit_start();
    program.routes = routes_compile(api_tables);
    program.private_routes = routes_compile(private_tables);
    snprintf(path, sizeof(path), "%s/api.sock", settings()->run_dir);
    handover.listen_fd = program.listen_fd = fcgi_listen(path, handover.listen_fd);
    if (program.listen_fd < 0)
        return EXIT_FAILURE;
    const struct master_child kinds[] = {
        {.name = "api", .run = run_child, .count = (int)settings()->api_children},
        {0},
    };
    return master_run(kinds, GRACE_SECONDS, &handover);
}
