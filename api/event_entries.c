#include "api/event_entries.h"

#include <stdio.h>

#include "api/stack_view.h"
#include "base/clock.h"

static bool is_empty(const struct jt *v)
{
    bool container = v && (v->kind == JT_OBJECT || v->kind == JT_ARRAY);
    return !v || v->kind == JT_NULL || (container && v->count == 0);
}

static void put_message(struct jw *j, const struct jt *logentry)
{
    const struct jt *message = jt_get(logentry, S("message"));
    const struct jt *formatted = jt_get(logentry, S("formatted"));
    jw_open(j, '{');
    jw_key(j, "message");
    jt_write(j, is_empty(message) ? formatted : message);
    jw_key(j, "formatted");
    jt_write(j, is_empty(formatted) ? message : formatted);
    jw_key(j, "params");
    jt_write(j, jt_get(logentry, S("params")));
    jw_close(j, '}');
}

/* Stored as seconds since 1970 with a fraction; a text is passed on. */
static void put_time(struct jw *j, const struct jt *value)
{
    double seconds;
    if (jt_double(value, &seconds) && seconds > 0 && seconds < 1e11)
        jw_time(j, (int64_t)(seconds * CLOCK_SECOND + 0.5));
    else
        jt_write(j, value && value->kind == JT_STRING ? value : NULL);
}

static void put_word(struct jw *j, const struct jt *value, struct str fallback)
{
    jw_str(j, value && value->kind == JT_STRING ? value->text : fallback);
}

static void put_crumb_type(struct jw *j, const struct jt *value)
{
    put_word(j, value, S("default"));
}

static void put_crumb_level(struct jw *j, const struct jt *value)
{
    put_word(j, value, S("info"));
}

static const struct renamed breadcrumb_members[] = {
    {"type", "type", put_crumb_type},    {"timestamp", "timestamp", put_time},
    {"level", "level", put_crumb_level}, {"message", "message", NULL},
    {"category", "category", NULL},      {"data", "data", NULL},
    {"event_id", "event_id", NULL},      {0},
};

static void put_breadcrumbs(struct jw *j, const struct jt *breadcrumbs)
{
    const struct jt *values = values_of(breadcrumbs);
    jw_open(j, '{');
    jw_open_k(j, "values", '[');
    for (const struct jt *v = values ? values->first : NULL; v; v = v->next) {
        jw_open(j, '{');
        put_renamed(j, v, breadcrumb_members);
        jw_close(j, '}');
    }
    jw_close(j, ']');
    jw_close(j, '}');
}

/* Pairs are lists of two; SDKs also send objects, whose members become such. */
static void put_pairs(struct jw *j, const struct jt *value)
{
    if (!value || value->kind != JT_OBJECT) {
        jt_write(j, is_empty(value) ? NULL : value);
        return;
    }
    jw_open(j, '[');
    for (const struct jt *v = value->first; v; v = v->next) {
        jw_open(j, '[');
        jw_str(j, v->key);
        jt_write(j, v);
        jw_close(j, ']');
    }
    jw_close(j, ']');
}

static const struct renamed request_members[] = {
    {"method", "method", NULL},
    {"url", "url", NULL},
    {"query_string", "query", put_pairs},
    {"fragment", "fragment", NULL},
    {"data", "data", NULL},
    {"headers", "headers", put_pairs},
    {"cookies", "cookies", put_pairs},
    {"env", "env", NULL},
    {"inferred_content_type", "inferredContentType", NULL},
    {"api_target", "apiTarget", NULL},
    {0},
};

static void put_request(struct jw *j, const struct jt *request)
{
    jw_open(j, '{');
    put_renamed(j, request, request_members);
    jw_close(j, '}');
}

static const struct renamed template_members[] = {
    {"filename", "filename", NULL},
    {"abs_path", "absPath", NULL},
    {"lineno", "lineNo", NULL},
    {"colno", "colNo", NULL},
    {0},
};

static void put_template(struct jw *j, const struct jt *template)
{
    jw_open(j, '{');
    put_renamed(j, template, template_members);
    jw_key(j, "context");
    source_put(j, template);
    jw_close(j, '}');
}

/* What is stored under `from`, in the order in which a page shows it. */
static const struct entry {
    const char *from, *type;
    void (*put)(struct jw *j, const struct jt *value);
} entries[] = {
    {"exception", "exception", exceptions_put},
    {"stacktrace", "stacktrace", stack_put},
    {"threads", "threads", threads_put},
    {"logentry", "message", put_message},
    {"template", "template", put_template},
    {"csp", "csp", jt_write},
    {"hpkp", "hpkp", jt_write},
    {"expectct", "expectct", jt_write},
    {"expectstaple", "expectstaple", jt_write},
    {"nel", "nel", jt_write},
    {"request", "request", put_request},
    {"breadcrumbs", "breadcrumbs", put_breadcrumbs},
    {"debug_meta", "debugmeta", jt_write},
    {0},
};

void entries_put(struct jw *j, const struct jt *event)
{
    jw_open(j, '[');
    for (const struct entry *e = entries; e->from; e++) {
        const struct jt *value = jt_get(event, str_of(e->from));
        if (is_empty(value))
            continue;
        jw_open(j, '{');
        jw_str_k(j, "type", str_of(e->type));
        jw_key(j, "data");
        e->put(j, value);
        jw_close(j, '}');
    }
    jw_close(j, ']');
}

/* ---- Remarks. */

static const char *const renamed_keys[][2] = {
    {"abs_path", "absPath"},
    {"instruction_addr", "instructionAddr"},
    {"raw_function", "rawFunction"},
    {"lineno", "lineNo"},
    {"colno", "colNo"},
    {"in_app", "inApp"},
    {"thread_id", "threadId"},
    {"raw_stacktrace", "rawStacktrace"},
    {"held_locks", "heldLocks"},
    {"query_string", "query"},
};

/* Below these, names are the SDK's or the user's own and stay. */
static const char *const free_keys[] = {"vars", "data",         "headers",  "cookies",
                                        "env",  "query_string", "mechanism"};

static bool is_free(struct str key)
{
    for (size_t i = 0; i < sizeof(free_keys) / sizeof(free_keys[0]); i++) {
        if (str_eq(key, str_of(free_keys[i])))
            return true;
    }
    return false;
}

static struct str api_key(struct str key)
{
    for (size_t i = 0; i < sizeof(renamed_keys) / sizeof(renamed_keys[0]); i++) {
        if (str_eq(key, str_of(renamed_keys[i][0])))
            return str_of(renamed_keys[i][1]);
    }
    return key;
}

/* As deep as the tree, which its reader has bounded. */
static void put_remarks(struct jw *j, const struct jt *meta)
{
    if (!meta || meta->kind != JT_OBJECT) {
        jt_write(j, meta);
        return;
    }
    jw_open(j, '{');
    for (const struct jt *v = meta->first; v; v = v->next) {
        jw_name(j, api_key(v->key));
        if (v->key.n == 0 || is_free(v->key))
            jt_write(j, v);
        else
            put_remarks(j, v);
    }
    jw_close(j, '}');
}

static void put_entry_remarks(struct jw *j, const struct jt *event, const struct jt *meta)
{
    char place[16];
    int at = 0;
    jw_open_k(j, "entries", '{');
    for (const struct entry *e = entries; e->from; e++) {
        const struct jt *remarks = jt_get(meta, str_of(e->from));
        if (is_empty(jt_get(event, str_of(e->from))))
            continue;
        snprintf(place, sizeof(place), "%d", at++);
        if (is_empty(remarks))
            continue;
        jw_open_k(j, place, '{');
        jw_key(j, "data");
        put_remarks(j, remarks);
        jw_close(j, '}');
    }
    jw_close(j, '}');
}

void entries_put_meta(struct jw *j, const struct jt *event)
{
    static const struct renamed parts[] = {
        {"logentry", "message", NULL},  {"user", "user", NULL},
        {"contexts", "contexts", NULL}, {"extra", "context", NULL},
        {"modules", "packages", NULL},  {"tags", "tags", NULL},
        {"sdk", "sdk", NULL},           {0},
    };
    const struct jt *meta = jt_get(event, S("_meta"));
    jw_open(j, '{');
    put_entry_remarks(j, event, meta);
    put_renamed(j, meta, parts);
    jw_close(j, '}');
}
