#include "worker/digest/fingerprint.h"

#include "base/text.h"
#include "worker/digest/exceptions.h"
#include "worker/digest/frames.h"
#include "worker/digest/message.h"

/* The name in "{{ name }}", absent when the part is a constant. */
static struct str variable_name(struct str part)
{
    if (part.n < 5 || !str_starts(part, S("{{")) || !str_ends(part, S("}}")))
        return (struct str){0};
    struct str name = str_trim(str_slice(part, 2, part.n - 2));
    bool one_word = name.n && str_index(name, ' ') == name.n && str_index(name, '\t') == name.n;
    return one_word ? name : (struct str){0};
}

bool fingerprint_is_default(struct str part)
{
    return str_eq(variable_name(part), S("default"));
}

const struct jt *fingerprint_of(const struct normalizer *n)
{
    const struct jt *fingerprint = jt_get(n->event, S("fingerprint"));
    bool plain = !fingerprint ||
                 (fingerprint->count == 1 && fingerprint_is_default(fingerprint->first->text));
    return plain ? NULL : fingerprint;
}

/* The stack that stands for the event: of the last exception, else its own, else of its thread. */
static const struct jt *crashed_trace(const struct jt *event)
{
    const struct jt *trace = jt_get(exceptions_last(event), S("stacktrace"));
    const struct jt *threads = normalize_values(event, S("threads"));
    if (!frames_of(trace))
        trace = jt_get(event, S("stacktrace"));
    if (!frames_of(trace) && threads && threads->count == 1)
        trace = jt_get(threads->first, S("stacktrace"));
    return trace;
}

static struct str logged_message(const struct jt *event)
{
    const struct jt *entry = jt_get(event, S("logentry"));
    struct str text = jt_get_str(entry, S("formatted"));
    text = text.n ? text : jt_get_str(entry, S("message"));
    return text.n ? text : jt_get_str(exceptions_last(event), S("value"));
}

enum source { OF_EVENT, OF_EXCEPTION, OF_FRAME, OF_MESSAGE };

/* Where a variable comes from: its key there, another key to try, and what to say without it. */
static const struct variable {
    struct str name, key, other;
    const char *missing;
    enum source source;
    bool parameterized;
} variables[] = {
    {{"transaction", 11}, {"transaction", 11}, {0}, "<no-transaction>", OF_EVENT, false},
    {{"level", 5}, {"level", 5}, {0}, "<no-level>", OF_EVENT, false},
    {{"logger", 6}, {"logger", 6}, {0}, "<no-logger>", OF_EVENT, false},
    {{"message", 7}, {0}, {0}, "<no-message>", OF_MESSAGE, true},
    {{"type", 4}, {"type", 4}, {0}, "<no-type>", OF_EXCEPTION, false},
    {{"error.type", 10}, {"type", 4}, {0}, "<no-type>", OF_EXCEPTION, false},
    {{"value", 5}, {"value", 5}, {0}, "<no-value>", OF_EXCEPTION, true},
    {{"error.value", 11}, {"value", 5}, {0}, "<no-value>", OF_EXCEPTION, true},
    {{"function", 8}, {"function", 8}, {0}, "<no-function>", OF_FRAME, false},
    {{"stack.function", 14}, {"function", 8}, {0}, "<no-function>", OF_FRAME, false},
    {{"path", 4}, {"abs_path", 8}, {"filename", 8}, "<no-abs-path>", OF_FRAME, false},
    {{"stack.abs_path", 14}, {"abs_path", 8}, {"filename", 8}, "<no-abs-path>", OF_FRAME, false},
    {{"stack.filename", 14}, {"filename", 8}, {"abs_path", 8}, "<no-filename>", OF_FRAME, false},
    {{"module", 6}, {"module", 6}, {0}, "<no-module>", OF_FRAME, false},
    {{"stack.module", 12}, {"module", 6}, {0}, "<no-module>", OF_FRAME, false},
    {{"package", 7}, {"package", 7}, {0}, "<no-package>", OF_FRAME, false},
    {{"stack.package", 13}, {"package", 7}, {0}, "<no-package>", OF_FRAME, false},
};

static struct str raw_value(const struct normalizer *n, const struct variable *v)
{
    const struct jt *from = n->event;
    if (v->source == OF_MESSAGE)
        return logged_message(n->event);
    if (v->source == OF_EXCEPTION)
        from = exceptions_last(n->event);
    else if (v->source == OF_FRAME)
        from = frames_crashed(crashed_trace(n->event), NULL);
    struct str value = jt_get_str(from, v->key);
    return value.n || !v->other.p ? value : jt_get_str(from, v->other);
}

static struct str value_of(struct normalizer *n, const struct variable *v)
{
    struct str value = raw_value(n, v);
    if (!value.n)
        return str_of(v->missing);
    if (str_eq(v->key, S("package")))
        return text_after_last(value, "/\\");
    return v->parameterized ? message_parameterize(n->arena, value) : value;
}

static struct str tag_value(struct normalizer *n, struct str key)
{
    for (size_t i = 0; i < n->out->tag_count; i++)
        if (str_eq(n->out->tags[i].key, key))
            return n->out->tags[i].value;
    return str_of(arena_printf(n->arena, "<no-value-for-tag-%.*s>", STR_ARG(key)));
}

/* A constant that is the event's own message differs from event to event as that does. */
static struct str constant(struct normalizer *n, struct str part)
{
    const struct jt *entry = jt_get(n->event, S("logentry"));
    const struct jt *values = normalize_values(n->event, S("exception"));
    bool own = part.n && (str_eq(part, jt_get_str(entry, S("formatted"))) ||
                          str_eq(part, jt_get_str(entry, S("message"))));
    for (const struct jt *v = values && part.n ? values->first : NULL; v && !own; v = v->next)
        own = str_eq(part, jt_get_str(v, S("value")));
    return own ? message_parameterize(n->arena, part) : part;
}

struct str fingerprint_resolve(struct normalizer *n, struct str part)
{
    struct str name = variable_name(part);
    if (!name.p)
        return constant(n, part);
    if (str_eq(name, S("default")))
        return S("{{ default }}");
    if (str_starts(name, S("tags.")))
        return tag_value(n, str_from(name, 5));
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        if (str_eq(name, variables[i].name))
            return value_of(n, &variables[i]);
    return str_of(arena_printf(n->arena, "<unrecognized-variable-%.*s>", STR_ARG(name)));
}
