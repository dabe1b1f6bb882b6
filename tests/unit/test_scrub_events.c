/*
 * Whole events of real SDKs under one advanced configuration, against Relay's snapshots: the same
 * places are redacted, with the same remarks and the same results.
 */
#include "tests/unit/scrub.h"
#include "tests/unit/yaml.h"

#define FOLDER "data/ingest/pii/event_snapshots/"

static const char *const names[] = {
    "android",       "cocoa",         "cordova",   "dotnet",      "legacy_node_exception",
    "legacy_python", "unity_android", "unity_ios", "unity_linux", "unity_macos",
    "unity_windows",
};

static struct jt *scrubbed(const char *name, struct str config)
{
    struct str text;
    const char *path = arena_printf(arena, "data/ingest/events/%s.json", name);
    if (!shared_file(arena, path, &text))
        return NULL;
    client_ip = str_has(text, S("{{auto}}")) ? S("203.0.113.7") : (struct str){0};
    return scrub_sent(scrubber_for(config), json(text));
}

static struct jt *expected(const char *name)
{
    struct str text;
    const char *path = arena_printf(arena, FOLDER "test_fixtures__%s__pii_stripping.snap", name);
    if (!shared_file(arena, path, &text))
        return NULL;
    return yaml_read(arena, str_from(text, str_find(text, S("\n---\n")) + 5));
}

/* The remarks of trimming are another test's. */
static bool is_of_rules(const struct jt *remarks)
{
    return remarks && !str_starts(jt_str(jt_at(remarks->first, 0)), S("!"));
}

static struct str plain(const struct jt *v)
{
    struct str text = v ? json_text(v) : S("null");
    char *out = arena_take(arena, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '"')
            out[n++] = text.p[i];
    return (struct str){out, n};
}

struct pair {
    struct jt *meta, *event; /* of one side */
};

/* Every redaction of `one` is one of `other` too; returns how many. */
static int compare(struct str place, struct pair one, struct pair other)
{
    int count = 0;
    for (struct jt *v = one.meta->first; v; v = v->next) {
        struct str at = str_of(arena_printf(arena, "%.*s.%.*s", STR_ARG(place), STR_ARG(v->key)));
        uint64_t index;
        bool list = one.event && one.event->kind == JT_ARRAY && text_uint64(v->key, &index);
        struct pair here = {v, list ? jt_at(one.event, index) : jt_get(one.event, v->key)};
        struct pair there = {jt_get(other.meta, v->key),
                             list ? jt_at(other.event, index) : jt_get(other.event, v->key)};
        if (v->key.n && v->kind == JT_OBJECT) {
            count += compare(at, here, there);
            continue;
        }
        const struct jt *remarks = jt_get(v, S("rem"));
        if (!is_of_rules(remarks))
            continue;
        ck_assert_msg(str_eq(plain(remarks), plain(jt_get(there.meta, S("rem")))), "%.*s: %.*s",
                      STR_ARG(at), STR_ARG(json_text(there.meta)));
        ck_assert_msg(str_eq(plain(one.event), plain(other.event)), "%.*s: %.*s", STR_ARG(at),
                      STR_ARG(json_text(other.event)));
        count++;
    }
    return count;
}

START_TEST(events_are_scrubbed)
{
    struct str config;
    if (!shared_file(arena, FOLDER "pii_config.json", &config))
        return;
    struct jt *rules = jt_get(json(config), S("pii_config"));
    struct jt *actual = scrubbed(names[_i], json_text(rules)), *relay = expected(names[_i]);
    if (!actual || !relay)
        return;
    struct pair ours = {jt_get(actual, S("_meta")), actual};
    struct pair theirs = {jt_get(relay, S("_meta")), relay};
    ck_assert(ours.meta && theirs.meta);
    int count = compare(S(""), theirs, ours);
    ck_assert_int_eq(compare(S(""), ours, theirs), count);
    printf("%s: %d redactions agree\n", names[_i], count);
    ck_assert_int_gt(count, 0);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, scrub_begin, scrub_end);
    tcase_add_loop_test(tc, events_are_scrubbed, 0, COUNT_OF(names));
}

int main(void)
{
    return suite_run("scrub_events", add_tests);
}
