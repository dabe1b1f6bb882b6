#include "ingest/outcomes.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"

/* Distinct counts between two flushes; more are dropped and said so. */
enum { COUNTS_MAX = 4096 };
#define MEMORY ((size_t)8 << 20)

struct outcomes {
    pthread_mutex_t lock;
    struct refused counts[COUNTS_MAX];
    size_t used;
    uint64_t dropped;
};

struct outcomes *outcomes_new(void)
{
    struct outcomes *o = calloc(1, sizeof(*o));
    if (!o)
        abort();
    pthread_mutex_init(&o->lock, NULL);
    return o;
}

void outcomes_free(struct outcomes *o)
{
    pthread_mutex_destroy(&o->lock);
    free(o);
}

static bool is_same(const struct refused *a, const struct refused *b)
{
    return a->key_id == b->key_id && a->type == b->type && a->category == b->category &&
           a->verdict == b->verdict && a->project_id == b->project_id &&
           str_eq(a->reason, b->reason);
}

/* A flood comes from few keys, whose counts stand in front after a flush. */
static void add(struct outcomes *o, const struct refused *what)
{
    for (size_t i = 0; i < o->used; i++)
        if (is_same(&o->counts[i], what)) {
            o->counts[i].quantity += what->quantity;
            return;
        }
    if (o->used < COUNTS_MAX)
        o->counts[o->used++] = *what;
    else
        o->dropped += what->quantity;
}

void outcomes_count(struct outcomes *o, const struct refused *what)
{
    pthread_mutex_lock(&o->lock);
    add(o, what);
    pthread_mutex_unlock(&o->lock);
}

static size_t take_all(struct outcomes *o, struct refused *out, uint64_t *dropped)
{
    pthread_mutex_lock(&o->lock);
    size_t count = o->used;
    memcpy(out, o->counts, count * sizeof(*out));
    *dropped = o->dropped;
    o->used = 0;
    o->dropped = 0;
    pthread_mutex_unlock(&o->lock);
    return count;
}

static int by_key(const void *a, const void *b)
{
    const struct refused *x = a, *y = b;
    if (x->project_id != y->project_id)
        return x->project_id < y->project_id ? -1 : 1;
    return (x->key_id > y->key_id) - (x->key_id < y->key_id);
}

/* How many of the sorted counts, at most a record's worth, belong to the first one's key. */
static size_t run_length(const struct refused *counts, size_t count)
{
    size_t n = 1;
    while (n < count && n < LOG_ITEMS_MAX && by_key(&counts[0], &counts[n]) == 0)
        n++;
    return n;
}

static bool append_run(struct eventlog *log, struct arena *a, const struct refused *counts,
                       size_t n)
{
    struct log_item *items = arena_alloc(a, n * sizeof(*items));
    for (size_t i = 0; i < n; i++)
        items[i] = (struct log_item){.type = counts[i].type,
                                     .category = counts[i].category,
                                     .verdict = counts[i].verdict,
                                     .reason = counts[i].reason,
                                     .quantity = counts[i].quantity};
    struct log_record record = {.request_id = uuid_random(),
                                .received = clock_now(),
                                .project_id = counts->project_id,
                                .key_id = counts->key_id,
                                .items = items,
                                .item_count = n};
    return eventlog_append(log, &record, a) == APPEND_SYNCED;
}

void outcomes_flush(struct outcomes *o, struct eventlog *log)
{
    uint64_t dropped;
    struct arena *a = arena_new(MEMORY);
    struct refused *counts = arena_take(a, COUNTS_MAX * sizeof(*counts));
    size_t count = take_all(o, counts, &dropped);
    qsort(counts, count, sizeof(*counts), by_key);
    for (size_t at = 0, n; at < count; at += n) {
        n = run_length(counts + at, count - at);
        if (append_run(log, a, counts + at, n))
            continue;
        for (size_t i = at; i < at + n; i++)
            outcomes_count(o, &counts[i]);
    }
    arena_free(a);
    if (dropped)
        log_warn("statistics of refused items are incomplete", LOG_INT("items", (int64_t)dropped));
}
