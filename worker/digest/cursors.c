#include "worker/digest/cursors.h"

#include <pthread.h>
#include <stdlib.h>

struct cursors {
    pthread_mutex_t lock;
    struct cursor list[CURSORS_MAX];
    size_t count;
};

struct cursors *cursors_new(void)
{
    struct cursors *c = calloc(1, sizeof(*c));
    if (!c || pthread_mutex_init(&c->lock, NULL))
        abort();
    return c;
}

void cursors_free(struct cursors *c)
{
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static struct cursor *find(struct cursors *c, struct uuid log, int lane)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->list[i].lane == lane && uuid_eq(c->list[i].log, log))
            return &c->list[i];
    }
    return NULL;
}

bool cursors_add(struct cursors *c, const struct cursor *cursor)
{
    pthread_mutex_lock(&c->lock);
    bool known = find(c, cursor->log, cursor->lane) != NULL;
    bool added = !known && c->count < CURSORS_MAX;
    if (added)
        c->list[c->count++] = *cursor;
    pthread_mutex_unlock(&c->lock);
    return known || added;
}

bool cursors_has_log(struct cursors *c, struct uuid log)
{
    bool has = false;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->count; i++)
        has |= uuid_eq(c->list[i].log, log);
    pthread_mutex_unlock(&c->lock);
    return has;
}

void cursors_remove_log(struct cursors *c, struct uuid log)
{
    size_t kept = 0;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->count; i++) {
        if (!uuid_eq(c->list[i].log, log))
            c->list[kept++] = c->list[i];
    }
    c->count = kept;
    pthread_mutex_unlock(&c->lock);
}

bool cursors_at(struct cursors *c, size_t place, struct cursor *out)
{
    pthread_mutex_lock(&c->lock);
    bool there = place < c->count;
    if (there)
        *out = c->list[place];
    pthread_mutex_unlock(&c->lock);
    return there;
}

bool cursors_get(struct cursors *c, struct uuid log, int lane, struct cursor *out)
{
    pthread_mutex_lock(&c->lock);
    const struct cursor *found = find(c, log, lane);
    if (found)
        *out = *found;
    pthread_mutex_unlock(&c->lock);
    return found != NULL;
}

static void set(struct cursors *c, const struct cursor *to)
{
    pthread_mutex_lock(&c->lock);
    struct cursor *found = find(c, to->log, to->lane);
    if (found) {
        found->position = to->position;
        found->epoch += to->epoch;
        if (to->careful_until > found->careful_until)
            found->careful_until = to->careful_until;
    }
    pthread_mutex_unlock(&c->lock);
}

void cursors_advance(struct cursors *c, struct uuid log, int lane, int64_t position)
{
    set(c, &(struct cursor){.log = log, .lane = lane, .position = position});
}

void cursors_rewind(struct cursors *c, struct uuid log, int lane, int64_t position)
{
    cursors_rewind_carefully(c, log, lane, position, 0);
}

void cursors_rewind_carefully(struct cursors *c, struct uuid log, int lane, int64_t position,
                              int64_t end)
{
    set(c, &(struct cursor){
               .log = log, .lane = lane, .position = position, .careful_until = end, .epoch = 1});
}
