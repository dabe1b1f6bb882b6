#include "sql.h"
#include "worker/digest/check_in.h"
#include "worker/digest/writing.h"

enum { RATE_MOST = 6 }; /* check-ins of a monitor in an environment in a minute */
static const int64_t minute_us = (int64_t)60 * CLOCK_SECOND;

/* A check-in at its monitor. */
struct taking {
    struct pg *db;
    struct arena *arena;
    struct batch_row *row;
    const struct check_in *c;
    int64_t project_id, received;
    struct monitor *monitor;
};

static void refuse(const struct taking *t, enum outcome verdict, struct str reason)
{
    t->row->item->verdict = verdict;
    t->row->item->reason = reason;
}

/* ---- the monitor */

/* A configuration that may not be leaves an existing monitor as it is. */
static struct monitor *configured(const struct taking *t)
{
    if (t->c->config)
        (void)monitor_configure(t->db, t->arena, t->project_id, t->c->slug, t->c->config);
    return monitor_find(t->db, t->arena, t->project_id, t->c->slug);
}

static bool is_limited(struct monitor *m, int64_t received)
{
    if (received >= m->rate_started + minute_us || received < m->rate_started - minute_us) {
        m->rate_started = received;
        m->rate_count = 0;
    }
    return ++m->rate_count > RATE_MOST;
}

/* ---- the check-in that is known already */

struct known {
    struct uuid id;
    int64_t monitor_id, environment_id, date_added;
    enum check_in_status status;
};

static bool find_known(const struct taking *t, struct known *out)
{
    struct rows *r = uuid_is_nil(t->c->id)
                         ? pg_query(t->db, t->arena, &SQL_check_in_newest_in_progress,
                                    t->project_id, t->monitor->id, t->monitor->environment_id)
                         : pg_query(t->db, t->arena, &SQL_check_in_find, t->project_id, t->c->id);
    if (!rows_next(r) || !uuid_parse(rows_str(r, 0), &out->id))
        return false;
    out->monitor_id = rows_int(r, 1);
    out->environment_id = rows_int(r, 2);
    out->status = (enum check_in_status)rows_int(r, 3);
    out->date_added = rows_time(r, 4);
    return true;
}

static struct param duration_of(const struct check_in *c)
{
    return c->has_duration ? param_int(c->duration) : param_text(NULL);
}

static const char *timeout_of(const struct taking *t, int64_t began)
{
    if (t->c->status != CHECK_IN_IN_PROGRESS)
        return NULL;
    return pg_time(t->arena, monitor_minute(began) + t->monitor->runtime);
}

/* How it went, as far as it says, and when the next is expected; an older one than the last known
 * does not move that. */
static void tell_monitor(const struct taking *t, int64_t date_added)
{
    struct monitor *m = t->monitor;
    bool is_late = date_added < m->last_checkin;
    if (t->c->status == CHECK_IN_ERROR)
        monitor_failed(t->db, t->arena, m, date_added);
    else if (t->c->status == CHECK_IN_OK)
        monitor_succeeded(t->db, t->arena, m, t->received);
    if (is_late)
        return;
    m->last_checkin = date_added;
    monitor_expect(t->db, t->arena, m, t->received);
}

static void change(const struct taking *t, const struct known *known)
{
    pg_query(t->db, t->arena, &SQL_check_in_change, t->project_id, known->id, (int)t->c->status,
             duration_of(t->c), timeout_of(t, t->received), pg_time(t->arena, t->received));
    if (t->c->status != CHECK_IN_IN_PROGRESS)
        tell_monitor(t, known->date_added);
}

/* Of one that has ended; what it says a second time is a double. */
static void ended(const struct taking *t, const struct known *known)
{
    if (t->c->status == known->status)
        refuse(t, OUTCOME_DUPLICATE, S(""));
    else if (t->c->status != CHECK_IN_IN_PROGRESS)
        refuse(t, OUTCOME_INVALID, S("checkin_finished"));
}

static void update(const struct taking *t, const struct known *known)
{
    if (known->monitor_id != t->monitor->id ||
        known->environment_id != t->monitor->environment_id) {
        refuse(t, OUTCOME_INVALID, S("monitor_environment_mismatch"));
        return;
    }
    switch (known->status) {
    case CHECK_IN_OK:
    case CHECK_IN_ERROR:
        ended(t, known);
        break;
    case CHECK_IN_MISSED:
    case CHECK_IN_TIMEOUT:
        if (t->c->status != CHECK_IN_IN_PROGRESS)
            pg_query(t->db, t->arena, &SQL_check_in_lasted, t->project_id, known->id,
                     duration_of(t->c), pg_time(t->arena, t->received));
        break;
    default:
        change(t, known);
    }
}

static void add(const struct taking *t)
{
    const struct check_in *c = t->c;
    struct monitor *m = t->monitor;
    int64_t began = t->received - (c->has_duration ? c->duration * 1000 : 0);
    struct param trace = c->has_trace ? param_uuid(c->trace) : param_text(NULL);
    pg_query(t->db, t->arena, &SQL_check_in_add, t->project_id,
             uuid_is_nil(c->id) ? uuid_random() : c->id, m->id, m->environment_id, (int)c->status,
             duration_of(c), trace, m->next_checkin ? pg_time(t->arena, m->next_checkin) : NULL,
             timeout_of(t, began), pg_time(t->arena, began), pg_time(t->arena, t->received));
    tell_monitor(t, began);
}

static void take_entered(const struct taking *t)
{
    struct known known;
    if (is_limited(t->monitor, t->received)) {
        refuse(t, OUTCOME_RATE_LIMITED, S("monitor_rate_limit"));
        return;
    }
    monitor_tick(t->db, t->arena, t->monitor, monitor_minute(t->received));
    if (find_known(t, &known))
        update(t, &known);
    else
        add(t);
}

static void take(struct taking *t)
{
    refuse(t, OUTCOME_ACCEPTED, (struct str){0}); /* until something is against it */
    t->monitor = configured(t);
    if (!t->monitor) {
        refuse(t, OUTCOME_INVALID, S("invalid_monitor"));
    } else if (t->monitor->is_disabled) {
        refuse(t, OUTCOME_FILTERED, S("monitor_disabled"));
    } else if (!monitor_enter(t->db, t->arena, t->monitor, t->row->environment_id, t->received)) {
        refuse(t, OUTCOME_INVALID, S("monitor_environment_limit_exceeded"));
    } else {
        take_entered(t);
        monitor_leave(t->db, t->arena, t->monitor);
    }
}

bool check_in_store(struct writing *w, struct batch_row **list, size_t count)
{
    for (size_t i = 0; i < count && !pg_failed(w->db); i++) {
        struct taking t = {.db = w->db,
                           .arena = w->arena,
                           .row = list[i],
                           .c = list[i]->data,
                           .project_id = list[i]->record->head.project_id,
                           .received = list[i]->record->head.received};
        take(&t);
    }
    return !pg_failed(w->db);
}
