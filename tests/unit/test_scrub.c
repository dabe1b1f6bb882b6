/* Simple settings, rules and redactions: ingest.md §4.1 to §4.4, from the cases of Relay. */
#include "tests/unit/scrub.h"
#include "worker/scrub/selector.h"

#define FOLDER "data/ingest/pii/"

/*
 * Where rules changed after the cases were written in 2022: case, place in what it expects, and
 * what is there today.  Objects are scrubbed as well, so that a context named "secret" goes as a
 * whole; addresses in texts are replaced before fields known to hold one are removed; a safe field
 * is a selector where it can be read as one.
 */
#define REMOVED_ADDRESS(length)                                                                    \
    "{\"rem\":[[\"@ip:replace\",\"s\",0,4],[\"@anything:remove\",\"x\"]],\"len\":" length "}"
#define EVERYTHING                                                                                 \
    "($string || $number || $array || $object) && !(debug_meta.** || $frame.filename || "          \
    "$frame.abs_path || $logentry.formatted || $error.value || $request.headers.user-agent)"
#define ADDRESSES                                                                                  \
    "\"$request.env.REMOTE_ADDR || $user.ip_address || $sdk.client_ip || "                         \
    "$span.sentry_tags.'user.ip'\":[\"@anything:remove\"]"
#define COOKIE(name) "*.cookies." name
#define COOKIES                                                                                                                                                                                                                                                                                                  \
    "\"" COOKIE("sentrysid") "||" COOKIE("sudo") "||" COOKIE("su") "||" COOKIE(                                                                                                                                                                                                                                  \
        "session") "||" COOKIE("__session") "||" COOKIE("sessionid") "||" COOKIE("user_session") "|"                                                                                                                                                                                                             \
                                                                                                 "|" COOKIE("symfony") "||" COOKIE("phpsessid") "||" COOKIE("fasthttpsessionid") "||" COOKIE("mysession") "||" COOKIE("irissessionid") "||" COOKIE("csrf") "||" COOKIE("xsrf") "||" COOKIE("_xsrf") "||" COOKIE( \
                                                                                                     "_csrf") "||" COOKIE("csrf-token") "||" COOKIE("csrf_token") "||" COOKIE("xsrf-token") "||" COOKIE("xsrf_token") "||" COOKIE("fastcsrf") "||" COOKIE("_iris_csrf") "\":[\"@anything:filter\"]"
#define APPLIED(safe, more)                                                                        \
    "{\"" EVERYTHING safe "\":[\"@common:filter\",\"@ip:replace\"" more "]," COOKIES "," ADDRESSES \
    ",\"$logentry.formatted\":[\"@bearer\"]}"

static const struct {
    const char *name, *place, *today;
} changed[] = {
    {"test_convert_default_pii_config", "applications", APPLIED("", "")},
    {"test_convert_empty_sensitive_field", "applications", APPLIED("", "")},
    {"test_convert_sensitive_fields", "applications", APPLIED("", ",\"strip-fields\"")},
    {"test_convert_exclude_field", "applications", APPLIED(" && !foobar", "")},
    {"test_convert_scrub_ip_only", "applications",
     "{\"" EVERYTHING "\":[\"@ip:replace\"]," ADDRESSES "}"},
    {"test_regression_more_odd_keys", "applications",
     APPLIED(" && !url && !message && !http.request.url && !'*url*' && !'*message*' && "
             "!'*http.request.url*'",
             "")},
    {"test_http_remote_addr_stripped", "_meta.request.env.REMOTE_ADDR.", REMOVED_ADDRESS("9")},
    {"test_sdk_client_ip_stripped", "_meta.sdk.client_ip.", REMOVED_ADDRESS("9")},
    {"test_user", "_meta.user.ip_address.", REMOVED_ADDRESS("13")},
    {"test_user_ip_stripped", "_meta.user.ip_address.", REMOVED_ADDRESS("13")},
    {"test_contexts", "contexts.secret", "null"},
    {"test_contexts", "_meta.contexts.secret", "{\"\":{\"rem\":[[\"@password:filter\",\"x\"]]}}"},
};

static void bring_up_to_date(struct str name, struct jt *expected)
{
    for (int i = 0; i < COUNT_OF(changed); i++) {
        if (!str_eq(str_of(changed[i].name), name))
            continue;
        struct jt *node = node_at(expected, changed[i].place);
        struct jt *today = json(str_of(changed[i].today)), *next = node->next;
        struct str key = node->key;
        *node = *today;
        node->key = key;
        node->next = next;
    }
}

static struct str_list texts(const struct jt *list)
{
    struct str *out = arena_alloc(arena, (list->count + 1) * sizeof(*out));
    size_t count = 0;
    for (const struct jt *v = list->first; v; v = v->next)
        out[count++] = v->text;
    return (struct str_list){count, out};
}

static struct scrub_options options_of(const struct jt *settings)
{
    return (struct scrub_options){
        jt_get(settings, S("scrub_data"))->kind == JT_TRUE,
        jt_get(settings, S("scrub_defaults"))->kind == JT_TRUE,
        jt_get(settings, S("scrub_ip_addresses"))->kind == JT_TRUE,
        texts(jt_get(settings, S("sensitive_fields"))),
        texts(jt_get(settings, S("exclude_fields"))),
        {0},
    };
}

static struct scrubber *scrubber_with(const struct scrub_options *project)
{
    const char *error;
    struct scrubber *s = scrubber_new(&scrub_options_of_organization, project, &error);
    ck_assert_msg(s != NULL, "%s", error);
    arena_defer(arena, free_scrubber, s);
    return s;
}

/* Relay reads objects sorted by key; the places in _meta count so. */
static void sort_members(struct jt *v)
{
    struct jt *sorted = NULL, *next;
    for (struct jt *child = v->first; child; child = next) {
        struct jt **place = &sorted;
        next = child->next;
        sort_members(child);
        while (*place && (v->kind != JT_OBJECT || strcmp(arena_strdup(arena, (*place)->key),
                                                         arena_strdup(arena, child->key)) < 0))
            place = &(*place)->next;
        child->next = *place;
        *place = child;
    }
    v->first = v->last = sorted;
    while (v->last && v->last->next)
        v->last = v->last->next;
}

/* Normalisation adds fields of its own, which may be scrubbed too. */
static bool was_expected(struct jt *remarks, void *expected)
{
    return jt_get(expected, remarks->key) != NULL;
}

static void check_event(struct str name, struct jt *expected, struct jt *actual)
{
    struct jt *remarks = jt_get(actual, S("_meta"));
    if (remarks)
        jt_filter(remarks, was_expected, expected);
    const struct jt *meta = jt_get(expected, S("_meta"));
    const char *where = difference(expected, actual, false);
    ck_assert_msg(!where, "%.*s: %s", STR_ARG(name), where);
    if (!meta)
        meta = jt_new(arena, JT_OBJECT);
    where = difference(meta, remarks, true);
    ck_assert_msg(!where || (!meta->first && !remarks), "%.*s: _meta.%s", STR_ARG(name), where);
}

static struct str canonical(struct str selector)
{
    const char *error;
    const struct selector *s = selector_parse(arena, selector, &error);
    ck_assert_msg(s != NULL, "%s: %.*s", error, STR_ARG(selector));
    buf_clear(&printed);
    selector_print(s, &printed);
    return arena_str(arena, buf_str(&printed));
}

static void canonicalize_keys(struct jt *applications)
{
    for (struct jt *v = applications->first; v; v = v->next)
        v->key = canonical(v->key);
}

static void check_config(struct str name, struct jt *expected, const struct scrub_options *options)
{
    struct jt *actual = scrub_options_config(arena, options);
    canonicalize_keys(jt_get(expected, S("applications")));
    canonicalize_keys(jt_get(actual, S("applications")));
    const char *where = difference(expected, actual, true);
    ck_assert_msg(!where, "%.*s: %s", STR_ARG(name), where);
}

/* The JSON of a snapshot follows its second line of dashes. */
static struct jt *snapshot(const char *group, struct str name)
{
    struct str text;
    const char *path = arena_printf(
        arena, FOLDER "snapshots/relay_general__pii__%s__tests__%.*s.snap", group, STR_ARG(name));
    FILE *there = fopen(shared_path(arena, path), "re");
    if (!there)
        return NULL;
    fclose(there);
    shared_file(arena, path, &text);
    text = str_from(text, str_find(text, S("\n---\n")) + 5);
    return json(text);
}

/* Two snapshots show the request alone. */
static struct jt *around_request(struct jt *snap)
{
    struct jt *event = jt_new(arena, JT_OBJECT), *remarks = jt_get(snap, S("_meta"));
    struct jt *meta = jt_new(arena, JT_OBJECT);
    jt_remove(snap, remarks);
    jt_set(meta, S("request"), remarks);
    jt_set(event, S("request"), snap);
    jt_set(event, S("_meta"), meta);
    return event;
}

static struct jt *snapshot_of_case(struct str name)
{
    struct str short_name = str_from(name, strlen("test_"));
    struct jt *snap = snapshot("convert", short_name);
    if (!snap)
        snap = snapshot("convert", str_of(arena_printf(arena, "%.*s-2", STR_ARG(short_name))));
    if (!snap)
        return NULL;
    if (jt_get(snap, S("data")))
        snap = around_request(snap);
    bring_up_to_date(name, snap);
    return snap;
}

static void check_settings_case(struct str name, const struct jt *c, struct jt *snap)
{
    struct scrub_options options = options_of(jt_get(c, S("settings")));
    struct jt *expected = jt_get(c, S("expected")), *input = jt_get(c, S("input"));
    bring_up_to_date(name, expected);
    if (!input) {
        check_config(name, expected, &options);
        if (snap)
            check_config(name, snap, &options);
        return;
    }
    sort_members(input);
    struct jt *actual = scrub_sent(scrubber_with(&options), input);
    check_event(name, expected, actual);
    if (snap)
        check_event(name, snap, actual);
}

START_TEST(simple_settings_scrub)
{
    struct str text;
    int snapshots = 0;
    if (!shared_file(arena, FOLDER "relay22_datascrubbing_cases.json", &text))
        return;
    const struct jt *cases = jt_get(json(text), S("cases"));
    for (const struct jt *c = cases->first; c; c = c->next) {
        struct str name = jt_get_str(c, S("name"));
        struct jt *snap = snapshot_of_case(name);
        check_settings_case(name, c, snap);
        snapshots += snap != NULL;
    }
    printf("%zu settings cases and %d snapshots of them passed\n", cases->count, snapshots);
    ck_assert_uint_eq(cases->count, 58);
    ck_assert_int_eq(snapshots, 49);
}
END_TEST

/* ---- Rules. */

static struct str config_of(const struct jt *c)
{
    struct str rule = jt_get_str(c, S("rule")), method = str_from(rule, 1);
    if (!str_eq(jt_get_str(c, S("kind")), S("custom")))
        return str_of(
            arena_printf(arena, "{\"applications\":{\"$string\":[\"%.*s\"]}}", STR_ARG(rule)));
    struct str type = str_split(&method, ':');
    return str_of(arena_printf(arena,
                               "{\"rules\":{\"0\":{\"type\":\"%.*s\",\"redaction\":{\"method\":"
                               "\"%.*s\"}}},\"applications\":{\"$string\":[\"0\"]}}",
                               STR_ARG(type), STR_ARG(method)));
}

static struct str remarks_of(const struct jt *remarks)
{
    buf_clear(&printed);
    for (const struct jt *v = remarks->first; v; v = v->next) {
        const struct jt *range = jt_get(v, S("range"));
        buf_printf(&printed, "%s[\"%.*s\",\"%.*s\",%.*s,%.*s]", v == remarks->first ? "[" : ",",
                   STR_ARG(jt_get_str(v, S("rule"))), STR_ARG(jt_get_str(v, S("type"))),
                   STR_ARG(range->first->text), STR_ARG(range->last->text));
    }
    buf_puts(&printed, remarks->first ? "]" : "absent");
    return arena_str(arena, buf_str(&printed));
}

static void check_rule_case(const struct jt *c)
{
    struct jt *event = event_with(jt_get_str(c, S("input")));
    scrub_tree(scrubber_for(config_of(c)), event);
    ck_assert_text(jt_get_str(jt_get(event, S("extra")), S("value")),
                   arena_strdup(arena, jt_get_str(c, S("output"))));
    struct str expected = remarks_of(jt_get(c, S("remarks")));
    ck_assert_text(text_at(event, "_meta.extra.value..rem"), arena_strdup(arena, expected));
}

START_TEST(built_in_rules_redact)
{
    struct str text;
    if (!shared_file(arena, FOLDER "relay22_builtin_rules.json", &text))
        return;
    const struct jt *cases = jt_get(json(text), S("cases"));
    for (const struct jt *c = cases->first; c; c = c->next)
        check_rule_case(c);
    printf("%zu rule cases passed\n", cases->count);
    ck_assert_uint_eq(cases->count, 58);
}
END_TEST

/* What is not in Relay's cases: a rule, a text, what becomes of it. */
static const struct {
    const char *rule, *text, *scrubbed;
} rules[] = {
    {"@bearer", "with Bearer abc.def and", "with Bearer [token] and"},
    {"@bearer:filter", "bearer abc", "[Filtered]"},
    {"@common:filter", "x Bearer abc", "x [Filtered]"},
    {"@common:mask", "1.2.3.4 a@b.com", "******* *******"},
    {"@imei:mask", "356938035643809", "3888108AA99417402969D0B47A2CA4ECD2A1AAD3"},
    {"@iban", "DE89370400440532013000", "[iban]"},
    {"@iban:filter", "pay GB29NWBK60161331926819 now", "pay [Filtered] now"},
    {"@iban", "XX89370400440532013000", "XX89370400440532013000"},
    {"@usssn:remove", "a 078-05-1120 b", "a  b"},
    {"@ip", "1:2:3:4:5:6:7:8", "[ip]"},
    {"@ip", "at fe80::1, std::string", "at [ip], std::string"},
    {"@ip", "12:30:45", "12:30:45"},
    {"@ip", "::ffff:10.0.0.1", "[ip]:[ip]"},
    {"@ip", "1.2.3.256 v1.2.3", "1.2.3.256 v1.2.3"},
    {"@email", "'a.b+c@d.example.org'.", "'[email]'."},
    {"@email", "root@localhost", "root@localhost"},
    {"@urlauth:legacy", "https://a:b@c and //d:e@f", "https://a:[Filtered]@c and //d:[Filtered]@f"},
    {"@urlauth:nothing", "https://a:b@c", "https://a:b@c"},
    {"@userpath:filter", "/home/me/x", "/home/me/x"},
    {"@userpath", "c:\\Documents and Settings\\me\\x", "c:\\Documents and Settings\\[user]\\x"},
    {"@password:filter", "the author", "[Filtered]"},
    {"@password:filter", "token bucket", "token bucket"},
    {"@password:filter", "token=1", "[Filtered]"},
    {"@password:filter", "robotpower", "robotpower"},
    {"@password:filter", "OTP", "[Filtered]"},
    {"@password:mask", "my secret", "*********"},
    {"@anything:mask", "g\xC3\xA4rb", "****"},
    {"@anything:filter", "a\nb", "[Filtered]"},
    {"@anything", "undefined", "undefined"},
    {"@nothing", "x", "x"},
};

START_TEST(rules_redact)
{
    const char *config =
        arena_printf(arena, "{\"applications\":{\"$string\":[\"%s\"]}}", rules[_i].rule);
    struct jt *event = event_with(str_of(rules[_i].text));
    scrub_tree(scrubber_for(str_of(config)), event);
    ck_assert_text(jt_get_str(jt_get(event, S("extra")), S("value")), rules[_i].scrubbed);
}
END_TEST

/* ---- Configurations: rules and applications, an event, a place, what is there. */

#define RULE(body) "{\"rules\":{\"r\":{" body "}},\"applications\":{\"$string\":[\"r\"]}}"
#define PATTERN(regex) RULE("\"type\":\"pattern\",\"pattern\":\"" regex "\"")
#define TEXT(text) "{\"extra\":{\"value\":\"" text "\"}}"

static const struct {
    const char *config, *event, *place, *json;
} configs[] = {
    /* Redactions of custom rules. */
    {PATTERN("b+"), TEXT("abbc"), "extra.value", "\"ac\""},
    {PATTERN("b+"), TEXT("abbc"), "_meta.extra.value.", "{\"rem\":[[\"r\",\"x\",1,1]],\"len\":4}"},
    {RULE("\"type\":\"pattern\",\"pattern\":\"a(b)c(d)\",\"replaceGroups\":[1,2],\"redaction\":{"
          "\"method\":\"replace\",\"text\":\"-\"}"),
     TEXT("abcd"), "extra.value", "\"a-c-\""},
    {RULE("\"type\":\"pattern\",\"pattern\":\"b\",\"replaceGroups\":null,\"redaction\":{"
          "\"method\":\"replace\",\"text\":\"-\"}"),
     TEXT("abcd"), "extra.value", "\"a-cd\""},
    {RULE("\"type\":\"pattern\",\"pattern\":\"b\",\"replaceGroups\":[]"), TEXT("abcd"),
     "extra.value", "\"abcd\""},
    {RULE("\"type\":\"pattern\",\"pattern\":\"b\",\"redaction\":{\"method\":\"newer\"}"),
     TEXT("abc"), "extra.value", "\"abc\""},
    {"{\"rules\":{\"r\":{\"type\":\"anything\",\"redaction\":{\"method\":\"newer\"}}},"
     "\"applications\":{\"$number\":[\"r\"]}}",
     "{\"extra\":{\"value\":1}}", "extra.value", "1"},
    {RULE("\"type\":\"newer\""), TEXT("abc"), "extra.value", "\"abc\""},
    {RULE("\"type\":\"pattern\",\"pattern\":\"x*\",\"redaction\":{\"method\":\"replace\"}"),
     TEXT("abxc"), "extra.value", "\"ab[Filtered]c\""},
    {"{\"rules\":{\"r\":{\"type\":\"ip\",\"redaction\":{\"method\":\"hash\"}}},\"vars\":{"
     "\"hashKey\":\"k\"},\"applications\":{\"$string\":[\"r\"]}}",
     TEXT("127.0.0.1"), "extra.value", "\"82B0A40C291B06BF26D8D63D8B4DC012247EBEE3\""},
    /* Broken and forbidden patterns do nothing. */
    {PATTERN("("), TEXT("abc"), "extra.value", "\"abc\""},
    {PATTERN("(?=b)b"), TEXT("abc"), "extra.value", "\"abc\""},
    {PATTERN("(?<!x)b"), TEXT("abc"), "extra.value", "\"abc\""},
    {PATTERN("(b)\\\\1?"), TEXT("abc"), "extra.value", "\"abc\""},
    {PATTERN("(?R)?b"), TEXT("abc"), "extra.value", "\"abc\""},
    {PATTERN("(*UTF)b"), TEXT("abc"), "extra.value", "\"abc\""},
    {PATTERN("(?P<n>b)"), TEXT("abc"), "extra.value", "\"ac\""},
    {PATTERN("(?i:B)[(?=]*"), TEXT("abc"), "extra.value", "\"ac\""},
    /* Rules of rules. */
    {"{\"rules\":{\"m\":{\"type\":\"multiple\",\"rules\":[\"@ip\",\"@mac\"],\"hideInner\":true,"
     "\"redaction\":{\"method\":\"replace\",\"text\":\"?\"}}},\"applications\":{\"$string\":["
     "\"m\"]}}",
     TEXT("1.2.3.4 4a:00:04:10:9b:50"), "_meta.extra.value..rem",
     "[[\"m\",\"s\",0,1],[\"m\",\"s\",2,3]]"},
    {"{\"rules\":{\"a\":{\"type\":\"alias\",\"rule\":\"@ip:mask\"}},\"applications\":{\"$string\":["
     "\"a\"]}}",
     TEXT("1.2.3.4"), "_meta.extra.value..rem", "[[\"@ip:mask\",\"m\",0,7]]"},
    {"{\"rules\":{\"a\":{\"type\":\"alias\",\"rule\":\"b\"},\"b\":{\"type\":\"alias\",\"rule\":"
     "\"a\"}},\"applications\":{\"$string\":[\"a\",\"@ip\"]}}",
     TEXT("1.2.3.4"), "extra.value", "\"[ip]\""},
    /* Several rules on one text, in the order of their ids; what is redacted stays. */
    {"{\"rules\":{\"2\":{\"type\":\"pattern\",\"pattern\":\"b[^c]*c\",\"redaction\":{\"method\":"
     "\"replace\",\"text\":\"2\"}},\"1\":{\"type\":\"pattern\",\"pattern\":\"b\",\"redaction\":{"
     "\"method\":\"replace\",\"text\":\"b\\u00e4\"}}},\"applications\":{\"$string\":[\"2\",\"1\"]}"
     "}",
     TEXT("abxc"), "extra.value", "\"ab\xC3\xA4xc\""},
    /* Earlier remarks: trimmed ends are not searched. */
    {"{\"applications\":{\"$string\":[\"@anything:mask\"]}}",
     "{\"extra\":{\"value\":\"...\"},\"_meta\":{\"extra\":{\"value\":{\"\":{\"rem\":[[\"!limit\","
     "\"s\",0,3]],\"len\":9}}}}}",
     "extra.value", "\"...\""},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}",
     "{\"extra\":{\"value\":\"1.2.3.4 ...\"},\"_meta\":{\"extra\":{\"value\":{\"\":{\"rem\":[["
     "\"!limit\",\"s\",8,11]],\"len\":99}}}}}",
     "_meta.extra.value.", "{\"rem\":[[\"@ip\",\"s\",0,4],[\"!limit\",\"s\",5,8]],\"len\":99}"},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}",
     "{\"extra\":{\"value\":\"1.2.3.4\"},\"_meta\":{\"extra\":{\"value\":{\"\":{\"rem\":[[\"x\","
     "\"s\",-1,3],[\"x\",\"s\",5,99],7,[\"x\",\"s\",5,2]]}}}}}",
     "_meta.extra.value.", "{\"rem\":[[\"@ip\",\"s\",0,4]],\"len\":7}"},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}",
     "{\"extra\":{\"value\":\"1.2.3.4\"},\"_meta\":{\"extra\":{\"value\":[1]}}}", "_meta",
     "{\"extra\":{\"value\":{\"\":{\"rem\":[[\"@ip\",\"s\",0,4]],\"len\":7}}}}"},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}",
     "{\"extra\":{\"value\":\"1.2.3.4\"},\"_meta\":{\"extra\":7}}", "_meta.extra.value..len", "7"},
    /* Originals. */
    {"{\"applications\":{\"$string\":[\"@ip\"]}}",
     "{\"extra\":{},\"_meta\":{\"extra\":{\"a\":{\"\":{\"val\":\"1.2.3.4\"}}}}}",
     "_meta.extra.a..val", "\"[ip]\""},
    {"{\"applications\":{\"$string\":[\"@password\"]}}",
     "{\"extra\":{},\"_meta\":{\"extra\":{\"password\":{\"\":{\"val\":7,\"len\":1}}}}}",
     "_meta.extra.password.", "{\"val\":7,\"len\":1}"},
    {"{\"applications\":{\"$number\":[\"@password\"]}}",
     "{\"extra\":{},\"_meta\":{\"extra\":{\"password\":{\"\":{\"val\":7,\"len\":1}}}}}",
     "_meta.extra.password.", "{\"len\":1}"},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}",
     "{\"_meta\":{\"request\":{\"headers\":{\"0\":{\"1\":{\"\":{\"val\":\"1.2.3.4\"}}}}}}}",
     "_meta.request.headers.0.1.", "{}"},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}",
     "{\"errors\":[{\"type\":\"invalid_data\",\"name\":\"user.ip_address\",\"value\":\"at "
     "1.2.3.4\"}]}",
     "errors.0.value", "\"at [ip]\""},
    {"{\"applications\":{\"request.env.a\":[\"@anything:remove\"]}}",
     "{\"errors\":[{\"name\":\"request.env.a\",\"value\":[1]},{\"name\":\"level\",\"value\":1}]}",
     "errors", "[{\"name\":\"request.env.a\",\"value\":null},{\"name\":\"level\",\"value\":1}]"},
    /* Pairs in free-form lists. */
    {"{\"applications\":{\"$string\":[\"@password:filter\"]}}",
     "{\"extra\":{\"h\":[[\"Authorization\",\"x\"],[\"b\",\"c\"]]}}", "extra.h",
     "[[\"[Filtered]\",\"[Filtered]\"],[\"b\",\"c\"]]"},
    {"{\"applications\":{\"$string\":[\"@password:filter\"]}}",
     "{\"extra\":{\"h\":[[\"Authorization\",\"x\"],\"c\"]}}", "extra.h",
     "[[\"[Filtered]\",\"x\"],\"c\"]"},
    {"{\"applications\":{\"extra.h.a\":[\"@anything\"]}}", "{\"extra\":{\"h\":[[\"a\",\"x\"]]}}",
     "_meta.extra.h.0.1..rem", "[[\"@anything\",\"s\",0,10]]"},
    /* Fields. */
    {"{\"applications\":{\"**\":[\"@email\"]}}", TEXT("test@mail.org"), "extra.value",
     "\"[email]\""},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}", "{\"tags\":[[\"a\",\"1.2.3.4\"]]}", "tags",
     "[[\"a\",\"1.2.3.4\"]]"},
    {"{\"applications\":{\"tags.a\":[\"@ip\"]}}", "{\"tags\":[[\"a\",\"1.2.3.4\"]]}", "tags",
     "[[\"a\",\"[ip]\"]]"},
    {"{\"applications\":{\"$string\":[\"@ip\"]}}", "{\"release\":\"1.2.3.4\"}", "release",
     "\"1.2.3.4\""},
    {"{\"applications\":{\"release\":[\"@anything\"]}}", "{\"release\":\"1.2.3.4\"}", "release",
     "\"1.2.3.4\""},
    {"{\"applications\":{\"$message\":[\"@ip\"]}}", "{\"logentry\":{\"formatted\":\"1.2.3.4\"}}",
     "logentry.formatted", "\"[ip]\""},
    {"{\"applications\":{\"$frame.filename\":[\"@userpath\"]}}",
     "{\"stacktrace\":{\"frames\":[{\"filename\":\"/home/me/a.py\"}]}}",
     "stacktrace.frames.0.filename", "\"/home/[user]/a.py\""},
    {"{\"applications\":{\"$number\":[\"@anything:remove\"]}}", "{\"extra\":{\"a\":1,\"b\":true}}",
     "extra", "{\"a\":null,\"b\":true}"},
    {"{\"applications\":{\"$span.data.password\":[\"@anything:remove\"]}}",
     "{\"spans\":[{\"data\":{\"password\":\"x\",\"url.full\":\"y\"}}]}", "spans.0.data",
     "{\"password\":null,\"url.full\":\"y\"}"},
    /* Users. */
    {"{\"applications\":{\"user.ip_address\":[\"@ip:hash\"]}}",
     "{\"user\":{\"ip_address\":\"127.0.0.1\"}}", "user",
     "{\"ip_address\":null,\"id\":\"AE12FE3B5F129B5CC4CDD2B136B7B7947C4D2741\"}"},
    {"{\"applications\":{\"user.ip_address\":[\"@ip:hash\"]}}",
     "{\"user\":{\"ip_address\":\"127.0.0.1\",\"id\":\"1\"}}", "user.id", "\"1\""},
    {"{\"applications\":{\"user.ip_address\":[\"@ip:remove\"]}}",
     "{\"user\":{\"ip_address\":\"{{auto}}\"}}", "user", "{\"ip_address\":\"{{auto}}\"}"},
};

START_TEST(configurations_scrub)
{
    struct jt *event = json(str_of(configs[_i].event));
    scrub_tree(scrubber_for(str_of(configs[_i].config)), event);
    ck_assert_text(text_at(event, configs[_i].place), configs[_i].json);
}
END_TEST

static const struct {
    const char *config, *error;
} invalid[] = {
    {"[]", "the configuration is no object"},
    {"{", NULL},
    {"{\"applications\":[]}", "applications are no object"},
    {"{\"applications\":{\"* && foo\":[\"@ip\"]}}", "wildcard must be part of a path"},
    {"{\"applications\":{\"$nothing\":[\"@ip\"]}}", "unknown value"},
};

START_TEST(invalid_configurations_say_why)
{
    const char *error = NULL;
    ck_assert_ptr_null(scrubber_of_config(str_of(invalid[_i].config), &error));
    ck_assert_ptr_nonnull(error);
    if (invalid[_i].error)
        ck_assert_str_eq(error, invalid[_i].error);
}
END_TEST

START_TEST(rules_of_rules_are_limited)
{
    const char *error;
    buf_clear(&printed);
    buf_puts(&printed, "{\"rules\":{\"m\":{\"type\":\"multiple\",\"rules\":[\"m\"");
    for (int i = 0; i < 100; i++)
        buf_puts(&printed, ",\"m\"");
    buf_puts(&printed, "]}},\"applications\":{\"$string\":[\"m\"]}}");
    ck_assert_ptr_null(scrubber_of_config(buf_str(&printed), &error));
    ck_assert_str_eq(error, "too many rules");
}
END_TEST

START_TEST(broken_rules_are_counted)
{
    ck_assert_uint_eq(scrubber_broken_rules(scrubber_for(S(PATTERN("(")))), 1);
    ck_assert_uint_eq(scrubber_broken_rules(scrubber_for(S(PATTERN("a")))), 0);
}
END_TEST

/* ---- Organization and project together. */

START_TEST(an_organization_can_require)
{
    struct scrub_options project = scrub_options_of_project, organization = {0};
    const char *error;
    project.scrub_data = project.scrub_defaults = false;
    ck_assert(scrubber_is_idle(scrubber_with(&project)));
    organization.scrub_ip_addresses = true;
    organization.rules = S("{\"rules\":{\"r\":{\"type\":\"pattern\",\"pattern\":\"b\"}},"
                           "\"applications\":{\"$string\":[\"r\"]}}");
    project.rules = S("{\"rules\":{\"r\":{\"type\":\"pattern\",\"pattern\":\"c\"}},"
                      "\"applications\":{\"$string\":[\"r\"]}}");
    struct scrubber *s = scrubber_new(&organization, &project, &error);
    struct jt *event = scrub_tree(s, json(S("{\"extra\":{\"a\":\"abcd 1.2.3.4\"}}")));
    ck_assert_text(text_at(event, "extra.a"), "\"ad [ip]\"");
    ck_assert_text(text_at(event, "_meta.extra.a..rem"),
                   "[[\"organization:r\",\"x\",1,1],[\"project:r\",\"x\",1,1],[\"@ip:replace\","
                   "\"s\",3,7]]");
    scrubber_free(s);
}
END_TEST

START_TEST(options_are_read_from_the_api)
{
    struct scrub_options o = scrub_options_read(
        arena,
        json(S("{\"dataScrubber\":false,\"scrubIPAddresses\":true,\"sensitiveFields\":[\"a\",1],"
               "\"safeFields\":7,\"relayPiiConfig\":\"{}\"}")),
        scrub_options_of_project);
    ck_assert(!o.scrub_data && o.scrub_defaults && o.scrub_ip_addresses);
    ck_assert_uint_eq(o.sensitive_fields.count, 1);
    ck_assert_uint_eq(o.safe_fields.count, 0);
    ck_assert_text(o.rules, "{}");
    o = scrub_options_read(arena, json(S("{\"relayPiiConfig\":null}")), o);
    ck_assert(!o.rules.p && o.scrub_ip_addresses);
}
END_TEST

/* ---- Defaults: a sent event, a place, what is there. */

static const struct {
    const char *event, *place, *json;
} defaults[] = {
    {"{\"request\":{\"headers\":[[\"Authorization\",\"x\"],[\"User-Agent\",\"auth-bot\"]]}}",
     "request.headers", "[[\"Authorization\",\"[Filtered]\"],[\"User-Agent\",\"auth-bot\"]]"},
    {"{\"request\":{\"cookies\":{\"SessionID\":\"x\",\"foo\":\"y\"}}}", "request.cookies",
     "[[\"SessionID\",\"[Filtered]\"],[\"foo\",\"y\"]]"},
    {"{\"exception\":[{\"type\":\"E\",\"value\":\"4571234567890111\"}]}",
     "exception.values.0.value", "\"4571234567890111\""},
    {"{\"breadcrumbs\":[{\"message\":\"4571234567890111\"}]}", "breadcrumbs.values.0.message",
     "\"[Filtered]\""},
    {"{\"message\":\"password 4571234567890111 Bearer abc\"}", "logentry.formatted",
     "\"password 4571234567890111 Bearer [token]\""},
    {"{\"extra\":{\"is_auth\":true,\"auth\":\"null\"}}", "extra",
     "{\"is_auth\":true,\"auth\":\"null\"}"},
    {"{\"request\":{\"api_target\":\"GraphQL\",\"data\":{\"query\":\"q\",\"variables\":{\"login\":"
     "\"foo\"}}},\"contexts\":{\"response\":{\"data\":{\"data\":{\"viewer\":{\"login\":\"foo\","
     "\"x\":1}}}}}}",
     "request.data.variables", "{\"login\":\"[Filtered]\"}"},
    {"{\"request\":{\"api_target\":\"graphql\",\"data\":{\"query\":\"q\",\"variables\":{\"login\":"
     "\"foo\"}}},\"contexts\":{\"response\":{\"data\":{\"data\":{\"viewer\":{\"login\":\"foo\","
     "\"x\":1}}}}}}",
     "contexts.response.data.data.viewer", "{\"login\":\"[Filtered]\",\"x\":1}"},
    {"{\"request\":{\"api_target\":\"graphql\",\"data\":{\"query\":\"q\"}},\"contexts\":{"
     "\"response\":{\"data\":{\"data\":{\"a\":1}}}}}",
     "contexts.response.data", "{}"},
    {"{\"request\":{\"data\":{\"query\":\"q\"}},\"contexts\":{\"response\":{\"data\":{\"data\":{"
     "\"a\":1}}}}}",
     "contexts.response.data", "{\"data\":{\"a\":1}}"},
};

START_TEST(defaults_scrub)
{
    struct jt *event =
        scrub_sent(scrubber_with(&scrub_options_of_project), json(str_of(defaults[_i].event)));
    ck_assert_text(text_at(event, defaults[_i].place), defaults[_i].json);
}
END_TEST

START_TEST(fields_of_addresses_are_removed)
{
    struct scrub_options options = {.scrub_ip_addresses = true};
    struct jt *event = scrub_sent(
        scrubber_with(&options),
        json(S("{\"spans\":[{\"sentry_tags\":{\"user.ip\":\"none\",\"op\":\"1.2.3.4\"}}],\"sdk\":{"
               "\"client_ip\":\"none\"},\"extra\":{\"password\":\"1.2.3.4\"}}")));
    ck_assert_text(text_at(event, "spans.0.sentry_tags"), "{\"user.ip\":null,\"op\":\"1.2.3.4\"}");
    ck_assert_text(text_at(event, "sdk.client_ip"), "null");
    ck_assert_text(text_at(event, "extra.password"), "\"[ip]\"");
}
END_TEST

/* ---- Relay's cases of the processor, of which only the results are recorded; what leads to them
 * is tests/fixtures/scrub_processor_cases.json, which the conformance list uses as well. */

static void check_processor_case(const struct jt *c)
{
    struct str name = jt_get_str(c, S("name"));
    struct jt *expected = snapshot("processor", name);
    if (!expected) {
        printf("SKIP snapshot %.*s is not there\n", STR_ARG(name));
        return;
    }
    struct jt *event = json(json_text(jt_get(c, S("event"))));
    scrub_tree(scrubber_for(json_text(jt_get(c, S("config")))), event);
    check_event(name, expected, event);
}

START_TEST(snapshots_of_the_processor_agree)
{
    struct str text;
    ck_assert(file_read(arena, "tests/fixtures/scrub_processor_cases.json", &text));
    const struct jt *cases = json(text);
    ck_assert_uint_eq(cases->count, 11);
    for (const struct jt *c = cases->first; c; c = c->next)
        check_processor_case(c);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, scrub_begin, scrub_end);
    tcase_add_test(tc, simple_settings_scrub);
    tcase_add_test(tc, built_in_rules_redact);
    tcase_add_loop_test(tc, rules_redact, 0, COUNT_OF(rules));
    tcase_add_loop_test(tc, configurations_scrub, 0, COUNT_OF(configs));
    tcase_add_loop_test(tc, invalid_configurations_say_why, 0, COUNT_OF(invalid));
    tcase_add_test(tc, rules_of_rules_are_limited);
    tcase_add_test(tc, broken_rules_are_counted);
    tcase_add_test(tc, an_organization_can_require);
    tcase_add_test(tc, options_are_read_from_the_api);
    tcase_add_loop_test(tc, defaults_scrub, 0, COUNT_OF(defaults));
    tcase_add_test(tc, fields_of_addresses_are_removed);
    tcase_add_test(tc, snapshots_of_the_processor_agree);
}

int main(void)
{
    return suite_run("scrub", add_tests);
}
