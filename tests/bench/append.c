/*
 * The event log alone: threads append 3 KiB records as fast as they are synced.
 * usage: append DIRECTORY [SECONDS]     prints a line for 1, 8, 32 and 64 threads
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "storage/eventlog.h"

enum { PAYLOAD = 3072, THREADS_MAX = 64, SEGMENT = 64 << 20 };

struct run {
    struct eventlog *log;
    atomic_bool stop;
    _Atomic int64_t records, slowest;
};

static void append_one(struct run *run, struct arena *a, struct str payload)
{
    struct log_item item = {.type = ITEM_EVENT, .payload = payload, .quantity = 1};
    struct log_record record = {.request_id = uuid_random(),
                                .received = clock_now(),
                                .project_id = 1,
                                .items = &item,
                                .item_count = 1};
    int64_t began = clock_monotonic();
    if (eventlog_append(run->log, &record, a) != APPEND_SYNCED)
        exit(1);
    int64_t took = clock_monotonic() - began;
    if (took > run->slowest)
        run->slowest = took;
    run->records++;
    arena_reset(a);
}

static void *append_until_stopped(void *shared)
{
    struct run *run = shared;
    struct arena *a = arena_new(1 << 20);
    char bytes[PAYLOAD];
    memset(bytes, 'x', sizeof(bytes));
    while (!run->stop)
        append_one(run, a, (struct str){bytes, sizeof(bytes)});
    arena_free(a);
    return NULL;
}

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / CLOCK_SECOND;
}

static void measure(const char *dir, int threads, int seconds)
{
    pthread_t ids[THREADS_MAX];
    struct run run = {.log = eventlog_create(dir, SEGMENT)};
    if (!run.log)
        exit(1);
    double cpu = cpu_seconds();
    for (int i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, append_until_stopped, &run);
    struct timespec pause = {seconds, 0};
    nanosleep(&pause, NULL);
    run.stop = true;
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    cpu = cpu_seconds() - cpu;
    int64_t syncs = eventlog_syncs(run.log);
    printf("%2d threads  %7.0f records/s  %6.0f syncs/s  %5.1f records/sync  slowest %6.2f ms  "
           "%4.1f us CPU/record\n",
           threads, (double)run.records / seconds, (double)syncs / seconds,
           (double)run.records / (double)syncs, (double)run.slowest / 1000,
           cpu * CLOCK_SECOND / (double)run.records);
    struct uuid log = eventlog_id(run.log);
    eventlog_close(run.log);
    eventlog_trim(dir, log, INT64_MAX, 0);
}

int main(int argc, char **argv)
{
    static const int threads[] = {1, 8, 32, 64};
    if (argc < 2)
        return 2;
    log_open("append", LOG_INFO);
    int seconds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 5;
    for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++)
        measure(argv[1], threads[i], seconds);
    return 0;
}
