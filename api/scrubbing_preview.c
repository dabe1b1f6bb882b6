/*
 * What somebody needs who writes scrubbing rules: which selectors would reach the values of an
 * event, and what rules would make of recent events.  Nothing is changed by asking.
 */
#include <stddef.h>

#include "api/scrubbing.h"
#include "auth/gate.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/text.h"
#include "sql.h"
#include "storage/events.h"
#include "storage/reply.h"
#include "worker/scrub/suggest.h"

enum { EVENTS_SHOWN = 5, CHANGES_SHOWN = 50, VALUE_POINTS = 200, PATH_BYTES = 1000 };
static const int64_t preview_period = 14 * CLOCK_DAY;
static const size_t event_arena_limit = (size_t)512 << 20;

/* ---- selectors for an event */

/* Suggestions of the same selector stand together. */
static void put_suggestions(struct jw *j, const struct suggestions *s)
{
    for (size_t i = 0; i < s->count;) {
        struct str selector = s->list[i].selector;
        jw_open(j, '{');
        jw_str_k(j, "type", S("value"));
        jw_str_k(j, "value", selector);
        jw_open_k(j, "examples", '[');
        for (; i < s->count && str_eq(s->list[i].selector, selector); i++) {
            if (s->list[i].value.p)
                jw_str(j, s->list[i].value);
        }
        jw_close(j, ']');
        jw_close(j, '}');
    }
}

static bool read_projects(struct request *rq, struct gate_projects *out)
{
    int64_t wanted;
    size_t kept = 0;
    if (!gate_projects(rq, out))
        return false;
    if (!text_int64(request_query(rq, S("projectId")), &wanted))
        return true;
    for (size_t i = 0; i < out->count; i++) {
        if (out->ids[i] == wanted)
            out->ids[kept++] = wanted;
    }
    out->count = kept;
    return true;
}

static int suggest(struct request *rq)
{
    const char *error;
    struct gate_projects projects;
    struct stored_event event = {0};
    struct event_name name = {0};
    if (!read_projects(rq, &projects))
        return rq->status;
    struct issue_filter filter = {.projects = projects.ids, .project_count = projects.count};
    if (uuid_parse(request_query(rq, S("eventId")), &name.id))
        event_read(rq->db, rq->arena, &filter, name, &event);
    if (reply_if_failed(rq))
        return rq->status;
    struct jt *tree = event.json.p ? jt_read(rq->arena, event.json, JR_DEPTH_MAX, &error) : NULL;
    struct suggestions found = {0};
    if (tree)
        found = suggest_selectors(rq->arena, tree);
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "suggestions", '[');
    put_suggestions(&j, &found);
    jw_close(&j, ']');
    jw_close(&j, '}');
    return reply_done(rq);
}

/* ---- what rules change of an event */

struct comparison {
    struct arena *arena;
    struct jw *j;
    size_t count; /* of changes; CHANGES_SHOWN of them are written */
};

/* The way from the event to a value; written out only where something has changed. */
struct step {
    const struct step *parent; /* NULL: the event itself */
    struct str key;            /* absent: the member `index` of a list */
    size_t index;
};

static void put_path(struct buf *to, const struct step *step)
{
    if (!step->parent)
        return;
    put_path(to, step->parent);
    if (to->len)
        buf_putc(to, '.');
    if (step->key.p)
        buf_put_str(to, step->key);
    else
        buf_printf(to, "%zu", step->index);
}

static struct str shown_path(struct arena *a, const struct step *step)
{
    struct buf text;
    buf_init(&text, PATH_BYTES);
    put_path(&text, step);
    struct str path = text_utf8(a, arena_str(a, buf_str(&text)));
    buf_free(&text);
    return path;
}

static struct str shown_value(struct arena *a, const struct jt *v)
{
    struct buf text;
    struct jw j;
    if (!v || v->kind == JT_NULL)
        return (struct str){0};
    if (v->kind == JT_STRING || v->kind == JT_NUMBER)
        return text_ellipsis(a, v->text, VALUE_POINTS);
    buf_init(&text, event_arena_limit);
    jw_begin(&j, &text);
    jt_write(&j, v);
    struct str shown = text_ellipsis(a, arena_str(a, buf_str(&text)), VALUE_POINTS);
    buf_free(&text);
    return shown;
}

static void put_change(struct comparison *c, const struct step *at, const struct jt *before,
                       const struct jt *after)
{
    if (c->count++ >= CHANGES_SHOWN)
        return;
    jw_open(c->j, '{');
    jw_str_k(c->j, "path", shown_path(c->arena, at));
    jw_opt_str_k(c->j, "before", shown_value(c->arena, before));
    jw_opt_str_k(c->j, "after", shown_value(c->arena, after));
    jw_close(c->j, '}');
}

static bool is_container(const struct jt *v)
{
    return v && (v->kind == JT_ARRAY || v->kind == JT_OBJECT);
}

static bool is_same_scalar(const struct jt *a, const struct jt *b)
{
    enum jt_kind x = a ? a->kind : JT_NULL, y = b ? b->kind : JT_NULL;
    return x == y && (x < JT_NUMBER || str_eq(a->text, b->text));
}

/* The member of `after` that stands for this one of `before`: usually at the same place. */
static const struct jt *counterpart(const struct jt *after, const struct jt *member,
                                    const struct jt *at)
{
    if (after->kind == JT_ARRAY || (at && str_eq(at->key, member->key)))
        return at;
    return jt_get(after, member->key);
}

/* Trees are no deeper than JR_DEPTH_MAX. */
static void compare(struct comparison *c, const struct step *here, const struct jt *before,
                    const struct jt *after)
{
    struct step step = {.parent = here};
    if (!is_container(before) || !is_container(after) || before->kind != after->kind) {
        if (is_container(before) || is_container(after) || !is_same_scalar(before, after))
            put_change(c, here, before, after);
        return;
    }
    const struct jt *at = after->first;
    for (const struct jt *v = before->first; v; v = v->next, step.index++) {
        step.key = before->kind == JT_OBJECT ? v->key : (struct str){0};
        compare(c, &step, v, counterpart(after, v, at));
        at = at ? at->next : NULL;
    }
    for (const struct jt *v = after->first; v && before->count < after->count; v = v->next) {
        step.key = v->key;
        if (before->kind == JT_OBJECT && !jt_get(before, v->key))
            put_change(c, &step, NULL, v);
    }
}

/* What was noted on the way belongs to the event as it is: rules leave redacted parts alone. */
static struct jt *take_note(struct jt *tree, struct str name)
{
    struct jt *note = jt_get(tree, name);
    if (note)
        jt_remove(tree, note);
    return note;
}

static void put_changes(struct jw *j, struct arena *a, const struct scrubber *s,
                        const struct stored_event *e)
{
    const char *error;
    struct comparison c = {a, j, 0};
    struct jt *before = e->json.p ? jt_read(a, e->json, JR_DEPTH_MAX, &error) : NULL;
    struct jt *after = before ? jt_read(a, e->json, JR_DEPTH_MAX, &error) : NULL;
    jw_open_k(j, "changes", '[');
    if (after) {
        struct scrub_notes notes = {take_note(after, S("_meta")), take_note(after, S("errors"))};
        take_note(before, S("_meta"));
        take_note(before, S("errors"));
        scrub_event(s, a, after, &notes);
        compare(&c, &(struct step){0}, before, after);
    }
    jw_close(j, ']');
    jw_int_k(j, "changeCount", (int64_t)c.count);
}

static void release_arena(void *arena)
{
    arena_free(arena);
}

/* Bodies are opened one after the other: all of them at once might not fit. */
static int reply_preview(struct request *rq, const struct scrubber *s, struct event_page *page)
{
    struct arena *event_arena = arena_new(event_arena_limit);
    struct rows *bodies = event_bodies(rq->db, rq->arena, page);
    arena_defer(rq->arena, release_arena, event_arena);
    if (reply_if_failed(rq))
        return rq->status;
    struct jw j = reply_json(rq, 200);
    jw_open(&j, '{');
    jw_open_k(&j, "events", '[');
    for (size_t i = 0; i < page->count && rows_next(bodies); i++) {
        struct stored_event *e = &page->events[i];
        event_body_read(bodies, event_arena, e);
        jw_open(&j, '{');
        jw_str_k(&j, "eventID", e->id);
        jw_str_k(&j, "title", e->title);
        jw_time_k(&j, "dateCreated", e->timestamp);
        put_changes(&j, event_arena, s, e);
        jw_close(&j, '}');
        arena_reset(event_arena);
    }
    jw_close(&j, ']');
    jw_close(&j, '}');
    return reply_done(rq);
}

struct trial {
    struct str rules;
};

static const struct field trial_fields[] = {
    {"relayPiiConfig", FIELD_TEXT, offsetof(struct trial, rules), FIELD_REQUIRED, 0,
     SCRUBBING_RULES_MAX},
    {0},
};

static int preview(struct request *rq)
{
    int64_t now = clock_now();
    struct trial trial = {0};
    struct gate_projects projects;
    struct event_page page;
    struct event_list list = {.before = INT64_MAX, .limit = EVENTS_SHOWN};
    if (!bind_body(rq, trial_fields, &trial) || !gate_projects(rq, &projects))
        return rq->status;
    const struct scrubber *scrubber = scrubbing_compile(rq, trial.rules);
    if (!scrubber)
        return rq->status;
    list.filter = (struct issue_filter){.projects = projects.ids,
                                        .project_count = projects.count,
                                        .start = now - preview_period,
                                        .end = now};
    if (!events_find(rq->db, rq->arena, &list, &page))
        return reply_error(rq, 500, "Internal Error");
    return reply_preview(rq, scrubber, &page);
}

#define O "/api/0/organizations/{organization}/"

const struct route scrubbing_routes[] = {
    {METHOD_GET, O "data-scrubbing-selector-suggestions/", SCOPE_EVENT_READ, suggest},
    {METHOD_POST, O "data-scrubbing-preview/", SCOPE_EVENT_READ, preview},
    {0},
};
