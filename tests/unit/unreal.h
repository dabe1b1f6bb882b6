/* For tests: a crash of Unreal Engine as its reporter packs it, with a log of one line and a
 * context in which the user says "help". */
#ifndef TESTS_UNIT_UNREAL_H
#define TESTS_UNIT_UNREAL_H

#include <endian.h>
#include <zlib.h>

#include "base/buf.h"
#include "tests/unit/suite.h"

static inline void unreal_put_number(struct buf *b, size_t number)
{
    uint32_t little = htole32((uint32_t)number);
    buf_put(b, &little, sizeof(little));
}

static inline void unreal_put_text(struct buf *b, struct str text)
{
    unreal_put_number(b, text.n);
    buf_put_str(b, text);
}

static inline void unreal_put_file(struct buf *b, uint32_t number, struct str name,
                                   struct str bytes)
{
    unreal_put_number(b, number);
    unreal_put_text(b, name);
    unreal_put_text(b, bytes);
}

static inline struct str unreal_zlib(struct arena *a, struct str bytes)
{
    uLongf n = compressBound(bytes.n);
    char *out = arena_take(a, n);
    ck_assert_int_eq(compress((Bytef *)out, &n, (const Bytef *)bytes.p, bytes.n), Z_OK);
    return (struct str){out, n};
}

static inline struct str unreal_packed(struct arena *a)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    buf_puts(&b, "CR1");
    unreal_put_text(&b, S("folder"));
    unreal_put_text(&b, S("file"));
    unreal_put_number(&b, 0);
    unreal_put_number(&b, 2);
    unreal_put_file(&b, 0, S("Game.log"), S("Log file open\n"));
    unreal_put_file(
        &b, 1, S("CrashContext.runtime-xml"),
        S("<FGenericCrashContext><RuntimeProperties><ErrorMessage>it fell</ErrorMessage>"
          "<UserDescription>help</UserDescription></RuntimeProperties>"
          "</FGenericCrashContext>"));
    struct str packed = unreal_zlib(a, buf_str(&b));
    buf_free(&b);
    return packed;
}

#endif
