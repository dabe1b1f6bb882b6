#include "base/clock.h"
#include "sql.h"
#include "worker/jobs/job.h"

/* Values of one key that an issue keeps apart in a day: every real tag stays far below, a tag with
 * a number or an id in it does not. */
enum { VALUES_MOST = 300 };
enum { BATCHES_AT_ONCE = 20, RUN_US = 5 * CLOCK_SECOND };

struct taken {
    int64_t *ids, first_day, last_day;
    size_t count;
};

static struct taken take_batches(struct job *j)
{
    struct rows *r = pg_query(j->db, j->arena, &SQL_tags_take_batches, BATCHES_AT_ONCE,
                              pg_time(j->arena, clock_now()));
    struct taken t = {.ids = arena_take(j->arena, ((size_t)rows_count(r) + 1) * sizeof(int64_t))};
    while (rows_next(r)) {
        int64_t first = rows_time(r, 1), last = rows_time(r, 2);
        t.first_day = t.count && t.first_day < first ? t.first_day : first;
        t.last_day = t.count && t.last_day > last ? t.last_day : last;
        t.ids[t.count++] = rows_int(r, 0);
    }
    return t;
}

/* Taking the batches and counting them is one transaction: each is counted once. */
static size_t count_some(struct job *j)
{
    pg_begin(j->db);
    struct taken t = take_batches(j);
    if (t.count)
        pg_query(j->db, j->arena, &SQL_tags_count, pg_int_array(j->arena, t.ids, t.count),
                 pg_time(j->arena, t.first_day), pg_time(j->arena, t.last_day), VALUES_MOST);
    return pg_commit(j->db) ? t.count : 0;
}

bool job_tags(struct job *j)
{
    int64_t begun = clock_monotonic();
    size_t total = 0, some = BATCHES_AT_ONCE;
    while (some == BATCHES_AT_ONCE && clock_monotonic() - begun < RUN_US)
        total += some = count_some(j);
    return job_answer(j, "%zu batches", total);
}
