#include "storage/issue_change.h"

#include "sql.h"

struct work {
    struct pg *db;
    struct arena *arena;
    const struct issue_targets *targets;
    const struct issue_change *change;
    const struct issue_actor *actor;
    const char *projects, *ids, *now; /* as parameters */
};

/* Runs the work in a transaction, once more when the database says so. */
static int64_t in_transaction(struct work *w, int64_t (*run)(struct work *w))
{
    int64_t result = 0;
    w->projects = pg_int_array(w->arena, w->targets->projects, w->targets->project_count);
    w->ids = pg_int_array(w->arena, w->targets->ids, w->targets->count);
    w->now = pg_time(w->arena, w->actor->now);
    for (int tries = 0; tries < 2; tries++) {
        pg_begin(w->db);
        result = run(w);
        if (!pg_failed(w->db))
            pg_commit(w->db);
        if (pg_failed(w->db) != PG_RETRY)
            break;
        pg_reset(w->db);
    }
    return result;
}

static struct rows *lock(struct work *w)
{
    return pg_query(w->db, w->arena, &SQL_issues_lock, w->projects, w->ids);
}

static void audit(struct work *w, const char *action, struct str data)
{
    const struct issue_actor *who = w->actor;
    pg_query(w->db, w->arena, &SQL_issues_audit, who->organization_id, param_id(who->user_id),
             param_id(who->token_id), who->address, action, w->ids, data, w->now);
}

static void archive(struct work *w, const struct issue_change *c)
{
    const char *until = c->until ? pg_time(w->arena, c->until) : NULL;
    pg_query(w->db, w->arena, &SQL_issues_archive, w->projects, w->ids, c->substatus, until,
             param_id(c->count), param_id(c->window), param_id(c->user_count),
             param_id(c->user_window), c->activity_data, param_id(w->actor->user_id), w->now);
}

static void set_status(struct work *w, const struct issue_change *c)
{
    if (c->status == ISSUE_ARCHIVED) {
        archive(w, c);
        return;
    }
    pg_query(w->db, w->arena, &SQL_issues_set_status, w->projects, w->ids, (int)c->status,
             param_id(c->substatus), c->activity, c->activity_data, param_id(w->actor->user_id),
             w->now);
    if (c->in_release)
        pg_query(w->db, w->arena, &SQL_issues_bind_release, w->projects, w->ids,
                 (int)c->next_release, c->release, param_id(w->actor->user_id), w->now);
}

static void set_marks(struct work *w, const struct issue_change *c)
{
    int64_t user = w->actor->user_id;
    if (!user)
        return;
    if (c->has_seen.sent && c->has_seen.value)
        pg_query(w->db, w->arena, &SQL_issues_mark_seen, w->projects, w->ids, user, w->now);
    if (c->has_seen.sent && !c->has_seen.value)
        pg_query(w->db, w->arena, &SQL_issues_mark_unseen, w->projects, w->ids, user);
    if (c->is_bookmarked.sent && c->is_bookmarked.value)
        pg_query(w->db, w->arena, &SQL_issues_bookmark, w->projects, w->ids, user, w->now);
    if (c->is_bookmarked.sent && !c->is_bookmarked.value)
        pg_query(w->db, w->arena, &SQL_issues_unbookmark, w->projects, w->ids, user);
    if (c->is_subscribed.sent)
        pg_query(w->db, w->arena, &SQL_issues_subscribe, w->projects, w->ids, user,
                 c->is_subscribed.value, w->now);
}

/* Having looked is noted for oneself; everything else is a change that others see. */
static bool is_audited(const struct issue_change *c)
{
    return c->sets_status || c->sets_assignee || c->priority || c->is_public.sent;
}

static int64_t change(struct work *w)
{
    const struct issue_change *c = w->change;
    struct param user = param_id(w->actor->user_id);
    int64_t found = rows_count(lock(w));
    if (!found)
        return 0;
    if (c->sets_status)
        set_status(w, c);
    if (c->sets_assignee)
        pg_query(w->db, w->arena, &SQL_issues_assign, w->projects, w->ids, param_id(c->user_id),
                 param_id(c->team_id), user, w->now);
    if (c->priority)
        pg_query(w->db, w->arena, &SQL_issues_prioritize, w->projects, w->ids, c->priority,
                 c->priority_name, user, w->now);
    if (c->is_public.sent)
        pg_query(w->db, w->arena, &SQL_issues_publish, w->projects, w->ids, c->is_public.value,
                 user, w->now);
    set_marks(w, c);
    if (is_audited(c))
        audit(w, "issue.update", c->audit);
    return found;
}

int64_t issues_change(struct pg *db, struct arena *a, const struct issue_targets *targets,
                      const struct issue_change *c, const struct issue_actor *actor)
{
    struct work w = {.db = db, .arena = a, .targets = targets, .change = c, .actor = actor};
    return in_transaction(&w, change);
}

static int64_t remove_all(struct work *w)
{
    int64_t found = rows_count(lock(w));
    if (!found)
        return 0;
    pg_query(w->db, w->arena, &SQL_issues_delete_events, w->projects, w->ids);
    pg_query(w->db, w->arena, &SQL_issues_delete, w->projects, w->ids);
    audit(w, "issue.delete", S("{}"));
    return found;
}

int64_t issues_delete(struct pg *db, struct arena *a, const struct issue_targets *targets,
                      const struct issue_actor *actor)
{
    struct work w = {.db = db, .arena = a, .targets = targets, .actor = actor};
    return in_transaction(&w, remove_all);
}

/* The project of all locked issues; 0 when they have several or are fewer than two. */
static int64_t common_project(struct rows *locked)
{
    int64_t project = 0;
    if (rows_count(locked) < 2)
        return 0;
    while (rows_next(locked)) {
        if (project && rows_int(locked, 1) != project)
            return 0;
        project = rows_int(locked, 1);
    }
    return project;
}

static const char *all_but(struct work *w, const struct issue_targets *t, int64_t target)
{
    int64_t *rest = arena_alloc(w->arena, (t->count + 1) * sizeof(*rest));
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->ids[i] != target)
            rest[count++] = t->ids[i];
    }
    return pg_int_array(w->arena, rest, count);
}

static int64_t merge(struct work *w)
{
    static const struct stmt *const moves[] = {
        &SQL_merge_hashes, &SQL_merge_issue, &SQL_merge_marks,
        &SQL_merge_events, &SQL_merge_users, &SQL_merge_hours,
        &SQL_merge_days,   &SQL_merge_tags,  &SQL_merge_tag_keys,
    };
    int64_t project = common_project(lock(w));
    if (!project)
        return 0;
    struct rows *r = pg_query(w->db, w->arena, &SQL_merge_target, project, w->ids);
    if (!rows_next(r))
        return 0;
    int64_t target = rows_int(r, 0);
    const char *children = all_but(w, w->targets, target);
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
        pg_query(w->db, w->arena, moves[i], project, target, children);
    pg_query(w->db, w->arena, &SQL_merge_activity, project, target, children,
             param_id(w->actor->user_id), w->now);
    pg_query(w->db, w->arena, &SQL_issues_delete, pg_int_array(w->arena, &project, 1), children);
    audit(w, "issue.merge",
          str_of(arena_printf(w->arena, "{\"parent\": %lld}", (long long)target)));
    return target;
}

int64_t issues_merge(struct pg *db, struct arena *a, const struct issue_targets *targets,
                     const struct issue_actor *actor)
{
    struct work w = {.db = db, .arena = a, .targets = targets, .actor = actor};
    return in_transaction(&w, merge);
}
