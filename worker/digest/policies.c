#include "worker/digest/policies.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "sql.h"

static const size_t settings_limit = (size_t)64 << 20;
static const int64_t forget_after = 3600 * (int64_t)CLOCK_SECOND;
enum { SETTINGS_DEPTH = 64 };

/* Settings as the database holds them: JSON objects, absent where nothing was ever set. */
struct texts {
    struct str organization, project; /* scrubbing */
    struct str filters;
};

/* One scrubber and the settings it was made of. */
struct shared {
    struct shared *next;
    struct arena *arena;
    struct str key;
    struct scrubber *scrubber; /* NULL: they make none */
    size_t users;
};

struct known {
    struct policy policy;
    struct shared *shared; /* NULL: the usual scrubber */
    int64_t project_id, last_taken;
    size_t users; /* batches, and the list */
};

struct policies {
    pthread_mutex_t lock;
    struct known **list;
    size_t count, room;
    struct shared *scrubbers;
};

struct policies *policies_new(void)
{
    struct policies *p = calloc(1, sizeof(*p));
    if (!p || pthread_mutex_init(&p->lock, NULL))
        abort();
    return p;
}

/* ---- scrubbers */

static const struct jt *parse(struct arena *a, struct str json)
{
    const char *error;
    return json.p ? jt_read(a, json, SETTINGS_DEPTH, &error) : NULL;
}

static struct str key_of(struct arena *a, const struct texts *t)
{
    return str_of(arena_printf(a, "%.*s\n%.*s", STR_ARG(t->organization), STR_ARG(t->project)));
}

static struct shared *shared_new(struct policies *p, const struct texts *t)
{
    const char *error = NULL;
    struct arena *a = arena_new(settings_limit);
    struct shared *s = arena_new_of(a, struct shared);
    *s = (struct shared){.next = p->scrubbers, .arena = a, .key = key_of(a, t)};
    struct scrub_options organization = scrub_options_read(
        a, parse(a, arena_str(a, t->organization)), scrub_options_of_organization);
    struct scrub_options project =
        scrub_options_read(a, parse(a, arena_str(a, t->project)), scrub_options_of_project);
    s->scrubber = scrubber_new(&organization, &project, &error);
    if (!s->scrubber)
        log_warn("scrubbing settings make no scrubber", LOG_STR("reason", str_of(error)));
    return p->scrubbers = s;
}

static struct shared *shared_take(struct policies *p, struct arena *a, const struct texts *t)
{
    struct shared *s = p->scrubbers;
    struct str key = key_of(a, t);
    if (key.n == 1)
        return NULL;
    while (s && !str_eq(s->key, key))
        s = s->next;
    if (!s)
        s = shared_new(p, t);
    s->users++;
    return s;
}

static void shared_release(struct policies *p, struct shared *s)
{
    struct shared **link = &p->scrubbers;
    if (!s || --s->users)
        return;
    while (*link != s)
        link = &(*link)->next;
    *link = s->next;
    scrubber_free(s->scrubber);
    arena_free(s->arena);
}

/* ---- policies */

static struct known *known_new(struct policies *p, const struct texts *t)
{
    struct arena *a = arena_new(settings_limit);
    struct known *k = arena_new_of(a, struct known);
    const struct policy *usual = policy_usual();
    k->policy.arena = a;
    k->users = 1;
    k->policy.owner = k;
    k->shared = shared_take(p, a, t);
    k->policy.scrubber = k->shared ? k->shared->scrubber : usual->scrubber;
    k->policy.broken = k->shared && !k->shared->scrubber;
    k->policy.filters =
        t->filters.p ? filter_settings_read(a, parse(a, arena_str(a, t->filters))) : usual->filters;
    return k;
}

static void known_release(struct policies *p, struct known *k)
{
    if (--k->users)
        return;
    shared_release(p, k->shared);
    arena_free(k->policy.arena);
}

static struct known **find(struct policies *p, int64_t project_id)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->list[i]->project_id == project_id)
            return &p->list[i];
    }
    return NULL;
}

static void keep(struct policies *p, struct known *k)
{
    struct known **place = find(p, k->project_id);
    if (place) {
        known_release(p, *place);
        *place = k;
        return;
    }
    if (p->count == p->room) {
        p->room = p->room ? p->room * 2 : 16;
        p->list = realloc(p->list, p->room * sizeof(struct known *));
        if (!p->list)
            abort();
    }
    p->list[p->count++] = k;
}

static void forget_idle(struct policies *p, int64_t now)
{
    for (size_t i = p->count; i-- > 0;) {
        if (now - p->list[i]->last_taken < forget_after)
            continue;
        known_release(p, p->list[i]);
        p->list[i] = p->list[--p->count];
    }
}

void policies_free(struct policies *p)
{
    for (size_t i = 0; i < p->count; i++)
        known_release(p, p->list[i]);
    pthread_mutex_destroy(&p->lock);
    free(p->list);
    free(p);
}

const struct policy *policies_take(struct policies *p, int64_t project_id)
{
    pthread_mutex_lock(&p->lock);
    struct known **place = find(p, project_id), *k = place ? *place : NULL;
    if (k) {
        k->users++;
        k->last_taken = clock_monotonic();
    }
    pthread_mutex_unlock(&p->lock);
    return k ? &k->policy : policy_usual();
}

void policies_release(struct policies *p, const struct policy *policy)
{
    if (!policy->owner)
        return;
    pthread_mutex_lock(&p->lock);
    known_release(p, policy->owner);
    pthread_mutex_unlock(&p->lock);
}

/* ---- loading */

static void load_row(struct policies *p, const struct rows *r, int64_t now)
{
    int64_t id = rows_int(r, 0), version = rows_int(r, 1);
    struct known **place = find(p, id);
    if (place && (*place)->policy.version == version)
        return;
    const struct texts texts = {rows_str(r, 2), rows_str(r, 3), rows_str(r, 4)};
    struct known *k = known_new(p, &texts);
    k->project_id = id;
    k->policy.version = version;
    k->policy.max_field_bytes = (size_t)rows_int(r, 5);
    k->policy.loaded = k->last_taken = now;
    keep(p, k);
}

bool policies_load(struct policies *p, struct pg *db, struct arena *scratch, const int64_t *ids,
                   size_t count)
{
    int64_t now = clock_monotonic();
    struct rows *r = pg_query(db, scratch, &SQL_digest_settings, pg_int_array(scratch, ids, count));
    pthread_mutex_lock(&p->lock);
    forget_idle(p, now);
    while (rows_next(r))
        load_row(p, r, now);
    pthread_mutex_unlock(&p->lock);
    return pg_failed(db) == PG_OK;
}
