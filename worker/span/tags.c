#include "worker/span/tags.h"

#include "base/text.h"
#include "storage/md5.h"
#include "worker/span/category.h"
#include "worker/span/description.h"
#include "worker/span/url.h"

enum { SHOWN_MAX = 200, GROUP_BYTES = 8 };

static void put_scene(struct span_scene *scene, struct str key, struct str value)
{
    if (!value.n || scene->count == SPAN_SCENE_MAX)
        return;
    scene->tags[scene->count].key = key;
    scene->tags[scene->count++].value = value;
}

/* Where in the event the shared tags are: key, and the steps to its value. */
static const struct {
    struct str key, steps[3];
} shared[] = {
    {{"release", 7}, {{"release", 7}}},
    {{"environment", 11}, {{"environment", 11}}},
    {{"platform", 8}, {{"platform", 8}}},
    {{"transaction", 11}, {{"transaction", 11}}},
    {{"transaction.method", 18}, {{"request", 7}, {"method", 6}}},
    {{"transaction.op", 14}, {{"contexts", 8}, {"trace", 5}, {"op", 2}}},
    {{"trace.status", 12}, {{"contexts", 8}, {"trace", 5}, {"status", 6}}},
    {{"user.id", 7}, {{"user", 4}, {"id", 2}}},
    {{"user.username", 13}, {{"user", 4}, {"username", 8}}},
    {{"user.email", 10}, {{"user", 4}, {"email", 5}}},
    {{"user.ip", 7}, {{"user", 4}, {"ip_address", 10}}},
    {{"browser.name", 12}, {{"contexts", 8}, {"browser", 7}, {"name", 4}}},
    {{"os.name", 7}, {{"contexts", 8}, {"os", 2}, {"name", 4}}},
    {{"sdk.name", 8}, {{"sdk", 3}, {"name", 4}}},
    {{"sdk.version", 11}, {{"sdk", 3}, {"version", 7}}},
    {{"replay_id", 9}, {{"contexts", 8}, {"replay", 6}, {"replay_id", 9}}},
    {{"profiler_id", 11}, {{"contexts", 8}, {"profile", 7}, {"profiler_id", 11}}},
};

static struct str at_steps(const struct jt *v, const struct str *steps)
{
    for (size_t i = 0; i < 3 && steps[i].p; i++)
        v = jt_get(v, steps[i]);
    return jt_str(v);
}

static bool is_mobile(struct str sdk)
{
    static const struct str mobile[] = {{"sentry.cocoa", 12},
                                        {"sentry.dart.flutter", 19},
                                        {"sentry.java.android", 19},
                                        {"sentry.javascript.react-native", 30}};
    for (size_t i = 0; i < sizeof(mobile) / sizeof(mobile[0]); i++)
        if (str_starts(sdk, mobile[i]))
            return true;
    return false;
}

static void put_user(struct arena *a, const struct jt *event, struct span_scene *out)
{
    static const struct {
        struct str field, prefix;
    } parts[] = {{{"id", 2}, {"id", 2}},
                 {{"username", 8}, {"username", 8}},
                 {{"email", 5}, {"email", 5}},
                 {{"ip_address", 10}, {"ip", 2}}};
    const struct jt *user = jt_get(event, S("user"));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct str value = jt_get_str(user, parts[i].field);
        if (!value.n)
            continue;
        put_scene(out, S("user"), text_join(a, parts[i].prefix, S(":"), value));
        return;
    }
}

void span_scene_of(struct arena *a, const struct jt *event, struct span_scene *out)
{
    out->count = 0;
    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
        put_scene(out, shared[i].key, at_steps(event, shared[i].steps));
    put_user(a, event, out);
    if (is_mobile(jt_get_str(jt_get(event, S("sdk")), S("name"))))
        put_scene(out, S("mobile"), S("true"));
}

/* Data of the span that becomes a tag as it is. */
static const struct {
    struct str key, from;
} own[] = {
    {{"system", 6}, {"db.system", 9}},
    {{"status_code", 11}, {"http.response.status_code", 25}},
    {{"cache_hit", 9}, {"cache.hit", 9}},
    {{"cache_key", 9}, {"cache.key", 9}},
    {{"messaging.destination.name", 26}, {"messaging.destination.name", 26}},
    {{"messaging.message.id", 20}, {"messaging.message.id", 20}},
    {{"thread.name", 11}, {"thread.name", 11}},
    {{"thread.id", 9}, {"thread.id", 9}},
    {{"http.decoded_response_content_length", 36}, {"http.decoded_response_content_length", 36}},
    {{"http.response_content_length", 28}, {"http.response_content_length", 28}},
    {{"http.response_transfer_size", 27}, {"http.response_transfer_size", 27}},
    {{"resource.render_blocking_status", 31}, {"resource.render_blocking_status", 31}},
    {{"app_start_type", 14}, {"app_start_type", 14}},
    {{"browser.name", 12}, {"browser.name", 12}},
    {{"release", 7}, {"sentry.release", 14}},
    {{"environment", 11}, {"sentry.environment", 18}},
    {{"transaction", 11}, {"sentry.segment.name", 19}},
};

struct writer {
    struct arena *arena;
    struct jt *tags;
};

static void put(struct writer *w, struct str key, struct str value)
{
    if (value.n)
        jt_set(w->tags, key, jt_new_str(w->arena, value));
}

static void put_description(struct writer *w, const struct jt *span)
{
    uint8_t hash[MD5_SIZE];
    struct str text = span_description(w->arena, span);
    if (!text.n)
        return;
    md5(text, hash);
    put(w, S("group"), text_hex(w->arena, hash, GROUP_BYTES));
    if (text.n > SHOWN_MAX) {
        size_t cut = SHOWN_MAX - 1;
        while (cut && ((unsigned char)text.p[cut] & 0xC0) == 0x80)
            cut--;
        text = text_join(w->arena, str_slice(text, 0, cut), S("*"), S(""));
    }
    put(w, S("description"), text);
}

static void put_own(struct writer *w, const struct jt *span)
{
    const struct jt *data = jt_get(span, S("data"));
    for (size_t i = 0; data && data->count && i < sizeof(own) / sizeof(own[0]); i++)
        put(w, own[i].key, span_data(span, own[i].from));
    if (!jt_get(w->tags, S("status_code")))
        put(w, S("status_code"), jt_get_str(jt_get(span, S("tags")), S("http.status_code")));
    if (str_eq(span_data(span, S("thread.name")), S("main")))
        put(w, S("main_thread"), S("true"));
    if (str_starts(jt_get_str(span, S("op")), S("resource.")))
        put(w, S("file_extension"), url_extension(jt_get_str(w->tags, S("description"))));
}

void span_tags(struct arena *a, struct jt *span, const struct span_scene *scene)
{
    struct writer w = {a, jt_new(a, JT_OBJECT)};
    struct str op = jt_get_str(span, S("op"));
    for (size_t i = 0; i < scene->count; i++) {
        struct jt *value = jt_new_str(a, scene->tags[i].value);
        value->key = scene->tags[i].key;
        jt_append(w.tags, value);
    }
    put(&w, S("op"), op);
    put(&w, S("category"), span_category(op));
    put_description(&w, span);
    put(&w, S("action"), span_action(a, span));
    put(&w, S("domain"), span_domain(a, span));
    put(&w, S("status"), jt_get_str(span, S("status")));
    put_own(&w, span);
    jt_set(span, S("sentry_tags"), w.tags);
}
