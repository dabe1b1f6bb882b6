#include "base/jt.h"

#include "tests/unit/suite.h"

static struct arena *arena;
static struct buf out;

static void set_up(void)
{
    arena = arena_new(256 << 20);
    buf_init(&out, 16 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
    buf_free(&out);
}

static struct jt *read_text(struct str json)
{
    const char *error = NULL;
    struct jt *v = jt_read(arena, json, 64, &error);
    ck_assert_int_eq(v == NULL, error != NULL);
    return v;
}

static struct str written(const struct jt *v)
{
    struct jw w;
    buf_clear(&out);
    jw_begin(&w, &out);
    jt_write(&w, v);
    return buf_str(&out);
}

static const struct {
    const char *json, *written;
} trips[] = {
    {"{}", "{}"},
    {" [ 1 , 2.50, -3e5, 18446744073709551616 ] ", "[1,2.50,-3e5,18446744073709551616]"},
    {"{\"a\":{\"b\":[true,false,null,NaN]},\"c\":\"\\u00e9\\n\"}",
     "{\"a\":{\"b\":[true,false,null,null]},\"c\":\"\xC3\xA9\\n\"}"},
    {"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}"},
    {"{\"a\":1,\"a\":2,\"a\":[4]}", "{\"a\":[4]}"},
    {"{\"x\":{\"a\":1,\"a\":2},\"x\":{\"b\":1}}", "{\"x\":{\"b\":1}}"},
    {"{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,"
     "\"l\":0,\"m\":0,\"n\":0,\"o\":0,\"p\":0,\"q\":0,\"r\":0,\"s\":0,\"t\":0,\"u\":0,\"v\":0,"
     "\"w\":0,\"x\":0,\"y\":0,\"z\":0,\"a0\":0,\"a1\":0,\"a2\":0,\"a3\":0,\"a4\":0,\"a5\":0,\"a6\":"
     "0,\"a7\":0,\"a8\":0,\"a\":1,\"a8\":2}",
     "{\"a\":1,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,"
     "\"l\":0,\"m\":0,\"n\":0,\"o\":0,\"p\":0,\"q\":0,\"r\":0,\"s\":0,\"t\":0,\"u\":0,\"v\":0,"
     "\"w\":0,\"x\":0,\"y\":0,\"z\":0,\"a0\":0,\"a1\":0,\"a2\":0,\"a3\":0,\"a4\":0,\"a5\":0,\"a6\":"
     "0,\"a7\":0,\"a8\":2}"},
    {"\"\"", "\"\""},
};

START_TEST(reads_and_writes)
{
    ck_assert_text(written(read_text(str_of(trips[_i].json))), trips[_i].written);
}
END_TEST

START_TEST(says_why_it_cannot_read)
{
    const char *error = NULL;
    ck_assert_ptr_null(jt_read(arena, S("[1"), 1, &error));
    ck_assert_str_eq(error, "unexpected end");
}
END_TEST

START_TEST(what_is_too_deep_is_null)
{
    const char *error = NULL;
    ck_assert_text(written(jt_read(arena, S("{\"a\":[[1]],\"b\":2}"), 2, &error)),
                   "{\"a\":[null],\"b\":2}");
}
END_TEST

START_TEST(finds_nothing_in_the_wrong_kind)
{
    struct jt *v = read_text(S("{\"a\":{\"b\":\"c\"},\"n\":12,\"f\":1.5,\"l\":[7]}"));
    int64_t number;
    double real;
    ck_assert_text(jt_get_str(jt_get(v, S("a")), S("b")), "c");
    ck_assert_ptr_null(jt_get(jt_get(jt_get(v, S("n")), S("x")), S("y")));
    ck_assert_ptr_null(jt_at(v, 0));
    ck_assert_ptr_null(jt_at(jt_get(v, S("l")), 1));
    ck_assert_ptr_null(jt_get_str(v, S("n")).p);
    ck_assert(jt_int64(jt_get(v, S("n")), &number) && number == 12);
    ck_assert(!jt_int64(jt_get(v, S("f")), &number));
    ck_assert(jt_double(jt_get(v, S("f")), &real) && real == 1.5);
    ck_assert(!jt_double(jt_get(v, S("a")), &real));
    ck_assert_text(written(NULL), "null");
}
END_TEST

START_TEST(builds)
{
    struct jt *v = jt_new(arena, JT_OBJECT);
    struct jt *list = jt_new(arena, JT_ARRAY);
    jt_set(v, S("list"), list);
    jt_set(v, S("old"), jt_new_int(arena, INT64_MIN));
    jt_append(list, jt_new_str(arena, S("a")));
    jt_append(list, jt_new_bool(arena, true));
    jt_set(v, S("old"), jt_new_int(arena, 2));
    jt_set(v, S("more"), jt_new(arena, JT_NULL));
    ck_assert_text(written(v), "{\"list\":[\"a\",true],\"old\":2,\"more\":null}");
    ck_assert(jt_remove(v, jt_get(v, S("more"))));
    ck_assert(jt_remove(v, list));
    ck_assert(!jt_remove(v, list));
    jt_set(v, S("last"), jt_new_int(arena, 3));
    ck_assert_text(written(v), "{\"old\":2,\"last\":3}");
    ck_assert_uint_eq(v->count, 2);
}
END_TEST

/* 200,000 members, each twice: quadratic work would take minutes. */
START_TEST(many_members_cost_no_more_than_their_size)
{
    struct buf json;
    buf_init(&json, 16 << 20);
    for (int i = 0; i < 400000; i++)
        buf_printf(&json, "%c\"k%d\":%d", i ? ',' : '{', i % 200000, i);
    buf_putc(&json, '}');
    struct jt *v = read_text(buf_str(&json));
    ck_assert_uint_eq(v->count, 200000);
    ck_assert_text(jt_get(v, S("k7"))->text, "200007");
    buf_free(&json);
}
END_TEST

static bool is_number(struct jt *child, void *seen)
{
    ++*(int *)seen;
    return child->kind == JT_NUMBER;
}

START_TEST(filters)
{
    static const char *const lists[][2] = {{"[]", "[]"},
                                           {"[null]", "[]"},
                                           {"[1,null,2,\"x\",[3],4]", "[1,2,4]"},
                                           {"[null,1,null]", "[1]"}};
    for (int i = 0; i < COUNT_OF(lists); i++) {
        struct jt *v = read_text(str_of(lists[i][0]));
        int seen = 0;
        size_t count = v->count;
        jt_filter(v, is_number, &seen);
        ck_assert_uint_eq((size_t)seen, count);
        ck_assert_text(written(v), lists[i][1]);
        jt_append(v, jt_new_int(arena, 9));
        ck_assert_ptr_eq(jt_at(v, v->count - 1), v->last);
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, reads_and_writes, 0, COUNT_OF(trips));
    tcase_add_test(tc, says_why_it_cannot_read);
    tcase_add_test(tc, what_is_too_deep_is_null);
    tcase_add_test(tc, finds_nothing_in_the_wrong_kind);
    tcase_add_test(tc, builds);
    tcase_add_test(tc, filters);
    tcase_add_test(tc, many_members_cost_no_more_than_their_size);
}

int main(void)
{
    return suite_run("jt", add_tests);
}
