#include "ingest/rates.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"

/* A count and the low bits of the number of the window it is of, in one word. */
enum { PLACES = 65536, COUNT_BITS = 44 };
#define COUNT_MOST ((INT64_C(1) << COUNT_BITS) - 1)
#define SLOT_MASK ((UINT64_C(1) << (64 - COUNT_BITS)) - 1)

/* Only what has a limit gets a place; it stays its own as long as the program runs. */
struct place {
    _Atomic int64_t id;       /* 0: free */
    _Atomic uint64_t used;    /* by everybody */
    _Atomic uint64_t settled; /* ... as far as other hosts know */
};

struct rates {
    _Atomic int64_t led_until;
    struct place places[PLACES];
};

struct rates *rates_new(void)
{
    struct rates *r =
        mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED)
        abort();
    return r;
}

void rates_free(struct rates *r)
{
    munmap(r, sizeof(*r));
}

struct rate_window rate_window_of(int64_t seconds, int64_t now)
{
    int64_t length = seconds * CLOCK_SECOND, slot = now / length;
    return (struct rate_window){slot, (slot + 1) * length};
}

int64_t rate_window_left(const struct rate_window *window, int64_t now)
{
    return (window->ends - now + CLOCK_SECOND - 1) / CLOCK_SECOND;
}

static bool claims(struct place *p, int64_t id)
{
    int64_t owner = 0;
    return atomic_compare_exchange_strong(&p->id, &owner, id) || owner == id;
}

/* NULL when every place is somebody else's. */
static struct place *place_of(struct rates *r, int64_t id)
{
    for (uint64_t i = 0; i < PLACES; i++) {
        struct place *p = &r->places[((uint64_t)id + i) % PLACES];
        if (claims(p, id))
            return p;
    }
    return NULL;
}

static int64_t count_of(uint64_t word, const struct rate_window *window)
{
    bool current = word >> COUNT_BITS == ((uint64_t)window->slot & SLOT_MASK);
    return current ? (int64_t)(word & (uint64_t)COUNT_MOST) : 0;
}

static uint64_t word_of(int64_t count, const struct rate_window *window)
{
    int64_t kept = count < 0 ? 0 : count > COUNT_MOST ? COUNT_MOST : count;
    return ((uint64_t)window->slot & SLOT_MASK) << COUNT_BITS | (uint64_t)kept;
}

/* Adds; past `most`, nothing.  Adding 0 fails where there is no room for 1. */
static bool add(_Atomic uint64_t *word, const struct rate_window *window, int64_t by, int64_t most)
{
    uint64_t seen = atomic_load(word);
    int64_t count;
    do {
        count = count_of(seen, window);
        if (by >= 0 && (by ? by : 1) > most - count)
            return false;
    } while (!atomic_compare_exchange_weak(word, &seen, word_of(count + by, window)));
    return true;
}

bool rates_take(struct rates *r, const struct rate_limit *limit, int64_t quantity)
{
    struct place *p = place_of(r, limit->id);
    return !p || add(&p->used, &limit->window, quantity, limit->most);
}

void rates_give_back(struct rates *r, const struct rate_limit *limit, int64_t quantity)
{
    struct place *p = place_of(r, limit->id);
    if (p)
        add(&p->used, &limit->window, -quantity, 0);
}

int64_t rates_used(struct rates *r, const struct rate_limit *limit)
{
    struct place *p = place_of(r, limit->id);
    return p ? count_of(atomic_load(&p->used), &limit->window) : 0;
}

int64_t rates_unsettled(struct rates *r, const struct rate_limit *limit)
{
    struct place *p = place_of(r, limit->id);
    if (!p)
        return 0;
    return count_of(atomic_load(&p->used), &limit->window) -
           count_of(atomic_load(&p->settled), &limit->window);
}

void rates_settle(struct rates *r, const struct rate_limit *limit, int64_t pushed, int64_t total)
{
    struct place *p = place_of(r, limit->id);
    if (!p)
        return;
    int64_t known = count_of(atomic_load(&p->settled), &limit->window) + pushed;
    add(&p->used, &limit->window, total - known, COUNT_MOST);
    atomic_store(&p->settled, word_of(total, &limit->window));
}

bool rates_lead(struct rates *r, int64_t now, int64_t interval)
{
    int64_t until = atomic_load(&r->led_until);
    return (now >= until || until > now + interval) &&
           atomic_compare_exchange_strong(&r->led_until, &until, now + interval);
}
