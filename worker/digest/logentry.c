#include "worker/digest/logentry.h"

#include "base/text.h"
#include "worker/digest/trim.h"

enum { MESSAGE_MAX = 8192, MESSAGE_ALLOWANCE = 200, PARAMS_DEPTH = 5, PARAMS_BYTES = 2048 };

/* Larger templates and lists stay as they are: each placeholder searches the parameters. */
enum { TEMPLATE_MAX = 16384, PARAMS_MAX = 1000, FORMATTED_MAX = 65536 };

struct format {
    struct arena *arena;
    struct str rest; /* of the template */
    const struct jt *params;
    size_t next; /* position of the next parameter without a name */
    struct buf out;
};

static const struct jt *param_named(const struct format *f, struct str name)
{
    uint64_t index;
    if (f->params->kind == JT_OBJECT)
        return jt_get(f->params, name);
    return text_uint64(name, &index) ? jt_at(f->params, (size_t)index) : NULL;
}

static bool put_param(struct format *f, const struct jt *param)
{
    if (!param)
        return false;
    bool plain = param->kind == JT_STRING || param->kind == JT_NUMBER;
    buf_put_str(&f->out, plain ? param->text : trim_json_text(f->arena, param));
    return true;
}

static void skip(struct format *f, size_t n)
{
    f->rest = str_from(f->rest, n);
}

static void skip_any(struct format *f, const char *any)
{
    while (f->rest.n && f->rest.p[0] && strchr(any, f->rest.p[0]))
        skip(f, 1);
}

/* After a "%": "%", or [(name)][flags][width][.precision]conversion.  Width and precision are read
 * and not obeyed: messages are for people, and both are rare. */
static bool put_printf(struct format *f)
{
    const struct jt *param = NULL;
    if (str_starts(f->rest, S("%"))) {
        skip(f, 1);
        buf_putc(&f->out, '%');
        return true;
    }
    if (str_starts(f->rest, S("("))) {
        size_t close = str_index(f->rest, ')');
        if (close == f->rest.n)
            return false;
        param = param_named(f, str_slice(f->rest, 1, close));
        skip(f, close + 1);
    } else if (f->params->kind == JT_ARRAY) {
        param = jt_at(f->params, f->next++);
    }
    skip_any(f, "#0- +123456789.hlL");
    if (!f->rest.n || !f->rest.p[0] || !strchr("sdiufFeEgGrxXoca", f->rest.p[0]))
        return false;
    skip(f, 1);
    return put_param(f, param);
}

/* After a "{": "{", or [name or position][!conversion][:format]"}". */
static bool put_curly(struct format *f)
{
    if (str_starts(f->rest, S("{"))) {
        skip(f, 1);
        buf_putc(&f->out, '{');
        return true;
    }
    size_t close = str_index(f->rest, '}');
    if (close == f->rest.n)
        return false;
    struct str name = str_slice(f->rest, 0, close);
    skip(f, close + 1);
    name = str_slice(name, 0, str_index(name, ':'));
    name = str_slice(name, 0, str_index(name, '!'));
    return put_param(f, name.n ? param_named(f, name) : jt_at(f->params, f->next++));
}

static void put_text(struct format *f, char mark)
{
    size_t n = str_index(f->rest, mark);
    buf_put_str(&f->out, str_slice(f->rest, 0, n));
    skip(f, n);
}

struct str logentry_format(struct arena *a, struct str message, const struct jt *params)
{
    struct format f = {.arena = a, .rest = message, .params = params};
    char mark = str_index(message, '%') < message.n ? '%' : '{';
    bool fine = message.n && message.n <= TEMPLATE_MAX && params->count <= PARAMS_MAX;
    buf_init(&f.out, FORMATTED_MAX);
    while (fine && f.rest.n) {
        put_text(&f, mark);
        if (!f.rest.n)
            break;
        skip(&f, 1);
        fine = mark == '%' ? put_printf(&f) : put_curly(&f);
    }
    struct str text = {0};
    if (fine && buf_ok(&f.out))
        text = arena_str(a, buf_str(&f.out));
    buf_free(&f.out);
    return text;
}

static void reduce_to(struct arena *a, struct jt *entry, struct str formatted)
{
    *entry = (struct jt){.kind = JT_OBJECT, .key = entry->key, .next = entry->next};
    jt_set(entry, S("formatted"), jt_new_str(a, formatted));
}

/* What is not an object with the known keys is the text itself. */
static bool become_entry(struct normalizer *n, struct jt *entry)
{
    bool known =
        jt_get(entry, S("message")) || jt_get(entry, S("formatted")) || jt_get(entry, S("params"));
    if (known)
        return true;
    if (entry->kind == JT_FALSE || entry->kind == JT_NULL)
        return false;
    struct str text = entry->kind == JT_STRING ? entry->text : trim_json_text(n->arena, entry);
    reduce_to(n->arena, entry, text);
    return true;
}

static struct str text_member(struct normalizer *n, const struct jt *entry, struct str key)
{
    struct jt *v = jt_get(entry, key);
    if (!v || v->kind == JT_NULL)
        return (struct str){0};
    return v->kind == JT_STRING ? v->text : trim_json_text(n->arena, v);
}

static void rebuild(struct normalizer *n, struct jt *entry)
{
    struct arena *a = n->arena;
    struct str message = text_member(n, entry, S("message"));
    struct str formatted = text_member(n, entry, S("formatted"));
    struct jt *params = jt_get(entry, S("params"));
    bool has_params = params && (params->kind == JT_ARRAY || params->kind == JT_OBJECT);
    if (!formatted.n && has_params)
        formatted = logentry_format(a, message, params);
    if (!formatted.n || str_eq(formatted, message)) {
        reduce_to(a, entry, formatted.n ? formatted : message);
        return;
    }
    reduce_to(a, entry, formatted);
    if (message.n)
        jt_set(entry, S("message"), jt_new_str(a, message));
    if (has_params)
        jt_set(entry, S("params"), params);
}

static void limit(struct normalizer *n, struct jt *entry)
{
    for (struct jt *v = entry->first; v; v = v->next) {
        meta_enter(&n->meta, v->key);
        if (v->kind == JT_STRING)
            trim_text(&n->meta, v, MESSAGE_MAX, MESSAGE_ALLOWANCE);
        else
            trim_value(&n->meta, v, PARAMS_DEPTH, PARAMS_BYTES);
        meta_leave(&n->meta);
    }
}

void logentry_normalize(struct normalizer *n)
{
    struct jt *entry = jt_get(n->event, S("logentry"));
    if (!entry)
        return;
    meta_enter(&n->meta, entry->key);
    if (become_entry(n, entry)) {
        rebuild(n, entry);
        limit(n, entry);
        if (!jt_get_str(entry, S("formatted")).n) {
            meta_error(&n->meta, "invalid_data", NULL, S("no message present"));
            normalize_drop(n, entry);
        }
    } else {
        normalize_drop(n, entry);
    }
    meta_leave(&n->meta);
}
