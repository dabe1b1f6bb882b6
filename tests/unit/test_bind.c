#include "base/bind.h"

#include "base/settings.h"
#include "tests/unit/ask.h"

struct target {
    struct str name, color, slug, data;
    bool public, has_name, has_limit;
    int64_t limit;
    struct field_texts domains;
};

static const char *const colors[] = {"red", "blue", NULL};

static const struct field fields[] = {
    {"displayName", FIELD_TEXT, offsetof(struct target, name), FIELD_NULLABLE, 2, 5,
     .present = FIELD_PRESENT(struct target, has_name)},
    {"color", FIELD_CHOICE, offsetof(struct target, color), .choices = colors},
    {"isPublic", FIELD_BOOL, offsetof(struct target, public)},
    {"rateLimit", FIELD_INT, offsetof(struct target, limit), FIELD_NULLABLE, 1, 100,
     .present = FIELD_PRESENT(struct target, has_limit)},
    {"slug", FIELD_SLUG, offsetof(struct target, slug)},
    {"domains", FIELD_TEXTS, offsetof(struct target, domains), .min = 1, .max = 4},
    {"data", FIELD_JSON, offsetof(struct target, data), .max = 20},
    {0},
};

static const struct field strict_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct target, name), FIELD_REQUIRED | FIELD_TRIM, 1, 10},
    {"limit", FIELD_INT, offsetof(struct target, limit)},
    {0},
};

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(64 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static struct request *put(struct str body)
{
    struct ask *q = arena_new_of(arena, struct ask);
    q->method = "PUT";
    q->body = body;
    return ask_begin(q, arena);
}

START_TEST(every_kind_is_bound)
{
    struct target t = {0};
    struct request *rq = put(S("{\"displayName\": \"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\", "
                               "\"color\": \"blue\", \"isPublic\": true,"
                               " \"rateLimit\": 7, \"slug\": \"my-shop\", \"domains\": [\"a\", "
                               "12], \"data\": {\"k\": [1.5, null]},"
                               " \"unknown\": {}}"));
    ck_assert(bind_body(rq, fields, &t));
    ck_assert_uint_eq(t.name.n, 10);
    ck_assert_text(t.color, "blue");
    ck_assert(t.public && t.has_name && t.has_limit);
    ck_assert_int_eq(t.limit, 7);
    ck_assert_text(t.slug, "my-shop");
    ck_assert_uint_eq(t.domains.count, 2);
    ck_assert_text(t.domains.items[1], "12");
    ck_assert_text(t.data, "{\"k\":[1.5,null]}");
}
END_TEST

START_TEST(what_is_absent_is_left_alone)
{
    struct target t = {.limit = 5, .color = S("green")};
    ck_assert(bind_body(put(S("{}")), fields, &t));
    ck_assert_int_eq(t.limit, 5);
    ck_assert_text(t.color, "green");
    ck_assert(!t.has_name && !t.has_limit);
}
END_TEST

START_TEST(null_is_not_absent)
{
    struct target t = {.limit = 5, .name = S("old")};
    ck_assert(bind_body(put(S("{\"displayName\":null,\"rateLimit\":null}")), fields, &t));
    ck_assert(t.has_name && t.has_limit);
    ck_assert_int_eq(t.limit, 0);
    ck_assert_ptr_null(t.name.p);
}
END_TEST

START_TEST(snake_case_counts_too)
{
    struct target t = {0};
    ck_assert(bind_body(put(S("{\"display_name\":\"abc\",\"is_public\":true}")), fields, &t));
    ck_assert_text(t.name, "abc");
    ck_assert(t.public);
}
END_TEST

static const struct {
    const char *body, *reply; /* NULL: accepted */
} cases[] = {
    {"{\"displayName\":\"a\"}", "{\"displayName\":[\"Must have at least 2 characters.\"]}"},
    {"{\"displayName\":\"\"}", "{\"displayName\":[\"This field may not be blank.\"]}"},
    {"{\"displayName\":\"abcdef\"}", "{\"displayName\":[\"Must have at most 5 characters.\"]}"},
    {"{\"displayName\":12345}", NULL},
    {"{\"displayName\":true}", "{\"displayName\":[\"Must be text.\"]}"},
    {"{\"displayName\":[]}", "{\"displayName\":[\"Must be text.\"]}"},
    {"{\"color\":\"green\"}", "{\"color\":[\"\\\"green\\\" is not one of the choices.\"]}"},
    {"{\"color\":null}", "{\"color\":[\"This field may not be null.\"]}"},
    {"{\"isPublic\":1}", NULL},
    {"{\"isPublic\":\"false\"}", NULL},
    {"{\"isPublic\":\"maybe\"}", "{\"isPublic\":[\"Must be true or false.\"]}"},
    {"{\"isPublic\":{}}", "{\"isPublic\":[\"Must be true or false.\"]}"},
    {"{\"rateLimit\":0}", "{\"rateLimit\":[\"Must lie between 1 and 100.\"]}"},
    {"{\"rateLimit\":101}", "{\"rateLimit\":[\"Must lie between 1 and 100.\"]}"},
    {"{\"rateLimit\":\"100\"}", NULL},
    {"{\"rateLimit\":\"1e2\"}", "{\"rateLimit\":[\"Must be a whole number.\"]}"},
    {"{\"rateLimit\":1.5}", "{\"rateLimit\":[\"Must be a whole number.\"]}"},
    {"{\"slug\":\"Not A Slug\"}", "{\"slug\":[\"Must consist of a-z, 0-9, - and _, at most 50 of "
                                  "them, and not of digits alone.\"]}"},
    {"{\"slug\":\"2024\"}", "{\"slug\":[\"Must consist of a-z, 0-9, - and _, at most 50 of "
                            "them, and not of digits alone.\"]}"},
    {"{\"domains\":\"a\\n b \\n\\n\"}", NULL},
    {"{\"domains\":[\"abcde\"]}", "{\"domains\":[\"Must have at most 4 characters.\"]}"},
    {"{\"domains\":[\"\"]}", "{\"domains\":[\"This field may not be blank.\"]}"},
    {"{\"domains\":[[]]}", "{\"domains\":[\"Must be a list of texts.\"]}"},
    {"{\"domains\":{}}", "{\"domains\":[\"Must be a list of texts.\"]}"},
    {"{\"data\":\"0123456789012345678\"}", "{\"data\":[\"Too large.\"]}"},
    {"[]", "{\"nonFieldErrors\":[\"The body must be a JSON object.\"]}"},
    {"7", "{\"detail\":\"JSON parse error in line 1, column 1.\"}"},
    {"{", "{\"detail\":\"JSON parse error in line 1, column 1.\"}"},
    {"{\"a\":1}x", "{\"detail\":\"JSON parse error in line 1, column 8.\"}"},
    {"{\"color\":\"\xff\"}", "{\"detail\":\"JSON parse error in line 1, column 10.\"}"},
    {"{\"color\":\"\\u0000\"}", "{\"detail\":\"JSON parse error in line 1, column 17.\"}"},
    {"{\"color\":\"\\ud800\"}", "{\"detail\":\"JSON parse error in line 1, column 17.\"}"},
    {"{\"rateLimit\":9223372036854775808}",
     "{\"detail\":\"JSON parse error in line 1, column 32.\"}"},
    {"  ", NULL},
};

START_TEST(bodies_are_judged)
{
    struct target t = {0};
    struct request *rq = put(str_of(cases[_i].body));
    ck_assert_int_eq(bind_body(rq, fields, &t), cases[_i].reply == NULL);
    ck_assert_int_eq(rq->status, cases[_i].reply ? 400 : 0);
    ck_assert_text(ask_body(rq), cases[_i].reply);
}
END_TEST

START_TEST(lines_are_a_list)
{
    struct target t = {0};
    ck_assert(bind_body(put(S("{\"domains\":\"a\\n b \\n\\nc\"}")), fields, &t));
    ck_assert_uint_eq(t.domains.count, 3);
    ck_assert_text(t.domains.items[1], "b");
}
END_TEST

START_TEST(required_fields_are_required)
{
    struct target t = {0};
    struct request *rq = put(S("{\"limit\":3}"));
    ck_assert(!bind_body(rq, strict_fields, &t));
    ck_assert_text(ask_body(rq), "{\"name\":[\"This field is required.\"]}");
    rq = put(S("{\"name\":\" \\n\"}"));
    ck_assert(!bind_body(rq, strict_fields, &t));
    ck_assert_text(ask_body(rq), "{\"name\":[\"This field may not be blank.\"]}");
    ck_assert(
        bind_body(put(S("{\"name\":\" x \",\"limit\":-9223372036854775808}")), strict_fields, &t));
    ck_assert_text(t.name, "x");
    ck_assert_int_eq(t.limit, INT64_MIN);
}
END_TEST

/* The ceiling holds for brackets of either kind, and not for those inside texts. */
static struct str nested(const char *open, size_t depth)
{
    size_t n = strlen(open);
    char *text = arena_take(arena, depth * n);
    for (size_t i = 0; i < depth; i++)
        memcpy(text + i * n, open, n);
    return (struct str){text, depth * n};
}

START_TEST(depth_has_a_ceiling)
{
    struct target t = {0};
    struct request *rq = put(nested(_i ? "{\"a\":" : "[", 150000));
    ck_assert(!bind_body(rq, fields, &t));
    ck_assert_text(ask_body(rq), "{\"detail\":\"JSON parse error: nested too deep.\"}");
    ck_assert(
        bind_body(put(S("{\"x\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                        "[[[[[[[[[[[[[[[[[[[[\\\"[\"}")),
                  fields, &t));
}
END_TEST

START_TEST(only_json_is_read)
{
    static const struct {
        const char *type;
        int status;
    } types[] = {
        {"application/json", 0},
        {"application/json; charset=utf-8", 0},
        {"Application/JSON", 0},
        {"application/scim+json", 0},
        {"application/x-www-form-urlencoded", 415},
        {"text/plain", 415},
        {"multipart/form-data; boundary=application/json", 415},
    };
    for (int i = 0; i < COUNT_OF(types); i++) {
        struct target t = {0};
        struct ask q = {.method = "PUT", .body = S("{}"), .type = types[i].type};
        struct request *rq = ask_begin(&q, arena);
        ck_assert_int_eq(bind_body(rq, fields, &t), types[i].status == 0);
        ck_assert_int_eq(rq->status, types[i].status);
    }
}
END_TEST

START_TEST(body_has_a_ceiling)
{
    struct target t = {0};
    char *bytes = arena_take(arena, BIND_BODY_MAX + 1);
    memset(bytes, ' ', BIND_BODY_MAX + 1);
    struct request *rq = put((struct str){bytes, BIND_BODY_MAX + 1});
    ck_assert(!bind_body(rq, fields, &t));
    ck_assert_int_eq(rq->status, 413);
}
END_TEST

static const struct {
    const char *uri, *reply;
} queries[] = {
    {"/?displayName=abc&color=red&isPublic=1&rateLimit=5&slug=a&domains=x&domains=y", NULL},
    {"/?display_name=abc", NULL},
    {"/", NULL},
    {"/?rateLimit=x", "{\"rateLimit\":[\"Must be a whole number.\"]}"},
    {"/?rateLimit=1000", "{\"rateLimit\":[\"Must lie between 1 and 100.\"]}"},
    {"/?isPublic=", "{\"isPublic\":[\"Must be true or false.\"]}"},
    {"/?domains=abcde", "{\"domains\":[\"Must have at most 4 characters.\"]}"},
};

START_TEST(queries_are_judged)
{
    struct target t = {0};
    struct ask q = {.uri = queries[_i].uri};
    struct request *rq = ask_begin(&q, arena);
    ck_assert_int_eq(bind_query(rq, fields, &t), queries[_i].reply == NULL);
    ck_assert_text(ask_body(rq), queries[_i].reply);
    if (_i == 0) {
        ck_assert_text(t.name, "abc");
        ck_assert_int_eq(t.limit, 5);
        ck_assert_uint_eq(t.domains.count, 2);
        ck_assert(t.public && t.has_name);
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, every_kind_is_bound);
    tcase_add_test(tc, what_is_absent_is_left_alone);
    tcase_add_test(tc, null_is_not_absent);
    tcase_add_test(tc, snake_case_counts_too);
    tcase_add_loop_test(tc, bodies_are_judged, 0, COUNT_OF(cases));
    tcase_add_test(tc, lines_are_a_list);
    tcase_add_test(tc, required_fields_are_required);
    tcase_add_loop_test(tc, depth_has_a_ceiling, 0, 2);
    tcase_add_test(tc, only_json_is_read);
    tcase_add_test(tc, body_has_a_ceiling);
    tcase_add_loop_test(tc, queries_are_judged, 0, COUNT_OF(queries));
}

int main(void)
{
    setenv("VEDETTE_CONFIG", "/dev/null", 1);
    settings_load();
    bind_start();
    return suite_run("bind", add_tests);
}
