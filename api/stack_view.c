#include "api/stack_view.h"

void put_renamed(struct jw *j, const struct jt *object, const struct renamed *table)
{
    for (; table->from; table++) {
        const struct jt *value = jt_get(object, str_of(table->from));
        jw_key(j, table->to);
        if (table->put)
            table->put(j, value);
        else
            jt_write(j, value);
    }
}

const struct jt *values_of(const struct jt *interface)
{
    const struct jt *values = jt_get(interface, S("values"));
    if (!values)
        values = interface;
    return values && values->kind == JT_ARRAY ? values : NULL;
}

static bool is_true(const struct jt *object, struct str key)
{
    const struct jt *v = jt_get(object, key);
    return v && v->kind == JT_TRUE;
}

static void put_truth(struct jw *j, const struct jt *value)
{
    jw_bool(j, value && value->kind == JT_TRUE);
}

static size_t count_of(const struct jt *list)
{
    return list && list->kind == JT_ARRAY ? list->count : 0;
}

static void put_line(struct jw *j, int64_t number, const struct jt *text)
{
    jw_open(j, '[');
    jw_int(j, number);
    jw_str(j, text && text->kind == JT_STRING ? text->text : S(""));
    jw_close(j, ']');
}

static int64_t put_lines(struct jw *j, int64_t number, const struct jt *list)
{
    const struct jt *line = list && list->kind == JT_ARRAY ? list->first : NULL;
    for (; line; line = line->next)
        put_line(j, number++, line);
    return number;
}

void source_put(struct jw *j, const struct jt *frame)
{
    const struct jt *line = jt_get(frame, S("context_line"));
    const struct jt *before = jt_get(frame, S("pre_context"));
    int64_t number;
    jw_open(j, '[');
    if (line && line->kind == JT_STRING && jt_int64(jt_get(frame, S("lineno")), &number)) {
        put_lines(j, number - (int64_t)count_of(before), before);
        put_line(j, number, line);
        put_lines(j, number + 1, jt_get(frame, S("post_context")));
    }
    jw_close(j, ']');
}

static const struct renamed frame_members[] = {
    {"filename", "filename", NULL},
    {"abs_path", "absPath", NULL},
    {"module", "module", NULL},
    {"package", "package", NULL},
    {"platform", "platform", NULL},
    {"instruction_addr", "instructionAddr", NULL},
    {"symbol_addr", "symbolAddr", NULL},
    {"addr_mode", "addrMode", NULL},
    {"function", "function", NULL},
    {"raw_function", "rawFunction", NULL},
    {"symbol", "symbol", NULL},
    {"lineno", "lineNo", NULL},
    {"colno", "colNo", NULL},
    {"in_app", "inApp", put_truth},
    {"trust", "trust", NULL},
    {"errors", "errors", NULL},
    {"lock", "lock", NULL},
    {"source_link", "sourceLink", NULL},
    {"vars", "vars", NULL},
    {0},
};

/* A frame that was null keeps its place, so that remarks still find theirs. */
static void put_frame(struct jw *j, const struct jt *frame)
{
    jw_open(j, '{');
    put_renamed(j, frame, frame_members);
    jw_key(j, "context");
    source_put(j, frame);
    jw_close(j, '}');
}

/* Frames of the system are worth hiding only where there are others. */
static bool has_system_frames(const struct jt *stacktrace)
{
    const struct jt *frames = jt_get(stacktrace, S("frames"));
    bool app = false, system = false;
    for (const struct jt *f = count_of(frames) ? frames->first : NULL; f; f = f->next) {
        bool own = is_true(f, S("in_app"));
        app |= own;
        system |= !own;
    }
    return app && system;
}

void stack_put(struct jw *j, const struct jt *stacktrace)
{
    const struct jt *frames = jt_get(stacktrace, S("frames"));
    if (!count_of(frames)) {
        jw_null(j);
        return;
    }
    jw_open(j, '{');
    jw_open_k(j, "frames", '[');
    for (const struct jt *f = frames->first; f; f = f->next)
        put_frame(j, f);
    jw_close(j, ']');
    jw_key(j, "framesOmitted");
    jt_write(j, jt_get(stacktrace, S("frames_omitted")));
    jw_key(j, "registers");
    jt_write(j, jt_get(stacktrace, S("registers")));
    jw_bool_k(j, "hasSystemFrames", has_system_frames(stacktrace));
    jw_close(j, '}');
}

static const struct renamed exception_members[] = {
    {"type", "type", NULL},
    {"value", "value", NULL},
    {"mechanism", "mechanism", NULL},
    {"thread_id", "threadId", NULL},
    {"module", "module", NULL},
    {"stacktrace", "stacktrace", stack_put},
    {"raw_stacktrace", "rawStacktrace", stack_put},
    {0},
};

void exceptions_put(struct jw *j, const struct jt *exception)
{
    const struct jt *values = values_of(exception);
    bool system = false;
    jw_open(j, '{');
    jw_open_k(j, "values", '[');
    for (const struct jt *v = values ? values->first : NULL; v; v = v->next) {
        jw_open(j, '{');
        put_renamed(j, v, exception_members);
        jw_close(j, '}');
        system |= has_system_frames(jt_get(v, S("stacktrace")));
    }
    jw_close(j, ']');
    jw_bool_k(j, "hasSystemFrames", system);
    jw_key(j, "excOmitted");
    jt_write(j, jt_get(exception, S("exc_omitted")));
    jw_close(j, '}');
}

static const struct renamed thread_members[] = {
    {"id", "id", NULL},
    {"crashed", "crashed", put_truth},
    {"current", "current", put_truth},
    {"name", "name", NULL},
    {"state", "state", NULL},
    {"held_locks", "heldLocks", NULL},
    {"stacktrace", "stacktrace", stack_put},
    {"raw_stacktrace", "rawStacktrace", stack_put},
    {0},
};

void threads_put(struct jw *j, const struct jt *threads)
{
    const struct jt *values = values_of(threads);
    jw_open(j, '{');
    jw_open_k(j, "values", '[');
    for (const struct jt *v = values ? values->first : NULL; v; v = v->next) {
        jw_open(j, '{');
        put_renamed(j, v, thread_members);
        jw_close(j, '}');
    }
    jw_close(j, ']');
    jw_close(j, '}');
}
