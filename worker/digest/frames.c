#include "worker/digest/frames.h"

/* More frames than FRAMES_MAX lose those after the first FRAMES_OLDEST and before the newest. */
enum { FRAMES_MAX = 250, FRAMES_OLDEST = 50, FRAMES_WITH_DATA = 50 };

struct jt *frames_of(const struct jt *trace)
{
    struct jt *frames = jt_get(trace, S("frames"));
    return frames && frames->kind == JT_ARRAY ? frames : NULL;
}

struct str frame_platform(const struct jt *frame, struct str event_platform)
{
    struct str own = jt_get_str(frame, S("platform"));
    return own.n ? own : event_platform;
}

bool frame_is_in_app(const struct jt *frame)
{
    const struct jt *in_app = jt_get(frame, S("in_app"));
    return in_app && in_app->kind == JT_TRUE;
}

/* file:, http:, https: or applewebdata: */
static bool is_url(struct str path)
{
    static const struct str schemes[] = {
        {"file:", 5}, {"http:", 5}, {"https:", 6}, {"applewebdata:", 13}};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (str_starts(path, schemes[i]))
            return true;
    return false;
}

struct jt *frames_crashed(const struct jt *trace, bool (*wanted)(const struct jt *frame))
{
    const struct jt *frames = frames_of(trace);
    struct jt *any = NULL, *in_app = NULL;
    for (struct jt *f = frames ? frames->first : NULL; f; f = f->next) {
        if (f->kind != JT_OBJECT || (wanted && !wanted(f)))
            continue;
        any = f;
        in_app = frame_is_in_app(f) ? f : in_app;
    }
    return in_app ? in_app : any;
}

/* The path of an address, when it names more than the host. */
static struct str url_path(struct str url)
{
    size_t slashes = str_find(url, S("://"));
    if (slashes == url.n)
        return (struct str){0};
    struct str path = str_from(url, slashes + 3);
    path = str_from(path, str_index(path, '/'));
    path = str_slice(path, 0, str_index(path, '#'));
    path = str_slice(path, 0, str_index(path, '?'));
    return path.n > 1 ? path : (struct str){0};
}

static void set_text(struct arena *a, struct jt *object, struct str key, struct str text)
{
    jt_set(object, key, jt_new_str(a, text));
}

static void normalize_paths(struct arena *a, struct jt *frame)
{
    struct str path = jt_get_str(frame, S("abs_path"));
    struct str name = jt_get_str(frame, S("filename"));
    if (!path.n && name.n) {
        path = name;
        name = (struct str){0};
        set_text(a, frame, S("abs_path"), path);
    }
    if (name.n || !path.n)
        return;
    struct str of_url = is_url(path) ? url_path(path) : (struct str){0};
    set_text(a, frame, S("filename"), of_url.n ? of_url : path);
}

static void drop_unknown_name(struct jt *frame, struct str key)
{
    struct jt *name = jt_get(frame, key);
    if (name && str_eq(name->text, S("?")))
        jt_remove(frame, name);
}

/* Lines that are not there are empty, so that numbering holds. */
static void normalize_context(struct arena *a, struct jt *frame)
{
    static const struct str sides[] = {{"pre_context", 11}, {"post_context", 12}};
    bool around = false;
    for (int i = 0; i < 2; i++) {
        struct jt *lines = jt_get(frame, sides[i]);
        around = around || lines;
        for (struct jt *line = lines ? lines->first : NULL; line; line = line->next)
            if (line->kind == JT_NULL)
                *line = (struct jt){.kind = JT_STRING, .text = S(""), .next = line->next};
    }
    if (around && !jt_get(frame, S("context_line")))
        set_text(a, frame, S("context_line"), S(""));
}

static void normalize_frame(struct normalizer *n, struct jt *frame)
{
    normalize_paths(n->arena, frame);
    drop_unknown_name(frame, S("function"));
    drop_unknown_name(frame, S("symbol"));
    normalize_context(n->arena, frame);
}

static void limit_frames(struct normalizer *n, struct jt *frames)
{
    size_t count = frames->count;
    if (count <= FRAMES_MAX)
        return;
    meta_members_cut(&n->meta, count);
    struct jt *last_old = jt_at(frames, FRAMES_OLDEST - 1);
    last_old->next = jt_at(frames, count - (FRAMES_MAX - FRAMES_OLDEST));
    frames->count = FRAMES_MAX;
}

/* Which of the frames, counted apart for in-app ones and others, lose their data: those from
 * `first` on, `count` of them. */
struct slim {
    size_t first, count, seen;
};

static struct slim slim_of(size_t frames, size_t keep)
{
    return (struct slim){.first = keep / 2, .count = frames > keep ? frames - keep / 2 * 2 : 0};
}

static void drop_data(struct jt *frame)
{
    static const struct str heavy[] = {{"vars", 4}, {"pre_context", 11}, {"post_context", 12}};
    for (int i = 0; i < 3; i++) {
        const struct jt *v = jt_get(frame, heavy[i]);
        if (v)
            jt_remove(frame, v);
    }
}

static size_t over(size_t a, size_t b)
{
    return a > b ? a - b : 0;
}

/* Deep stacks keep variables and context for about FRAMES_WITH_DATA frames, in-app ones first, at
 * both ends of the stack. */
static void slim_frames(struct jt *frames)
{
    size_t in_app = 0, count = frames->count;
    for (const struct jt *f = frames->first; f; f = f->next)
        in_app += frame_is_in_app(f);
    struct slim others = slim_of(count - in_app, over(FRAMES_WITH_DATA, in_app));
    size_t left = over(over(count, FRAMES_WITH_DATA), others.count);
    struct slim own = slim_of(in_app, over(in_app, left));
    for (struct jt *f = frames->first; f; f = f->next) {
        struct slim *s = frame_is_in_app(f) ? &own : &others;
        if (s->seen >= s->first && s->seen < s->first + s->count)
            drop_data(f);
        s->seen++;
    }
}

static void normalize_stack(struct normalizer *n, const struct jt *trace)
{
    struct jt *frames = frames_of(trace);
    if (!frames)
        return;
    meta_enter(&n->meta, trace->key);
    meta_enter(&n->meta, frames->key);
    limit_frames(n, frames);
    meta_leave(&n->meta);
    meta_leave(&n->meta);
    for (struct jt *frame = frames->first; frame; frame = frame->next)
        if (frame->kind == JT_OBJECT)
            normalize_frame(n, frame);
    if (frames->count > FRAMES_WITH_DATA)
        slim_frames(frames);
}

static void add_stack(struct normalizer *n, struct jt *holder, struct jt *exception)
{
    struct jt *trace = jt_get(holder, S("stacktrace"));
    const struct jt *raw = jt_get(holder, S("raw_stacktrace"));
    if (raw)
        normalize_stack(n, raw);
    if (!trace)
        return;
    normalize_stack(n, trace);
    n->stacks[n->stack_count++] = (struct stack){.trace = trace, .exception = exception};
}

static void add_stacks(struct normalizer *n, struct str key, bool exceptions)
{
    const struct jt *values = normalize_values(n->event, key);
    size_t index = 0;
    meta_enter(&n->meta, key);
    meta_enter(&n->meta, S("values"));
    for (struct jt *v = values ? values->first : NULL; v; v = v->next) {
        meta_enter_index(&n->meta, index++);
        if (v->kind == JT_OBJECT)
            add_stack(n, v, exceptions ? v : NULL);
        meta_leave(&n->meta);
    }
    meta_leave(&n->meta);
    meta_leave(&n->meta);
}

void frames_normalize(struct normalizer *n)
{
    const struct jt *exceptions = normalize_values(n->event, S("exception"));
    const struct jt *threads = normalize_values(n->event, S("threads"));
    size_t most = 1 + (exceptions ? exceptions->count : 0) + (threads ? threads->count : 0);
    n->stacks = arena_alloc(n->arena, most * sizeof(struct stack));
    add_stacks(n, S("exception"), true);
    add_stack(n, n->event, NULL);
    add_stacks(n, S("threads"), false);
}
