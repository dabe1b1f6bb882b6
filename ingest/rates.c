#include "ingest/rates.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"

enum { BUCKETS = 256 };

struct used {
    struct used *next;
    int64_t key_id, slot, count;
};

/* Only keys with a limit get here; they are few and stay as long as the process. */
struct rates {
    pthread_mutex_t lock;
    struct used *buckets[BUCKETS];
};

struct rates *rates_new(void)
{
    struct rates *r = calloc(1, sizeof(*r));
    if (!r)
        abort();
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

void rates_free(struct rates *r)
{
    for (int i = 0; i < BUCKETS; i++)
        for (struct used *u = r->buckets[i], *next; u; u = next) {
            next = u->next;
            free(u);
        }
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static struct used *used_by(struct rates *r, int64_t key_id)
{
    struct used **bucket = &r->buckets[(uint64_t)key_id % BUCKETS];
    for (struct used *u = *bucket; u; u = u->next)
        if (u->key_id == key_id)
            return u;
    struct used *u = calloc(1, sizeof(*u));
    if (!u)
        abort();
    *u = (struct used){.next = *bucket, .key_id = key_id};
    return *bucket = u;
}

static bool take(struct used *u, int64_t slot, int64_t limit)
{
    if (u->slot != slot)
        u->count = 0;
    u->slot = slot;
    if (u->count >= limit)
        return false;
    u->count++;
    return true;
}

int64_t rates_take(struct rates *r, const struct rate_limit *limit, int64_t now)
{
    if (limit->window_seconds <= 0)
        return 0;
    int64_t window = limit->window_seconds * CLOCK_SECOND, slot = now / window;
    pthread_mutex_lock(&r->lock);
    bool taken = take(used_by(r, limit->key_id), slot, limit->count);
    pthread_mutex_unlock(&r->lock);
    return taken ? 0 : ((slot + 1) * window - now + CLOCK_SECOND - 1) / CLOCK_SECOND;
}
