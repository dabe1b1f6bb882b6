#include "worker/digest/replay_event.h"

#include "base/text.h"
#include "worker/digest/normalize.h"
#include "worker/digest/pairs.h"
#include "worker/digest/policy.h"
#include "worker/digest/scalar.h"
#include "worker/digest/trim.h"

enum { DEPTH_MAX = 128, URL_MAX = 1024, TYPE_MAX = 64 };

static bool refuse(struct event_refusal *refusal, enum outcome verdict, struct str reason)
{
    *refusal = (struct event_refusal){verdict, reason};
    return false;
}

/* ---- its own fields */

/* The ids of a list, as 32 hex digits; false when one is none. */
static bool read_ids(struct arena *a, const struct jt *replay, struct str key, struct str *out)
{
    struct jt *ids = jt_new(a, JT_ARRAY);
    const struct jt *list = jt_get(replay, key);
    struct uuid id;
    if (list && list->kind != JT_ARRAY && list->kind != JT_NULL)
        return false;
    for (const struct jt *v = list ? list->first : NULL; v; v = v->next) {
        if (!uuid_parse(jt_str(v), &id))
            return false;
        if (ids->count < REPLAY_LIST_MAX)
            jt_append(ids, jt_new_str(a, uuid_text(a, id)));
    }
    *out = trim_json_text(a, ids);
    return true;
}

static struct jt *read_urls(struct arena *a, const struct jt *replay)
{
    struct jt *urls = jt_new(a, JT_ARRAY);
    const struct jt *list = jt_get(replay, S("urls"));
    const struct jt *v = list && list->kind == JT_ARRAY ? list->first : NULL;
    for (; v && urls->count < REPLAY_LIST_MAX; v = v->next)
        if (v->kind == JT_STRING)
            jt_append(urls, jt_new_str(a, text_ellipsis(a, v->text, URL_MAX)));
    return urls;
}

static bool read_own(struct arena *a, const struct jt *replay, struct replay_event *out)
{
    struct str type = jt_get_str(replay, S("replay_type"));
    out->type = type.n ? str_slice(type, 0, text_prefix(type, TYPE_MAX)) : S("session");
    return uuid_parse(jt_get_str(replay, S("replay_id")), &out->replay_id) &&
           jt_int64(jt_get(replay, S("segment_id")), &out->segment_id) && out->segment_id >= 0 &&
           out->segment_id <= INT32_MAX && read_ids(a, replay, S("error_ids"), &out->error_ids) &&
           read_ids(a, replay, S("trace_ids"), &out->trace_ids);
}

/* ---- what it has in common with events */

/* Browsers forbid their own name in what scripts send; the request has it. */
static void add_user_agent(struct normalizer *n)
{
    struct jt *request = jt_get(n->event, S("request"));
    if (!request || request->kind != JT_OBJECT)
        request = jt_new(n->arena, JT_OBJECT);
    struct jt *headers = pairs_of(n->arena, jt_get(request, S("headers")));
    if (!headers)
        headers = jt_new(n->arena, JT_ARRAY);
    if (!n->record->user_agent.n || pairs_get(headers, S("User-Agent")))
        return;
    struct str name = text_utf8(n->arena, n->record->user_agent);
    pairs_add(n->arena, headers, S("User-Agent"), jt_new_str(n->arena, name));
    jt_set(request, S("headers"), headers);
    jt_set(n->event, S("request"), request);
}

/* The start moves with all other times. */
static void read_times(struct normalizer *n, int64_t started, int64_t sent,
                       struct replay_event *out)
{
    out->finished = n->out->timestamp;
    out->started = started ? started + (sent ? out->finished - sent : 0) : 0;
}

/* Left alone when there is no such time. */
static void read_time(const struct jt *replay, struct str key, int64_t *us)
{
    int64_t time;
    const struct jt *v = jt_get(replay, key);
    if (v && !scalar_time(v, &time))
        *us = time;
}

static void normalize(struct normalizer *n, struct replay_event *out)
{
    int64_t started = 0, sent = 0;
    read_time(n->event, S("replay_start_timestamp"), &started);
    read_time(n->event, S("timestamp"), &sent);
    add_user_agent(n);
    normalize_event(n);
    read_times(n, started, sent, out);
    out->platform = n->out->platform;
    out->release = n->out->release;
    out->environment = n->out->environment;
    out->dist = n->out->dist;
}

static bool is_wanted(const struct normalizer *n, const struct policy *policy,
                      struct event_refusal *refusal)
{
    const struct filter_subject subject = {
        .event = n->event, .category = CATEGORY_REPLAY, .client_ip = n->record->client_ip};
    struct str reason = {0};
    if (policy->filters)
        reason = filter_event(n->arena, policy->filters, &subject);
    return !reason.p || refuse(refusal, OUTCOME_FILTERED, reason);
}

static void scrub(struct normalizer *n, const struct policy *policy, struct jt *urls)
{
    struct scrub_notes notes = {.meta = n->meta.tree, .errors = n->meta.errors};
    jt_set(n->event, S("urls"), urls);
    if (policy->scrubber)
        scrub_event(policy->scrubber, n->arena, n->event, &notes);
}

/* ---- details */

/* Texts alone: what else a stranger puts there, the database might not want. */
static void put_texts(struct jw *j, const char *key, const struct jt *object,
                      const char *const *names)
{
    jw_open_k(j, key, '{');
    for (; *names; names++) {
        struct str text = jt_get_str(object, str_of(*names));
        if (text.p)
            jw_str_k(j, *names, text);
    }
    jw_close(j, '}');
}

static void put_user(struct jw *j, const struct jt *user)
{
    static const char *const names[] = {"id", "username", "email", "ip_address", "name", NULL};
    static const char *const geo[] = {"city", "country_code", "region", "subdivision", NULL};
    put_texts(j, "user", user, names);
    put_texts(j, "geo", jt_get(user, S("geo")), geo);
}

/* {"key": ["value"]}, as Sentry shows them. */
static void put_tags(struct jw *j, const struct jt *pairs)
{
    jw_open_k(j, "tags", '{');
    for (const struct jt *pair = pairs ? pairs->first : NULL; pair; pair = pair->next) {
        struct str value = jt_str(pair_value(pair));
        if (!value.p)
            continue;
        jw_name(j, jt_str(pair_key(pair)));
        jw_open(j, '[');
        jw_str(j, value);
        jw_close(j, ']');
    }
    jw_close(j, '}');
}

static struct str write_details(struct normalizer *n, size_t size)
{
    static const char *const versioned[] = {"name", "version", NULL};
    static const char *const device[] = {"name", "brand", "model", "family", NULL};
    struct buf text;
    struct jw j;
    const struct jt *contexts = jt_get(n->event, S("contexts"));
    const struct jt *os = jt_get(contexts, S("os"));
    buf_init(&text, size * 8 + ((size_t)1 << 20));
    jw_begin(&j, &text);
    jw_open(&j, '{');
    put_user(&j, jt_get(n->event, S("user")));
    put_tags(&j, jt_get(n->event, S("tags")));
    put_texts(&j, "sdk", jt_get(n->event, S("sdk")), versioned);
    put_texts(&j, "os", os ? os : jt_get(contexts, S("client_os")), versioned);
    put_texts(&j, "browser", jt_get(contexts, S("browser")), versioned);
    put_texts(&j, "device", jt_get(contexts, S("device")), device);
    jw_close(&j, '}');
    struct str json = buf_ok(&text) ? arena_str(n->arena, buf_str(&text)) : S("{}");
    buf_free(&text);
    return json;
}

bool replay_event_understand(struct arena *a, const struct event_source *source,
                             struct replay_event *out, struct event_refusal *refusal)
{
    const char *error;
    struct str payload = source->item->payload;
    *out = (struct replay_event){0};
    if (!payload.n)
        return refuse(refusal, OUTCOME_INVALID, S("invalid_replay_no_payload"));
    struct jt *replay = jt_read(a, payload, DEPTH_MAX, &error);
    if (!replay || replay->kind != JT_OBJECT || !read_own(a, replay, out))
        return refuse(refusal, OUTCOME_INVALID, S("invalid_replay"));
    struct jt *urls = read_urls(a, replay);
    struct event event = {.received = source->record->received};
    struct normalizer n = {.arena = a,
                           .record = source->record,
                           .item_type = ITEM_REPLAY_EVENT,
                           .max_field_bytes = source->policy->max_field_bytes,
                           .event = replay,
                           .out = &event};
    normalize(&n, out);
    if (!is_wanted(&n, source->policy, refusal))
        return false;
    scrub(&n, source->policy, urls);
    out->urls = trim_json_text(a, urls);
    out->details = write_details(&n, payload.n);
    return true;
}
