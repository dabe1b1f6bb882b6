/* Events gathered from forms and files of crash handlers. */
#include "base/msgpack.h"
#include "base/text.h"
#include "ingest/crash_form.h"
#include "tests/unit/suite.h"

static struct arena *arena;
static struct crash_form form;
static struct uuid id;
static bool has_id;

#define ID "fc6d8c0c43fc4630ad850ee518f1b9d0"

static void setup(void)
{
    arena = arena_new((size_t)128 << 20);
    crash_form_begin(&form, arena);
}

static void teardown(void)
{
    arena_free(arena);
}

/* Fields as name=value lines. */
static struct str event_of(const char *fields)
{
    struct str rest = str_of(fields);
    while (rest.p) {
        struct str line = str_split(&rest, '\n');
        size_t at = str_index(line, '=');
        crash_form_field(&form, str_slice(line, 0, at), str_slice(line, at + 1, line.n));
    }
    return crash_form_event(&form, &has_id, &id);
}

static const struct {
    const char *fields, *event;
    bool has_id;
} gathered[] = {
    {"a=b\nc=", "{\"extra\":{\"a\":\"b\",\"c\":\"\"}}", false},
    {"sentry={\"event_id\":\"" ID "\",\"user\":{\"id\":\"1\"}}",
     "{\"event_id\":\"" ID "\",\"user\":{\"id\":\"1\"}}", true},
    {"sentry[event_id]=" ID "\nsentry[user][id]=1\nsentry[user][name]=x",
     "{\"event_id\":\"" ID "\",\"user\":{\"id\":\"1\",\"name\":\"x\"}}", true},
    {"sentry___global={\"event_id\":\"" ID "\",\"tags\":{\"a\":\"b\"}}",
     "{\"event_id\":\"" ID "\",\"tags\":{\"a\":\"b\"}}", true},
    {"sentry__2=\":1}}\nsentry__1={\"event_id\":\"" ID "\",\"user\":{\"id",
     "{\"event_id\":\"" ID "\",\"user\":{\"id\":1}}", false},
    {"sentry__10=3]}\nsentry__9=2,\nsentry__1={\"a\":[1,", "{\"a\":[1,2,3]}", false},
    {"sentry={{{{\na=b", "{\"extra\":{\"a\":\"b\"}}", false},
    {"sentry=[1]", "{}", false},
    {"sentry[event_id]=no id", "{\"event_id\":\"no id\"}", false},
    {"sentry={\"a\":{\"b\":1,\"c\":[1]},\"d\":1}\nsentry___x={\"a\":{\"b\":2,\"c\":[2]},\"d\":{}}",
     "{\"a\":{\"b\":2,\"c\":[1,2]},\"d\":{}}", false},
    {"sentry[a]=1\nsentry[a][b]=2", "{\"a\":{\"b\":\"2\"}}", false},
    {"sentry[a=1\nsentry[]=2\nsentry[a]b=3\nsentryx=4\nsentry__x=5",
     "{\"\":\"2\",\"extra\":{\"sentryx\":\"4\",\"sentry__x\":\"5\"}}", false},
    {"sentry={\"extra\":{\"a\":1,\"b\":2}}\nb=3", "{\"extra\":{\"a\":1,\"b\":\"3\"}}", false},
};

START_TEST(fields_are_gathered)
{
    ck_assert_text(event_of(gathered[_i].fields), gathered[_i].event);
    ck_assert_int_eq(has_id, gathered[_i].has_id);
}
END_TEST

START_TEST(a_file_wins_over_fields)
{
    ck_assert(crash_form_file(&form, S("__sentry-event"),
                              S("\x82\xa8"
                                "event_id\xd9\x20"
                                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xa4"
                                "user\x81\xa2id\x7b")));
    ck_assert_text(event_of("sentry={\"event_id\":\"" ID "\",\"user\":{\"id\":\"1\",\"a\":2}}"),
                   "{\"event_id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
                   "\"user\":{\"id\":123,\"a\":2}}");
    ck_assert(has_id);
    ck_assert_text(uuid_text(arena, id), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}
END_TEST

#define CRUMB(letter, time) "\x82\xa7message\xa1" letter "\xa9timestamp" time

START_TEST(breadcrumbs_stand_in_order)
{
    ck_assert(crash_form_file(&form, S("__sentry-breadcrumb1"),
                              S(CRUMB("c", "\x03") CRUMB("d", "\xb4"
                                                              "1970-01-01T00:00:04Z"))));
    ck_assert(crash_form_file(&form, S("__sentry-breadcrumb2"),
                              S(CRUMB("a", "\x01") CRUMB("b", "\x02"))));
    struct str event = event_of("a=b");
    size_t c = str_find(event, S("\"c\"")), d = str_find(event, S("\"d\""));
    ck_assert(c < d && d < event.n);
    ck_assert(!str_has(event, S("\"message\":\"a\"")));
    ck_assert(!str_has(event, S("\"message\":\"b\"")));
}
END_TEST

START_TEST(other_files_are_attachments)
{
    ck_assert(!crash_form_file(&form, S("log.txt"), S("x")));
    ck_assert(crash_form_file(&form, S("__sentry-event"), S("\xc1")));
    ck_assert(crash_form_file(&form, S("__sentry-breadcrumb1"), S("\x93\x01")));
    ck_assert_text(event_of("a=b"), "{\"extra\":{\"a\":\"b\"}}");
}
END_TEST

START_TEST(too_much_is_not_read)
{
    static char big[CRASH_FORM_BYTES_MAX];
    memset(big, 'x', sizeof(big));
    crash_form_field(&form, S("a"), (struct str){big, sizeof(big)});
    ck_assert_uint_gt(form.bytes, CRASH_FORM_BYTES_MAX);
    ck_assert_text(event_of("sentry={\"b\":1}"), "{}");
}
END_TEST

/* ---- MessagePack */

static const struct {
    const char *bytes;
    size_t n;
    const char *json; /* NULL: refused */
} packed[] = {
#define PACKED(bytes, json)                                                                        \
    {                                                                                              \
        bytes, sizeof(bytes) - 1, json                                                             \
    }
    PACKED("\xc0", "null"),
    PACKED("\xc2", "false"),
    PACKED("\xc3", "true"),
    PACKED("\x00", "0"),
    PACKED("\x7f", "127"),
    PACKED("\xff", "-1"),
    PACKED("\xe0", "-32"),
    PACKED("\xcc\xff", "255"),
    PACKED("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615"),
    PACKED("\xd0\x80", "-128"),
    PACKED("\xd1\x80\x00", "-32768"),
    PACKED("\xd3\x80\x00\x00\x00\x00\x00\x00\x00", "-9223372036854775808"),
    PACKED("\xca\x3f\x00\x00\x00", "0.5"),
    PACKED("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", "null"),
    PACKED("\xa1\xff", "\"\xEF\xBF\xBD\""),
    PACKED("\xda\x00\x01x", "\"x\""),
    PACKED("\xc4\x01y", "\"y\""),
    PACKED("\x92\x01\x90", "[1,[]]"),
    PACKED("\xdc\x00\x01\x01", "[1]"),
    PACKED("\x81\x01\xa1x", "{\"1\":\"x\"}"),
    PACKED("\xde\x00\x01\xa1k\xc0", "{\"k\":null}"),
    PACKED("\xd6\xff\x00\x00\x00\x05", "5"),
    PACKED("\xd4\x01\x00", "null"),
    PACKED("\xc1", NULL),
    PACKED("\x92\x01", NULL),
    PACKED("\xdd\xff\xff\xff\xff\x01", NULL),
    PACKED("\xdb\xff\xff\xff\xff", NULL),
    PACKED("\xa5x", NULL),
    PACKED("", NULL),
};

START_TEST(messagepack_reads_as_json)
{
    struct buf out;
    struct jw w;
    struct str bytes = {packed[_i].bytes, packed[_i].n};
    const struct jt *v = msgpack_read(arena, &bytes);
    ck_assert_int_eq(v == NULL, packed[_i].json == NULL);
    if (!v)
        return;
    buf_init(&out, 1000);
    jw_begin(&w, &out);
    jt_write(&w, v);
    ck_assert_text(buf_str(&out), packed[_i].json);
    ck_assert_uint_eq(bytes.n, 0);
    buf_free(&out);
}
END_TEST

START_TEST(messagepack_is_bounded)
{
    static char deep[1000], wide[1 << 20];
    memset(deep, 0x91, sizeof(deep));
    struct str bytes = {deep, sizeof(deep)};
    ck_assert_ptr_null(msgpack_read(arena, &bytes));
    memset(wide, 0x01, sizeof(wide));
    memcpy(wide, "\xdd\x00\x0f\xff\xfb", 5);
    bytes = (struct str){wide, sizeof(wide)};
    ck_assert_ptr_null(msgpack_read(arena, &bytes));
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, fields_are_gathered, 0, COUNT_OF(gathered));
    tcase_add_test(tc, a_file_wins_over_fields);
    tcase_add_test(tc, breadcrumbs_stand_in_order);
    tcase_add_test(tc, other_files_are_attachments);
    tcase_add_test(tc, too_much_is_not_read);
    tcase_add_loop_test(tc, messagepack_reads_as_json, 0, COUNT_OF(packed));
    tcase_add_test(tc, messagepack_is_bounded);
}

int main(void)
{
    return suite_run("crash_form", add_tests);
}
