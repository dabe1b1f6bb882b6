#include "tests/unit/suite.h"
#include "worker/span/category.h"
#include "worker/span/description.h"
#include "worker/span/tags.h"

static struct arena *arena;

static void begin(void)
{
    arena = arena_new((size_t)64 << 20);
}

static void end(void)
{
    arena_free(arena);
}

static struct jt *span(const char *json)
{
    const char *error = NULL;
    struct jt *v = jt_read(arena, str_of(json), 32, &error);
    ck_assert_msg(v != NULL, "%s: %s", json, error);
    return v;
}

/* A span, and what it is grouped by; NULL: nothing. */
static const struct {
    const char *span, *description;
} cases[] = {
    {"{\"op\":\"http.client\",\"description\":\"GET https://api.test.com/v1/users?x=1\"}",
     "GET https://*.test.com"},
    {"{\"op\":\"http.client\",\"description\":\"get https://a.b.shop.co.uk:8080/\"}",
     "GET https://*.shop.co.uk:8080"},
    {"{\"op\":\"http.client\",\"description\":\"GET http://8.8.8.8/data\"}", "GET http://*.*.*.*"},
    {"{\"op\":\"http\",\"description\":\"POST http://[2001:db8::1]:80/data\"}",
     "POST http://*:*:*:*:*:*:*:*:80"},
    {"{\"op\":\"http.client\",\"description\":\"GET http://127.0.0.1:5000/data\"}",
     "GET http://127.0.0.1:5000"},
    {"{\"op\":\"http.client\",\"description\":\"GET /relative\"}", "GET *"},
    {"{\"op\":\"http.client\",\"description\":\"GET data:image/png;base64,AAAA\"}",
     "GET data:image/*"},
    {"{\"op\":\"http.client\",\"description\":\"FETCH https://a.example/\"}", NULL},
    {"{\"op\":\"http.client\",\"description\":\"\"}", NULL},
    {"{\"op\":\"db.redis\",\"description\":\"set user:1 x\"}", "SET *"},
    {"{\"op\":\"cache.get\",\"description\":\"PING\"}", "PING"},
    {"{\"op\":\"cache.get\",\"description\":\"user:1\"}", "*"},
    {"{\"op\":\"db\",\"description\":\"GET x\",\"data\":{\"db.system\":\"redis\"}}", "GET *"},
    {"{\"op\":\"db.sql.query\",\"description\":\"select 1\"}", "SELECT %s"},
    {"{\"op\":\"db\",\"description\":\"{\\\"find\\\":\\\"users_12\\\",\\\"filter\\\":{\\\"a\\\":[1]"
     "}"
     "}\",\"data\":{\"db.system\":\"mongodb\",\"db.operation\":\"find\",\"db.collection.name\":"
     "\"users_12\"}}",
     "{\"find\":\"users_{%s}\",\"filter\":{\"a\":[\"?\"]}}"},
    {"{\"op\":\"db\",\"description\":\"{not json\",\"data\":{\"db.system\":\"mongodb\","
     "\"db.operation\":\"find\",\"db.collection.name\":\"users\"}}",
     NULL},
    {"{\"op\":\"db.clickhouse\",\"description\":\"SELECT 1\"}", NULL},
    {"{\"op\":\"db.sql.prisma\",\"description\":\"User findMany\"}", "User findMany"},
    {"{\"op\":\"db.sql.core_data\",\"origin\":\"auto.db.core_data\",\"description\":"
     "\"INSERTED 1 'Person'\"}",
     "INSERTED * 'Person'"},
    {"{\"op\":\"db\",\"origin\":\"auto.db.supabase\",\"description\":\"from(user_12)\"}",
     "from(user_{%s})"},
    {"{\"op\":\"resource.script\",\"description\":"
     "\"https://cdn.domain.com/static/chunks/app-1234abcdef.js\"}",
     "https://*.domain.com/static/chunks/app-*.js"},
    {"{\"op\":\"resource.img\",\"description\":\"https://a.example/users/7/me.png?x=1\"}",
     "https://a.example/*/*.png"},
    {"{\"op\":\"resource.css\",\"description\":\"data:text/css;base64,abc\"}", "data:text/css"},
    {"{\"op\":\"resource.script\",\"description\":\"chrome-extension://abc/x.js\"}",
     "browser-extension://*"},
    {"{\"op\":\"resource.script\",\"description\":\"nothing\"}", NULL},
    {"{\"op\":\"file.read\",\"description\":\"/home/me/data.csv\"}", "*.csv"},
    {"{\"op\":\"file.read\",\"description\":\"secret\"}", "*"},
    {"{\"op\":\"function\",\"description\":\"run-0123456789abcdef0123\"}", "run-*"},
    {"{\"op\":\"ui.load\",\"description\":\"MainActivity\"}", "MainActivity"},
    {"{\"op\":\"app.start.cold\",\"description\":\"Cold Start\"}", "Cold Start"},
    {"{\"op\":\"ui.interaction.click\",\"description\":\"x\",\"data\":{\"ui.component_name\":"
     "\"Button\"}}",
     "Button"},
    {"{\"op\":\"custom\",\"description\":\"x\"}", NULL},
    {"{\"op\":\"dbx\",\"description\":\"select 1\"}", NULL},
    {"{\"op\":7,\"description\":[]}", NULL},
    {"{}", NULL},
};

START_TEST(a_span_is_described_by_its_kind)
{
    struct str text = span_description(arena, span(cases[_i].span));
    if (cases[_i].description)
        ck_assert_text(text, cases[_i].description);
    else
        ck_assert_msg(!text.p, "%s: %.*s", cases[_i].span, STR_ARG(text));
}
END_TEST

static const struct {
    const char *span, *action, *domain;
} places[] = {
    {"{\"op\":\"http.client\",\"description\":\"GET https://a.test.com/\"}", "GET", "*.test.com"},
    {"{\"op\":\"http.client\",\"description\":\"x\",\"data\":{\"http.request_method\":\"post\"}}",
     "POST", ""},
    {"{\"op\":\"db\",\"description\":\"SELECT a FROM b JOIN c\"}", "SELECT", ",b,c,"},
    {"{\"op\":\"db\",\"description\":\"x\",\"data\":{\"db.operation\":\"find\"}}", "FIND", ""},
    {"{\"op\":\"db.redis\",\"description\":\"hget a b\"}", "HGET", ""},
    {"{\"op\":\"resource.script\",\"description\":\"https://cdn.x.com/a.js\"}", "", "*.x.com"},
};

START_TEST(a_span_has_an_action_and_a_domain)
{
    struct jt *v = span(places[_i].span);
    ck_assert_text(span_action(arena, v), places[_i].action);
    ck_assert_text(span_domain(arena, v), places[_i].domain);
}
END_TEST

START_TEST(a_category_is_the_front_of_an_op)
{
    ck_assert_text(span_category(S("ui.react.render")), "ui.react");
    ck_assert_text(span_category(S("db")), "db");
    ck_assert_text(span_category(S("http.client")), "http");
    ck_assert(!span_category(S("ui.load")).p);
    ck_assert(!span_category(S("dbx")).p);
    ck_assert(!span_category(S("")).p);
}
END_TEST

START_TEST(tags_of_the_event_and_of_the_span)
{
    struct span_scene scene;
    struct jt *event =
        span("{\"release\":\"1\",\"user\":{\"email\":\"a@b\"},\"contexts\":{\"trace\":"
             "{\"op\":\"load\"}},\"sdk\":{\"name\":\"sentry.cocoa\"}}");
    struct jt *v = span("{\"op\":\"db\",\"description\":\"select 1\",\"status\":\"ok\",\"data\":"
                        "{\"db.system\":\"mysql\",\"thread.name\":\"main\"}}");
    span_scene_of(arena, event, &scene);
    span_tags(arena, v, &scene);
    const struct jt *tags = jt_get(v, S("sentry_tags"));
    ck_assert_text(jt_get_str(tags, S("release")), "1");
    ck_assert_text(jt_get_str(tags, S("user")), "email:a@b");
    ck_assert_text(jt_get_str(tags, S("transaction.op")), "load");
    ck_assert_text(jt_get_str(tags, S("mobile")), "true");
    ck_assert_text(jt_get_str(tags, S("main_thread")), "true");
    ck_assert_text(jt_get_str(tags, S("system")), "mysql");
    ck_assert_text(jt_get_str(tags, S("status")), "ok");
    ck_assert_text(jt_get_str(tags, S("description")), "SELECT %s");
    ck_assert_uint_eq(jt_get_str(tags, S("group")).n, 16);
}
END_TEST

START_TEST(a_long_description_is_cut_and_its_group_is_not)
{
    static const struct span_scene none = {0};
    char *query = arena_printf(arena, "%0300d", 0);
    memset(query, 'a', 300);
    struct jt *one = span(arena_printf(arena, "{\"op\":\"app\",\"description\":\"%s1\"}", query));
    struct jt *two = span(arena_printf(arena, "{\"op\":\"app\",\"description\":\"%s2\"}", query));
    span_tags(arena, one, &none);
    span_tags(arena, two, &none);
    const struct jt *a = jt_get(one, S("sentry_tags")), *b = jt_get(two, S("sentry_tags"));
    ck_assert_uint_eq(jt_get_str(a, S("description")).n, 200);
    ck_assert(str_ends(jt_get_str(a, S("description")), S("a*")));
    ck_assert(!str_eq(jt_get_str(a, S("group")), jt_get_str(b, S("group"))));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, begin, end);
    tcase_add_loop_test(tc, a_span_is_described_by_its_kind, 0, COUNT_OF(cases));
    tcase_add_loop_test(tc, a_span_has_an_action_and_a_domain, 0, COUNT_OF(places));
    tcase_add_test(tc, a_category_is_the_front_of_an_op);
    tcase_add_test(tc, tags_of_the_event_and_of_the_span);
    tcase_add_test(tc, a_long_description_is_cut_and_its_group_is_not);
}

int main(void)
{
    return suite_run("span_description", add_tests);
}
