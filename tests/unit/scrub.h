/*
 * For the tests of data scrubbing: reading JSON, looking into it, and comparing it with what was
 * expected.  One arena per test, made by scrub_begin().
 */
#ifndef TESTS_UNIT_SCRUB_H
#define TESTS_UNIT_SCRUB_H

#include "base/clock.h"
#include "base/settings.h"
#include "base/text.h"
#include "tests/unit/shared.h"
#include "tests/unit/suite.h"
#include "worker/digest/normalize.h"
#include "worker/scrub/scrubber.h"

static struct arena *arena;
static struct buf printed;
static struct str client_ip; /* of whoever sends an event */

static inline void scrub_begin(void)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    arena = arena_new((size_t)512 << 20);
    buf_init(&printed, 16 << 20);
}

static inline void scrub_end(void)
{
    buf_free(&printed);
    arena_free(arena);
}

static inline struct jt *json(struct str text)
{
    const char *error = "empty";
    struct jt *v = jt_read(arena, text, 128, &error);
    ck_assert_msg(v != NULL, "no JSON: %s: %.*s", error, STR_ARG(text));
    return v;
}

static inline struct str json_text(const struct jt *v)
{
    struct jw w;
    buf_clear(&printed);
    jw_begin(&w, &printed);
    jt_write(&w, v);
    return arena_str(arena, buf_str(&printed));
}

/* A place such as "_meta.user.ip_address."; "absent" when nothing is there. */
static inline struct jt *node_at(struct jt *v, const char *path)
{
    struct str rest = str_of(path);
    while (rest.p && v) {
        struct str step = str_split(&rest, '.');
        uint64_t index;
        bool list = v->kind == JT_ARRAY;
        v = list && text_uint64(step, &index) ? jt_at(v, index) : jt_get(v, step);
    }
    return v;
}

static inline struct str text_at(struct jt *v, const char *path)
{
    struct jt *node = node_at(v, path);
    return node ? json_text(node) : S("absent");
}

/* Where the first difference is; NULL when there is none.  Members that were not expected matter
 * only where `exact`. */
static const char *difference(const struct jt *expected, const struct jt *actual, bool exact);

static inline const char *below(struct str key, const char *where)
{
    return where ? arena_printf(arena, "%.*s.%s", STR_ARG(key), where) : NULL;
}

static inline const char *member_difference(const struct jt *expected, const struct jt *actual,
                                            bool exact)
{
    for (const struct jt *v = expected->first; v; v = v->next) {
        const char *where = difference(v, jt_get(actual, v->key), exact);
        if (where)
            return below(v->key, where);
    }
    for (const struct jt *v = actual->first; exact && v; v = v->next)
        if (!jt_get(expected, v->key))
            return below(v->key, "not expected");
    return NULL;
}

static inline const char *element_difference(const struct jt *expected, const struct jt *actual,
                                             bool exact)
{
    const struct jt *v = expected->first, *w = actual->first;
    for (size_t i = 0; v && w; v = v->next, w = w->next, i++) {
        const char *where = difference(v, w, exact);
        if (where)
            return arena_printf(arena, "%zu.%s", i, where);
    }
    return v || w ? "length" : NULL;
}

static const char *difference(const struct jt *expected, const struct jt *actual, bool exact)
{
    if (!actual)
        return expected->kind == JT_NULL ? NULL : "absent";
    if (expected->kind != actual->kind)
        return arena_printf(arena, "is %.*s", STR_ARG(json_text(actual)));
    if (expected->kind == JT_OBJECT)
        return member_difference(expected, actual, exact);
    if (expected->kind == JT_ARRAY)
        return element_difference(expected, actual, exact);
    if (!str_eq(expected->text, actual->text))
        return arena_printf(arena, "is %.*s", STR_ARG(json_text(actual)));
    return NULL;
}

/* A scrubber of an advanced configuration; it lives as long as the test. */
static inline void free_scrubber(void *s)
{
    scrubber_free(s);
}

static inline struct scrubber *scrubber_for(struct str config)
{
    const char *error;
    struct scrubber *s = scrubber_of_config(config, &error);
    ck_assert_msg(s != NULL, "%s: %.*s", error, STR_ARG(config));
    arena_defer(arena, free_scrubber, s);
    return s;
}

/* Scrubs an event that is normalised already; _meta is a member of it before and after. */
static inline struct jt *scrub_tree(const struct scrubber *s, struct jt *event)
{
    struct scrub_notes notes = {jt_get(event, S("_meta")), jt_get(event, S("errors"))};
    if (notes.meta)
        jt_remove(event, notes.meta);
    scrub_event(s, arena, event, &notes);
    if (notes.meta)
        jt_set(event, S("_meta"), notes.meta);
    return event;
}

/* The same for an event as an SDK sends it. */
static inline struct jt *scrub_sent(const struct scrubber *s, struct jt *event)
{
    static struct event out;
    struct log_record record = {.received = INT64_C(1795252524693131), .client_ip = client_ip};
    struct normalizer n = {
        .arena = arena, .record = &record, .item_type = ITEM_EVENT, .event = event, .out = &out};
    normalize_event(&n);
    struct scrub_notes notes = {n.meta.tree, n.meta.errors};
    scrub_event(s, arena, n.event, &notes);
    if (notes.meta)
        jt_set(n.event, S("_meta"), notes.meta);
    jt_set(n.event, S("errors"), notes.errors);
    return n.event;
}

/* An event with one text, in extra.value. */
static inline struct jt *event_with(struct str text)
{
    struct jt *event = jt_new(arena, JT_OBJECT), *extra = jt_new(arena, JT_OBJECT);
    jt_set(event, S("extra"), extra);
    jt_set(extra, S("value"), jt_new_str(arena, text));
    return event;
}

#endif
