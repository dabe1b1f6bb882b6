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
        w->projects[w->project_count++] = (struct known_project){
            .id = rows_int(r, 0), .organization_id = rows_int(r, 1), .is_fresh = rows_bool(r, 2)};
    for (struct batch_event *e = w->batch->events; e; e = e->next) {
        e->orphan = !writing_project(w, e->event.project_id);
        e->stored = !e->orphan;
    }
    return true;
}

/* ---- duplicates: of the same batch first, then of what is stored */

struct event_key {
    int64_t project_id;
    struct uuid id;
};

static void drop_doubles_inside(struct writing *w)
{
    struct map *seen = map_new(w->arena, w->batch->event_count);
    for (struct batch_event *e = w->batch->events; e; e = e->next) {
        struct event_key *key = arena_new_of(w->arena, struct event_key);
        *key = (struct event_key){e->event.project_id, e->event.id};
        struct str bytes = {(const char *)key, sizeof(*key)};
        if (map_get(seen, bytes))
            e->stored = false;
        else
            map_set(seen, bytes, e);
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

/* ---- names that have a row of their own: environments of a project, releases of an organization
 */

struct names {
    const struct stmt *find, *add;
    struct map *index; /* owner and name -> struct name */
    struct name **list;
    size_t count;
};

struct name {
    int64_t owner, id, date_created;
    struct str text;
    size_t place; /* in the list */
};

static struct names names_new(struct writing *w, const struct stmt *find, const struct stmt *add)
{
    return (struct names){
        .find = find,
        .add = add,
        .index = map_new(w->arena, 64),
        .list = arena_take(w->arena, (w->batch->event_count + 1) * sizeof(struct name *))};
}

static struct name *names_want(struct writing *w, struct names *of, int64_t owner, struct str text)
{
    char *key = arena_take(w->arena, sizeof(owner) + text.n);
    memcpy(key, &owner, sizeof(owner));
    if (text.n)
        memcpy(key + sizeof(owner), text.p, text.n);
    struct str bytes = {key, sizeof(owner) + text.n};
    struct name *name = map_get(of->index, bytes);
    if (name)
        return name;
    name = arena_new_of(w->arena, struct name);
    *name = (struct name){.owner = owner, .text = text, .place = of->count};
    map_set(of->index, bytes, name);
    of->list[of->count++] = name;
    return name;
}

/* Asks for the ids; true when all are known. */
static bool names_ask(struct writing *w, struct names *of, const char *owners, const char *texts)
{
    struct rows *r = pg_query(w->db, w->arena, of->find, owners, texts);
    int dated = rows_column(r, "date_created");
    size_t found = 0;
    for (; rows_next(r); found++) {
        struct name *name = of->list[rows_int(r, 0) - 1];
        name->id = rows_int(r, 1);
        name->date_created = dated < 0 ? 0 : rows_time(r, dated);
    }
    return found == of->count;
}

static bool names_resolve(struct writing *w, struct names *of)
{
    if (!of->count)
        return true;
    int64_t *owners = arena_take(w->arena, of->count * sizeof(*owners));
    struct str *texts = arena_take(w->arena, of->count * sizeof(*texts));
    for (size_t i = 0; i < of->count; i++) {
        owners[i] = of->list[i]->owner;
        texts[i] = of->list[i]->text;
    }
    const char *owner_array = pg_int_array(w->arena, owners, of->count);
    const char *text_array = pg_text_array(w->arena, texts, of->count);
    if (names_ask(w, of, owner_array, text_array))
        return true;
    pg_query(w->db, w->arena, of->add, owner_array, text_array, w->now);
    w->lost_race = !names_ask(w, of, owner_array, text_array) && !pg_failed(w->db);
    return !w->lost_race;
}

static struct str or_empty(struct str s)
{
    return s.p ? s : S("");
}

static bool find_environments(struct writing *w)
{
    struct names of = names_new(w, &SQL_digest_environments, &SQL_digest_environments_add);
    struct name **names =
        arena_alloc(w->arena, (w->batch->event_count + 1) * sizeof(struct name *));
    size_t i = 0;
    for (struct batch_event *e = w->batch->events; e; e = e->next, i++) {
        if (e->stored)
            names[i] = names_want(w, &of, e->event.project_id, or_empty(e->event.environment));
    }
    if (!names_resolve(w, &of))
        return false;
    i = 0;
    for (struct batch_event *e = w->batch->events; e; e = e->next, i++)
        e->environment_id = names[i] ? names[i]->id : 0;
    return true;
}

static bool find_releases(struct writing *w)
{
    struct names of = names_new(w, &SQL_digest_releases, &SQL_digest_releases_add);
    struct name **names =
        arena_alloc(w->arena, (w->batch->event_count + 1) * sizeof(struct name *));
    size_t i = 0;
    for (struct batch_event *e = w->batch->events; e; e = e->next, i++) {
        const struct known_project *project = writing_project(w, e->event.project_id);
        if (e->stored && e->event.release.n)
            names[i] = names_want(w, &of, project->organization_id, e->event.release);
    }
    if (!names_resolve(w, &of))
        return false;
    i = 0;
    for (struct batch_event *e = w->batch->events; e; e = e->next, i++) {
        e->release_id = names[i] ? names[i]->id : 0;
        e->release_created = names[i] ? names[i]->date_created : 0;
    }
    return true;
}

bool write_lookups(struct writing *w)
{
    return find_projects(w) && drop_known_events(w) && find_repeats(w) && find_environments(w) &&
           find_releases(w);
}
