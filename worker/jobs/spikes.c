/* Spike protection: makes a quota an hour for each kind of data of the projects that want it, and
 * keeps it at what is usual for them.  Ingest and the digest count it as any other. */
#include "base/clock.h"
#include "sql.h"
#include "storage/quotas.h"
#include "worker/jobs/job.h"
#include "worker/jobs/spike_threshold.h"

#define HOUR ((int64_t)3600 * CLOCK_SECOND)

/* What is no spike, however little is usual: in an hour, items or bytes. */
static const struct {
    enum category category;
    int64_t least;
} kinds[] = {
    {CATEGORY_ERROR, 500},
    {CATEGORY_TRANSACTION, 5000},
    {CATEGORY_SPAN, 50000},
    {CATEGORY_ATTACHMENT, (int64_t)500 << 20},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct usage {
    int64_t project_id;
    struct spike_hour hours[KINDS][SPIKE_HOURS];
};

/* Columns of what is stored. */
struct thresholds {
    int64_t *projects, *most;
    struct str *categories;
    size_t count;
};

static void add_thresholds(struct thresholds *t, const struct usage *u)
{
    for (int k = 0; u->project_id && k < KINDS; k++) {
        int64_t most = spike_threshold(u->hours[k], kinds[k].least);
        t->projects[t->count] = u->project_id;
        t->categories[t->count] = category_name(kinds[k].category);
        t->most[t->count++] = most < QUOTA_MOST ? most : QUOTA_MOST;
    }
}

static void add_hour(struct usage *u, const struct rows *r)
{
    int64_t age = rows_int(r, 2);
    for (int k = 0; k < KINDS; k++)
        if (rows_int(r, 1) == kinds[k].category && age >= 1 && age <= SPIKE_HOURS)
            u->hours[k][age - 1] = (struct spike_hour){rows_int(r, 3), rows_int(r, 4)};
}

static struct thresholds read_thresholds(struct job *j, struct rows *r)
{
    struct usage usage = {0};
    size_t most = ((size_t)rows_count(r) + 1) * KINDS;
    struct thresholds t = {
        .projects = arena_take(j->arena, most * sizeof(int64_t)),
        .most = arena_take(j->arena, most * sizeof(int64_t)),
        .categories = arena_take(j->arena, most * sizeof(struct str)),
    };
    while (rows_next(r)) {
        if (rows_int(r, 0) != usage.project_id) {
            add_thresholds(&t, &usage);
            usage = (struct usage){.project_id = rows_int(r, 0)};
        }
        add_hour(&usage, r);
    }
    add_thresholds(&t, &usage);
    return t;
}

bool job_spikes(struct job *j)
{
    int64_t now = clock_now();
    struct rows *r =
        pg_query(j->db, j->arena, &SQL_spike_usage, pg_time(j->arena, now / HOUR * HOUR));
    struct thresholds t = read_thresholds(j, r);
    pg_query(j->db, j->arena, &SQL_spike_store, pg_int_array(j->arena, t.projects, t.count),
             pg_text_array(j->arena, t.categories, t.count),
             pg_int_array(j->arena, t.most, t.count), pg_time(j->arena, now));
    return job_answer(j, "%zu thresholds", t.count);
}
