/* Tags of the SDK and of the server, users and their addresses: ingest.md §3.6, §3.7. */
#include "tests/unit/understand.h"

static const struct {
    const char *payload, *key, *value;
} tags[] = {
    {"{\"tags\":{\"a b\":\"c\"}}", "a-b", "c"},
    {"{\"tags\":[[\"a\",\" x \"],[\"b\",1],[\"c\",true],[\"d\",1.5]]}", "a", "x"},
    {"{\"tags\":[[\"a\",\"x\"],[\"b\",1],[\"c\",true],[\"d\",1.5]]}", "b", "1"},
    {"{\"tags\":[[\"a\",\"x\"],[\"b\",1],[\"c\",true],[\"d\",1.5]]}", "c", "True"},
    {"{\"tags\":[[\"a\",\"x\"],[\"b\",1],[\"c\",true],[\"d\",1.5]]}", "d", "1"},
    {"{\"tags\":[[\"a\",\"first\"],[\"a\",\"second\"]]}", "a", "first"},
    {"{\"tags\":[[\"a\",null],[null,\"x\"],3,[\"b\"],[\"c\",\"\"]]}", "a", "absent"},
    {"{\"tags\":{\"release\":\"x\",\"dist\":\"x\"}}", "release", "absent"},
    {"{\"tags\":{\"user\":\"x\",\"filename\":\"x\",\"function\":\"x\"}}", "function", "absent"},
    {"{\"tags\":{\"a/b\":\"x\"}}", "a/b", "absent"},
    {"{\"tags\":{\"a\":\"x\\ny\"}}", "a", "absent"},
    {"{\"server_name\":\"web1\",\"site\":\"x\"}", "server_name", "web1"},
    {"{\"server_name\":\"web1\",\"site\":\"x\"}", "site", "x"},
    {"{\"server_name\":\"web1\",\"tags\":{\"server_name\":\"mine\"}}", "server_name", "mine"},
    {"{}", "level", "error"},
    {"{\"logger\":\"app\"}", "logger", "app"},
    {"{\"environment\":\"prod\"}", "environment", "prod"},
    {"{\"tags\":[[\"environment\",\"prod\"]]}", "environment", "prod"},
    {"{\"tags\":[[\"environment\",\"prod\"]],\"environment\":\"dev\"}", "environment", "dev"},
    {"{\"transaction\":\"/a\"}", "transaction", "/a"},
    {"{\"release\":\"r\",\"dist\":\"d\"}", "release", "r"},
    {"{\"release\":\"r\",\"dist\":\"d\"}", "dist", "d"},
    {"{\"request\":{\"url\":\"http://a/b?c=d\"}}", "url", "http://a/b"},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"onerror\",\"handled\":false}}]}",
     "mechanism", "onerror"},
    {"{\"exception\":[{\"type\":\"A\",\"mechanism\":{\"type\":\"onerror\",\"handled\":false}}]}",
     "handled", "no"},
    {"{\"contexts\":{\"browser\":{\"name\":\"Chrome\",\"version\":\"1\"}}}", "browser", "Chrome 1"},
    {"{\"contexts\":{\"browser\":{\"name\":\"Chrome\",\"version\":\"1\"}}}", "browser.name",
     "Chrome"},
    {"{\"contexts\":{\"browser\":{\"name\":\"Chrome\"}}}", "browser", "absent"},
    {"{\"contexts\":{\"client_os\":{\"type\":\"os\",\"name\":\"iOS\",\"version\":\"17\"}}}",
     "client_os", "iOS 17"},
    {"{\"contexts\":{\"os\":{\"rooted\":true}}}", "os.rooted", "yes"},
    {"{\"contexts\":{\"device\":{\"model\":\"iPhone14,3\",\"family\":\"iPhone\"}}}", "device",
     "iPhone14,3"},
    {"{\"contexts\":{\"device\":{\"model\":\"iPhone14,3\",\"family\":\"iPhone\"}}}",
     "device.family", "iPhone"},
    {"{\"contexts\":{\"runtime\":{\"name\":\"CPython\",\"version\":3.11}}}", "runtime",
     "CPython 3"},
    {"{\"contexts\":{\"os\":{\"name\":\"iOS\"}},\"tags\":{\"os.name\":\"mine\"}}", "os.name",
     "mine"},
    {"{\"user\":{\"id\":1,\"email\":\"a@b.c\"}}", "user", "id:1"},
    {"{\"user\":{\"username\":\"u\",\"email\":\"a@b.c\"}}", "user", "username:u"},
    {"{\"user\":{\"email\":\"a@b.c\",\"ip_address\":\"1.2.3.4\"}}", "user", "email:a@b.c"},
    {"{\"user\":{\"ip_address\":\"1.2.3.4\"}}", "user", "ip:1.2.3.4"},
    {"{\"user\":{\"name\":\"n\"}}", "user", "absent"},
    {"{\"user\":{\"id\":1,\"email\":\"a@b.c\"}}", "user.email", "a@b.c"},
    {"{\"user\":{\"id\":1,\"email\":\"a@b.c\"}}", "user.id", "absent"},
    {"{\"user\":{\"email\":\"a@b.c\",\"ip_address\":\"1.2.3.4\"}}", "user.ip", "1.2.3.4"},
};

START_TEST(tags_are_made)
{
    understand(tags[_i].payload);
    ck_assert_text(tag_named(tags[_i].key), tags[_i].value);
}
END_TEST

START_TEST(tags_are_sorted_and_stored)
{
    understand("{\"tags\":{\"z\":\"1\",\"a\":\"2\"},\"environment\":\"prod\"}");
    ck_assert_text(
        understood_at("tags"),
        "[[\"a\",\"2\"],[\"environment\",\"prod\"],[\"level\",\"error\"],[\"z\",\"1\"]]");
    ck_assert_text(understood_at("server_name"), "absent");
}
END_TEST

START_TEST(long_tags_are_refused_not_cut)
{
    char text[202];
    memset(text, 'x', 201);
    text[201] = '\0';
    understand(arena_printf(arena, "{\"tags\":{\"a\":\"%s\",\"%s\":\"b\",\"c\":\"%.200s\"}}", text,
                            text, text));
    ck_assert_text(tag_named("a"), "absent");
    ck_assert_text(tag_named("c"), arena_printf(arena, "%.200s", text));
    ck_assert_text(understood_at("errors.0.type"), "\"value_too_long\"");
    ck_assert_text(understood_at("errors.0.name"), "\"tags.0.1\"");
    ck_assert_text(understood_at("errors.1.name"), "\"tags.1.0\"");
}
END_TEST

START_TEST(tags_are_limited)
{
    struct buf json;
    buf_init(&json, 1 << 20);
    buf_puts(&json, "{\"tags\":{");
    for (int i = 0; i < 20000; i++)
        buf_printf(&json, "%s\"t%d\":\"v\"", i ? "," : "", i);
    buf_puts(&json, "}}");
    struct str why;
    ck_assert(understand_any(buf_str(&json), &why));
    ck_assert_uint_eq(event.tag_count, 201);
    buf_free(&json);
}
END_TEST

static const struct understand_case users[] = {
    {"{\"user\":{\"ip_address\":\"{{auto}}\"}}", "user", "{\"ip_address\":\"203.0.113.7\"}"},
    {"{\"platform\":\"javascript\"}", "user", "{\"ip_address\":\"203.0.113.7\"}"},
    {"{\"platform\":\"cocoa\",\"user\":{\"id\":\"1\"}}", "user.ip_address", "\"203.0.113.7\""},
    {"{\"platform\":\"python\"}", "user", "absent"},
    {"{\"platform\":\"javascript\",\"sdk\":{\"settings\":{\"infer_ip\":\"never\"}}}", "user",
     "absent"},
    {"{\"platform\":\"javascript\",\"user\":{\"ip_address\":\"1.2.3.4\"}}", "user.ip_address",
     "\"1.2.3.4\""},
    {"{\"request\":{\"env\":{\"REMOTE_ADDR\":\"2.3.4.5\"}}}", "user.ip_address", "\"2.3.4.5\""},
    {"{\"request\":{\"env\":{\"REMOTE_ADDR\":\"{{auto}}\"}}}", "user.ip_address",
     "\"203.0.113.7\""},
    {"{\"user\":{\"ip_address\":\"nonsense\"}}", "errors.0.name", "\"user.ip_address\""},
    {"{\"user\":{\"ip_address\":\"nonsense\"}}", "user", "absent"},
    {"{\"user\":{\"id\":1,\"foo\":\"bar\"}}", "user", "{\"id\":\"1\",\"data\":{\"foo\":\"bar\"}}"},
    {"{\"user\":{\"data\":{\"a\":1},\"b\":2}}", "user.data", "{\"a\":1,\"b\":2}"},
    {"{\"user\":[]}", "errors.0.reason", "\"expected an object\""},
};

START_TEST(users_are_understood)
{
    understand_check(&users[_i]);
}
END_TEST

START_TEST(users_are_told_apart)
{
    understand("{\"user\":{\"id\":1}}");
    ck_assert(event.has_user);
    uint64_t one = event.user_hash;
    understand("{\"user\":{\"id\":\"1\",\"email\":\"a@b.c\"}}");
    ck_assert_uint_eq(event.user_hash, one);
    understand("{\"user\":{\"username\":\"1\"}}");
    ck_assert_uint_ne(event.user_hash, one);
    /* The first eight bytes of md5("id:1"): stored hashes must stay what they are. */
    ck_assert_uint_eq(one, UINT64_C(0xd6c35beb83a4bdea));
}
END_TEST

START_TEST(an_unknown_client_has_no_address)
{
    record.client_ip = (struct str){0};
    understand("{\"platform\":\"javascript\",\"user\":{\"ip_address\":\"{{auto}}\"}}");
    ck_assert_text(understood_at("user"), "absent");
}
END_TEST

/* Tags are sorted, and others come between. */
START_TEST(remarks_follow_their_tags)
{
    understand("{\"tags\":[[\"zebra\",\"x\"],[\"apple\",\"y\"]],\"_meta\":{\"tags\":{"
               "\"0\":{\"1\":{\"\":{\"len\":30}}},\"1\":{\"1\":{\"\":{\"len\":32}}}}}}");
    ck_assert_text(understood_at("tags"),
                   "[[\"apple\",\"y\"],[\"level\",\"error\"],[\"zebra\",\"x\"]]");
    ck_assert_text(understood_at("_meta.tags"),
                   "{\"2\":{\"1\":{\"\":{\"len\":30}}},\"0\":{\"1\":{\"\":{\"len\":32}}}}");
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, understand_begin, understand_end);
    tcase_add_loop_test(tc, tags_are_made, 0, COUNT_OF(tags));
    tcase_add_test(tc, tags_are_sorted_and_stored);
    tcase_add_test(tc, remarks_follow_their_tags);
    tcase_add_test(tc, long_tags_are_refused_not_cut);
    tcase_add_test(tc, tags_are_limited);
    tcase_add_loop_test(tc, users_are_understood, 0, COUNT_OF(users));
    tcase_add_test(tc, users_are_told_apart);
    tcase_add_test(tc, an_unknown_client_has_no_address);
}

int main(void)
{
    return suite_run("tags", add_tests);
}
