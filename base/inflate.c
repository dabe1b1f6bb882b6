#include "base/inflate.h"

#include <brotli/decode.h>
#include <bzlib.h>
#include <lzma.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

enum { CHUNK = 16384, STAGES_MAX = 4, ZSTD_WINDOW_LOG_MAX = 23 };
/* Of what xz decodes with: its presets up to -8. */
#define XZ_MEMORY_MAX ((uint64_t)36 << 20)

struct stage;

/* One step of a codec: takes from *in what it can, fills out, sets *written.  INFLATE_OK with
 * nothing taken and nothing written means that it waits for more. */
typedef enum inflate_result step(struct stage *s, struct str *in, char *out, size_t *written);

struct stage {
    step *step;
    void *state;
    size_t produced;
    bool ended;   /* at the end of a stream */
    size_t sniff; /* deflate: bytes of its header seen, up to two */
    unsigned char head[2];
    char *chunk;
};

struct inflate {
    struct buf *to;
    enum inflate_result result; /* sticky */
    size_t count;
    struct stage stages[STAGES_MAX]; /* in the order of decoding */
};

static void zlib_release(void *stream)
{
    inflateEnd(stream);
    free(stream);
}

static void brotli_release(void *state)
{
    BrotliDecoderDestroyInstance(state);
}

static void zstd_release(void *stream)
{
    ZSTD_freeDStream(stream);
}

static void die_out_of_memory(void)
{
    abort();
}

static void zlib_open(struct arena *a, struct stage *s, int window_bits)
{
    z_stream *z = calloc(1, sizeof(*z));
    if (!z || inflateInit2(z, window_bits) != Z_OK)
        die_out_of_memory();
    arena_defer(a, zlib_release, z);
    s->state = z;
}

static void consume(struct str *in, size_t left)
{
    in->p += in->n - left;
    in->n = left;
}

static enum inflate_result zlib_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    z_stream *z = s->state;
    size_t n = in->n < CHUNK ? in->n : CHUNK;
    z->next_in = (const Bytef *)in->p;
    z->avail_in = (uInt)n;
    z->next_out = (Bytef *)out;
    z->avail_out = CHUNK;
    int status = inflate(z, Z_NO_FLUSH);
    consume(in, in->n - n + z->avail_in);
    *written = CHUNK - z->avail_out;
    s->ended = status == Z_STREAM_END;
    return s->ended || status == Z_OK || status == Z_BUF_ERROR ? INFLATE_OK : INFLATE_CORRUPT;
}

/* A gzip body may be several members one after the other. */
static enum inflate_result gzip_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    if (s->ended)
        inflateReset(s->state);
    return zlib_step(s, in, out, written);
}

static enum inflate_result whole_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    return s->ended ? INFLATE_CORRUPT : zlib_step(s, in, out, written);
}

/* "deflate" means zlib's wrapper, but some clients send it bare: the first two bytes tell. */
static enum inflate_result deflate_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    while (s->sniff < 2 && in->n) {
        s->head[s->sniff++] = (unsigned char)*in->p;
        consume(in, in->n - 1);
    }
    *written = 0;
    if (s->sniff < 2)
        return INFLATE_OK;
    bool wrapped = (s->head[0] & 15) == Z_DEFLATED && (s->head[0] * 256 + s->head[1]) % 31 == 0;
    if (inflateReset2(s->state, wrapped ? MAX_WBITS : -MAX_WBITS) != Z_OK)
        return INFLATE_CORRUPT;
    s->step = whole_step;
    struct str head = {(const char *)s->head, 2};
    return whole_step(s, &head, out, written);
}

static enum inflate_result brotli_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    const uint8_t *next_in = (const uint8_t *)in->p;
    uint8_t *next_out = (uint8_t *)out;
    size_t left = in->n, room = CHUNK;
    if (s->ended)
        return INFLATE_CORRUPT;
    BrotliDecoderResult status =
        BrotliDecoderDecompressStream(s->state, &left, &next_in, &room, &next_out, NULL);
    consume(in, left);
    *written = CHUNK - room;
    s->ended = status == BROTLI_DECODER_RESULT_SUCCESS;
    return status == BROTLI_DECODER_RESULT_ERROR ? INFLATE_CORRUPT : INFLATE_OK;
}

static enum inflate_result zstd_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    ZSTD_inBuffer from = {in->p, in->n, 0};
    ZSTD_outBuffer to = {out, CHUNK, 0};
    size_t status = ZSTD_decompressStream(s->state, &to, &from);
    consume(in, in->n - from.pos);
    *written = to.pos;
    s->ended = status == 0;
    return ZSTD_isError(status) ? INFLATE_CORRUPT : INFLATE_OK;
}

static void xz_release(void *stream)
{
    lzma_end(stream);
    free(stream);
}

static enum inflate_result xz_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    lzma_stream *z = s->state;
    if (s->ended)
        return INFLATE_CORRUPT;
    z->next_in = (const uint8_t *)in->p;
    z->avail_in = in->n;
    z->next_out = (uint8_t *)out;
    z->avail_out = CHUNK;
    lzma_ret status = lzma_code(z, LZMA_RUN);
    consume(in, z->avail_in);
    *written = CHUNK - z->avail_out;
    s->ended = status == LZMA_STREAM_END;
    return s->ended || status == LZMA_OK || status == LZMA_BUF_ERROR ? INFLATE_OK : INFLATE_CORRUPT;
}

static void bzip2_release(void *stream)
{
    BZ2_bzDecompressEnd(stream);
    free(stream);
}

static enum inflate_result bzip2_step(struct stage *s, struct str *in, char *out, size_t *written)
{
    bz_stream *z = s->state;
    char chunk[CHUNK]; /* the library's pointer is to bytes that may change */
    size_t n = in->n < CHUNK ? in->n : CHUNK;
    if (s->ended)
        return INFLATE_CORRUPT;
    memcpy(chunk, in->p, n);
    z->next_in = chunk;
    z->avail_in = (unsigned)n;
    z->next_out = out;
    z->avail_out = CHUNK;
    int status = BZ2_bzDecompress(z);
    consume(in, in->n - n + z->avail_in);
    *written = CHUNK - z->avail_out;
    s->ended = status == BZ_STREAM_END;
    return s->ended || status == BZ_OK ? INFLATE_OK : INFLATE_CORRUPT;
}

static void gzip_open(struct arena *a, struct stage *s)
{
    s->step = gzip_step;
    zlib_open(a, s, MAX_WBITS + 16);
}

static void deflate_open(struct arena *a, struct stage *s)
{
    s->step = deflate_step;
    zlib_open(a, s, MAX_WBITS);
}

static void brotli_open(struct arena *a, struct stage *s)
{
    s->step = brotli_step;
    s->state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    if (!s->state)
        die_out_of_memory();
    arena_defer(a, brotli_release, s->state);
}

static void zstd_open(struct arena *a, struct stage *s)
{
    ZSTD_DStream *stream = ZSTD_createDStream();
    if (!stream)
        die_out_of_memory();
    arena_defer(a, zstd_release, stream);
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    s->step = zstd_step;
    s->state = stream;
}

static void xz_open(struct arena *a, struct stage *s)
{
    lzma_stream *z = calloc(1, sizeof(*z));
    if (!z || lzma_stream_decoder(z, XZ_MEMORY_MAX, 0) != LZMA_OK)
        die_out_of_memory();
    arena_defer(a, xz_release, z);
    s->step = xz_step;
    s->state = z;
}

static void bzip2_open(struct arena *a, struct stage *s)
{
    bz_stream *z = calloc(1, sizeof(*z));
    if (!z || BZ2_bzDecompressInit(z, 0, 0) != BZ_OK)
        die_out_of_memory();
    arena_defer(a, bzip2_release, z);
    s->step = bzip2_step;
    s->state = z;
}

static const struct {
    const char *name;
    void (*open)(struct arena *a, struct stage *s); /* NULL: bytes stay as they are */
} codecs[] = {
    {"gzip", gzip_open}, {"x-gzip", gzip_open}, {"deflate", deflate_open}, {"br", brotli_open},
    {"zstd", zstd_open}, {"identity", NULL},    {"utf-8", NULL},           {"", NULL}};

static void push_stage(struct arena *a, struct inflate *z,
                       void (*open)(struct arena *a, struct stage *s))
{
    struct stage *s = &z->stages[z->count++];
    s->chunk = arena_take(a, CHUNK);
    open(a, s);
}

static bool add_stage(struct arena *a, struct inflate *z, struct str name)
{
    for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
        if (!str_case_eq(name, str_of(codecs[i].name)))
            continue;
        if (!codecs[i].open)
            return true;
        if (z->count == STAGES_MAX)
            return false;
        push_stage(a, z, codecs[i].open);
        return true;
    }
    return false;
}

struct inflate *inflate_new(struct arena *a, struct str content_encoding, struct buf *to)
{
    struct inflate *z = arena_new_of(a, struct inflate);
    z->to = to;
    /* The header names the first encoding first; the last one is taken off first. */
    while (content_encoding.n) {
        size_t comma = content_encoding.n;
        while (comma && content_encoding.p[comma - 1] != ',')
            comma--;
        if (!add_stage(a, z, str_trim(str_slice(content_encoding, comma, content_encoding.n))))
            return NULL;
        content_encoding = str_slice(content_encoding, 0, comma ? comma - 1 : 0);
    }
    return z;
}

/* How files of packers begin, and what they call themselves. */
static const struct {
    struct str magic, suffix;
    void (*open)(struct arena *a, struct stage *s);
} containers[] = {
    {{"\x1f\x8b", 2}, {".gz", 3}, gzip_open},
    {{"\xfd"
      "7zXZ",
      5},
     {".xz", 3},
     xz_open},
    {{"BZh", 3}, {".bz2", 4}, bzip2_open},
    {{"\x28\xb5\x2f\xfd", 4}, {".zst", 4}, zstd_open},
};

enum { CONTAINERS = sizeof(containers) / sizeof(containers[0]) };

static size_t container_of_bytes(struct str bytes)
{
    size_t i = 0;
    while (i < CONTAINERS && !str_starts(bytes, containers[i].magic))
        i++;
    return i;
}

struct str inflate_file_suffix(struct str bytes)
{
    size_t i = container_of_bytes(bytes);
    return i < CONTAINERS ? containers[i].suffix : (struct str){0};
}

struct inflate *inflate_new_file(struct arena *a, struct str bytes, struct buf *to)
{
    struct inflate *z = arena_new_of(a, struct inflate);
    size_t i = container_of_bytes(bytes);
    z->to = to;
    if (i < CONTAINERS)
        push_stage(a, z, containers[i].open);
    return z;
}

static enum inflate_result feed(struct inflate *z, size_t index, struct str in);

/* One step of stage `index`, and what it made handed on. */
static enum inflate_result advance(struct inflate *z, size_t index, struct str *in, size_t *written)
{
    struct stage *s = &z->stages[index];
    enum inflate_result result = s->step(s, in, s->chunk, written);
    if (result != INFLATE_OK || *written == 0)
        return result;
    s->produced += *written;
    /* Also for what lies between two stages: nothing honest grows past the ceiling there. */
    if (s->produced > z->to->max)
        return INFLATE_TOO_LARGE;
    return feed(z, index + 1, (struct str){s->chunk, *written});
}

/* Feeds stage `index`; past the last stage bytes go to the buf.  What a stage makes of its input
 * goes on chunk by chunk, so no stage holds more than one.  The recursion ends at STAGES_MAX. */
static enum inflate_result feed(struct inflate *z, size_t index, struct str in)
{
    if (index == z->count) {
        buf_put_str(z->to, in);
        return buf_ok(z->to) ? INFLATE_OK : INFLATE_TOO_LARGE;
    }
    /* A full chunk may mean that the codec still holds output although its input is used up. */
    for (size_t before, written = CHUNK; in.n || written == CHUNK;) {
        if (!in.n && z->stages[index].ended)
            return INFLATE_OK;
        before = in.n;
        enum inflate_result result = advance(z, index, &in, &written);
        if (result != INFLATE_OK)
            return result;
        if (!written && in.n && in.n == before)
            return INFLATE_CORRUPT;
    }
    return INFLATE_OK;
}

enum inflate_result inflate_feed(struct inflate *z, struct str bytes)
{
    if (z->result == INFLATE_OK && bytes.n)
        z->result = feed(z, 0, bytes);
    return z->result;
}

enum inflate_result inflate_finish(struct inflate *z)
{
    for (size_t i = 0; i < z->count; i++)
        if (z->result == INFLATE_OK && !z->stages[i].ended)
            z->result = INFLATE_CORRUPT;
    return z->result;
}

bool inflate_is_identity(const struct inflate *z)
{
    return z->count == 0;
}

enum inflate_result inflate_zlib(struct arena *a, struct str bytes, struct buf *to)
{
    struct inflate *z = inflate_new(a, S("deflate"), to);
    inflate_feed(z, bytes);
    return inflate_finish(z);
}
