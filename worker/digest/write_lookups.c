#include "base/map.h"
#include "sql.h"
#include "worker/digest/writing.h"

/* ---- projects */

const struct known_project *writing_project(const struct writing *w, int64_t id)
{
    for (size_t i = 0; i < w->project_count; i++) {
        if (w->projects[i].id == id)
            return &w->projects[i];
    }
    return NULL;
}

/* Distinct ids of the batch's projects, as an array literal. */
static const char *project_ids(struct writing *w)
{
    struct map *seen = map_new(w->arena, 16);
    int64_t *ids = arena_take(w->arena, (w->batch->record_count + 1) * sizeof(*ids));
    size_t count = 0;
    for (struct batch_record *record = w->batch->records; record; record = record->next) {
        struct str key = {(const char *)&record->head.project_id, sizeof(int64_t)};
        if (map_get(seen, key))
            continue;
        map_set(seen, key, record);
        ids[count++] = record->head.project_id;
    }
    return pg_int_array(w->arena, ids, count);
}

static bool find_projects(struct writing *w)
{
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_projects, project_ids(w));
    w->projects = arena_alloc(w->arena, (size_t)rows_count(r) * sizeof(*w->projects) + 1);
    while (rows_next(r))
        w->projects[w->project_count++] =
            (struct known_project){.id = rows_int(r, 0),
                                   .organization_id = rows_int(r, 1),
                                   .is_fresh = rows_bool(r, 2),
                                   .settings_version = rows_int(r, 3)};
    for (struct batch_event *e = w->batch->events; e; e = e->next)
        e->stored = writing_project(w, e->event.project_id);
    return true;
}

/* The usual policy stands for no settings that somebody made, however long a batch has waited. */
static bool is_current(const struct writing *w, const struct batch_policy *p)
{
    const struct known_project *project = writing_project(w, p->project_id);
    return !project || project->settings_version == p->policy->version ||
           (w->batch->settled && p->policy->loaded >= w->batch->settled);
}

static bool check_policies(struct writing *w)
{
    for (const struct batch_policy *p = w->batch->policies; p; p = p->next)
        w->outdated |= !is_current(w, p);
    return !w->outdated;
}

/* ---- duplicates: of the same batch first, then of what is stored */

struct name_key {
    int64_t project_id;
    struct uuid id;
};

/* Whether the map has seen the id before; it has now. */
static bool is_seen(struct writing *w, struct map *seen, int64_t project_id, struct uuid id)
{
    struct name_key *key = arena_new_of(w->arena, struct name_key);
    *key = (struct name_key){project_id, id};
    struct str bytes = {(const char *)key, sizeof(*key)};
    bool was = map_get(seen, bytes);
    map_set(seen, bytes, key);
    return was;
}

static void drop_doubles_inside(struct writing *w)
{
    struct map *seen = map_new(w->arena, w->batch->event_count);
    for (struct batch_event *e = w->batch->events; e; e = e->next) {
        if (is_seen(w, seen, e->event.project_id, e->event.id))
            e->stored = false;
    }
}

static bool drop_known_events(struct writing *w)
{
    struct batch *b = w->batch;
    struct batch_event **asked =
        arena_take(w->arena, (b->event_count + 1) * sizeof(struct batch_event *));
    int64_t *projects = arena_take(w->arena, (b->event_count + 1) * sizeof(*projects));
    struct uuid *ids = arena_take(w->arena, (b->event_count + 1) * sizeof(*ids));
    size_t n = 0;
    drop_doubles_inside(w);
    for (struct batch_event *e = b->events; e; e = e->next) {
        if (!e->stored)
            continue;
        asked[n] = e;
        projects[n] = e->event.project_id;
        ids[n++] = e->event.id;
    }
    if (!n)
        return true;
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_known_events,
                              pg_int_array(w->arena, projects, n), pg_uuid_array(w->arena, ids, n),
                              pg_time(w->arena, b->first_day), pg_time(w->arena, b->last_day));
    while (rows_next(r))
        asked[rows_int(r, 0) - 1]->stored = false;
    return true;
}

/* The same for a kind of rows that have ids. */
static bool drop_known_rows(struct writing *w, enum row_kind_id kind)
{
    const struct batch *b = w->batch;
    size_t count = b->rows[kind].count, n = 0;
    const struct stmt *known = row_kind(kind)->known;
    struct map *seen = map_new(w->arena, count);
    struct batch_row **asked = arena_take(w->arena, (count + 1) * sizeof(struct batch_row *));
    int64_t *projects = arena_take(w->arena, (count + 1) * sizeof(*projects));
    struct uuid *ids = arena_take(w->arena, (count + 1) * sizeof(*ids));
    for (struct batch_row *row = b->rows[kind].first; row; row = row->next) {
        row->is_double = row->has_id && is_seen(w, seen, row->record->head.project_id, row->id);
        if (!row->has_id || row->is_double)
            continue;
        asked[n] = row;
        projects[n] = row->record->head.project_id;
        ids[n++] = row->id;
    }
    if (!n || !known)
        return true;
    struct rows *r = pg_query(w->db, w->arena, known, pg_int_array(w->arena, projects, n),
                              pg_uuid_array(w->arena, ids, n), pg_time(w->arena, b->first_day),
                              pg_time(w->arena, b->last_day));
    while (rows_next(r))
        asked[rows_int(r, 0) - 1]->is_double = true;
    return !pg_failed(w->db);
}

static bool drop_known(struct writing *w)
{
    for (int kind = 0; kind < ROW_KINDS; kind++) {
        if (!drop_known_rows(w, (enum row_kind_id)kind))
            return false;
    }
    return drop_known_events(w);
}

/* ---- repeats of a request whose items carry no id */

static struct str request_key(const struct uuid *id)
{
    return (struct str){(const char *)id->bytes, sizeof(id->bytes)};
}

static bool has_request_id(const struct batch_record *record)
{
    return record->has_nameless && !uuid_is_nil(record->head.request_id);
}

static bool find_repeats(struct writing *w)
{
    struct map *first = map_new(w->arena, 64);
    struct uuid *ids = arena_take(w->arena, (w->batch->record_count + 1) * sizeof(*ids));
    size_t n = 0;
    for (struct batch_record *record = w->batch->records; record; record = record->next) {
        if (!has_request_id(record))
            continue;
        record->repeated = true; /* until the database says that it is new */
        if (map_get(first, request_key(&record->head.request_id)))
            continue;
        map_set(first, request_key(&record->head.request_id), record);
        ids[n++] = record->head.request_id;
    }
    if (!n)
        return true;
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_fresh_requests,
                              pg_uuid_array(w->arena, ids, n), w->now);
    while (rows_next(r)) {
        struct uuid id;
        struct batch_record *record = NULL;
        if (uuid_parse(rows_str(r, 0), &id))
            record = map_get(first, request_key(&id));
        if (record)
            record->repeated = false;
    }
    return true;
}

bool write_lookups(struct writing *w)
{
    return find_projects(w) && check_policies(w) && drop_known(w) && find_repeats(w);
}

enum item_fate writing_fate(const struct writing *w, const struct batch_record *record,
                            const struct batch_item *item)
{
    if (!writing_project(w, record->head.project_id))
        return FATE_ORPHAN;
    while (item->lead)
        item = item->lead;
    bool is_double = item->event ? !item->event->stored
                     : item->row ? item->row->is_double
                                 : record->repeated;
    return is_double ? FATE_DOUBLE : FATE_STORED;
}
