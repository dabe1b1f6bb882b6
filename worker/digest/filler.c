#include "worker/digest/filler.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/settings.h"

#define SCRATCH_LIMIT                                                                              \
    ((size_t)512 << 20)               /* the tree of the largest event of the tightest nesting */
#define BATCH_BYTES ((size_t)8 << 20) /* of records: a batch ends with the one that passes it */
enum { POLL_US = 2000, WAIT_US = 20000, IDLE_LEAST_US = 4000, IDLE_MOST_US = 20000 };

/* A log's reader and where it belongs. */
struct place {
    struct uuid log;
    int lane;
    unsigned epoch;
    int64_t position; /* of the next record */
    struct eventlog_reader *reader;
};

struct filling {
    const struct filler *shared;
    struct arena *scratch;
    struct batch *idle[FILLER_BATCHES];
    int idle_count;
    struct place places[CURSORS_MAX];
    size_t place_count;
};

static bool stopping(const struct filling *f)
{
    return atomic_load(f->shared->stop);
}

/* ---- batches that nobody works on */

static void take_back(struct filling *f, int64_t wait_us)
{
    struct batch *b = queue_pop(f->shared->empty, wait_us);
    if (b)
        f->idle[f->idle_count++] = b;
}

static struct batch *take_batch(struct filling *f)
{
    while (!f->idle_count && !stopping(f))
        take_back(f, WAIT_US);
    return f->idle_count ? f->idle[--f->idle_count] : NULL;
}

static void wait_for_all(struct filling *f)
{
    while (f->idle_count < FILLER_BATCHES && !stopping(f))
        take_back(f, WAIT_US);
}

/* ---- places */

static void place_close(struct filling *f, size_t i)
{
    eventlog_reader_free(f->places[i].reader);
    f->places[i] = f->places[--f->place_count];
}

static void forget_lost(struct filling *f)
{
    struct cursor unused;
    for (size_t i = f->place_count; i-- > 0;) {
        if (!cursors_get(f->shared->cursors, f->places[i].log, f->places[i].lane, &unused))
            place_close(f, i);
    }
}

static struct place *place_of(struct filling *f, const struct cursor *c)
{
    for (size_t i = 0; i < f->place_count; i++) {
        if (f->places[i].lane == c->lane && uuid_eq(f->places[i].log, c->log))
            return &f->places[i];
    }
    if (f->place_count == CURSORS_MAX)
        return NULL;
    struct place *at = &f->places[f->place_count++];
    *at = (struct place){.log = c->log, .lane = c->lane};
    return at;
}

/* The reader stands where the epoch began, or further on.  NULL when the log is gone. */
static struct place *place_ready(struct filling *f, const struct cursor *c)
{
    struct place *at = place_of(f, c);
    if (!at)
        return NULL;
    if (!at->reader || at->epoch != c->epoch) {
        eventlog_reader_free(at->reader);
        at->reader = eventlog_open(f->shared->dir, c->log, c->position);
        at->epoch = c->epoch;
        at->position = c->position;
    }
    return at->reader ? at : NULL;
}

/* ---- filling */

static void take_record(struct filling *f, struct batch *b, enum read_result result,
                        struct str bytes, int64_t next)
{
    progress_extend(b->range, next);
    progress_busy(f->shared->progress);
    if (result == READ_DAMAGED)
        batch_set_aside(b, "its bytes are damaged", bytes, next);
    else
        batch_add(b, f->scratch, bytes, next);
    progress_idle(f->shared->progress);
}

static bool is_full(const struct batch *b)
{
    return b->record_count >= (size_t)settings()->digest_batch_records || b->bytes >= BATCH_BYTES;
}

/* At the log's end a batch that has begun waits a moment for more. */
static bool wait_for_more(const struct filling *f, const struct batch *b)
{
    int64_t most = settings()->digest_batch_milliseconds * (CLOCK_SECOND / 1000);
    if (!b->filled_since || stopping(f) || clock_monotonic() - b->filled_since >= most)
        return false;
    usleep(POLL_US);
    return true;
}

static void fill(struct filling *f, struct place *at, struct batch *b)
{
    struct str bytes;
    int64_t next;
    while (!is_full(b)) {
        enum read_result result = eventlog_read(at->reader, &bytes, &next);
        if (result != READ_END)
            take_record(f, b, result, bytes, next);
        else if (!wait_for_more(f, b))
            break;
    }
}

/* One record, with nothing else in hand; what killed its readers too often is set aside. */
static void fill_carefully(struct filling *f, struct place *at, struct batch *b)
{
    struct str bytes;
    int64_t next;
    enum read_result result = eventlog_read(at->reader, &bytes, &next);
    if (result == READ_END)
        return;
    const char *verdict = progress_verdict(f->shared->progress, at->log, at->position);
    if (verdict) {
        log_error("a record is set aside", LOG_INT("position", at->position),
                  LOG_STR("reason", str_of(verdict)));
        batch_set_aside(b, verdict, bytes, next);
        return;
    }
    progress_alone(f->shared->progress, at->log, at->position);
    take_record(f, b, result, bytes, next);
    b->alone = arena_str(b->arena, bytes);
}

static void begin(struct filling *f, struct batch *b, const struct cursor *c,
                  const struct place *at)
{
    b->lane = c->lane;
    b->lanes = c->lanes;
    b->epoch = c->epoch;
    b->range = progress_begin(f->shared->progress, c->log, c->lane, at->position);
    batch_begin(b, c->log, at->position);
}

/* False when the log had nothing. */
static bool hand_over(struct filling *f, struct place *at, struct batch *b)
{
    if (!b->record_count || !queue_push(f->shared->full, b)) {
        progress_end(b->range);
        f->idle[f->idle_count++] = b;
        return false;
    }
    at->position = b->next;
    return true;
}

static bool work_on(struct filling *f, const struct cursor *c)
{
    struct place *at = place_ready(f, c);
    if (!at)
        return false;
    bool careful = at->position < c->careful_until;
    if (careful)
        wait_for_all(f);
    struct batch *b = take_batch(f);
    if (!b)
        return false;
    begin(f, b, c, at);
    if (!careful) {
        fill(f, at, b);
        return hand_over(f, at, b);
    }
    fill_carefully(f, at, b);
    bool handed = hand_over(f, at, b);
    wait_for_all(f);
    if (!stopping(f))
        progress_alone_done(f->shared->progress);
    return handed;
}

/* A glance at every log; false when none had anything. */
static bool go_round(struct filling *f)
{
    struct cursor c;
    bool any = false;
    for (size_t i = 0; !stopping(f) && cursors_at(f->shared->cursors, i, &c); i++)
        any |= work_on(f, &c);
    forget_lost(f);
    return any;
}

void *filler_run(void *filler)
{
    struct filling *f = calloc(1, sizeof(*f));
    useconds_t pause = IDLE_LEAST_US;
    if (!f)
        abort();
    f->shared = filler;
    f->scratch = arena_new(SCRATCH_LIMIT);
    while (!stopping(f)) {
        if (go_round(f)) {
            pause = IDLE_LEAST_US;
            continue;
        }
        usleep(pause);
        pause = pause * 2 > IDLE_MOST_US ? IDLE_MOST_US : pause * 2;
    }
    while (f->place_count)
        place_close(f, 0);
    arena_free(f->scratch);
    free(f);
    return NULL;
}
