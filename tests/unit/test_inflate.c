#include "base/inflate.h"

#include <sys/resource.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "base/text.h"
#include "tests/unit/suite.h"

static struct arena *arena;
static struct buf out;
static struct str sample;

static void set_up(void)
{
    arena = arena_new(512 << 20);
    buf_init(&out, 1 << 20);
    char *text = arena_alloc(arena, 50000);
    for (size_t i = 0; i < 50000; i++)
        text[i] = (char)('a' + i * i % 7 + i % 11);
    sample = (struct str){text, 50000};
}

static void tear_down(void)
{
    buf_free(&out);
    arena_free(arena);
}

static struct str deflated(struct str plain, int window_bits)
{
    z_stream z = {0};
    size_t room = plain.n + plain.n / 100 + 100;
    char *to = arena_take(arena, room);
    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (const Bytef *)plain.p;
    z.avail_in = (uInt)plain.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (struct str){to, room - z.avail_out};
}

static struct str zstandard(struct str plain)
{
    size_t room = ZSTD_compressBound(plain.n);
    char *to = arena_take(arena, room);
    return (struct str){to, ZSTD_compress(to, room, plain.p, plain.n, 3)};
}

static struct str gzipped(struct str plain)
{
    return deflated(plain, MAX_WBITS + 16);
}

static enum inflate_result decode(const char *encoding, struct str bytes, size_t step)
{
    struct inflate *z = inflate_new(arena, str_of(encoding), &out);
    ck_assert_ptr_nonnull(z);
    for (size_t at = 0; at < bytes.n; at += step)
        if (inflate_feed(z, str_slice(bytes, at, at + step)))
            break;
    return inflate_finish(z);
}

static struct str encode(const char *how)
{
    struct str bytes = sample;
    for (; *how; how++)
        bytes = *how == 'g'   ? gzipped(bytes)
                : *how == 'd' ? deflated(bytes, MAX_WBITS)
                : *how == 'r' ? deflated(bytes, -MAX_WBITS)
                              : zstandard(bytes);
    return bytes;
}

static const struct {
    const char *made, *header;
} encodings[] = {
    {"", ""},
    {"", "identity"},
    {"", "UTF-8"},
    {"g", "gzip"},
    {"g", "GZip"},
    {"d", "deflate"},
    {"r", "deflate"},
    {"z", "zstd"},
    {"gz", "gzip, zstd"},
    {"zg", "zstd,gzip"},
    {"gg", "gzip, gzip"},
    {"gdrz", "gzip,deflate ,deflate, zstd"},
    {"g", "identity, gzip"},
};
static const size_t steps[] = {1, 2, 7, 16384, 1 << 20};

START_TEST(decodes_in_any_pieces)
{
    struct str bytes = encode(encodings[_i].made);
    for (int i = 0; i < COUNT_OF(steps); i++) {
        buf_clear(&out);
        ck_assert_int_eq(decode(encodings[_i].header, bytes, steps[i]), INFLATE_OK);
        ck_assert(str_eq(buf_str(&out), sample));
    }
}
END_TEST

START_TEST(cut_streams_are_corrupt)
{
    struct str bytes = encode(encodings[_i].made);
    if (encodings[_i].made[0] == '\0')
        return;
    for (int i = 1; i <= 20; i++) {
        buf_clear(&out);
        size_t n = bytes.n * (size_t)i / 21;
        ck_assert_int_eq(decode(encodings[_i].header, str_slice(bytes, 0, n), 4096),
                         INFLATE_CORRUPT);
    }
    buf_clear(&out);
    ck_assert_int_eq(decode(encodings[_i].header, (struct str){0}, 1), INFLATE_CORRUPT);
}
END_TEST

static const char *const lies[] = {"gzip", "deflate", "br", "zstd", "zstd, gzip"};

START_TEST(what_is_not_compressed_is_corrupt)
{
    ck_assert_int_eq(decode(lies[_i], S("{\"event_id\":\"fc6d8c0c43fc4630ad850ee518f1b9d0\"}"), 8),
                     INFLATE_CORRUPT);
    ck_assert_uint_le(out.len, 64);
}
END_TEST

START_TEST(text_after_a_stream_is_corrupt)
{
    static const char made[] = "gdz";
    static const char *const names[] = {"gzip", "deflate", "zstd"};
    char how[2] = {made[_i], '\0'};
    struct str bytes = encode(how);
    char *longer = arena_take(arena, bytes.n + 20);
    memcpy(longer, bytes.p, bytes.n);
    memcpy(longer + bytes.n, "trailing text, see?", 20);
    ck_assert_int_eq(decode(names[_i], (struct str){longer, bytes.n + 20}, 1 << 20),
                     INFLATE_CORRUPT);
}
END_TEST

START_TEST(several_members_are_one_body)
{
    struct str parts[] = {gzipped(S("one ")), gzipped(S("")), gzipped(S("two"))};
    struct inflate *z = inflate_new(arena, S("gzip"), &out);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(inflate_feed(z, parts[i]), INFLATE_OK);
    ck_assert_int_eq(inflate_finish(z), INFLATE_OK);
    ck_assert_text(buf_str(&out), "one two");
}
END_TEST

START_TEST(brotli)
{
    static const uint8_t hello[] = {0x0b, 0x06, 0x80, 'h', 'e', 'l', 'l', 'o', ' ',
                                    'b',  'r',  'o',  't', 'l', 'i', '!', 0x03};
    struct str bytes = {(const char *)hello, sizeof(hello)};
    for (size_t step = 1; step < 20; step++) {
        buf_clear(&out);
        ck_assert_int_eq(decode("br", bytes, step), INFLATE_OK);
        ck_assert_text(buf_str(&out), "hello brotli!");
    }
    ck_assert_int_eq(decode("br", str_slice(bytes, 0, 9), 4), INFLATE_CORRUPT);
}
END_TEST

START_TEST(unknown_encodings_are_told)
{
    ck_assert_ptr_null(inflate_new(arena, S("compress"), &out));
    ck_assert_ptr_null(inflate_new(arena, S("gzip, snappy"), &out));
    ck_assert_ptr_null(inflate_new(arena, S("gzip,gzip,gzip,gzip,gzip"), &out));
    ck_assert(inflate_is_identity(inflate_new(arena, S("identity"), &out)));
    ck_assert(!inflate_is_identity(inflate_new(arena, S("gzip"), &out)));
}
END_TEST

/* `plain` zero bytes through the streaming compressors: 64 MiB here, whose gzip of gzip is a few
 * hundred bytes; the ceiling is 1 MiB. */
static struct str zeros(void)
{
    enum { SIZE = 64 << 20 };
    return (struct str){arena_alloc(arena, SIZE), SIZE};
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

START_TEST(bombs_stop_at_the_ceiling)
{
    static const char *const names[] = {"gzip", "deflate", "zstd", "gzip, zstd", "zstd, gzip"};
    struct str plain = zeros();
    struct str bombs[] = {gzipped(plain), deflated(plain, MAX_WBITS), zstandard(plain),
                          zstandard(gzipped(plain)), gzipped(zstandard(plain))};
    long before = peak_kib();
    ck_assert_int_eq(decode(names[_i], bombs[_i], 1 << 20), INFLATE_TOO_LARGE);
    ck_assert_uint_le(out.len, 1 << 20);
    ck_assert_uint_le(out.cap, 1 << 20);
    ck_assert_int_le(peak_kib() - before, 16 << 10);
}
END_TEST

/* The outer layer opens to much, the inner one to nothing: an empty gzip member, repeated. */
START_TEST(bombs_between_two_layers_stop_too)
{
    struct str member = gzipped(S(""));
    size_t copies = (8 << 20) / member.n;
    char *inner = arena_take(arena, copies * member.n);
    for (size_t i = 0; i < copies; i++)
        memcpy(inner + i * member.n, member.p, member.n);
    struct str bomb = zstandard((struct str){inner, copies * member.n});
    ck_assert_int_eq(decode("gzip, zstd", bomb, 1 << 20), INFLATE_TOO_LARGE);
}
END_TEST

START_TEST(windows_over_the_limit_are_refused)
{
    ZSTD_CCtx *c = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, 27);
    size_t room = ZSTD_compressBound(sample.n);
    char *to = arena_take(arena, room);
    ZSTD_inBuffer from = {sample.p, sample.n, 0};
    ZSTD_outBuffer into = {to, room, 0};
    ck_assert_uint_gt(ZSTD_compressStream2(c, &into, &from, ZSTD_e_flush) + 1, 0);
    ck_assert_uint_eq(ZSTD_compressStream2(c, &into, &from, ZSTD_e_end), 0);
    ck_assert_int_eq(decode("zstd", (struct str){to, into.pos}, 4096), INFLATE_CORRUPT);
    ZSTD_freeCCtx(c);
}
END_TEST

START_TEST(one_piece_of_zlib)
{
    ck_assert_int_eq(inflate_zlib(arena, encode("d"), &out), INFLATE_OK);
    ck_assert(str_eq(buf_str(&out), sample));
    ck_assert_int_eq(inflate_zlib(arena, S("{}"), &out), INFLATE_CORRUPT);
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, decodes_in_any_pieces, 0, COUNT_OF(encodings));
    tcase_add_loop_test(tc, cut_streams_are_corrupt, 0, COUNT_OF(encodings));
    tcase_add_loop_test(tc, what_is_not_compressed_is_corrupt, 0, COUNT_OF(lies));
    tcase_add_loop_test(tc, text_after_a_stream_is_corrupt, 0, 3);
    tcase_add_test(tc, several_members_are_one_body);
    tcase_add_test(tc, brotli);
    tcase_add_test(tc, unknown_encodings_are_told);
    tcase_add_loop_test(tc, bombs_stop_at_the_ceiling, 0, 5);
    tcase_add_test(tc, bombs_between_two_layers_stop_too);
    tcase_add_test(tc, windows_over_the_limit_are_refused);
    tcase_add_test(tc, one_piece_of_zlib);
}

int main(void)
{
    return suite_run("inflate", add_tests);
}
