#include "base/clock.h"
#include "base/map.h"
#include "sql.h"
#include "worker/digest/writing.h"

/* A grouping hash of the batch and the issue it belongs to. */
struct hash_slot {
    int64_t project_id;
    struct uuid hash;
    struct issue_group *group;
    bool is_new; /* not linked in the database yet */
};

struct hashes {
    struct map *index; /* project and hash -> slot */
    struct hash_slot **list;
    size_t count;
};

enum { KEY_SIZE = sizeof(int64_t) + sizeof(struct uuid) };

static struct str slot_key(const struct hash_slot *slot)
{
    _Static_assert(offsetof(struct hash_slot, hash) == sizeof(int64_t), "the key is one piece");
    return (struct str){(const char *)slot, KEY_SIZE};
}

static struct hash_slot slot_of(const struct batch_event *e, size_t hash)
{
    struct hash_slot slot = {.project_id = e->event.project_id};
    memcpy(slot.hash.bytes, e->event.hashes[hash].bytes, sizeof(slot.hash.bytes));
    return slot;
}

static void collect_hashes(struct writing *w, struct hashes *h)
{
    size_t room = w->batch->event_count * EVENT_HASHES_MAX + 1;
    *h = (struct hashes){.index = map_new(w->arena, 256),
                         .list = arena_take(w->arena, room * sizeof(struct hash_slot *))};
    for (struct batch_event *e = w->batch->events; e; e = e->next) {
        for (size_t i = 0; e->stored && i < e->event.hash_count; i++) {
            struct hash_slot slot = slot_of(e, i);
            if (map_get(h->index, slot_key(&slot)))
                continue;
            struct hash_slot *kept = arena_new_of(w->arena, struct hash_slot);
            *kept = slot;
            map_set(h->index, slot_key(kept), kept);
            h->list[h->count++] = kept;
        }
    }
}

static struct issue_group *group_new(struct writing *w, int64_t project_id, int64_t id)
{
    struct issue_group *g = arena_new_of(w->arena, struct issue_group);
    *g = (struct issue_group){.project_id = project_id, .id = id};
    *(w->last_group ? &w->last_group->next : &w->groups) = g;
    w->last_group = g;
    return g;
}

/* ---- issues there are */

/* Rows come in the order of project and id, so one issue's rows follow each other. */
static bool lock_known(struct writing *w, struct hashes *h)
{
    int64_t *projects = arena_take(w->arena, (h->count + 1) * sizeof(*projects));
    struct uuid *ids = arena_take(w->arena, (h->count + 1) * sizeof(*ids));
    for (size_t i = 0; i < h->count; i++) {
        projects[i] = h->list[i]->project_id;
        ids[i] = h->list[i]->hash;
    }
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_lock_issues,
                              pg_int_array(w->arena, projects, h->count),
                              pg_uuid_array(w->arena, ids, h->count));
    while (rows_next(r)) {
        struct hash_slot *slot = h->list[rows_int(r, 0) - 1];
        struct issue_group *g = w->last_group;
        if (!g || g->project_id != slot->project_id || g->id != rows_int(r, 1)) {
            g = group_new(w, slot->project_id, rows_int(r, 1));
            g->status = (enum issue_status)rows_int(r, 2);
            g->resolved_at = rows_time(r, 3);
            g->active_at = rows_time(r, 4);
            g->first_seen = rows_time(r, 5);
        }
        slot->group = g;
    }
    return !pg_failed(w->db);
}

/* ---- which event belongs where */

static void note_event(struct issue_group *g, struct batch_event *e)
{
    e->group = g;
    if (!g->newest || e->event.timestamp >= g->newest->event.timestamp)
        g->newest = e;
    if (!g->oldest || e->event.timestamp < g->oldest->event.timestamp)
        g->oldest = e;
}

/* The first of an event's hashes that has an issue decides; the others are linked to that issue. */
static void assign(struct writing *w, struct hashes *h, struct batch_event *e)
{
    struct hash_slot *slots[EVENT_HASHES_MAX];
    struct issue_group *g = NULL;
    for (size_t i = 0; i < e->event.hash_count; i++) {
        struct hash_slot slot = slot_of(e, i);
        slots[i] = map_get(h->index, slot_key(&slot));
        g = g ? g : slots[i]->group;
    }
    if (!g)
        g = group_new(w, e->event.project_id, 0);
    for (size_t i = 0; i < e->event.hash_count; i++) {
        if (slots[i]->group)
            continue;
        slots[i]->group = g;
        slots[i]->is_new = true;
    }
    note_event(g, e);
}

/* ---- issues to be made */

/* Numbers from the project's counter, in the order of the issues' first events. */
static bool take_short_ids(struct writing *w)
{
    int64_t *ids = arena_alloc(w->arena, (w->project_count + 1) * sizeof(*ids));
    int64_t *counts = arena_alloc(w->arena, (w->project_count + 1) * sizeof(*counts));
    size_t n = 0;
    for (size_t i = 0; i < w->project_count; i++) {
        for (struct issue_group *g = w->groups; g; g = g->next)
            counts[n] += !g->id && g->project_id == w->projects[i].id;
        ids[n] = w->projects[i].id;
        n += counts[n] > 0;
    }
    struct rows *r = pg_query(w->db, w->arena, &SQL_digest_short_ids,
                              pg_int_array(w->arena, ids, n), pg_int_array(w->arena, counts, n));
    for (size_t i = 0; rows_next(r); i++) {
        int64_t last = rows_int(r, 1), taken = 0;
        for (struct issue_group *g = w->groups; g; g = g->next) {
            if (!g->id && g->project_id == rows_int(r, 0))
                g->short_id = last - counts[i] + ++taken;
        }
    }
    return !pg_failed(w->db);
}

static void put_looks(struct jw *j, const struct event *e)
{
    jw_str_k(j, "type", e->type);
    jw_str_k(j, "title", e->title);
    jw_str_k(j, "culprit", e->culprit);
    jw_raw_k(j, "metadata", e->metadata.n ? e->metadata : S("{}"));
    jw_int_k(j, "level", e->level);
    jw_str_k(j, "platform", e->platform);
    jw_str_k(j, "logger", e->logger);
    jw_bool_k(j, "is_unhandled", e->handled == 0);
}

/* Until an error model says otherwise, the level decides (grouping-symbolication.md §1.12). */
static int priority_of(enum event_level level)
{
    enum { LOW = 25, MEDIUM = 50, HIGH = 75 };
    if (level < LEVEL_WARNING)
        return LOW;
    return level < LEVEL_ERROR ? MEDIUM : HIGH;
}

static void put_new(struct jw *j, const struct issue_group *g)
{
    jw_open(j, '{');
    jw_int_k(j, "project_id", g->project_id);
    jw_int_k(j, "short_id", g->short_id);
    put_looks(j, &g->newest->event);
    jw_int_k(j, "priority", priority_of(g->newest->event.level));
    jw_time_k(j, "first_seen", g->oldest->event.timestamp);
    if (g->oldest->release_id)
        jw_int_k(j, "first_release_id", g->oldest->release_id);
    jw_close(j, '}');
}

static void put_newest(struct jw *j, const struct issue_group *g)
{
    jw_open(j, '{');
    jw_int_k(j, "project_id", g->project_id);
    jw_int_k(j, "issue_id", g->id);
    put_looks(j, &g->newest->event);
    jw_time_k(j, "seen", g->newest->event.timestamp);
    jw_close(j, '}');
}

static void put_oldest(struct jw *j, const struct issue_group *g)
{
    jw_open(j, '{');
    jw_int_k(j, "project_id", g->project_id);
    jw_int_k(j, "issue_id", g->id);
    jw_time_k(j, "first_seen", g->oldest->event.timestamp);
    if (g->oldest->release_id)
        jw_int_k(j, "first_release_id", g->oldest->release_id);
    jw_close(j, '}');
}

static bool is_new(const struct issue_group *g)
{
    return g->newest && !g->id;
}

static bool is_known(const struct issue_group *g)
{
    return g->newest && g->id;
}

/* Events come late: kept by a client without a network, or by another log. */
static bool begins_earlier(const struct issue_group *g)
{
    return is_known(g) && g->oldest->event.timestamp < g->first_seen;
}

/* Those groups as a JSON array; absent when there are none. */
static struct str groups_json(struct writing *w, bool (*wanted)(const struct issue_group *),
                              void (*put)(struct jw *, const struct issue_group *))
{
    struct buf text;
    struct jw j;
    size_t count = 0;
    buf_init(&text, (size_t)256 << 20);
    jw_begin(&j, &text);
    jw_open(&j, '[');
    for (struct issue_group *g = w->groups; g; g = g->next) {
        if (!wanted(g))
            continue;
        put(&j, g);
        count++;
    }
    jw_close(&j, ']');
    struct str json =
        count && buf_ok(&text) ? arena_str(w->arena, buf_str(&text)) : (struct str){0};
    buf_free(&text);
    return json;
}

static bool show_newest(struct writing *w)
{
    struct str json = groups_json(w, is_known, put_newest);
    if (json.p)
        pg_query(w->db, w->arena, &SQL_digest_show_newest, json);
    return !pg_failed(w->db);
}

static bool show_oldest(struct writing *w)
{
    struct str json = groups_json(w, begins_earlier, put_oldest);
    if (json.p)
        pg_query(w->db, w->arena, &SQL_digest_show_oldest, json);
    return !pg_failed(w->db);
}

static bool make_new(struct writing *w)
{
    bool any = false;
    for (struct issue_group *g = w->groups; g; g = g->next)
        any |= !g->id;
    if (!any)
        return true;
    if (!take_short_ids(w))
        return false;
    struct rows *r =
        pg_query(w->db, w->arena, &SQL_digest_new_issues, groups_json(w, is_new, put_new), w->now);
    while (rows_next(r)) {
        for (struct issue_group *g = w->groups; g; g = g->next) {
            if (!g->id && g->project_id == rows_int(r, 0) && g->short_id == rows_int(r, 1))
                g->id = rows_int(r, 2);
        }
    }
    return !pg_failed(w->db);
}

static bool link_hashes(struct writing *w, const struct hashes *h)
{
    int64_t *projects = arena_take(w->arena, (h->count + 1) * sizeof(*projects));
    int64_t *issues = arena_take(w->arena, (h->count + 1) * sizeof(*issues));
    struct uuid *ids = arena_take(w->arena, (h->count + 1) * sizeof(*ids));
    size_t n = 0;
    for (size_t i = 0; i < h->count; i++) {
        if (!h->list[i]->is_new)
            continue;
        projects[n] = h->list[i]->project_id;
        issues[n] = h->list[i]->group->id;
        ids[n++] = h->list[i]->hash;
    }
    if (!n)
        return true;
    struct rows *r =
        pg_query(w->db, w->arena, &SQL_digest_new_hashes, pg_int_array(w->arena, projects, n),
                 pg_uuid_array(w->arena, ids, n), pg_int_array(w->arena, issues, n));
    w->lost_race = !pg_failed(w->db) && (size_t)rows_count(r) != n;
    return !w->lost_race;
}

bool write_issues(struct writing *w)
{
    struct hashes h;
    collect_hashes(w, &h);
    if (!h.count)
        return true;
    if (!lock_known(w, &h))
        return false;
    for (struct batch_event *e = w->batch->events; e; e = e->next) {
        if (e->stored)
            assign(w, &h, e);
    }
    return show_newest(w) && show_oldest(w) && make_new(w) && link_hashes(w, &h);
}
