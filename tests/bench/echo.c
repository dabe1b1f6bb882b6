/*
 * The limit of a run: a FastCGI program that reads a body and answers like ingest, and does nothing
 * else.  What ingest accepts is measured as a share of what this answers.
 * usage: echo SOCKET [THREADS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/fcgi.h"
#include "base/log.h"
#include "base/settings.h"

enum { BODY_MAX = 1 << 20, REPLY_MAX = 4096, ARENA_MAX = 4 << 20 };

static void answer(struct request *rq)
{
    struct str body;
    if (request_body(rq, BODY_MAX, &body))
        reply_bytes(rq, 200, "application/json",
                    S("{\"id\":\"00000000000000000000000000000000\"}"));
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    setenv("VEDETTE_CONFIG", "/dev/null", 0);
    settings_load();
    log_open("echo", LOG_WARN);
    struct fcgi_service service = {
        .listen_fd = fcgi_listen(argv[1], -1),
        .threads = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 64,
        .arena_limit = ARENA_MAX,
        .reply_limit = REPLY_MAX,
        .handle = answer,
    };
    if (service.listen_fd < 0)
        return 1;
    fcgi_serve(&service);
    return 0;
}
