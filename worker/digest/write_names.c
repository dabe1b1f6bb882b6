#include "base/map.h"
#include "sql.h"
#include "worker/digest/writing.h"

/* Names that have a row of their own: environments of a project, releases of an organization. */

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
        .list = arena_take(w->arena, (w->batch->event_count + w->batch->row_count + 1) *
                                         sizeof(struct name *))};
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

static bool is_stored(const struct writing *w, const struct batch_row *row)
{
    return writing_fate(w, row->record, row->item) == FATE_STORED;
}

/* Whose name it is, and which; NULL when there is none to find. */
static struct name *want_environment(struct writing *w, struct names *of, int64_t project_id,
                                     struct str environment)
{
    return environment.p ? names_want(w, of, project_id, environment) : NULL;
}

static struct name *want_release(struct writing *w, struct names *of, int64_t project_id,
                                 struct str release)
{
    const struct known_project *project = writing_project(w, project_id);
    return release.n ? names_want(w, of, project->organization_id, release) : NULL;
}

/* The names of all events, then of all rows, in order. */
struct wanted {
    struct names environments, releases;
    struct name **environment, **release;
    size_t count;
};

static void want(struct writing *w, struct wanted *all, int64_t project_id,
                 const struct str names[2])
{
    all->environment[all->count] = want_environment(w, &all->environments, project_id, names[0]);
    all->release[all->count] = want_release(w, &all->releases, project_id, names[1]);
}

static void want_all(struct writing *w, struct wanted *all)
{
    for (struct batch_event *e = w->batch->events; e; e = e->next, all->count++) {
        const struct str names[] = {or_empty(e->event.environment), e->event.release};
        if (e->stored)
            want(w, all, e->event.project_id, names);
    }
    for (int kind = 0; kind < ROW_KINDS; kind++) {
        struct batch_row *row = w->batch->rows[kind].first;
        for (; row; row = row->next, all->count++) {
            const struct str names[] = {row->environment, row->release};
            if (is_stored(w, row))
                want(w, all, row->record->head.project_id, names);
        }
    }
}

static int64_t id_of(const struct name *name)
{
    return name ? name->id : 0;
}

static void give_ids(struct writing *w, const struct wanted *all)
{
    size_t i = 0;
    for (struct batch_event *e = w->batch->events; e; e = e->next, i++) {
        e->environment_id = id_of(all->environment[i]);
        e->release_id = id_of(all->release[i]);
        e->release_created = all->release[i] ? all->release[i]->date_created : 0;
    }
    for (int kind = 0; kind < ROW_KINDS; kind++) {
        struct batch_row *row = w->batch->rows[kind].first;
        for (; row; row = row->next, i++) {
            row->environment_id = id_of(all->environment[i]);
            row->release_id = id_of(all->release[i]);
        }
    }
}

bool write_names(struct writing *w)
{
    size_t size = (w->batch->event_count + w->batch->row_count + 1) * sizeof(struct name *);
    struct wanted all = {
        .environments = names_new(w, &SQL_digest_environments, &SQL_digest_environments_add),
        .releases = names_new(w, &SQL_digest_releases, &SQL_digest_releases_add),
        .environment = arena_alloc(w->arena, size),
        .release = arena_alloc(w->arena, size),
    };
    want_all(w, &all);
    if (!names_resolve(w, &all.environments) || !names_resolve(w, &all.releases))
        return false;
    give_ids(w, &all);
    return true;
}
