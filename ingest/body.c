#include "ingest/body.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/inflate.h"
#include "base/log.h"
#include "ingest/refuse.h"

enum { CHUNK = 16384, SLICE = 512, KEEP = 64 << 10 };
#define SETTLE ((size_t)4 << 20)

static bool refuse_result(struct request *rq, enum inflate_result result)
{
    if (result == INFLATE_TOO_LARGE)
        refuse(rq, 413, "length limit exceeded");
    else
        refuse(rq, 400, "invalid request body");
    return false;
}

/* ---- large bodies */

static bool take_slot(struct body *b, struct large_slots *slots)
{
    int have = atomic_load(&slots->free);
    while (have > 0)
        if (atomic_compare_exchange_weak(&slots->free, &have, have - 1)) {
            b->slot = slots;
            return true;
        }
    return false;
}

/* An unlinked file whose blocks are all reserved: a write to the mapping cannot fail later. */
static char *map_file(const char *dir, size_t size)
{
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return NULL;
    int refused = posix_fallocate(fd, 0, (off_t)size);
    void *map = MAP_FAILED;
    if (refused == 0)
        map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    else
        errno = refused;
    int reason = errno;
    close(fd);
    errno = reason;
    return map == MAP_FAILED ? NULL : map;
}

static bool open_large(struct request *rq, struct body *b, struct large_slots *slots, size_t size)
{
    if (!b->shares_slot && !take_slot(b, slots)) {
        refuse_overloaded(rq, "the service is overloaded");
        return false;
    }
    b->map = map_file(slots->dir, size);
    b->map_size = size;
    if (b->map)
        return true;
    log_error("no room for a large body", LOG_INT("bytes", (int64_t)size),
              LOG_STR("reason", str_of(strerror(errno))));
    refuse_overloaded(rq, "the service is overloaded");
    return false;
}

/* A large body on its way into its file. */
struct pouring {
    struct body *body;
    struct inflate *z;
    struct buf to;  /* the mapping */
    size_t settled; /* decoded bytes whose pages are in the file's care alone */
    size_t slice;   /* compressed bytes fed at a time: a bomb opens between two settlings */
    struct str raw; /* the compressed body when it was read already, else absent */
};

/* The decoded pages leave the process: they lie in the file, and return when they are read. */
static void settle(struct pouring *p)
{
    size_t done = p->to.len / SETTLE * SETTLE;
    if (done > p->settled)
        madvise(p->body->map + p->settled, done - p->settled, MADV_DONTNEED);
    p->settled = done > p->settled ? done : p->settled;
}

static enum inflate_result pour_bytes(struct pouring *p, struct str bytes)
{
    enum inflate_result result = INFLATE_OK;
    while (result == INFLATE_OK && bytes.n) {
        result = inflate_feed(p->z, str_slice(bytes, 0, p->slice));
        bytes = str_slice(bytes, p->slice, bytes.n);
        settle(p);
    }
    return result;
}

static enum inflate_result pour_request(struct pouring *p, struct request *rq)
{
    char chunk[CHUNK];
    ssize_t n;
    enum inflate_result result = INFLATE_OK;
    while (result == INFLATE_OK && (n = request_read(rq, chunk, sizeof(chunk))) != 0)
        result = n < 0 ? INFLATE_CORRUPT : pour_bytes(p, (struct str){chunk, (size_t)n});
    return result;
}

static enum inflate_result pour(struct pouring *p, struct request *rq)
{
    enum inflate_result result = p->raw.p ? pour_bytes(p, p->raw) : pour_request(p, rq);
    return result == INFLATE_OK ? inflate_finish(p->z) : result;
}

/* Pours into the file that was opened. */
static enum inflate_result fill(struct pouring *p, struct request *rq)
{
    p->to.data = p->body->map;
    enum inflate_result result = pour(p, rq);
    p->body->bytes = buf_str(&p->to);
    return result;
}

static bool is_small(const struct request *rq)
{
    return rq->content_length >= 0 && rq->content_length <= BODY_SMALL;
}

/* `raw`: the compressed bytes of a small request, absent when they are still to be read. */
static bool read_large(struct request *rq, struct body *b, struct large_slots *slots,
                       size_t ceiling, struct str raw)
{
    struct pouring p = {.body = b, .raw = raw};
    p.z = inflate_new(rq->arena, request_header(rq, "HTTP_CONTENT_ENCODING"), &p.to);
    bool identity = inflate_is_identity(p.z);
    p.slice = identity ? CHUNK : SLICE;
    p.to.max = p.to.cap = identity && rq->content_length > 0 ? (size_t)rq->content_length : ceiling;
    if (!open_large(rq, b, slots, p.to.max))
        return false;
    enum inflate_result result = fill(&p, rq);
    return result == INFLATE_OK || refuse_result(rq, result);
}

static enum inflate_result decode(struct inflate *z, struct str raw)
{
    enum inflate_result result = inflate_feed(z, raw);
    return result == INFLATE_OK ? inflate_finish(z) : result;
}

static bool read_raw(struct request *rq, struct str *raw)
{
    size_t have = 0, room = (size_t)rq->content_length;
    char *bytes = arena_take(rq->arena, room + 1);
    for (ssize_t n = 1; have < room && n > 0; have += n > 0 ? (size_t)n : 0)
        n = request_read(rq, bytes + have, room - have);
    *raw = (struct str){bytes, have};
    return have == room || refuse_result(rq, INFLATE_CORRUPT);
}

bool body_read(struct request *rq, struct body *b, struct large_slots *slots, size_t ceiling)
{
    if (rq->content_length > (int64_t)ceiling)
        return refuse_result(rq, INFLATE_TOO_LARGE);
    buf_clear(&b->decoded);
    b->decoded.max = ceiling < BODY_SMALL ? ceiling : BODY_SMALL;
    struct inflate *z =
        inflate_new(rq->arena, request_header(rq, "HTTP_CONTENT_ENCODING"), &b->decoded);
    if (!z) {
        refuse(rq, 415, "unsupported content encoding");
        return false;
    }
    if (!is_small(rq))
        return read_large(rq, b, slots, ceiling, (struct str){0});
    if (!read_raw(rq, &b->bytes))
        return false;
    if (inflate_is_identity(z))
        return true;
    struct str raw = b->bytes;
    enum inflate_result result = decode(z, raw);
    if (result == INFLATE_TOO_LARGE && ceiling > BODY_SMALL)
        return read_large(rq, b, slots, ceiling, raw);
    b->bytes = buf_str(&b->decoded);
    return result == INFLATE_OK || refuse_result(rq, result);
}

static struct inflate *open_packed(struct arena *a, const struct packed *what, struct buf *to)
{
    return what->encoding.p ? inflate_new(a, what->encoding, to)
                            : inflate_new_file(a, what->bytes, to);
}

static bool unpack_large(struct request *rq, struct body *b, const struct packed *what,
                         enum inflate_result *result)
{
    struct pouring p = {.body = b, .raw = what->bytes, .slice = SLICE};
    p.z = open_packed(rq->arena, what, &p.to);
    p.to.max = p.to.cap = what->ceiling;
    if (!open_large(rq, b, what->slots, what->ceiling))
        return false;
    *result = fill(&p, rq);
    return true;
}

bool body_unpack(struct request *rq, struct body *b, const struct packed *what,
                 enum inflate_result *result)
{
    buf_clear(&b->decoded);
    b->decoded.max = what->ceiling < BODY_SMALL ? what->ceiling : BODY_SMALL;
    b->shares_slot = what->beside->slot != NULL;
    struct inflate *z = open_packed(rq->arena, what, &b->decoded);
    *result = what->bytes.n <= BODY_SMALL ? decode(z, what->bytes) : INFLATE_TOO_LARGE;
    b->bytes = buf_str(&b->decoded);
    if (*result == INFLATE_TOO_LARGE && what->ceiling > BODY_SMALL)
        return unpack_large(rq, b, what, result);
    return true;
}

void body_release(struct body *b)
{
    if (b->map)
        munmap(b->map, b->map_size);
    b->map = NULL;
    if (b->slot)
        atomic_fetch_add(&b->slot->free, 1);
    b->slot = NULL;
    b->shares_slot = false;
    b->bytes = (struct str){0};
    if (b->decoded.cap > KEEP)
        buf_free(&b->decoded);
}
