#include "ingest/quotas.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "sql.h"

#define MEMORY ((size_t)64 << 20)
enum { RETRY_MOST = 300, RETRY_NEVER = 60, HEADER_MAX = 4096, EXHAUSTED_MAX = 16 };

struct quotas {
    struct rates *rates;
    pthread_rwlock_t lock; /* guards the two below */
    struct arena *arena;
    struct quota_list all;
};

struct quotas *quotas_new(struct rates *rates)
{
    struct quotas *q = calloc(1, sizeof(*q));
    if (!q)
        abort();
    q->rates = rates;
    pthread_rwlock_init(&q->lock, NULL);
    return q;
}

void quotas_free(struct quotas *q)
{
    if (q->arena)
        arena_free(q->arena);
    pthread_rwlock_destroy(&q->lock);
    free(q);
}

static struct rate_limit limit_of(const struct quota *quota, int64_t now)
{
    struct quota_slot slot = quota_slot_of(quota->period, now);
    return (struct rate_limit){quota->id, quota->most, {slot.number, slot.ends}};
}

/* ---- keeping up */

static bool is_first_of_its_id(const struct quota_list *all, size_t at)
{
    for (size_t i = 0; all->list[at].of_organization && i < at; i++)
        if (all->list[i].id == all->list[at].id)
            return false;
    return true;
}

static void settle(struct quotas *q, struct pg *db, struct arena *a, const struct quota_list *all)
{
    int64_t now = clock_now();
    size_t size = (all->count + 1) * sizeof(int64_t), n = 0;
    int64_t *ids = arena_take(a, size), *slots = arena_take(a, size), *taken = arena_take(a, size);
    struct rate_limit *limits = arena_take(a, (all->count + 1) * sizeof(*limits));
    for (size_t i = 0; i < all->count; i++) {
        if (!is_first_of_its_id(all, i))
            continue;
        limits[n] = limit_of(&all->list[i], now);
        ids[n] = limits[n].id;
        slots[n] = limits[n].window.slot;
        taken[n] = rates_unsettled(q->rates, &limits[n]);
        n++;
    }
    struct rows *r = pg_query(db, a, &SQL_quota_use, pg_int_array(a, ids, n),
                              pg_int_array(a, slots, n), pg_int_array(a, taken, n));
    while (rows_next(r))
        for (size_t i = 0; i < n; i++)
            if (ids[i] == rows_int(r, 0))
                rates_settle(q->rates, &limits[i], taken[i], rows_int(r, 1));
}

static void replace(struct quotas *q, struct arena *arena, struct quota_list all)
{
    pthread_rwlock_wrlock(&q->lock);
    struct arena *old = q->arena;
    q->arena = arena;
    q->all = all;
    pthread_rwlock_unlock(&q->lock);
    if (old)
        arena_free(old);
}

void quotas_refresh(struct quotas *q, struct pg *db, struct arena *scratch)
{
    struct arena *fresh = arena_new(MEMORY);
    struct quota_list all = quotas_load(db, fresh);
    if (pg_failed(db)) {
        arena_free(fresh);
        return;
    }
    if (all.count && rates_lead(q->rates, clock_monotonic(), CLOCK_SECOND / 2))
        settle(q, db, scratch, &all);
    replace(q, fresh, all);
}

/* ---- taking */

static const struct quota *first_of(const struct quota_list *all, int64_t project_id)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (all->list[middle].project_id < project_id)
            low = middle + 1;
        else
            high = middle;
    }
    return all->list + low;
}

struct taking {
    struct quotas *q;
    const struct quota *first, *end; /* of the project */
    int64_t now;
    const struct quota *exhausted[EXHAUSTED_MAX];
    size_t exhausted_count;
};

static void note_exhausted(struct taking *t, const struct quota *quota)
{
    for (size_t i = 0; i < t->exhausted_count; i++)
        if (t->exhausted[i] == quota)
            return;
    if (t->exhausted_count < EXHAUSTED_MAX)
        t->exhausted[t->exhausted_count++] = quota;
}

static int64_t retry_of(const struct quota *quota, int64_t now)
{
    struct rate_limit limit = limit_of(quota, now);
    int64_t left = rate_window_left(&limit.window, now);
    return quota->most == 0 ? RETRY_NEVER : left < RETRY_MOST ? left : RETRY_MOST;
}

static void give_back(struct taking *t, const struct quota_demand *demand, const struct quota *end)
{
    for (const struct quota *quota = t->first; quota < end; quota++) {
        struct rate_limit limit = limit_of(quota, t->now);
        if (quota_counts(quota, demand->category))
            rates_give_back(t->q->rates, &limit, demand->quantity);
    }
}

/* All quotas are asked, also those behind one that is exhausted: SDKs hear of each. */
static void take_one(struct taking *t, struct quota_demand *demand)
{
    const struct quota *longest = NULL;
    for (const struct quota *quota = t->first; quota < t->end; quota++) {
        struct rate_limit limit = limit_of(quota, t->now);
        if (!quota_counts(quota, demand->category))
            continue;
        int64_t left = quota->most - rates_used(t->q->rates, &limit);
        bool fits = longest ? left > 0 && demand->quantity <= left
                            : rates_take(t->q->rates, &limit, demand->quantity);
        if (fits)
            continue;
        note_exhausted(t, quota);
        if (!longest)
            give_back(t, demand, quota);
        if (!longest || retry_of(quota, t->now) > retry_of(longest, t->now))
            longest = quota;
    }
    if (longest)
        demand->reason = quota_reason(longest);
}

static void put_categories(struct buf *to, uint64_t categories)
{
    bool begun = false;
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        if (!(categories >> c & 1))
            continue;
        struct str name = category_name((enum category)c);
        buf_printf(to, "%s%.*s", begun ? ";" : "", STR_ARG(name));
        begun = true;
    }
}

static struct quota_verdict verdict_of(const struct taking *t, struct arena *a)
{
    struct quota_verdict verdict = {0};
    struct buf header;
    buf_init(&header, HEADER_MAX);
    for (size_t i = 0; i < t->exhausted_count; i++) {
        const struct quota *quota = t->exhausted[i];
        int64_t retry = retry_of(quota, t->now);
        verdict.retry = retry > verdict.retry ? retry : verdict.retry;
        buf_printf(&header, "%s%lld:", i ? ", " : "", (long long)retry);
        put_categories(&header, quota->categories);
        buf_printf(&header, ":%s:%.*s", quota->of_organization ? "organization" : "project",
                   STR_ARG(quota_reason(quota)));
    }
    verdict.header = arena_str(a, buf_str(&header));
    buf_free(&header);
    return verdict;
}

struct quota_verdict quotas_take(struct quotas *q, struct arena *a, int64_t project_id,
                                 struct quota_demand *demands, size_t count)
{
    struct quota_verdict verdict = {0};
    pthread_rwlock_rdlock(&q->lock);
    struct taking t = {.q = q, .first = first_of(&q->all, project_id), .now = clock_now()};
    for (t.end = t.first; t.end < q->all.list + q->all.count && t.end->project_id == project_id;)
        t.end++;
    for (size_t i = 0; t.first < t.end && i < count; i++)
        take_one(&t, &demands[i]);
    if (t.exhausted_count)
        verdict = verdict_of(&t, a);
    pthread_rwlock_unlock(&q->lock);
    return verdict;
}
