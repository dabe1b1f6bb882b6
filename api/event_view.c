#include "api/event_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "api/event_entries.h"
#include "api/stack_view.h"

static struct str text_of(const struct stored_event *e, struct str key)
{
    return jt_get_str(e->body, key);
}

static void put_object_or(struct jw *j, const struct jt *value, const char *otherwise)
{
    if (value && value->kind == JT_OBJECT)
        jt_write(j, value);
    else
        jw_raw(j, str_of(otherwise));
}

/* [["key", "value"], …] in the body; the row's object where the body is gone. */
static void put_tags(struct jw *j, const struct stored_event *e)
{
    const struct jt *tags = jt_get(e->body, S("tags"));
    jw_open_k(j, "tags", '[');
    for (const struct jt *t = tags && tags->kind == JT_ARRAY ? tags->first : NULL; t; t = t->next) {
        const struct jt *key = jt_at(t, 0), *value = jt_at(t, 1);
        if (!key || !value || key->kind != JT_STRING || value->kind != JT_STRING)
            continue;
        jw_open(j, '{');
        jw_str_k(j, "key", key->text);
        jw_str_k(j, "value", value->text);
        jw_close(j, '}');
    }
    jw_close(j, ']');
}

static void put_text(struct jw *j, const struct jt *value)
{
    jw_opt_str(j, value && value->kind == JT_STRING ? value->text : (struct str){0});
}

static void put_map(struct jw *j, const struct jt *value)
{
    put_object_or(j, value, "null");
}

static const struct renamed user_members[] = {
    {"id", "id", put_text},
    {"email", "email", put_text},
    {"username", "username", put_text},
    {"ip_address", "ip_address", put_text},
    {"name", "name", put_text},
    {"geo", "geo", put_map},
    {"data", "data", put_map},
    {0},
};

static void put_user(struct jw *j, const struct stored_event *e)
{
    const struct jt *user = jt_get(e->body, S("user"));
    jw_key(j, "user");
    if (!user || user->kind != JT_OBJECT || user->count == 0) {
        jw_null(j);
        return;
    }
    jw_open(j, '{');
    put_renamed(j, user, user_members);
    jw_close(j, '}');
}

/* What a logger wrote, whole; absent for an error without words of its own. */
static struct str message_of(const struct stored_event *e)
{
    const struct jt *logentry = jt_get(e->body, S("logentry"));
    struct str formatted = jt_get_str(logentry, S("formatted"));
    return formatted.n ? formatted : jt_get_str(logentry, S("message"));
}

static const struct jt *last_exception(const struct stored_event *e)
{
    const struct jt *values = values_of(jt_get(e->body, S("exception")));
    return values ? values->last : NULL;
}

static void put_metadata(struct jw *j, const struct stored_event *e)
{
    const struct jt *metadata = jt_get(e->body, S("metadata")), *exception = last_exception(e);
    jw_key(j, "metadata");
    if (metadata && metadata->kind == JT_OBJECT) {
        jt_write(j, metadata);
        return;
    }
    jw_open(j, '{');
    if (exception) {
        jw_str_k(j, "type", jt_get_str(exception, S("type")));
        jw_str_k(j, "value", jt_get_str(exception, S("value")));
    } else {
        jw_str_k(j, "title", e->title);
    }
    jw_close(j, '}');
}

static void put_culprit(struct jw *j, const struct stored_event *e)
{
    struct str culprit = text_of(e, S("culprit")), transaction = text_of(e, S("transaction"));
    struct str location = text_of(e, S("location"));
    if (!location.n)
        location = jt_get_str(jt_get(e->body, S("metadata")), S("filename"));
    jw_opt_str_k(j, "culprit", culprit.n ? culprit : transaction);
    jw_opt_str_k(j, "location", location.n ? location : (struct str){0});
}

/* Ids are text in Sentry's JSON. */
static void put_id(struct jw *j, const char *key, int64_t id)
{
    char text[24];
    int n = snprintf(text, sizeof(text), "%" PRId64, id);
    jw_str_k(j, key, (struct str){text, (size_t)n});
}

static void put_common(struct jw *j, const struct stored_event *e)
{
    jw_str_k(j, "id", e->id);
    jw_str_k(j, "eventID", e->id);
    if (e->issue_id)
        put_id(j, "groupID", e->issue_id);
    else
        jw_null_k(j, "groupID");
    put_id(j, "projectID", e->project_id);
    jw_str_k(j, "event.type", e->type);
    jw_str_k(j, "title", e->title);
    jw_str_k(j, "message", message_of(e).p ? message_of(e) : S(""));
    put_culprit(j, e);
    put_user(j, e);
    put_tags(j, e);
    jw_str_k(j, "platform", e->platform);
    jw_time_k(j, "dateCreated", e->timestamp);
    jw_null_k(j, "crashFile");
    put_metadata(j, e);
}

void event_put_row(struct jw *j, const struct stored_event *e)
{
    jw_open(j, '{');
    put_common(j, e);
    jw_close(j, '}');
}

static struct str error_text(struct str type)
{
    static const char *const texts[][2] = {
        {"invalid_data", "A value was dropped: it is not of the kind that belongs there."},
        {"invalid_attribute", "A field was dropped: it is not known."},
        {"missing_attribute", "A field is missing that must be there."},
        {"value_too_long", "A value was dropped: it is too long."},
        {"clock_drift", "The clock of the device was wrong; its times were corrected."},
        {"past_timestamp", "The event is too old; the time of its arrival was taken."},
        {"future_timestamp", "The event is from the future; the time of its arrival was taken."},
        {"invalid_environment", "The environment was dropped: its name is not valid."},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (str_eq(type, str_of(texts[i][0])))
            return str_of(texts[i][1]);
    }
    return type;
}

static void put_errors(struct jw *j, const struct stored_event *e)
{
    const struct jt *errors = jt_get(e->body, S("errors"));
    const struct jt *v = errors && errors->kind == JT_ARRAY ? errors->first : NULL;
    jw_open_k(j, "errors", '[');
    for (; v; v = v->next) {
        struct str type = jt_get_str(v, S("type"));
        jw_open(j, '{');
        jw_str_k(j, "type", type.p ? type : S("unknown_error"));
        jw_str_k(j, "message", type.p ? error_text(type) : S("Something was not understood."));
        jw_open_k(j, "data", '{');
        for (const struct jt *m = v->kind == JT_OBJECT ? v->first : NULL; m; m = m->next) {
            if (str_eq(m->key, S("type")))
                continue;
            jw_name(j, m->key);
            jt_write(j, m);
        }
        jw_close(j, '}');
        jw_close(j, '}');
    }
    jw_close(j, ']');
}

static void put_sdk(struct jw *j, const struct stored_event *e)
{
    static const struct renamed members[] = {
        {"name", "name", put_text}, {"version", "version", put_text}, {0}};
    const struct jt *sdk = jt_get(e->body, S("sdk"));
    jw_key(j, "sdk");
    if (!sdk || sdk->kind != JT_OBJECT) {
        jw_null(j);
        return;
    }
    jw_open(j, '{');
    put_renamed(j, sdk, members);
    jw_close(j, '}');
}

/* What Sentry computes from data that we do not have. */
static void put_absent(struct jw *j)
{
    jw_null_k(j, "occurrence");
    jw_raw_k(j, "sdkUpdates", S("[]"));
    jw_raw_k(j, "resolvedWith", S("[]"));
    jw_raw_k(j, "groupingConfig", S("{\"id\":\"newstyle:2026-01-20\",\"enhancements\":\"\"}"));
}

void event_put_details(struct jw *j, const struct stored_event *e)
{
    put_common(j, e);
    jw_str_k(j, "type", e->type);
    jw_time_k(j, "dateReceived", e->received);
    jw_int_k(j, "size", (int64_t)e->json.n);
    jw_key(j, "entries");
    entries_put(j, e->body);
    jw_key(j, "contexts");
    put_object_or(j, jt_get(e->body, S("contexts")), "{}");
    jw_key(j, "context");
    put_object_or(j, jt_get(e->body, S("extra")), "{}");
    jw_key(j, "packages");
    put_object_or(j, jt_get(e->body, S("modules")), "{}");
    jw_opt_str_k(j, "dist", text_of(e, S("dist")));
    put_sdk(j, e);
    put_errors(j, e);
    jw_key(j, "_meta");
    entries_put_meta(j, e->body);
    put_absent(j);
}
