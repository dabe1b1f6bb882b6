/* Scrubbing and inbound filters as settings of the web API: what is kept, shown and refused. */
#include "storage/event_body.h"
#include "storage/partitions.h"
#include "tests/unit/api.h"
#include "worker/filter/legacy_browser.h"
#include "worker/filter/settings.h"

#define O "/api/0/organizations/acme/"
#define P "/api/0/projects/acme/shop/"

static void set_up(void)
{
    api_set_up();
    ck_assert(pg_script(db, "update project set options = '{}', settings_version = 0;"
                            "update organization set options = '{}', settings_version = 0;"));
}

static int64_t version_of(const char *table, int id)
{
    return database_int(
        db, arena, arena_printf(arena, "select settings_version from %s where id = %d", table, id));
}

static const struct {
    const char *uri, *body, *member, *value, *stored; /* `stored`: a member of the row's options */
} changes[] = {
    {P, "{\"dataScrubber\":false}", "dataScrubber", "false", "{\"dataScrubber\": false}"},
    {P, "{\"data_scrubber_defaults\":false}", "dataScrubberDefaults", "false",
     "{\"dataScrubberDefaults\": false}"},
    {P, "{\"scrubIPAddresses\":true}", "scrubIPAddresses", "true", "{\"scrubIPAddresses\": true}"},
    {P, "{\"sensitiveFields\":[\"a\",\"b\"]}", "sensitiveFields.1", "b",
     "{\"sensitiveFields\": [\"a\", \"b\"]}"},
    {P, "{\"safeFields\":\"a\\n\\n b \"}", "safeFields.1", "b", "{\"safeFields\": [\"a\", \"b\"]}"},
    {P, "{\"safeFields\":[\"\",\"a\",\" \"]}", "safeFields.0", "a", "{\"safeFields\": [\"a\"]}"},
    {P, "{\"relayPiiConfig\":\"{}\"}", "relayPiiConfig", "{}", "{\"relayPiiConfig\": \"{}\"}"},
    {P, "{\"relayPiiConfig\":null}", "relayPiiConfig", "null", "{\"relayPiiConfig\": null}"},
    {P, "{\"options\":{\"filters:releases\":\"1.*\\n [!3] \\n\"}}", "options.filters:releases",
     "1.*\n[!3]", "{\"sentry:releases\": [\"1.*\", \"[!3]\"]}"},
    {P, "{\"options\":{\"filters:error_messages\":[\"a*\"]}}", "options.filters:error_messages",
     "a*", "{\"sentry:error_messages\": [\"a*\"]}"},
    {P, "{\"options\":{\"filters:blacklisted_ips\":\"10.0.0.0/8\\n::1\"}}",
     "options.filters:blacklisted_ips", "10.0.0.0/8\n::1",
     "{\"sentry:blacklisted_ips\": [\"10.0.0.0/8\", \"::1\"]}"},
    {P, "{\"options\":{\"filters:chunk-load-error\":\"0\",\"unknown\":7}}",
     "options.filters:chunk-load-error", "false", "{\"filters:chunk-load-error\": false}"},
    {P, "{\"options\":{\"filters:react-hydration-errors\":false}}",
     "options.filters:react-hydration-errors", "false",
     "{\"filters:react-hydration-errors\": false}"},
    {P, "{\"options\":{\"sentry:csp_ignored_sources_defaults\":0}}",
     "options.sentry:csp_ignored_sources_defaults", "false",
     "{\"sentry:csp_ignored_sources_defaults\": false}"},
    {P, "{\"options\":{\"sentry:csp_ignored_sources\":\"https://a.example\"}}",
     "options.sentry:csp_ignored_sources", "https://a.example",
     "{\"sentry:csp_ignored_sources\": [\"https://a.example\"]}"},
    {O, "{\"dataScrubber\":true}", "dataScrubber", "true", "{\"dataScrubber\": true}"},
    {O, "{\"dataScrubberDefaults\":true}", "dataScrubberDefaults", "true",
     "{\"dataScrubberDefaults\": true}"},
    {O, "{\"scrubIPAddresses\":true}", "scrubIPAddresses", "true", "{\"scrubIPAddresses\": true}"},
    {O, "{\"sensitiveFields\":[\"a\"]}", "sensitiveFields.0", "a",
     "{\"sensitiveFields\": [\"a\"]}"},
    {O, "{\"safeFields\":[\"a\"]}", "safeFields.0", "a", "{\"safeFields\": [\"a\"]}"},
    {O, "{\"relayPiiConfig\":\"{}\"}", "relayPiiConfig", "{}", "{\"relayPiiConfig\": \"{}\"}"},
};

START_TEST(setting_is_kept_and_shown)
{
    bool project = str_eq(str_of(changes[_i].uri), S(P));
    const char *table = project ? "project" : "organization";
    int id = project ? 11 : 1;
    struct request *rq = api_ask("PUT", changes[_i].uri, changes[_i].body);
    ck_assert_text(api_at(api_json(rq, 200), changes[_i].member), changes[_i].value);
    ck_assert_text(api_at(api_json(api_get(changes[_i].uri), 200), changes[_i].member),
                   changes[_i].value);
    ck_assert_text(
        database_text(db, arena,
                      arena_printf(arena, "select options from %s where id = %d", table, id)),
        changes[_i].stored);
    ck_assert_int_eq(version_of(table, id), 1);
    api_ask("PUT", changes[_i].uri, changes[_i].body);
    ck_assert_int_eq(version_of(table, id), 1);
}
END_TEST

START_TEST(other_settings_leave_the_digest_alone)
{
    api_json(api_ask("PUT", P, "{\"name\":\"Shop\"}"), 200);
    api_json(api_ask("PUT", O, "{\"name\":\"Acme\"}"), 200);
    ck_assert_int_eq(version_of("project", 11), 0);
    ck_assert_int_eq(version_of("organization", 1), 0);
}
END_TEST

START_TEST(defaults_are_sentrys)
{
    const struct jt *project = api_json(api_get(P), 200);
    ck_assert_text(api_at(project, "dataScrubber"), "true");
    ck_assert_text(api_at(project, "dataScrubberDefaults"), "true");
    ck_assert_text(api_at(project, "scrubIPAddresses"), "false");
    ck_assert_text(api_at(project, "relayPiiConfig"), "null");
    ck_assert_text(api_at(project, "options.filters:chunk-load-error"), "true");
    ck_assert_text(api_at(project, "options.filters:react-hydration-errors"), "true");
    ck_assert_text(api_at(project, "options.filters:releases"), "");
    const struct jt *organization = api_json(api_get(O), 200);
    ck_assert_text(api_at(organization, "dataScrubber"), "false");
    ck_assert_text(api_at(organization, "scrubIPAddresses"), "false");
}
END_TEST

static const struct {
    const char *body, *field, *message;
} refusals[] = {
    {"{\"relayPiiConfig\":\"{\"}", "relayPiiConfig", "Not a valid configuration: "},
    {"{\"relayPiiConfig\":\"[]\"}", "relayPiiConfig",
     "Not a valid configuration: the configuration is no object"},
    {"{\"relayPiiConfig\":\"{\\\"applications\\\":{\\\"* && foo\\\":[\\\"@ip\\\"]}}\"}",
     "relayPiiConfig", "Not a valid configuration: wildcard must be part of a path"},
    {"{\"relayPiiConfig\":\"{\\\"applications\\\":{\\\"$frame.**.foo.**\\\":[\\\"@ip\\\"]}}\"}",
     "relayPiiConfig", "Not a valid configuration: deep wildcard used more than once"},
    {"{\"relayPiiConfig\":\"{\\\"rules\\\":{\\\"fine\\\":{\\\"type\\\":\\\"ip\\\"},\\\"mine\\\":{"
     "\\\"type\\\":\\\"pattern\\\",\\\"pattern\\\":\\\"(\\\"}}}\"}",
     "relayPiiConfig", "The regular expression of rule \"mine\" is not valid."},
    {"{\"sensitiveFields\":[7,{}]}", "sensitiveFields", "Must be a list of texts."},
    {"{\"dataScrubber\":\"perhaps\"}", "dataScrubber", "Must be true or false."},
    {"{\"options\":[]}", "options", "Must be an object."},
    {"{\"options\":{\"filters:releases\":7}}", "filters:releases",
     "Must be text, with a member to a line."},
    {"{\"options\":{\"filters:blacklisted_ips\":\"1.2.3.4\\nhere\"}}", "filters:blacklisted_ips",
     "Not an address or a network: here"},
    {"{\"options\":{\"filters:chunk-load-error\":\"perhaps\"}}", "filters:chunk-load-error",
     "Must be true or false."},
};

START_TEST(wrong_setting_is_refused)
{
    const struct jt *answer = api_json(api_ask("PUT", P, refusals[_i].body), 400);
    ck_assert_int_eq((int)answer->count, 1);
    struct str message = jt_str(jt_at(jt_get(answer, str_of(refusals[_i].field)), 0));
    ck_assert_msg(str_starts(message, str_of(refusals[_i].message)), "%.*s", STR_ARG(message));
    ck_assert_int_eq(version_of("project", 11), 0);
}
END_TEST

/* A body {"NAME": …} of `count` members made from a format with their number. */
static const char *many(const char *open, const char *each, int count, const char *close)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_puts(&text, open);
    for (int i = 0; i < count; i++) {
        if (i)
            buf_putc(&text, ',');
        for (const char *c = each; *c; c++) {
            if (*c == '#')
                buf_printf(&text, "%d", i);
            else
                buf_putc(&text, *c);
        }
    }
    buf_puts(&text, close);
    const char *copy = arena_strdup(arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

/* What would make the digest refuse the project's events later is refused now. */
START_TEST(settings_too_large_for_rules_are_refused)
{
    const char *applications = many("{\"relayPiiConfig\":\"{\\\"applications\\\":{",
                                    "\\\"a#\\\":[\\\"@ip\\\"]", 600, "}}\"}");
    const char *patterns = many("{\"relayPiiConfig\":\"{\\\"rules\\\":{",
                                "\\\"a#\\\":{\\\"type\\\":\\\"pattern\\\",\\\"pattern\\\":"
                                "\\\"((a{1,99}){1,99}){1,99}\\\"}",
                                300, "}}\"}");
    api_json(api_ask("PUT", P, applications), 400);
    api_json(api_ask("PUT", P, patterns), 400);
    struct request *rq =
        api_ask("PUT", P,
                many("{\"sensitiveFields\":[", "\"a field with quite a long name, and number #\"",
                     3000, "]}"));
    ck_assert_int_eq(rq->status, 400);
    ck_assert_int_eq(version_of("project", 11), 0);
}
END_TEST

START_TEST(what_both_require_must_fit_together)
{
    const char *half = many("{\"relayPiiConfig\":\"{\\\"applications\\\":{",
                            "\\\"a#\\\":[\\\"@ip\\\"]", 300, "}}\"}");
    const char *other = many("{\"relayPiiConfig\":\"{\\\"applications\\\":{",
                             "\\\"b#\\\":[\\\"@ip\\\"]", 300, "}}\"}");
    api_json(api_ask("PUT", O, half), 200);
    const struct jt *answer = api_json(api_ask("PUT", P, other), 400);
    ck_assert_ptr_nonnull(jt_get(answer, S("nonFieldErrors")));
}
END_TEST

/* ---- filters that are switched one by one */

static const struct {
    const char *filter, *body;
    int status;
    const char *active; /* then; NULL: nothing changed */
} switches[] = {
    {"localhost", "{\"active\":true}", 204, "true"},
    {"browser-extensions", "{\"active\":true}", 204, "true"},
    {"web-crawlers", "{\"active\":true}", 204, "true"},
    {"filtered-transaction", "{\"active\":false}", 204, "false"},
    {"legacy-browsers", "{\"active\":true}", 204, "true"},
    {"legacy-browsers", "{\"subfilters\":[\"ie\",\"opera_mini\"]}", 204, "ie opera_mini"},
    {"legacy-browsers", "{\"subfilters\":[]}", 204, "false"},
    {"legacy-browsers", "{\"subfilters\":[\"netscape\"]}", 400, NULL},
    {"localhost", "{\"subfilters\":[\"ie\"]}", 400, NULL},
    {"localhost", "{}", 400, NULL},
    {"chunk-load-error", "{\"active\":true}", 404, NULL},
    {"nonsense", "{\"active\":true}", 404, NULL},
};

static const struct jt *filter_named(const char *id)
{
    const struct jt *list = api_json(api_get(P "filters/"), 200);
    ck_assert_text(
        api_list(list, S("id")),
        "browser-extensions,filtered-transaction,legacy-browsers,localhost,web-crawlers");
    for (const struct jt *v = list->first; v; v = v->next) {
        if (str_eq(jt_get_str(v, S("id")), str_of(id)))
            return jt_get(v, S("active"));
    }
    return NULL;
}

static const char *active_text(const struct jt *active)
{
    const char *out = "";
    if (active->kind != JT_ARRAY)
        return active->kind == JT_TRUE ? "true" : "false";
    for (const struct jt *v = active->first; v; v = v->next)
        out = arena_printf(arena, "%s%s%.*s", out, *out ? " " : "", STR_ARG(v->text));
    return out;
}

START_TEST(filter_is_switched)
{
    const char *uri = arena_printf(arena, P "filters/%s/", switches[_i].filter);
    ck_assert_int_eq(api_ask("PUT", uri, switches[_i].body)->status, switches[_i].status);
    ck_assert_int_eq(version_of("project", 11), switches[_i].active ? 1 : 0);
    if (switches[_i].active)
        ck_assert_str_eq(active_text(filter_named(switches[_i].filter)), switches[_i].active);
}
END_TEST

/* Every browser that can be chosen is one that the digest knows. */
START_TEST(browsers_are_those_of_the_digest)
{
    static const char *const names[] = {
        "ie",           "edge",          "safari",       "firefox",
        "chrome",       "opera",         "android",      "opera_mini",
        "ie_pre_9",     "ie9",           "ie10",         "ie11",
        "opera_pre_15", "android_pre_4", "safari_pre_6", "opera_mini_pre_8",
        "edge_pre_79",
    };
    for (int i = 0; i < COUNT_OF(names); i++) {
        const char *body = arena_printf(arena, "{\"subfilters\":[\"%s\"]}", names[i]);
        ck_assert_int_eq(api_ask("PUT", P "filters/legacy-browsers/", body)->status, 204);
        ck_assert_uint_ne(legacy_browser_option(str_of(names[i])), 0);
    }
}
END_TEST

/* What the API keeps is what the digest compiles. */
START_TEST(kept_filters_are_understood)
{
    const char *error;
    api_json(api_ask("PUT", P,
                     "{\"options\":{\"filters:releases\":\"1.*\\n2.*\",\"filters:error_messages\":"
                     "\"a*\",\"filters:blacklisted_ips\":\"10.0.0.0/8\","
                     "\"filters:chunk-load-error\":false,\"filters:react-hydration-errors\":false,"
                     "\"sentry:csp_ignored_sources_defaults\":false,"
                     "\"sentry:csp_ignored_sources\":\"a.example\"}}"),
             200);
    api_ask("PUT", P "filters/legacy-browsers/", "{\"subfilters\":[\"ie\"]}");
    api_ask("PUT", P "filters/localhost/", "{\"active\":true}");
    api_ask("PUT", P "filters/filtered-transaction/", "{\"active\":false}");
    struct str options = database_text(db, arena, "select options from project where id = 11");
    const struct filter_settings *s =
        filter_settings_read(arena, jt_read(arena, options, 64, &error));
    ck_assert_uint_eq(s->releases.count, 2);
    ck_assert_uint_eq(s->error_messages.count, 1);
    ck_assert_uint_eq(s->transactions.count, 0);
    ck_assert(s->localhost && !s->web_crawlers && !s->browser_extensions);
    ck_assert_uint_eq(s->legacy, legacy_browser_option(S("ie")));
    ck_assert(s->csp_sources && !s->csp_sources->next);
    ck_assert(str_has(s->networks, S("10.0.0.0/8")));
}
END_TEST

/* ---- suggestions and preview */

static void store_event(int project, const char *id, const char *body)
{
    int codec;
    struct str bytes = event_body_encode(arena, str_of(body), &codec);
    const char *hex = arena_strdup(arena, text_hex(arena, bytes.p, bytes.n));
    ck_assert(partitions_make(db, arena, clock_now() - CLOCK_DAY, 3));
    ck_assert_msg(
        pg_script(db, arena_printf(
                          arena,
                          "insert into event (project_id, event_id, received_day, issue_id, batch,"
                          " received, \"timestamp\", level, type, platform, environment_id, title,"
                          " tags) values (%d, '%s', now()::date, (select min(id) from issue where"
                          " project_id = %d), 1, now(), now(), 40, 'error', 'node', 0, 'boom',"
                          " '{}'); insert into event_body values (%d, '%s', now()::date, %d,"
                          " '\\x%s')",
                          project, id, project, project, id, codec, hex)),
        "%.*s", STR_ARG(pg_message(db)));
}

#define OWN_EVENT "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define FOREIGN_EVENT "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void fill_events(void)
{
    api_fill("");
    arena = arena_new(64 << 20);
    db = pg_open(database_conninfo, "test");
    store_event(11, OWN_EVENT,
                "{\"extra\":{\"mail\":\"ada@example.com\",\"card\":4571234567890111,"
                "\"list\":[1,{\"mail\":\"eve@example.com\"}]},\"user\":{\"id\":\"7\"},"
                "\"_meta\":{\"extra\":{\"old\":{\"\":{\"rem\":[[\"x\",\"x\"]]}}}}}");
    store_event(21, FOREIGN_EVENT, "{\"extra\":{\"mail\":\"secret@example.com\"}}");
    pg_close(db);
    arena_free(arena);
}

static struct str examples_of(const struct jt *answer, const char *selector)
{
    const struct jt *list = jt_get(answer, S("suggestions"));
    for (const struct jt *v = list->first; v; v = v->next) {
        if (str_eq(jt_get_str(v, S("value")), str_of(selector)))
            return api_at(v, "examples.0");
    }
    return S("none");
}

START_TEST(selectors_are_suggested_for_an_event_of_ones_own)
{
    const char *uri = O "data-scrubbing-selector-suggestions/?eventId=";
    const struct jt *answer = api_json(api_get(arena_printf(arena, "%s" OWN_EVENT, uri)), 200);
    ck_assert_text(examples_of(answer, "extra.mail"), "ada@example.com");
    ck_assert_text(api_at(answer, "suggestions.0.type"), "value");
    static const char *const others[] = {FOREIGN_EVENT, "", "nonsense", OWN_EVENT "&project=12",
                                         OWN_EVENT "&projectId=12"};
    for (int i = 0; i < COUNT_OF(others); i++) {
        answer = api_json(api_get(arena_printf(arena, "%s%s", uri, others[i])), 200);
        ck_assert_uint_eq(jt_get(answer, S("suggestions"))->count, 0);
    }
}
END_TEST

static const struct jt *previewed(const char *query, const char *rules, int status)
{
    struct buf text;
    struct jw j;
    buf_init(&text, 1 << 20);
    jw_begin(&j, &text);
    jw_open(&j, '{');
    jw_str_k(&j, "relayPiiConfig", str_of(rules));
    jw_close(&j, '}');
    const char *body = arena_strdup(arena, buf_str(&text));
    buf_free(&text);
    return api_json(
        api_ask("POST", arena_printf(arena, O "data-scrubbing-preview/%s", query), body), status);
}

START_TEST(rules_are_tried_on_recent_events)
{
    const struct jt *answer =
        previewed("", "{\"applications\":{\"**\":[\"@email\"],\"card\":[\"@anything\"]}}", 200);
    ck_assert_uint_eq(jt_get(answer, S("events"))->count, 1);
    ck_assert_text(api_at(answer, "events.0.eventID"), OWN_EVENT);
    ck_assert_text(api_at(answer, "events.0.title"), "boom");
    ck_assert_text(api_at(answer, "events.0.changeCount"), "3");
    ck_assert_text(api_list(jt_get(jt_at(jt_get(answer, S("events")), 0), S("changes")), S("path")),
                   "extra.mail,extra.card,extra.list.1.mail");
    ck_assert_text(api_at(answer, "events.0.changes.0.before"), "ada@example.com");
    ck_assert_text(api_at(answer, "events.0.changes.0.after"), "[email]");
    ck_assert_text(api_at(answer, "events.0.changes.1.before"), "4571234567890111");
    ck_assert_text(api_at(answer, "events.0.changes.1.after"), "null");
}
END_TEST

START_TEST(rules_without_effect_change_nothing)
{
    const struct jt *answer = previewed("", "", 200);
    ck_assert_text(api_at(answer, "events.0.changeCount"), "0");
    answer = previewed("?project=12", "{}", 200);
    ck_assert_uint_eq(jt_get(answer, S("events"))->count, 0);
}
END_TEST

START_TEST(a_broken_rule_is_not_tried)
{
    const struct jt *answer = previewed("", "{\"applications\":{\"(\":[\"@ip\"]}}", 400);
    ck_assert(str_starts(api_at(answer, "relayPiiConfig.0"), S("Not a valid configuration: ")));
    ck_assert_int_eq(api_ask("POST", O "data-scrubbing-preview/", "{}")->status, 400);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, fill_events, NULL);
    tcase_add_checked_fixture(tc, set_up, api_tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, setting_is_kept_and_shown, 0, COUNT_OF(changes));
    tcase_add_test(tc, other_settings_leave_the_digest_alone);
    tcase_add_test(tc, defaults_are_sentrys);
    tcase_add_loop_test(tc, wrong_setting_is_refused, 0, COUNT_OF(refusals));
    tcase_add_test(tc, settings_too_large_for_rules_are_refused);
    tcase_add_test(tc, what_both_require_must_fit_together);
    tcase_add_loop_test(tc, filter_is_switched, 0, COUNT_OF(switches));
    tcase_add_test(tc, browsers_are_those_of_the_digest);
    tcase_add_test(tc, kept_filters_are_understood);
    tcase_add_test(tc, selectors_are_suggested_for_an_event_of_ones_own);
    tcase_add_test(tc, rules_are_tried_on_recent_events);
    tcase_add_test(tc, rules_without_effect_change_nothing);
    tcase_add_test(tc, a_broken_rule_is_not_tried);
}

int main(int count, char **words)
{
    (void)count;
    api_start();
    return database_suite_run(words[0], "scrubbing_settings", add_tests);
}
