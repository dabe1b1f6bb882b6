#include "base/lru.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/map.h"

/* Entries live in one array; both the list of use and the chains of the table link by index. */
enum { NONE = -1, KEY_MAX = 128 };

struct entry {
    uint64_t hash;
    int64_t expires; /* clock_monotonic() */
    int newer, older, chain;
    size_t key_length;
    char key[KEY_MAX];
};

struct lru {
    pthread_mutex_t lock;
    size_t capacity, count, value_size, buckets;
    int newest, oldest;
    int *table;
    struct entry *entries;
    char *values;
};

static void *take(size_t count, size_t size)
{
    void *p = calloc(count, size);
    if (!p)
        abort();
    return p;
}

static void forget(struct lru *c)
{
    c->count = 0;
    c->newest = c->oldest = NONE;
    for (size_t i = 0; i < c->buckets; i++)
        c->table[i] = NONE;
}

struct lru *lru_new(size_t capacity, size_t value_size)
{
    struct lru *c = take(1, sizeof(*c));
    pthread_mutex_init(&c->lock, NULL);
    c->capacity = capacity ? capacity : 1;
    c->value_size = value_size;
    for (c->buckets = 8; c->buckets < c->capacity; c->buckets *= 2)
        ;
    c->table = take(c->buckets, sizeof(int));
    c->entries = take(c->capacity, sizeof(struct entry));
    c->values = take(c->capacity, value_size ? value_size : 1);
    forget(c);
    return c;
}

void lru_free(struct lru *c)
{
    if (!c)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c->table);
    free(c->entries);
    free(c->values);
    free(c);
}

static int *bucket(struct lru *c, uint64_t hash)
{
    return &c->table[hash & (c->buckets - 1)];
}

static int find(struct lru *c, struct str key, uint64_t hash)
{
    for (int i = *bucket(c, hash); i != NONE; i = c->entries[i].chain) {
        const struct entry *e = &c->entries[i];
        if (e->hash == hash && str_eq((struct str){e->key, e->key_length}, key))
            return i;
    }
    return NONE;
}

static void unlink_use(struct lru *c, int i)
{
    const struct entry *e = &c->entries[i];
    *(e->newer == NONE ? &c->newest : &c->entries[e->newer].older) = e->older;
    *(e->older == NONE ? &c->oldest : &c->entries[e->older].newer) = e->newer;
}

static void link_newest(struct lru *c, int i)
{
    struct entry *e = &c->entries[i];
    e->newer = NONE;
    e->older = c->newest;
    *(c->newest == NONE ? &c->oldest : &c->entries[c->newest].newer) = i;
    c->newest = i;
}

static void unchain(struct lru *c, int i)
{
    int *link = bucket(c, c->entries[i].hash);
    while (*link != i)
        link = &c->entries[*link].chain;
    *link = c->entries[i].chain;
}

static char *value_at(struct lru *c, int i)
{
    return c->values + (size_t)i * c->value_size;
}

bool lru_get(struct lru *c, struct str key, void *value)
{
    uint64_t hash = map_hash(key);
    pthread_mutex_lock(&c->lock);
    int i = find(c, key, hash);
    bool found = i != NONE && c->entries[i].expires > clock_monotonic();
    if (found) {
        unlink_use(c, i);
        link_newest(c, i);
        memcpy(value, value_at(c, i), c->value_size);
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}

/* A free entry, or the least recently used one, made the newest under the key. */
static int claim(struct lru *c, struct str key, uint64_t hash)
{
    int i = c->oldest;
    if (c->count < c->capacity) {
        i = (int)c->count++;
    } else {
        unlink_use(c, i);
        unchain(c, i);
    }
    struct entry *e = &c->entries[i];
    e->hash = hash;
    e->key_length = key.n;
    memcpy(e->key, key.p, key.n);
    e->chain = *bucket(c, hash);
    *bucket(c, hash) = i;
    link_newest(c, i);
    return i;
}

void lru_put(struct lru *c, struct str key, const void *value, int64_t lives_us)
{
    if (key.n == 0 || key.n > KEY_MAX)
        return;
    uint64_t hash = map_hash(key);
    pthread_mutex_lock(&c->lock);
    int i = find(c, key, hash);
    if (i == NONE) {
        i = claim(c, key, hash);
    } else {
        unlink_use(c, i);
        link_newest(c, i);
    }
    c->entries[i].expires = clock_monotonic() + lives_us;
    memcpy(value_at(c, i), value, c->value_size);
    pthread_mutex_unlock(&c->lock);
}

void lru_clear(struct lru *c)
{
    pthread_mutex_lock(&c->lock);
    forget(c);
    pthread_mutex_unlock(&c->lock);
}
