#include "worker/digest/replay_click.h"

#include "base/clock.h"
#include "base/text.h"

enum { CLASSES_MAX = 10, SELECTOR_MAX = 1024, URL_MAX = 1024, DEAD_MS = 7000, RAGE_CLICKS = 5 };

/* Where a text of the click stands: in the node, or among its attributes, by one of these names. */
static const struct {
    size_t at;
    size_t most; /* code points */
    const char *keys[3];
    bool of_node;
} texts[] = {
    {offsetof(struct replay_click, tag), 32, {"tagName"}, true},
    {offsetof(struct replay_click, text), 1024, {"textContent"}, true},
    {offsetof(struct replay_click, id), 64, {"id"}, false},
    {offsetof(struct replay_click, role), 32, {"role"}, false},
    {offsetof(struct replay_click, alt), 64, {"alt"}, false},
    {offsetof(struct replay_click, testid), 64, {"testId", "data-testid", "data-test-id"}, false},
    {offsetof(struct replay_click, aria_label), 64, {"aria-label"}, false},
    {offsetof(struct replay_click, title), 64, {"title"}, false},
    {offsetof(struct replay_click, component_name), 64, {"data-sentry-component"}, false},
};

static struct str keep(struct arena *a, struct str text, size_t most)
{
    return text.n ? arena_str(a, str_slice(text, 0, text_prefix(text, most))) : S("");
}

static void read_texts(struct arena *a, const struct jt *node, struct replay_click *click)
{
    const struct jt *attributes = jt_get(node, S("attributes"));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct str text = {0};
        for (int key = 0; key < 3 && texts[i].keys[key] && !text.n; key++)
            text = jt_get_str(texts[i].of_node ? node : attributes, str_of(texts[i].keys[key]));
        *(struct str *)((char *)click + texts[i].at) = keep(a, text, texts[i].most);
    }
}

static struct str classes_of(struct arena *a, struct str words)
{
    struct buf list;
    struct jw j;
    buf_init(&list, (size_t)1 << 20);
    jw_begin(&j, &list);
    jw_open(&j, '[');
    for (int count = 0; words.p && count < CLASSES_MAX;) {
        struct str word = str_split(&words, ' ');
        if (!word.n)
            continue;
        jw_str(&j, str_slice(word, 0, text_prefix(word, 64)));
        count++;
    }
    jw_close(&j, ']');
    struct str text = arena_str(a, buf_str(&list));
    buf_free(&list);
    return text;
}

static int64_t number(const struct jt *object, struct str key)
{
    double v;
    bool sound = jt_double(jt_get(object, key), &v) && v >= 0 && v < 1e15;
    return sound ? (int64_t)v : -1;
}

/* Breadcrumbs say seconds, rrweb's events milliseconds. */
static int64_t time_of(const struct jt *event, const struct jt *payload)
{
    double seconds;
    if (jt_double(jt_get(payload, S("timestamp")), &seconds) && seconds > 0 && seconds < 1e11)
        return (int64_t)(seconds * CLOCK_SECOND);
    int64_t ms = number(event, S("timestamp"));
    return ms > 0 && ms < INT64_C(100000000000000) ? ms * (CLOCK_SECOND / 1000) : 0;
}

/* A click that nothing happened upon, on something that looks as if it would. */
static bool is_dead(const struct jt *data, struct str tag)
{
    bool answers = str_eq(tag, S("a")) || str_eq(tag, S("button")) || str_eq(tag, S("input"));
    return answers && str_eq(jt_get_str(data, S("endReason")), S("timeout")) &&
           number(data, S("timeAfterClickMs")) >= DEAD_MS;
}

static bool is_click(const struct jt *payload, const struct jt *data)
{
    struct str category = jt_get_str(payload, S("category"));
    if (str_eq(category, S("ui.click")))
        return true;
    return str_eq(category, S("ui.slowClickDetected")) &&
           is_dead(data, jt_get_str(jt_get(data, S("node")), S("tagName")));
}

void replay_click_find(struct arena *a, const struct jt *event, struct replay_recording *to)
{
    const struct jt *payload = jt_get(jt_get(event, S("data")), S("payload"));
    const struct jt *data = jt_get(payload, S("data")), *node = jt_get(data, S("node"));
    int64_t node_id = number(node, S("id"));
    if (!str_eq(jt_get_str(jt_get(event, S("data")), S("tag")), S("breadcrumb")) ||
        to->click_count == REPLAY_CLICKS_MAX || node_id < 0 || !is_click(payload, data))
        return;
    struct replay_click *click = &to->clicks[to->click_count++];
    *click = (struct replay_click){.timestamp = time_of(event, payload), .node_id = node_id};
    click->is_dead = !str_eq(jt_get_str(payload, S("category")), S("ui.click"));
    click->is_rage = click->is_dead && number(data, S("clickCount")) >= RAGE_CLICKS;
    read_texts(a, node, click);
    click->classes = classes_of(a, jt_get_str(jt_get(node, S("attributes")), S("class")));
    click->selector = keep(a, jt_get_str(payload, S("message")), SELECTOR_MAX);
    click->url = keep(a, jt_get_str(data, S("url")), URL_MAX);
}
