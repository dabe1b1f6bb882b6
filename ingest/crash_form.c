#include "ingest/crash_form.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/msgpack.h"
#include "base/text.h"

/* Objects of more members take over others' without a look for equal names. */
enum { DEPTH_MAX = 64, MERGE_MAX = 1000, PATH_MAX_STEPS = 16, EVENT_BYTES_MAX = 8 << 20 };

void crash_form_begin(struct crash_form *f, struct arena *a)
{
    *f = (struct crash_form){.arena = a,
                             .event = jt_new(a, JT_OBJECT),
                             .extra = jt_new(a, JT_OBJECT),
                             .chunks = jt_new(a, JT_ARRAY)};
}

/* ---- merging */

static struct jt *member_among(const struct jt *object, size_t first, struct str key)
{
    struct jt *v = object->first;
    for (size_t i = 0; i < first; i++, v = v->next)
        if (str_eq(v->key, key))
            return v;
    return NULL;
}

static void append_all(struct jt *list, struct jt *more)
{
    for (struct jt *v = more->first, *next; v; v = next) {
        next = v->next;
        jt_append(list, v);
    }
}

static void replace(struct jt *v, const struct jt *with)
{
    struct jt *next = v->next;
    struct str key = v->key;
    *v = *with;
    v->next = next;
    v->key = key;
}

/* Recursion ends at the depth that the reader allowed.  Members of `more` are told from each other
 * already, so only those that were there before are looked through. */
static void merge(struct jt *into, struct jt *more)
{
    if (into->kind == JT_ARRAY && more->kind == JT_ARRAY) {
        append_all(into, more);
        return;
    }
    if (into->kind != JT_OBJECT || more->kind != JT_OBJECT || into->count > MERGE_MAX) {
        replace(into, more);
        return;
    }
    size_t before = into->count;
    for (struct jt *v = more->first, *next; v; v = next) {
        next = v->next;
        struct jt *old = member_among(into, before, v->key);
        if (old)
            merge(old, v);
        else
            jt_append(into, v);
    }
}

static struct jt *read_object(struct crash_form *f, struct str text)
{
    const char *error;
    struct jt *v = jt_read(f->arena, text, DEPTH_MAX, &error);
    return v && v->kind == JT_OBJECT ? v : NULL;
}

static void merge_json(struct crash_form *f, struct str text)
{
    struct jt *object = read_object(f, text);
    if (!object)
        return;
    struct str id = jt_get_str(object, S("event_id"));
    if (id.n)
        f->sent_id = id;
    merge(f->event, object);
}

/* ---- fields */

/* sentry[contexts][app][name] = value */
static void merge_path(struct crash_form *f, struct str path, struct str value)
{
    struct jt *root = jt_new(f->arena, JT_OBJECT), *at = root;
    size_t steps = 0;
    while (str_starts(path, S("["))) {
        size_t close = str_index(path, ']');
        if (close == path.n || steps++ == PATH_MAX_STEPS)
            return;
        struct str key = str_slice(path, 1, close);
        path = str_from(path, close + 1);
        struct jt *next = path.n ? jt_new(f->arena, JT_OBJECT) : jt_new_str(f->arena, value);
        jt_set(at, key, next);
        at = next;
    }
    if (path.n || !steps)
        return;
    if (steps == 1 && str_eq(root->first->key, S("event_id")) && !f->sent_id.n)
        f->sent_id = value;
    merge(f->event, root);
}

static void add_chunk(struct crash_form *f, struct str number, struct str text)
{
    struct jt *chunk = jt_new_str(f->arena, text);
    chunk->key = number;
    jt_append(f->chunks, chunk);
}

static void add_extra(struct crash_form *f, struct str name, struct str value)
{
    struct jt *v = jt_new_str(f->arena, value);
    v->key = name;
    jt_append(f->extra, v);
}

static void put_field(struct crash_form *f, struct str name, struct str value)
{
    uint64_t number;
    struct str rest = str_starts(name, S("sentry")) ? str_from(name, 6) : (struct str){0};
    bool is_json = rest.p && (!rest.n || str_starts(rest, S("___")));
    if (is_json)
        merge_json(f, value);
    else if (str_starts(rest, S("[")))
        merge_path(f, rest, value);
    else if (str_starts(rest, S("__")) && text_uint64(str_from(rest, 2), &number))
        add_chunk(f, str_from(rest, 2), value);
    else
        add_extra(f, name, value);
}

void crash_form_field(struct crash_form *f, struct str name, struct str value)
{
    f->bytes += name.n + value.n;
    if (f->bytes <= CRASH_FORM_BYTES_MAX)
        put_field(f, name, text_utf8(f->arena, value));
}

static uint64_t chunk_number(const struct jt *chunk)
{
    uint64_t number = 0;
    (void)text_uint64(chunk->key, &number);
    return number;
}

static int by_number(const void *a, const void *b)
{
    const struct jt *const *x = a, *const *y = b;
    uint64_t m = chunk_number(*x), n = chunk_number(*y);
    return (m > n) - (m < n);
}

/* An id inside the pieces is not the event's: nobody could tell the sender so in time. */
static void merge_chunks(struct crash_form *f)
{
    struct jt **list = arena_take(f->arena, (f->chunks->count + 1) * sizeof(struct jt *));
    struct buf text;
    size_t n = 0;
    for (struct jt *chunk = f->chunks->first; chunk; chunk = chunk->next)
        list[n++] = chunk;
    qsort(list, n, sizeof(struct jt *), by_number);
    buf_init(&text, 3 * (size_t)CRASH_FORM_BYTES_MAX);
    for (size_t i = 0; i < n; i++)
        buf_put_str(&text, list[i]->text);
    struct jt *object =
        n && buf_ok(&text) ? read_object(f, arena_str(f->arena, buf_str(&text))) : NULL;
    buf_free(&text);
    if (object)
        merge(f->event, object);
}

/* ---- files */

/* Either one list, or one object after the other. */
static struct jt *read_stream(struct arena *a, struct str bytes)
{
    struct jt *list = jt_new(a, JT_ARRAY);
    for (struct jt *v; (v = msgpack_read(a, &bytes));) {
        if (v->kind == JT_ARRAY)
            append_all(list, v);
        else if (v->kind == JT_OBJECT)
            jt_append(list, v);
    }
    return list;
}

static void read_event(struct crash_form *f, struct str bytes)
{
    struct jt *event = msgpack_read(f->arena, &bytes);
    f->from_file = event && event->kind == JT_OBJECT ? event : NULL;
}

bool crash_form_file(struct crash_form *f, struct str name, struct str bytes)
{
    bool is_event = str_eq(name, S("__sentry-event"));
    bool is_first = str_eq(name, S("__sentry-breadcrumb1"));
    if (!is_event && !is_first && !str_eq(name, S("__sentry-breadcrumb2")))
        return false;
    f->bytes += bytes.n;
    if (f->bytes > CRASH_FORM_BYTES_MAX)
        return true;
    if (is_event)
        read_event(f, bytes);
    else
        *(is_first ? &f->breadcrumbs : &f->more_breadcrumbs) = read_stream(f->arena, bytes);
    return true;
}

static int64_t last_time(const struct jt *breadcrumbs)
{
    int64_t us = 0;
    double seconds;
    const struct jt *time =
        breadcrumbs && breadcrumbs->last ? jt_get(breadcrumbs->last, S("timestamp")) : NULL;
    if (jt_double(time, &seconds) && seconds > 0 && seconds < 1e11)
        return (int64_t)(seconds * CLOCK_SECOND);
    return clock_parse(jt_str(time), &us) ? us : 0;
}

/* The handler writes to two files in turn, so each holds a part of the trail: together they are as
 * long as the longer one may grow. */
static void merge_breadcrumbs(struct crash_form *f)
{
    struct jt *older = f->breadcrumbs, *newer = f->more_breadcrumbs;
    if (!older || !newer) {
        newer = older ? older : newer;
        older = NULL;
    } else if (last_time(older) > last_time(newer)) {
        older = f->more_breadcrumbs;
        newer = f->breadcrumbs;
    }
    if (!newer || (older ? older->count : 0) + newer->count == 0)
        return;
    size_t most = older && older->count > newer->count ? older->count : newer->count;
    struct jt *all = older ? older : newer;
    if (older)
        append_all(older, newer);
    for (; all->count > most; all->count--)
        all->first = all->first->next;
    struct jt *values = jt_new(f->arena, JT_OBJECT);
    jt_set(values, S("values"), all);
    jt_set(f->event, S("breadcrumbs"), values);
}

/* ---- the event */

static bool take_id(struct crash_form *f, struct uuid *id)
{
    struct str in_file = jt_get_str(f->from_file, S("event_id"));
    struct str text = in_file.n ? in_file : f->sent_id;
    return uuid_parse(text, id) && !uuid_is_nil(*id);
}

static struct str write(struct crash_form *f)
{
    struct buf out;
    struct jw w;
    buf_init(&out, EVENT_BYTES_MAX);
    jw_begin(&w, &out);
    jt_write(&w, f->event);
    struct str event = buf_ok(&out) ? arena_str(f->arena, buf_str(&out)) : S("{}");
    buf_free(&out);
    return event;
}

struct str crash_form_event(struct crash_form *f, bool *has_id, struct uuid *id)
{
    *has_id = take_id(f, id);
    merge_chunks(f);
    if (f->from_file)
        merge(f->event, f->from_file);
    merge_breadcrumbs(f);
    if (f->extra->count) {
        struct jt *whole = jt_new(f->arena, JT_OBJECT);
        jt_set(whole, S("extra"), f->extra);
        merge(f->event, whole);
    }
    return write(f);
}
