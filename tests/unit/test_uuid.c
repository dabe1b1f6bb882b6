#include "base/uuid.h"

#include "tests/unit/suite.h"

#define HEX "fc6d8c0c43fc4630ad850ee518f1b9d0"

static const struct {
    const char *text;
    bool valid;
} spellings[] = {
    {HEX, true},
    {"FC6D8C0C43FC4630AD850EE518F1B9D0", true},
    {"fc6d8c0c-43fc-4630-ad85-0ee518f1b9d0", true},
    {"{fc6d8c0c-43fc-4630-ad85-0ee518f1b9d0}", true},
    {"urn:uuid:fc6d8c0c-43fc-4630-ad85-0ee518f1b9d0", true},
    {"", false},
    {"fc6d8c0c43fc4630ad850ee518f1b9d", false},
    {HEX "0", false},
    {"gc6d8c0c43fc4630ad850ee518f1b9d0", false},
    {"fc6d8c0c-43fc-4630-ad850-ee518f1b9d0", false},
    {"fc6d8c0c+43fc+4630+ad85+0ee518f1b9d0", false},
    {"fc6d-8c0c43fc4630ad850ee518f1b9d0----", false},
    {"{fc6d8c0c-43fc-4630-ad85-0ee518f1b9d0", false},
};

START_TEST(spellings_are_read)
{
    struct uuid u = {{1}};
    char hex[33];
    ck_assert_int_eq(uuid_parse(str_of(spellings[_i].text), &u), spellings[_i].valid);
    uuid_put(u, hex);
    ck_assert_str_eq(hex, spellings[_i].valid ? HEX : "01000000000000000000000000000000");
}
END_TEST

START_TEST(random_ones_are_version_four)
{
    struct arena *a = arena_new(65536);
    struct uuid u = uuid_random(), v = uuid_random();
    ck_assert(!uuid_eq(u, v) && uuid_eq(u, u) && !uuid_is_nil(u));
    ck_assert_int_eq(u.bytes[6] >> 4, 4);
    ck_assert_int_eq(u.bytes[8] >> 6, 2);
    ck_assert(uuid_is_nil((struct uuid){0}));
    ck_assert_text(uuid_text(a, (struct uuid){0}), "00000000000000000000000000000000");
    arena_free(a);
}
END_TEST

START_TEST(marks_tell_apart)
{
    struct arena *a = arena_new(65536);
    struct uuid u = {0};
    uuid_mark(&u, 6, 0);
    ck_assert(uuid_is_nil(u));
    uuid_mark(&u, 6, 0x01020304);
    ck_assert_text(uuid_text(a, u), "00000000000001020304000000000000");
    arena_free(a);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_loop_test(tc, spellings_are_read, 0, COUNT_OF(spellings));
    tcase_add_test(tc, random_ones_are_version_four);
    tcase_add_test(tc, marks_tell_apart);
}

int main(void)
{
    return suite_run("uuid", add_tests);
}
