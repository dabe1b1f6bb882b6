#include "storage/event_body.h"

#include "tests/unit/suite.h"

static struct arena *arena;

static void set_up(void)
{
    arena = arena_new(64 << 20);
}

static void tear_down(void)
{
    arena_free(arena);
}

static const char body[] = "{\"message\":\"the same word, the same word, the same word\"}";

/* A body of every number ever stored must stay readable: these bytes never change. */
static const struct {
    int codec;
    struct str bytes;
} stored[] = {
    {EVENT_BODY_PLAIN, {body, sizeof(body) - 1}},
    {EVENT_BODY_ZSTD,
     {"\x28\xb5\x2f\xfd\x20\x39\x1d\x01\x00\xe8\x7b\x22\x6d\x65\x73\x73\x61\x67\x65\x22\x3a\x22\x74"
      "\x68\x65\x20\x73\x61\x6d\x65\x20\x77\x6f\x72\x64\x2c\x20\x22\x7d\x01\x00\x0b\x33\xc7",
      44}},
    {EVENT_BODY_DICTIONARY_2,
     {"\x28\xb5\x2f\xfd\x23\x96\x4f\xb2\x36\x39\xcd\x00\x00\x23\x41\x03\xa3\x74\x09\xe7\xd0\xc4\x9f"
      "\x73"
      "\xb5\xff\x66\x7f\x02\x02\xfc\x52\xd8\xbe\x89\x81\x5b\x1a",
      38}},
};

START_TEST(every_number_is_readable_for_ever)
{
    ck_assert_text(event_body_decode(arena, stored[_i].codec, stored[_i].bytes), body);
}
END_TEST

START_TEST(every_number_has_its_bytes_above)
{
    ck_assert_int_eq(COUNT_OF(stored), EVENT_BODY_CODECS);
}
END_TEST

START_TEST(a_body_comes_back_as_it_went)
{
    int codec;
    struct str bytes = event_body_encode(arena, str_of(body), &codec);
    ck_assert_int_eq(codec, EVENT_BODY_NEWEST);
    ck_assert_uint_lt(bytes.n, sizeof(body) - 1);
    ck_assert_text(event_body_decode(arena, codec, bytes), body);
}
END_TEST

START_TEST(what_does_not_shrink_is_stored_plain)
{
    int codec;
    struct str bytes = event_body_encode(arena, S("{}"), &codec);
    ck_assert_int_eq(codec, EVENT_BODY_PLAIN);
    ck_assert_text(event_body_decode(arena, codec, bytes), "{}");
}
END_TEST

static const struct {
    int codec;
    struct str bytes;
} damaged[] = {
    {EVENT_BODY_ZSTD, {"", 0}},
    {EVENT_BODY_ZSTD, {"nonsense", 8}},
    {EVENT_BODY_ZSTD, {"\x28\xb5\x2f\xfd\x20\x39\x35\x01", 8}},
    /* a frame that claims 2^40 bytes */
    {EVENT_BODY_ZSTD, {"\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\1\0\0\1\0\0", 16}},
    {EVENT_BODY_DICTIONARY_2, {"nonsense", 8}},
    {EVENT_BODY_DICTIONARY_2, {"\x28\xb5\x2f\xfd\x23\x96\x4f\xb2\x36\x39\xcd\x00\x00\x23", 14}},
    {-1, {"{}", 2}},
    {99, {"{}", 2}},
};

START_TEST(damage_is_absent_not_a_crash)
{
    ck_assert_ptr_null(event_body_decode(arena, damaged[_i].codec, damaged[_i].bytes).p);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, every_number_is_readable_for_ever, 0, COUNT_OF(stored));
    tcase_add_test(tc, every_number_has_its_bytes_above);
    tcase_add_test(tc, a_body_comes_back_as_it_went);
    tcase_add_test(tc, what_does_not_shrink_is_stored_plain);
    tcase_add_loop_test(tc, damage_is_absent_not_a_crash, 0, COUNT_OF(damaged));
}

int main(void)
{
    return suite_run("event_body", add_tests);
}
