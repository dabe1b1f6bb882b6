/* The first byte picks the encodings, the second how the rest is cut; the ceiling must hold. */
#include <stdint.h>
#include <stdlib.h>

#include "base/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = {"gzip",       "deflate",    "br",       "zstd",
                                            "gzip, zstd", "zstd, gzip", "br, gzip", "deflate, br"};
    enum { CEILING = 1 << 16 };
    if (size < 2)
        return 0;
    struct arena *a = arena_new(256 << 20);
    struct buf out;
    buf_init(&out, CEILING);
    struct inflate *z = inflate_new(a, str_of(encodings[data[0] % 8]), &out);
    struct str body = {(const char *)data + 2, size - 2};
    size_t step = data[1] ? data[1] : size;
    for (size_t at = 0; at < body.n; at += step)
        inflate_feed(z, str_slice(body, at, at + step));
    if (inflate_finish(z) == INFLATE_OK && !buf_ok(&out))
        abort();
    if (out.len > CEILING || out.cap > CEILING)
        abort();
    buf_free(&out);
    arena_free(a);
    return 0;
}
