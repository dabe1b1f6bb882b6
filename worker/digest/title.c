#include "worker/digest/title.h"

#include "base/text.h"
#include "worker/digest/exceptions.h"
#include "worker/digest/frames.h"
#include "worker/digest/function.h"
#include "worker/digest/trim.h"

enum { TYPE_MAX = 128, VALUE_MAX = 1024, LINE_MAX = 100, CULPRIT_MAX = 200 };

static struct str cut(struct str s, size_t points)
{
    return str_slice(s, 0, text_prefix(s, points));
}

static struct str first_line(struct arena *a, struct str text)
{
    text = str_trim(text);
    struct str line = str_slice(text, 0, str_index(text, '\n'));
    return text_ellipsis(a, str_trim(line), LINE_MAX);
}

static void put(struct normalizer *n, struct jt *object, struct str key, struct str text)
{
    if (text.n)
        jt_set(object, key, jt_new_str(n->arena, text));
}

static const struct jt *main_exception(const struct normalizer *n)
{
    const struct jt *wanted = jt_get(n->event, S("main_exception_id"));
    const struct jt *values = normalize_values(n->event, S("exception"));
    for (const struct jt *v = wanted && values ? values->first : NULL; v; v = v->next) {
        const struct jt *id = jt_get(jt_get(v, S("mechanism")), S("exception_id"));
        if (id && str_eq(id->text, wanted->text))
            return v;
    }
    return exceptions_last(n->event);
}

static bool has_known_function(const struct jt *frame)
{
    struct str name = jt_get_str(frame, S("function"));
    return name.n && !str_eq(name, S("<redacted>")) && !str_eq(name, S("<unknown>"));
}

static struct str error_metadata(struct normalizer *n, struct jt *metadata)
{
    const struct jt *exception = main_exception(n);
    struct str value = jt_get_str(exception, S("value")), type = jt_get_str(exception, S("type"));
    const struct jt *frame = frames_crashed(jt_get(exception, S("stacktrace")), has_known_function);
    put(n, metadata, S("value"), cut(value, VALUE_MAX));
    if (!exception_is_synthetic(exception))
        put(n, metadata, S("type"), type.n ? cut(type, TYPE_MAX) : S("Error"));
    put(n, metadata, S("filename"), jt_get_str(frame, S("filename")));
    put(n, metadata, S("function"), jt_get_str(frame, S("function")));
    type = jt_get_str(metadata, S("type"));
    if (!type.n)
        return frame ? jt_get_str(frame, S("function")) : S("<unknown>");
    value = first_line(n->arena, jt_get_str(metadata, S("value")));
    if (!value.n)
        return type;
    return str_of(arena_printf(n->arena, "%.*s: %.*s", STR_ARG(type), STR_ARG(value)));
}

static struct str message_of(const struct jt *event)
{
    const struct jt *entry = jt_get(event, S("logentry"));
    struct str formatted = jt_get_str(entry, S("formatted"));
    return formatted.n ? formatted : jt_get_str(entry, S("message"));
}

static struct str default_metadata(struct normalizer *n, struct jt *metadata)
{
    struct str title = first_line(n->arena, message_of(n->event));
    title = title.n ? title : S("<unlabeled event>");
    put(n, metadata, S("title"), title);
    return title;
}

/* The security reports of browsers. */
static struct str report_metadata(struct normalizer *n, struct jt *metadata)
{
    const struct jt *report = jt_get(n->event, n->out->type);
    struct str message = message_of(n->event);
    put(n, metadata, S("message"), message);
    put(n, metadata, S("uri"), jt_get_str(report, S("blocked_uri")));
    put(n, metadata, S("directive"), jt_get_str(report, S("effective_directive")));
    put(n, metadata, S("origin"), jt_get_str(report, S("hostname")));
    return message.n ? first_line(n->arena, message) : S("<untitled>");
}

static struct str transaction_metadata(struct normalizer *n, struct jt *metadata)
{
    struct str title = n->out->transaction.n ? n->out->transaction : S("<unlabeled transaction>");
    put(n, metadata, S("title"), title);
    return title;
}

static struct str feedback_metadata(struct normalizer *n, struct jt *metadata)
{
    const struct jt *feedback = jt_get(jt_get(n->event, S("contexts")), S("feedback"));
    static const struct str fields[] = {
        {"contact_email", 13}, {"message", 7}, {"name", 4}, {"source", 6}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        put(n, metadata, fields[i], jt_get_str(feedback, fields[i]));
    struct str words = first_line(n->arena, jt_get_str(feedback, S("message")));
    return text_join(n->arena, S("User Feedback"), S(": "), words);
}

static const struct {
    struct str type;
    struct str (*make)(struct normalizer *n, struct jt *metadata);
    struct str location; /* the key of metadata that says where; absent: none does */
} types[] = {
    {{"error", 5}, error_metadata, {"filename", 8}},
    {{"csp", 3}, report_metadata, {"uri", 3}},
    {{"hpkp", 4}, report_metadata, {"origin", 6}},
    {{"expectct", 8}, report_metadata, {"origin", 6}},
    {{"expectstaple", 12}, report_metadata, {"origin", 6}},
    {{"transaction", 11}, transaction_metadata, {0}},
    {{"feedback", 8}, feedback_metadata, {0}},
};

static bool has_place(const struct jt *frame)
{
    return jt_get_str(frame, S("module")).n || jt_get_str(frame, S("filename")).n;
}

/* The stack trace of the last exception that has frames, else the event's own. */
static const struct jt *culprit_trace(const struct normalizer *n)
{
    const struct jt *trace = NULL, *own = NULL;
    for (size_t i = 0; i < n->stack_count; i++) {
        const struct jt *frames = frames_of(n->stacks[i].trace);
        if (n->stacks[i].exception && frames && frames->count)
            trace = n->stacks[i].trace;
    }
    own = jt_get(n->event, S("stacktrace"));
    return trace ? trace : own;
}

static struct str frame_culprit(struct normalizer *n, const struct jt *frame)
{
    struct str platform = frame_platform(frame, n->out->platform);
    struct str function = jt_get_str(frame, S("function"));
    struct str module = jt_get_str(frame, S("module"));
    struct str place = module.n ? module : jt_get_str(frame, S("filename"));
    function = function.n ? function : S("?");
    if (platform_family(platform) == FAMILY_NATIVE)
        return function;
    if (!place.n)
        return (struct str){0};
    struct arena *a = n->arena;
    if (platform_family(platform) == FAMILY_JAVASCRIPT)
        return str_of(arena_printf(a, "%.*s(%.*s)", STR_ARG(function), STR_ARG(place)));
    return str_of(arena_printf(a, "%.*s in %.*s", STR_ARG(place), STR_ARG(function)));
}

static struct str generated_culprit(struct normalizer *n)
{
    const struct jt *last = exceptions_last(n->event);
    if (exception_is_synthetic(last))
        return (struct str){0};
    const struct jt *trace = culprit_trace(n);
    const struct jt *frame = frames_crashed(trace, has_place);
    if (!frame || !frame_is_in_app(frame))
        frame = frames_crashed(trace, NULL);
    struct str culprit = frame ? frame_culprit(n, frame) : (struct str){0};
    return culprit.n ? culprit : jt_get_str(jt_get(n->event, S("request")), S("url"));
}

static struct str culprit_of(struct normalizer *n)
{
    struct str culprit = normalize_text(n, S("culprit"));
    if (!culprit.n)
        culprit = n->out->transaction;
    if (!culprit.n)
        culprit = generated_culprit(n);
    return culprit.n ? text_ellipsis(n->arena, culprit, CULPRIT_MAX) : S("");
}

void title_finish(struct normalizer *n)
{
    struct jt *metadata = jt_new(n->arena, JT_OBJECT);
    struct str (*make)(struct normalizer *, struct jt *) = default_metadata;
    struct str location = {0};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (!str_eq(n->out->type, types[i].type))
            continue;
        make = types[i].make;
        location = types[i].location;
    }
    n->out->title = make(n, metadata);
    n->out->culprit = culprit_of(n);
    n->out->metadata = trim_json_text(n->arena, metadata);
    jt_set(n->event, S("metadata"), metadata);
    jt_set(n->event, S("title"), jt_new_str(n->arena, n->out->title));
    jt_set(n->event, S("culprit"), jt_new_str(n->arena, n->out->culprit));
    put(n, n->event, S("location"), location.p ? jt_get_str(metadata, location) : location);
}
