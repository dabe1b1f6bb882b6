#include "base/map.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

struct entry {
    struct str key;
    void *value;
    uint64_t hash; /* 0 marks a free slot */
};

struct map {
    struct arena *arena;
    struct entry *entries;
    size_t slots, count; /* slots: a power of two, at most three quarters used */
};

static uint64_t seed[2];
static pthread_once_t seeded = PTHREAD_ONCE_INIT;

static void draw_seed(void)
{
    if (getrandom(seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
        abort();
}

static inline uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

/* SipHash-1-3: nobody who does not know the seed can make keys collide. */
uint64_t map_hash(struct str key)
{
    pthread_once(&seeded, draw_seed);
    uint64_t v[4] = {seed[0] ^ UINT64_C(0x736f6d6570736575), seed[1] ^ UINT64_C(0x646f72616e646f6d),
                     seed[0] ^ UINT64_C(0x6c7967656e657261),
                     seed[1] ^ UINT64_C(0x7465646279746573)};
    for (size_t i = 0; i <= key.n; i += 8) {
        uint64_t word = 0;
        size_t left = key.n - i;
        if (left)
            memcpy(&word, key.p + i, left < 8 ? left : 8);
        if (left < 8)
            word |= (uint64_t)key.n << 56;
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static uint64_t entry_hash(struct str key)
{
    uint64_t hash = map_hash(key);
    return hash ? hash : 1;
}

static struct entry *find(const struct map *m, struct str key, uint64_t hash)
{
    for (size_t i = hash & (m->slots - 1);; i = (i + 1) & (m->slots - 1)) {
        struct entry *e = &m->entries[i];
        if (!e->hash || (e->hash == hash && str_eq(e->key, key)))
            return e;
    }
}

struct map *map_new(struct arena *a, size_t expected)
{
    struct map *m = arena_new_of(a, struct map);
    m->arena = a;
    for (m->slots = 8; m->slots / 4 * 3 < expected; m->slots *= 2)
        ;
    m->entries = arena_alloc(a, m->slots * sizeof(struct entry));
    return m;
}

static void grow(struct map *m)
{
    struct entry *old = m->entries;
    size_t count = m->slots;
    m->slots *= 2;
    m->entries = arena_alloc(m->arena, m->slots * sizeof(struct entry));
    for (size_t i = 0; i < count; i++)
        if (old[i].hash)
            *find(m, old[i].key, old[i].hash) = old[i];
}

void *map_get(const struct map *m, struct str key)
{
    return find(m, key, entry_hash(key))->value;
}

void map_set(struct map *m, struct str key, void *value)
{
    uint64_t hash = entry_hash(key);
    struct entry *e = find(m, key, hash);
    if (!e->hash && m->count >= m->slots / 4 * 3) {
        grow(m);
        e = find(m, key, hash);
    }
    m->count += !e->hash;
    *e = (struct entry){e->hash ? e->key : key, value, hash};
}

size_t map_count(const struct map *m)
{
    return m->count;
}

bool map_next(const struct map *m, size_t *at, struct str *key, void **value)
{
    while (*at < m->slots) {
        const struct entry *e = &m->entries[(*at)++];
        if (!e->hash)
            continue;
        *key = e->key;
        *value = e->value;
        return true;
    }
    return false;
}
