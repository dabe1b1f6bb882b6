#include "base/jr.h"

#include "base/buf.h"
#include "tests/unit/suite.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(256 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static const char letters[] = {
    [JR_ERROR] = '!',  [JR_END] = '.',       [JR_OBJECT] = '{', [JR_OBJECT_END] = '}',
    [JR_ARRAY] = '[',  [JR_ARRAY_END] = ']', [JR_KEY] = 'k',    [JR_STRING] = 's',
    [JR_NUMBER] = 'n', [JR_TRUE] = 't',      [JR_FALSE] = 'f',  [JR_NULL] = '0',
};

/* One letter a token, until the end or the error. */
static struct str tokens_of(struct jr *r)
{
    char *out = arena_alloc(arena, 4096);
    size_t n = 0;
    enum jr_kind kind;
    do {
        kind = jr_next(r);
        out[n++] = letters[kind];
    } while (kind != JR_END && kind != JR_ERROR && n < 4095);
    return (struct str){out, n};
}

static const struct {
    const char *json, *tokens;
} documents[] = {
    {"{}", "{}."},
    {" [ ] ", "[]."},
    {"\xEF\xBB\xBF{\"a\":1}", "{kn}."},
    {"{\"a\":[1,2,{\"b\":null}],\"c\":true,\"c\":false}", "{k[nn{k0}]ktkf}."},
    {"\"text\"", "s."},
    {"-0.5e+10", "n."},
    {"123456789012345678901234567890", "n."},
    {"1e400", "n."},
    {"[NaN,Infinity,-Infinity,-1]", "[000n]."},
    {"\t\r\n 1 \n", "n."},
    {"", "!"},
    {"   ", "!"},
    {"\xEF\xBB\xBF", "!"},
    {"{", "{!"},
    {"{]", "{!"},
    {"[}", "[!"},
    {"[1,]", "[n!"},
    {"[1 2]", "[n!"},
    {"[,1]", "[!"},
    {"{\"a\"}", "{!"},
    {"{\"a\":}", "{k!"},
    {"{\"a\":1,}", "{kn!"},
    {"{a:1}", "{!"},
    {"{1:1}", "{!"},
    {"[1", "[n!"},
    {"[1,", "[n!"},
    {"\"open", "!"},
    {"\"open\\\"", "!"},
    {"\"open\\", "!"},
    {"1 2", "n!"},
    {"{} x", "{}!"},
    {"01", "!"},
    {"-", "!"},
    {"1.", "!"},
    {".5", "!"},
    {"1e", "!"},
    {"+1", "!"},
    {"nul", "!"},
    {"'a'", "!"},
    {"]", "!"},
};

START_TEST(reads_tokens)
{
    struct jr r;
    jr_begin(&r, str_of(documents[_i].json), 64);
    struct str tokens = tokens_of(&r);
    ck_assert_text(tokens, documents[_i].tokens);
    bool failed = tokens.p[tokens.n - 1] == '!';
    ck_assert_int_eq(failed, jr_error(&r) != NULL);
    ck_assert_int_eq(jr_next(&r), failed ? JR_ERROR : JR_END);
}
END_TEST

#define U "\xEF\xBF\xBD" /* U+FFFD */

static const struct {
    const char *json, *text;
    bool borrowed;
} strings[] = {
    {"\"plain\"", "plain", true},
    {"\"\"", "", true},
    {"\"sixteen bytes and some more of them\"", "sixteen bytes and some more of them", true},
    {"\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"", "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80", true},
    {"\"raw\ttab\nline\x01\"", "raw\ttab\nline\x01", true},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", false},
    {"\"\\u0041\\u00e9\\u20AC\"", "A\xC3\xA9\xE2\x82\xAC", false},
    {"\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80", false},
    {"\"\\ud800\"", U, false},
    {"\"\\ud800x\\udc00\"", U "x" U, false},
    {"\"\\ud800\\ud83d\\ude00\"", U "\xF0\x9F\x98\x80", false},
    {"\"a\\u0000b\"", "ab", false},
    {"\"\\x\\u12\\uzzzz\"", "\\x\\u12\\uzzzz", false},
    {"\"a\xFF"
     "b\xC3\"",
     "a" U "b" U, false},
    {"\"\xE2\x82\"", U, false},
    {"\"\\\xFF\\\xFF\\\xFF\"", "\\" U "\\" U "\\" U, false},
    {"\"\xED\xA0\x80\"", U U U, false},
    {"\"\xC0\xAF\"", U U, false},
    {"\"\xF4\x90\x80\x80\"", U U U U, false},
    {"\"\xFF\\n\xFF\\u0041\xFF\xFF\xFF\xFF\"", U "\n" U "A" U U U U, false},
};

START_TEST(string_text)
{
    struct jr r;
    struct str input = str_of(strings[_i].json);
    jr_begin(&r, input, 1);
    ck_assert_int_eq(jr_next(&r), JR_STRING);
    struct str text = jr_text(&r, arena);
    ck_assert_text(text, strings[_i].text);
    ck_assert_int_eq(text.p >= input.p && text.p < input.p + input.n, strings[_i].borrowed);
    ck_assert(jr_is(&r, str_of(strings[_i].text)));
    ck_assert(!jr_is(&r, S("something else")));
    ck_assert_int_eq(jr_next(&r), JR_END);
}
END_TEST

START_TEST(escaped_text_is_compared_whole)
{
    struct jr r;
    jr_begin(&r, S("[\"\\u0061bc\"]"), 1);
    jr_next(&r);
    jr_next(&r);
    ck_assert(jr_is(&r, S("abc")));
    ck_assert(!jr_is(&r, S("ab")));
    ck_assert(!jr_is(&r, S("abcd")));
}
END_TEST

START_TEST(nul_bytes_go)
{
    struct jr r;
    jr_begin(&r, S("\"a\0b\""), 1);
    ck_assert_int_eq(jr_next(&r), JR_STRING);
    ck_assert_text(jr_text(&r, arena), "ab");
}
END_TEST

START_TEST(numbers_keep_their_text)
{
    struct jr r;
    jr_begin(&r, S("18446744073709551616"), 1);
    ck_assert_int_eq(jr_next(&r), JR_NUMBER);
    ck_assert_text(jr_text(&r, arena), "18446744073709551616");
}
END_TEST

static const struct {
    unsigned nested, limit;
    bool accepted;
} depths[] = {{1, 1, true},     {2, 1, false},     {64, 64, true},       {65, 64, false},
              {256, 999, true}, {257, 999, false}, {500000, 256, false}, {500000, 0, false}};

START_TEST(depth_is_limited)
{
    unsigned nested = depths[_i].nested;
    char *json = arena_alloc(arena, 2 * (size_t)nested);
    memset(json, '[', nested);
    memset(json + nested, ']', nested);
    struct jr r;
    jr_begin(&r, (struct str){json, 2 * (size_t)nested}, depths[_i].limit);
    enum jr_kind kind;
    do
        kind = jr_next(&r);
    while (kind != JR_END && kind != JR_ERROR);
    ck_assert_int_eq(kind, depths[_i].accepted ? JR_END : JR_ERROR);
}
END_TEST

START_TEST(folds_what_is_too_deep)
{
    struct jr r;
    jr_begin_folding(&r, S("{\"a\":[[1,\"]\\\"[\",{}]],\"b\":2}"), 2);
    const enum jr_kind kinds[] = {JR_OBJECT, JR_KEY,    JR_ARRAY,      JR_NULL, JR_ARRAY_END,
                                  JR_KEY,    JR_NUMBER, JR_OBJECT_END, JR_END};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        ck_assert_int_eq(jr_next(&r), kinds[i]);
    jr_begin_folding(&r, S("[[[\"]]"), 1);
    ck_assert_int_eq(jr_next(&r), JR_ARRAY);
    ck_assert_int_eq(jr_next(&r), JR_ERROR);
}
END_TEST

START_TEST(skips_whole_values)
{
    struct jr r;
    jr_begin(&r, S("{\"a\":[1,{\"b\":[]},2],\"c\":3}"), 8);
    ck_assert_int_eq(jr_next(&r), JR_OBJECT);
    ck_assert_int_eq(jr_next(&r), JR_KEY);
    ck_assert(jr_skip(&r, jr_next(&r)));
    ck_assert_int_eq(jr_next(&r), JR_KEY);
    ck_assert(jr_is(&r, S("c")));
    ck_assert(jr_skip(&r, jr_next(&r)));
    ck_assert_int_eq(jr_next(&r), JR_OBJECT_END);
    jr_begin(&r, S("[1,[2,"), 8);
    ck_assert(!jr_skip(&r, jr_next(&r)));
}
END_TEST

START_TEST(a_prefix_ends_with_its_value)
{
    struct jr r;
    jr_begin_prefix(&r, S("{\"a\":1}\n{\"b\":2}"), 8);
    ck_assert(jr_skip(&r, jr_next(&r)));
    ck_assert_int_eq(jr_next(&r), JR_END);
    ck_assert_uint_eq(jr_offset(&r), 7);
}
END_TEST

START_TEST(absent_input_is_an_error)
{
    struct jr r;
    jr_begin(&r, (struct str){0}, 8);
    ck_assert_int_eq(jr_next(&r), JR_ERROR);
}
END_TEST

/* Every cut of a document is read without touching a byte past its end (the sanitizer looks). */
START_TEST(cuts_are_errors)
{
    struct str whole = S("{\"a\\u0041\":[1.5e3,\"\xE2\x82\xAC\\ud83d\\ude00\",true],\"b\":null}");
    for (size_t n = 0; n < whole.n; n++) {
        struct jr r;
        char *copy = malloc(n ? n : 1);
        memcpy(copy, whole.p, n);
        jr_begin(&r, (struct str){copy, n}, 8);
        enum jr_kind kind;
        do {
            kind = jr_next(&r);
            if (kind == JR_STRING || kind == JR_KEY)
                jr_text(&r, arena);
        } while (kind != JR_END && kind != JR_ERROR);
        ck_assert_int_eq(kind, JR_ERROR);
        free(copy);
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, reads_tokens, 0, COUNT_OF(documents));
    tcase_add_loop_test(tc, string_text, 0, COUNT_OF(strings));
    tcase_add_test(tc, escaped_text_is_compared_whole);
    tcase_add_test(tc, nul_bytes_go);
    tcase_add_test(tc, numbers_keep_their_text);
    tcase_add_test(tc, folds_what_is_too_deep);
    tcase_add_loop_test(tc, depth_is_limited, 0, COUNT_OF(depths));
    tcase_add_test(tc, skips_whole_values);
    tcase_add_test(tc, a_prefix_ends_with_its_value);
    tcase_add_test(tc, absent_input_is_an_error);
    tcase_add_test(tc, cuts_are_errors);
}

int main(void)
{
    return suite_run("jr", add_tests);
}
