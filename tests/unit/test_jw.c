#include "base/jw.h"

#include <math.h>

#include "tests/unit/suite.h"

static struct buf out;
static struct jw w;

static void set_up(void)
{
    buf_init(&out, 1 << 20);
    jw_begin(&w, &out);
}

static void tear_down(void)
{
    buf_free(&out);
}

static const struct {
    struct str text;
    const char *json;
} strings[] = {
    {{"", 0}, "\"\""},
    {{"plain", 5}, "\"plain\""},
    {{"a\"b\\c/d", 7}, "\"a\\\"b\\\\c/d\""},
    {{"\b\f\n\r\t", 5}, "\"\\b\\f\\n\\r\\t\""},
    {{"\0\x01\x1f\x7f", 4}, "\"\\u0000\\u0001\\u001f\x7f\""},
    {{"0123456789abcdef\"0123456789abcdef", 33}, "\"0123456789abcdef\\\"0123456789abcdef\""},
    {{"0123456789abcde\n", 16}, "\"0123456789abcde\\n\""},
    {{"\xE2\x82\xAC \xF0\x9F\x98\x80", 8}, "\"\xE2\x82\xAC \xF0\x9F\x98\x80\""},
    {{"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", 17},
     "\"\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\""},
};

START_TEST(quotes)
{
    jw_str(&w, strings[_i].text);
    ck_assert_text(buf_str(&out), strings[_i].json);
}
END_TEST

static const struct {
    double value;
    const char *json;
} doubles[] = {{0, "0"},
               {1.5, "1.5"},
               {0.1, "0.1"},
               {-2.25, "-2.25"},
               {1e300, "1e+300"},
               {NAN, "null"},
               {INFINITY, "null"},
               {1763716524.693131, "1763716524.693131"},
               {0.1 + 0.2, "0.30000000000000004"}};

START_TEST(writes_doubles)
{
    jw_double(&w, doubles[_i].value);
    ck_assert_text(buf_str(&out), doubles[_i].json);
}
END_TEST

static const struct {
    int64_t value;
    const char *json;
} ints[] = {{0, "0"},
            {-1, "-1"},
            {42, "42"},
            {INT64_MAX, "9223372036854775807"},
            {INT64_MIN, "-9223372036854775808"}};

START_TEST(writes_ints)
{
    jw_int(&w, ints[_i].value);
    ck_assert_text(buf_str(&out), ints[_i].json);
}
END_TEST

START_TEST(places_commas)
{
    jw_open(&w, '{');
    jw_open_k(&w, "list", '[');
    jw_int(&w, 1);
    jw_open(&w, '{');
    jw_close(&w, '}');
    jw_null(&w);
    jw_close(&w, ']');
    jw_bool_k(&w, "yes", true);
    jw_null_k(&w, "none");
    jw_opt_str_k(&w, "absent", (struct str){0});
    jw_opt_str_k(&w, "empty", S(""));
    jw_time_k(&w, "at", 1763716524693131);
    jw_double_k(&w, "half", 0.5);
    jw_raw_k(&w, "raw", S("[2]"));
    jw_name(&w, S("a\"b"));
    jw_int(&w, 3);
    jw_close(&w, '}');
    ck_assert_text(
        buf_str(&out),
        "{\"list\":[1,{},null],\"yes\":true,\"none\":null,\"absent\":null,\"empty\":\"\","
        "\"at\":\"2025-11-21T09:15:24.693131Z\",\"half\":0.5,\"raw\":[2],"
        "\"a\\\"b\":3}");
}
END_TEST

START_TEST(stops_at_the_ceiling)
{
    struct buf small;
    buf_init(&small, 8);
    jw_begin(&w, &small);
    jw_str(&w, S("0123456789"));
    ck_assert(!buf_ok(&small));
    ck_assert_uint_le(small.len, 8);
    buf_free(&small);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, quotes, 0, COUNT_OF(strings));
    tcase_add_loop_test(tc, writes_doubles, 0, COUNT_OF(doubles));
    tcase_add_loop_test(tc, writes_ints, 0, COUNT_OF(ints));
    tcase_add_test(tc, places_commas);
    tcase_add_test(tc, stops_at_the_ceiling);
}

int main(void)
{
    return suite_run("jw", add_tests);
}
