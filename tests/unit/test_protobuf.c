#include "tests/unit/protobuf.h"

#include "tests/unit/suite.h"

static struct arena *arena;
static struct buf bytes;

static void setup(void)
{
    arena = arena_new(1 << 20);
    buf_init(&bytes, PROTOBUF_TEST_MAX);
}

static void teardown(void)
{
    buf_free(&bytes);
    arena_free(arena);
}

START_TEST(every_wire_type)
{
    struct protobuf r;
    struct protobuf_field f;
    put_number(&bytes, 1, UINT64_MAX);
    put_fixed(&bytes, 2, 0x0102030405060708);
    put_bytes(&bytes, 300, S("text"));
    put_flags(&bytes, 4, 0xfffffffe);
    put_bytes(&bytes, 5, S(""));
    protobuf_begin(&r, buf_str(&bytes));
    ck_assert(protobuf_next(&r, &f) && f.number == 1 && f.value == UINT64_MAX);
    ck_assert(protobuf_next(&r, &f) && f.number == 2 && f.value == 0x0102030405060708);
    ck_assert(protobuf_next(&r, &f) && f.number == 300);
    ck_assert_text(f.bytes, "text");
    ck_assert(protobuf_next(&r, &f) && f.number == 4 && f.value == 0xfffffffe);
    ck_assert(protobuf_next(&r, &f) && f.number == 5 && f.bytes.p && f.bytes.n == 0);
    ck_assert(!protobuf_next(&r, &f) && !r.broken);
}
END_TEST

static const struct {
    const char *what;
    struct str message;
} broken[] = {
    {"a tag without value", {"\x08", 1}},
    {"a varint without end", {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12}},
    {"seven of eight bytes",
     {"\x09"
      "1234567",
      8}},
    {"three of four bytes",
     {"\x0d"
      "123",
      4}},
    {"more bytes announced than there are",
     {"\x0a\x05"
      "1234",
      6}},
    {"a length past all memory", {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11}},
    {"a group", {"\x0b\x0c", 2}},
    {"an unknown wire type", {"\x0f", 1}},
    {"field number 0", {"\x00\x01", 2}},
    {"a field number past 29 bits", {"\x80\x80\x80\x80\x20\x01", 6}},
};

START_TEST(broken_messages)
{
    struct protobuf r;
    struct protobuf_field f;
    protobuf_begin(&r, broken[_i].message);
    ck_assert_msg(!protobuf_next(&r, &f) && r.broken, "%s", broken[_i].what);
    ck_assert(!protobuf_next(&r, &f) && r.broken);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, every_wire_type);
    tcase_add_loop_test(tc, broken_messages, 0, COUNT_OF(broken));
}

int main(void)
{
    return suite_run("protobuf", add_tests);
}
