#include "ingest/rates.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"

enum { PLACES = 65536, COUNT_BITS = 32 };

/* Only keys with a limit get a place; it stays theirs as long as the program runs. */
struct used {
    _Atomic int64_t key_id;          /* 0: free */
    _Atomic uint64_t slot_and_count; /* the slot's low half, then what was taken in it */
};

struct rates {
    struct used places[PLACES];
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

static bool claims(struct used *u, int64_t key_id)
{
    int64_t owner = 0;
    return atomic_compare_exchange_strong(&u->key_id, &owner, key_id) || owner == key_id;
}

/* NULL when every place is somebody else's. */
static struct used *used_by(struct rates *r, int64_t key_id)
{
    for (uint64_t i = 0; i < PLACES; i++) {
        struct used *u = &r->places[((uint64_t)key_id + i) % PLACES];
        if (claims(u, key_id))
            return u;
    }
    return NULL;
}

static bool take(struct used *u, uint32_t slot, uint64_t limit)
{
    uint64_t seen = atomic_load(&u->slot_and_count), count;
    do {
        count = seen >> COUNT_BITS == slot ? (uint32_t)seen : 0;
        if (count >= limit || count == UINT32_MAX)
            return false;
    } while (!atomic_compare_exchange_weak(&u->slot_and_count, &seen,
                                           (uint64_t)slot << COUNT_BITS | (count + 1)));
    return true;
}

int64_t rates_take(struct rates *r, const struct rate_limit *limit, int64_t now)
{
    if (limit->window_seconds <= 0)
        return 0;
    int64_t window = limit->window_seconds * CLOCK_SECOND, slot = now / window;
    struct used *u = used_by(r, limit->key_id);
    if (!u || take(u, (uint32_t)slot, (uint64_t)limit->count))
        return 0;
    return ((slot + 1) * window - now + CLOCK_SECOND - 1) / CLOCK_SECOND;
}
