#include "sql.h"
#include "worker/digest/resolution.h"
#include "worker/digest/writing.h"

/* Groups of one status, with their keys as arrays for a statement. */
struct selection {
    struct issue_group **groups;
    const char *projects, *issues;
    size_t count;
};

static struct selection select_status(struct writing *w, enum issue_status status)
{
    struct selection s = {0};
    for (struct issue_group *g = w->groups; g; g = g->next)
        s.count += g->status == status && g->newest;
    int64_t *projects = arena_take(w->arena, (s.count + 1) * sizeof(*projects));
    int64_t *issues = arena_take(w->arena, (s.count + 1) * sizeof(*issues));
    s.groups = arena_take(w->arena, (s.count + 1) * sizeof(struct issue_group *));
    size_t n = 0;
    for (struct issue_group *g = w->groups; g; g = g->next) {
        if (g->status != status || !g->newest)
            continue;
        s.groups[n] = g;
        projects[n] = g->project_id;
        issues[n++] = g->id;
    }
    s.projects = pg_int_array(w->arena, projects, n);
    s.issues = pg_int_array(w->arena, issues, n);
    return s;
}

/* ---- regressions */

static bool is_regression(const struct issue_group *g, const struct resolution *r,
                          const struct batch_event *e)
{
    return e->stored && e->group == g && e->event.received > g->resolved_at &&
           !(r && resolution_covers(r, e->event.release, e->release_created));
}

/* NULL when no event of the batch brings the issue back. */
static struct batch_event *regressing_event(const struct writing *w, const struct issue_group *g,
                                            const struct resolution *r)
{
    for (struct batch_event *e = w->batch->events; e; e = e->next) {
        if (is_regression(g, r, e))
            return e;
    }
    return NULL;
}

static struct resolution **read_resolutions(struct writing *w, const struct selection *s)
{
    struct resolution **list = arena_alloc(w->arena, (s->count + 1) * sizeof(struct resolution *));
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_resolutions, s->projects, s->issues);
    while (rows_next(r)) {
        struct resolution *one = arena_new_of(w->arena, struct resolution);
        *one = (struct resolution){.type = (enum resolution_type)rows_int(r, 1),
                                   .release = rows_str(r, 2),
                                   .release_created = rows_time(r, 3),
                                   .current = rows_str(r, 4),
                                   .current_created = rows_time(r, 5)};
        list[rows_int(r, 0) - 1] = one;
    }
    return list;
}

static bool write_regressions(struct writing *w)
{
    struct selection s = select_status(w, ISSUE_RESOLVED);
    if (!s.count)
        return true;
    struct resolution **resolutions = read_resolutions(w, &s);
    int64_t *projects = arena_take(w->arena, s.count * sizeof(*projects));
    int64_t *issues = arena_take(w->arena, s.count * sizeof(*issues));
    struct str *times = arena_take(w->arena, s.count * sizeof(*times));
    struct str *versions = arena_take(w->arena, s.count * sizeof(*versions));
    size_t n = 0;
    for (size_t i = 0; i < s.count; i++) {
        struct batch_event *e = regressing_event(w, s.groups[i], resolutions[i]);
        if (!e)
            continue;
        projects[n] = s.groups[i]->project_id;
        issues[n] = s.groups[i]->id;
        times[n] = str_of(pg_time(w->arena, e->event.received));
        versions[n++] = e->event.release.p ? e->event.release : S("");
    }
    if (n)
        pg_query(w->db, w->arena, &SQL_digest_regress, pg_int_array(w->arena, projects, n),
                 pg_int_array(w->arena, issues, n), pg_text_array(w->arena, times, n),
                 pg_text_array(w->arena, versions, n));
    return !pg_failed(w->db);
}

/* ---- archived issues */

static bool write_wakings(struct writing *w)
{
    struct selection s = select_status(w, ISSUE_IGNORED);
    if (s.count)
        pg_query(w->db, w->arena, &SQL_digest_wake, s.projects, s.issues, w->now);
    return !pg_failed(w->db);
}

bool write_states(struct writing *w)
{
    return write_regressions(w) && write_wakings(w);
}
