#include "ingest/keys.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/lru.h"
#include "base/map.h"

enum { WANTED_MAX = 64, UNKNOWN_MAX = 10000 };
#define REFRESH ((int64_t)1 * CLOCK_SECOND) /* a key switched off is refused a second later */
#define UNKNOWN_LIVES ((int64_t)5 * CLOCK_SECOND)
#define PATIENCE ((int64_t)2 * CLOCK_SECOND)
#define MEMORY ((size_t)512 << 20)

/* One load of all keys; what was looked up since is added to it. */
struct keyset {
    struct arena *arena;
    struct map *map;
};

struct keys {
    struct pg *db;
    const char *snapshot;
    struct str saved; /* the snapshot's text as it was last written */
    struct arena *saved_arena;
    struct lru *unknown;
    struct quotas *quotas; /* kept up to date beside the keys; NULL: none */
    pthread_t thread;

    pthread_rwlock_t set_lock;
    struct keyset set;
    bool ready;

    /* Requests that wait for a key: each look-up answers all that were asked before it. */
    pthread_mutex_t lock;
    pthread_cond_t asked, answered;
    char wanted[WANTED_MAX][PUBLIC_KEY_LENGTH];
    size_t wanted_count;
    uint64_t round, answered_round; /* of the look-up being gathered, of the last one done */
    bool away;                      /* the database did not answer the last time */
    bool closing;
};

/* ---- the set */

static struct project_key key_copy(struct arena *a, const struct project_key *key)
{
    struct project_key copy = *key;
    copy.public_key = arena_str(a, key->public_key);
    copy.allowed_domains = arena_str(a, key->allowed_domains);
    copy.organization_slug = arena_str(a, key->organization_slug);
    copy.project_slug = arena_str(a, key->project_slug);
    copy.loader_options = arena_str(a, key->loader_options);
    return copy;
}

static void set_add(struct keyset *set, const struct project_key *key)
{
    struct project_key *copy = arena_new_of(set->arena, struct project_key);
    *copy = key_copy(set->arena, key);
    map_set(set->map, copy->public_key, copy);
}

static struct keyset set_of(struct project_keys keys)
{
    struct arena *a = arena_new(MEMORY);
    struct keyset set = {a, map_new(a, keys.count)};
    for (size_t i = 0; i < keys.count; i++)
        set_add(&set, &keys.list[i]);
    return set;
}

static void set_replace(struct keys *k, struct project_keys keys)
{
    struct keyset fresh = set_of(keys);
    pthread_rwlock_wrlock(&k->set_lock);
    struct keyset old = k->set;
    k->set = fresh;
    k->ready = true;
    pthread_rwlock_unlock(&k->set_lock);
    arena_free(old.arena);
}

static bool set_find(struct keys *k, struct str public_key, struct arena *a,
                     struct project_key *out)
{
    pthread_rwlock_rdlock(&k->set_lock);
    const struct project_key *found = map_get(k->set.map, public_key);
    if (found)
        *out = key_copy(a, found);
    pthread_rwlock_unlock(&k->set_lock);
    return found != NULL;
}

bool keys_ready(struct keys *k)
{
    pthread_rwlock_rdlock(&k->set_lock);
    bool ready = k->ready;
    pthread_rwlock_unlock(&k->set_lock);
    return ready;
}

/* ---- the thread */

static void save_if_changed(struct keys *k, struct project_keys keys)
{
    struct arena *a = arena_new(MEMORY);
    struct str text = project_keys_text(a, keys);
    if (str_eq(text, k->saved) || !project_keys_save(k->snapshot, text)) {
        arena_free(a);
        return;
    }
    arena_free(k->saved_arena);
    k->saved_arena = a;
    k->saved = text;
}

static bool load_all(struct keys *k)
{
    struct arena *a = arena_new(MEMORY);
    pg_reset(k->db);
    struct project_keys keys = project_keys_load(k->db, a);
    bool ok = pg_failed(k->db) == PG_OK;
    if (ok) {
        set_replace(k, keys);
        save_if_changed(k, keys);
        if (k->quotas)
            quotas_refresh(k->quotas, k->db, a);
    }
    arena_free(a);
    return ok;
}

static bool is_among(struct project_keys keys, struct str public_key)
{
    for (size_t i = 0; i < keys.count; i++)
        if (str_eq(keys.list[i].public_key, public_key))
            return true;
    return false;
}

static void learn(struct keys *k, struct project_keys found, const struct str *wanted, size_t count)
{
    bool yes = true;
    pthread_rwlock_wrlock(&k->set_lock);
    for (size_t i = 0; i < found.count; i++)
        set_add(&k->set, &found.list[i]);
    k->ready = true;
    pthread_rwlock_unlock(&k->set_lock);
    for (size_t i = 0; i < count; i++)
        if (!is_among(found, wanted[i]))
            lru_put(k->unknown, wanted[i], &yes, UNKNOWN_LIVES);
}

static bool look_up(struct keys *k, char wanted[][PUBLIC_KEY_LENGTH], size_t count)
{
    struct str names[WANTED_MAX];
    struct arena *a = arena_new(MEMORY);
    for (size_t i = 0; i < count; i++)
        names[i] = (struct str){wanted[i], PUBLIC_KEY_LENGTH};
    pg_reset(k->db);
    struct project_keys found = project_keys_find(k->db, a, names, count);
    bool ok = pg_failed(k->db) == PG_OK;
    if (ok)
        learn(k, found, names, count);
    arena_free(a);
    return ok;
}

/* Answers everybody who asked before now.  Called and returns with the lock held. */
static void answer_wanted(struct keys *k)
{
    char wanted[WANTED_MAX][PUBLIC_KEY_LENGTH];
    size_t count = k->wanted_count;
    uint64_t round = k->round++;
    memcpy(wanted, k->wanted, count * sizeof(*wanted));
    k->wanted_count = 0;
    pthread_mutex_unlock(&k->lock);
    bool sure = look_up(k, wanted, count);
    pthread_mutex_lock(&k->lock);
    k->away = !sure;
    k->answered_round = round;
    pthread_cond_broadcast(&k->answered);
}

static void wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t monotonic)
{
    struct timespec until = {monotonic / CLOCK_SECOND, monotonic % CLOCK_SECOND * 1000};
    pthread_cond_timedwait(condition, lock, &until);
}

static void *keys_run(void *shared)
{
    struct keys *k = shared;
    int64_t refresh_at = 0;
    pthread_mutex_lock(&k->lock);
    while (!k->closing) {
        if (k->wanted_count) {
            answer_wanted(k);
        } else if (clock_monotonic() >= refresh_at) {
            pthread_mutex_unlock(&k->lock);
            bool loaded = load_all(k);
            refresh_at = clock_monotonic() + REFRESH;
            pthread_mutex_lock(&k->lock);
            k->away = !loaded;
        } else {
            wait_until(&k->asked, &k->lock, refresh_at);
        }
    }
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

/* ---- asking */

static void want(struct keys *k, struct str public_key)
{
    for (size_t i = 0; i < k->wanted_count; i++)
        if (memcmp(k->wanted[i], public_key.p, PUBLIC_KEY_LENGTH) == 0)
            return;
    memcpy(k->wanted[k->wanted_count++], public_key.p, PUBLIC_KEY_LENGTH);
    pthread_cond_signal(&k->asked);
}

/* True when the database was asked and answered.  While it is known to be away nobody waits: a
 * flood of made-up keys would hold every thread. */
static bool ask(struct keys *k, struct str public_key)
{
    int64_t until = clock_monotonic() + PATIENCE;
    pthread_mutex_lock(&k->lock);
    bool sure = false;
    if (!k->away && k->wanted_count < WANTED_MAX) {
        uint64_t mine = k->round;
        want(k, public_key);
        while (k->answered_round < mine && clock_monotonic() < until)
            wait_until(&k->answered, &k->lock, until);
        sure = k->answered_round >= mine && !k->away;
    }
    pthread_mutex_unlock(&k->lock);
    return sure;
}

enum key_result keys_find(struct keys *k, struct str public_key, struct arena *a,
                          struct project_key *out)
{
    bool unknown;
    if (public_key.n != PUBLIC_KEY_LENGTH)
        return KEY_UNKNOWN;
    if (set_find(k, public_key, a, out))
        return KEY_FOUND;
    if (lru_get(k->unknown, public_key, &unknown))
        return KEY_UNKNOWN;
    if (!ask(k, public_key))
        return KEY_UNSURE;
    return set_find(k, public_key, a, out) ? KEY_FOUND : KEY_UNKNOWN;
}

/* ---- opening and closing */

static void read_snapshot(struct keys *k)
{
    struct project_keys keys;
    struct arena *a = arena_new(MEMORY);
    if (project_keys_read(a, k->snapshot, &keys))
        set_replace(k, keys);
    arena_free(a);
}

static void locks_init(struct keys *k)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->asked, &monotonic);
    pthread_cond_init(&k->answered, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_rwlock_init(&k->set_lock, NULL);
}

struct keys *keys_open(const char *conninfo, const char *snapshot, struct quotas *quotas)
{
    struct keys *k = calloc(1, sizeof(*k));
    if (!k)
        abort();
    locks_init(k);
    k->db = pg_open(conninfo, "vedette-ingest");
    k->snapshot = snapshot;
    k->quotas = quotas;
    k->saved_arena = arena_new(MEMORY);
    k->unknown = lru_new(UNKNOWN_MAX, sizeof(bool));
    k->round = 1;
    k->set = set_of((struct project_keys){0});
    read_snapshot(k);
    if (pthread_create(&k->thread, NULL, keys_run, k) != 0)
        abort();
    return k;
}

void keys_close(struct keys *k)
{
    pthread_mutex_lock(&k->lock);
    k->closing = true;
    pthread_cond_signal(&k->asked);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pg_close(k->db);
    lru_free(k->unknown);
    arena_free(k->saved_arena);
    arena_free(k->set.arena);
    pthread_rwlock_destroy(&k->set_lock);
    pthread_cond_destroy(&k->asked);
    pthread_cond_destroy(&k->answered);
    pthread_mutex_destroy(&k->lock);
    free(k);
}
