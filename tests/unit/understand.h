/*
 * For the digest's tests: a payload through event_understand(), and a look at any place of what
 * came out.  One arena and one record per test, set up by understand_begin().
 */
#ifndef TESTS_UNIT_UNDERSTAND_H
#define TESTS_UNIT_UNDERSTAND_H

#include "base/clock.h"
#include "base/settings.h"
#include "base/text.h"
#include "tests/unit/suite.h"
#include "worker/digest/event.h"
#include "worker/digest/policy.h"

#define UNDERSTAND_RECEIVED INT64_C(1795252524693131) /* 2026-11-21T09:15:24.693131Z */

static struct arena *arena;
static struct log_record record;
static struct event event;
static struct jt *body;
static struct buf understood;

static inline void understand_begin(void)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    arena = arena_new(256 << 20);
    buf_init(&understood, 16 << 20);
    record = (struct log_record){.received = UNDERSTAND_RECEIVED,
                                 .project_id = 7,
                                 .key_id = 8,
                                 .has_event_id = true,
                                 .client_ip = S("203.0.113.7")};
    uuid_parse(S("fc6d8c0c43fc4630ad850ee518f1b9d0"), &record.event_id);
}

static inline void understand_end(void)
{
    buf_free(&understood);
    arena_free(arena);
}

/* Filters and scrubbing have tests of their own: here every event is wanted, and kept as it is. */
static struct policy understand_policy;

/* What payloads are sent as; an event unless a suite says otherwise. */
static enum item_type understand_type = ITEM_EVENT;

/* False when the event was refused. */
static inline bool understand_item(const struct log_item *item, struct event_refusal *refusal)
{
    const char *error = NULL;
    const struct event_source source = {&record, item, &understand_policy};
    if (!event_understand(arena, &source, &event, refusal))
        return false;
    body = jt_read(arena, event.body, 256, &error);
    ck_assert_msg(body != NULL, "the body is not JSON: %s", error);
    return true;
}

/* False, with the reason in *why, when the event was refused. */
static inline bool understand_any(struct str payload, struct str *why)
{
    struct log_item item = {.type = understand_type, .payload = payload};
    struct event_refusal refusal = {0};
    bool fine = understand_item(&item, &refusal);
    *why = refusal.reason;
    return fine;
}

static inline void understand(const char *payload)
{
    struct str why;
    ck_assert_msg(understand_any(str_of(payload), &why), "refused: %.*s", STR_ARG(why));
}

/* A place in the body, as "exception.values.0.type"; NULL when it is not there.  A step may be
 * empty: "_meta.message..len". */
static inline const struct jt *understood_node(const char *path)
{
    struct str rest = str_of(path);
    const struct jt *v = body;
    while (rest.p && v) {
        struct str step = str_split(&rest, '.');
        uint64_t index;
        bool list = v->kind == JT_ARRAY;
        v = list && text_uint64(step, &index) ? jt_at(v, index) : jt_get(v, step);
    }
    return v;
}

/* That place as JSON text; "absent" when it is not there. */
static inline struct str understood_at(const char *path)
{
    struct jw w;
    const struct jt *v = understood_node(path);
    if (!v)
        return S("absent");
    buf_clear(&understood);
    jw_begin(&w, &understood);
    jt_write(&w, v);
    return buf_str(&understood);
}

static inline struct str tag_named(const char *key)
{
    for (size_t i = 0; i < event.tag_count; i++)
        if (str_eq(event.tags[i].key, str_of(key)))
            return event.tags[i].value;
    return S("absent");
}

/* A payload, a place, and what must be there. */
struct understand_case {
    const char *payload, *path, *json;
};

static inline void understand_check(const struct understand_case *c)
{
    understand(c->payload);
    ck_assert_text(understood_at(c->path), c->json);
}

#endif
