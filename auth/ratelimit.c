#include "auth/ratelimit.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"

enum { SETS = 8192, WAYS = 4 };

/* `full_at` is when the bucket will be full: each permit taken moves it one refill further into the
 * future, at most burst refills. */
struct bucket {
    _Atomic uint64_t key; /* 0: unused */
    _Atomic int64_t full_at;
};

static struct {
    struct bucket (*sets)[WAYS]; /* shared by fork */
    uint8_t seed[crypto_shorthash_KEYBYTES];
} table;

void ratelimit_start(void)
{
    randombytes_buf(table.seed, sizeof(table.seed));
    table.sets = mmap(NULL, SETS * sizeof(*table.sets), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (table.sets == MAP_FAILED)
        abort();
}

static uint64_t hash_key(struct str key)
{
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.p, key.n, table.seed);
    return hash ? hash : 1;
}

static struct bucket *find_bucket(struct bucket *set, uint64_t hash)
{
    struct bucket *fullest = set;
    for (int i = 0; i < WAYS; i++) {
        if (atomic_load(&set[i].key) == hash)
            return &set[i];
        if (atomic_load(&set[i].full_at) < atomic_load(&fullest->full_at))
            fullest = &set[i];
    }
    atomic_store(&fullest->full_at, 0);
    atomic_store(&fullest->key, hash);
    return fullest;
}

static struct bucket *bucket_of(struct str key)
{
    uint64_t hash = hash_key(key);
    return find_bucket(table.sets[hash % SETS], hash);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static struct ratelimit_verdict verdict(bool allowed, int64_t wait,
                                        const struct ratelimit_rule *rule)
{
    int64_t room = rule->burst * rule->refill_us - wait;
    return (struct ratelimit_verdict){
        .allowed = allowed,
        .remaining = later(room / rule->refill_us, 0),
        .retry_us = later(rule->refill_us - room, 0),
        .reset_us = wait,
    };
}

struct ratelimit_verdict ratelimit_take(struct str key, const struct ratelimit_rule *rule)
{
    if (!table.sets)
        return verdict(true, 0, rule);
    int64_t now = clock_monotonic();
    struct bucket *b = bucket_of(key);
    int64_t before = atomic_load(&b->full_at);
    for (;;) {
        int64_t wait = later(before - now, 0);
        if (wait + rule->refill_us > rule->burst * rule->refill_us)
            return verdict(false, wait, rule);
        if (atomic_compare_exchange_weak(&b->full_at, &before, now + wait + rule->refill_us))
            return verdict(true, wait + rule->refill_us, rule);
    }
}

void ratelimit_return(struct str key, const struct ratelimit_rule *rule)
{
    if (table.sets)
        atomic_fetch_sub(&bucket_of(key)->full_at, rule->refill_us);
}
