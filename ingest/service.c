#include "ingest/service.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/settings.h"
#include "ingest/endpoints.h"
#include "ingest/gate.h"

enum {
    PATH_BYTES = 4096,
    REPLY_BYTES = 64 << 10,
    RECLAIM_TICKS = 10,
    SWEEP_TICKS = 10,
};
/* A request's own memory: small bodies, headers, and a record of inline payloads. */
#define ARENA_BYTES ((size_t)128 << 20)

/* What happens once a second beside the requests. */
struct housekeeping {
    struct ingest *ingest;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool ending;
};

void service_measure(struct ingest *ingest)
{
    ingest->full = eventlog_backlog(ingest->log_dir) >= settings()->eventlog_max_bytes;
    metrics_set(METRIC_INGEST_FULL, ingest->full);
}

static bool wait_a_second(struct housekeeping *h)
{
    int64_t end = clock_monotonic() + CLOCK_SECOND;
    struct timespec until = {end / CLOCK_SECOND, end % CLOCK_SECOND * 1000};
    pthread_mutex_lock(&h->lock);
    if (!h->ending)
        pthread_cond_clockwait(&h->ended, &h->lock, CLOCK_MONOTONIC, &until);
    bool goes_on = !h->ending;
    pthread_mutex_unlock(&h->lock);
    return goes_on;
}

static void *housekeep(void *shared)
{
    struct housekeeping *h = shared;
    for (int tick = 0; wait_a_second(h); tick++) {
        outcomes_flush(h->ingest->outcomes, h->ingest->log);
        service_measure(h->ingest);
        if (tick % RECLAIM_TICKS == 0)
            eventlog_reclaim(h->ingest->log_dir, settings()->eventlog_max_bytes,
                             settings()->eventlog_segment_bytes);
        if (tick % SWEEP_TICKS == 0)
            uploads_sweep(&h->ingest->uploads);
    }
    outcomes_flush(h->ingest->outcomes, h->ingest->log);
    return NULL;
}

static void housekeeping_start(struct housekeeping *h, struct ingest *ingest)
{
    h->ingest = ingest;
    service_measure(ingest);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->ended, NULL);
    if (pthread_create(&h->thread, NULL, housekeep, h) != 0)
        abort();
}

static void housekeeping_end(struct housekeeping *h)
{
    pthread_mutex_lock(&h->lock);
    h->ending = true;
    pthread_cond_signal(&h->ended);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    pthread_cond_destroy(&h->ended);
    pthread_mutex_destroy(&h->lock);
}

static void *visit_open(void *service)
{
    struct visit *visit = calloc(1, sizeof(*visit));
    if (!visit)
        abort();
    visit->ingest = service;
    return visit;
}

static void visit_close(void *thread)
{
    struct visit *visit = thread;
    body_release(&visit->body);
    body_release(&visit->unpacked);
    buf_free(&visit->body.decoded);
    buf_free(&visit->unpacked.decoded);
    free(visit);
}

/* Threads that ingest starts leave signals to fcgi_serve(), as its own do. */
static void block_signals(void)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
}

static const char *below_data(char path[PATH_BYTES], const char *name)
{
    snprintf(path, PATH_BYTES, "%s/%s", settings()->data_dir, name);
    return path;
}

const struct route *const ingest_tables[] = {
#define X(noun) noun##_routes,
    INGEST_ENDPOINTS(X)
#undef X
        NULL,
};

static bool has_route(const struct route *table, const struct route *route)
{
    for (; table->path; table++)
        if (table == route)
            return true;
    return false;
}

/* Rows of METRIC_INGEST_REQUESTS: the tables in order, then what belongs to none. */
static int row_of(const struct route *route)
{
    int table = 0;
    while (ingest_tables[table] && !has_route(ingest_tables[table], route))
        table++;
    return table;
}

static void count_request(const struct request *rq)
{
    metrics_add_at(METRIC_INGEST_REQUESTS, row_of(rq->route), rq->status / 100, 1);
}

static bool ingest_open(struct ingest *in, const struct service_shared *shared)
{
    static char log_dir[PATH_BYTES], blob_dir[PATH_BYTES], snapshot[PATH_BYTES];
    in->log_dir = below_data(log_dir, "log");
    in->blob_dir = below_data(blob_dir, "blobs");
    in->large.dir = settings()->data_dir;
    in->large.free = (int)settings()->ingest_large_slots;
    if (!uploads_open(&in->uploads, settings()->data_dir))
        return false;
    in->log = eventlog_create(in->log_dir, settings()->eventlog_segment_bytes);
    if (!in->log)
        return false;
    in->rates = shared->key_rates;
    in->quotas = quotas_new(shared->quota_rates);
    in->keys =
        keys_open(settings()->database, below_data(snapshot, "ingest-keys.json"), in->quotas);
    in->outcomes = outcomes_new();
    in->routes = routes_compile(ingest_tables);
    return true;
}

static void ingest_close(struct ingest *in)
{
    keys_close(in->keys);
    quotas_free(in->quotas);
    outcomes_free(in->outcomes);
    routes_free(in->routes);
    eventlog_close(in->log);
}

static void reload(void)
{
    enum log_level least;
    settings_reload();
    if (log_level_named(str_of(settings()->log_level), &least))
        log_set_level(least);
}

int service_run(int index, const struct service_shared *shared)
{
    struct ingest in = {0};
    struct housekeeping housekeeping = {0};
    block_signals();
    if (!ingest_open(&in, shared))
        return EXIT_FAILURE;
    log_info("ingest child is ready", LOG_INT("child", index));
    housekeeping_start(&housekeeping, &in);
    struct fcgi_service service = {
        .listen_fd = shared->listen_fd,
        .threads = (int)settings()->ingest_threads,
        .arena_limit = ARENA_BYTES,
        .reply_limit = REPLY_BYTES,
        .thread_open = visit_open,
        .thread_close = visit_close,
        .handle = ingest_gate_serve,
        .answered = count_request,
        .reload = reload,
        .service = &in,
    };
    fcgi_serve(&service);
    housekeeping_end(&housekeeping);
    ingest_close(&in);
    return EXIT_SUCCESS;
}
