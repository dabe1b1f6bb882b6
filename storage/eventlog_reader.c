#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/crc32c.h"
#include "storage/eventlog_files.h"

enum { WINDOWS = 16 };
#define MAP_BYTES ((size_t)1 << 30) /* address space of a window; a larger file gets its size */
#define RELEASE_BYTES ((int64_t)4 << 20) /* read bytes that may stay resident */

/* A segment mapped for reading; old ones stay so that the caller's bytes do. */
struct window {
    char *bytes;
    size_t size;
};

struct eventlog_reader {
    struct uuid id;
    char path[LOG_PATH_MAX];
    int64_t position;
    bool gone;
    _Atomic int64_t *synced;

    int fd; /* the open segment, -1 when none */
    int64_t base;
    int64_t next_base;      /* of the segment after it; 0 when it is the last */
    int64_t released;       /* offset up to which the pages were given back */
    int64_t tail;           /* position that was found to have no record after it; -1 */
    struct timespec listed; /* the directory's time of change when it was last listed */
    struct window windows[WINDOWS];
    unsigned at;
};

/* ---- opening */

static _Atomic int64_t *map_synced(const char *path)
{
    char lock[LOG_PATH_MAX + 8];
    snprintf(lock, sizeof(lock), "%s/lock", path);
    int fd = open(lock, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct stat st;
    bool whole = fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof(int64_t);
    _Atomic int64_t *synced = whole ? synced_map(fd, false) : NULL;
    close(fd);
    return synced;
}

struct eventlog_reader *eventlog_open(const char *dir, struct uuid log, int64_t position)
{
    struct stat st;
    struct eventlog_reader *r = calloc(1, sizeof(*r));
    if (!r)
        abort();
    *r = (struct eventlog_reader){.id = log, .position = position, .fd = -1, .tail = -1};
    log_path(r->path, dir, log);
    if (stat(r->path, &st) == 0)
        return r;
    free(r);
    return NULL;
}

static void window_drop(struct window *w)
{
    if (w->bytes)
        munmap(w->bytes, w->size);
    *w = (struct window){0};
}

void eventlog_reader_free(struct eventlog_reader *r)
{
    if (!r)
        return;
    for (int i = 0; i < WINDOWS; i++)
        window_drop(&r->windows[i]);
    synced_unmap(r->synced);
    if (r->fd >= 0)
        close(r->fd);
    free(r);
}

bool eventlog_writer_gone(const struct eventlog_reader *r)
{
    return r->gone || lock_is_free(r->path);
}

int64_t eventlog_end(const char *dir, struct uuid log)
{
    char path[LOG_PATH_MAX];
    log_path(path, dir, log);
    _Atomic int64_t *synced = map_synced(path);
    int64_t end = synced ? atomic_load_explicit(synced, memory_order_acquire) : 0;
    synced_unmap(synced);
    return end;
}

/* ---- segments */

static char *window(const struct eventlog_reader *r)
{
    return r->windows[r->at].bytes;
}

/* The pages leave the process's memory; a late look fetches them again. */
static void window_release(struct window *w)
{
    if (w->bytes)
        madvise(w->bytes, w->size, MADV_DONTNEED);
}

static bool window_open(struct eventlog_reader *r, size_t size)
{
    window_release(&r->windows[r->at]);
    r->at = (r->at + 1) % WINDOWS;
    struct window *w = &r->windows[r->at];
    window_drop(w);
    void *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, r->fd, 0);
    if (bytes == MAP_FAILED)
        return false;
    *w = (struct window){bytes, size};
    return true;
}

static bool segment_open(struct eventlog_reader *r, int64_t base)
{
    char file[LOG_PATH_MAX + SEGMENT_NAME_SIZE], name[SEGMENT_NAME_SIZE];
    struct stat st;
    if (r->fd >= 0)
        close(r->fd);
    segment_name(name, base);
    snprintf(file, sizeof(file), "%s/%s", r->path, name);
    r->fd = open(file, O_RDONLY | O_CLOEXEC);
    if (r->fd < 0 || fstat(r->fd, &st) < 0)
        return false;
    r->base = base;
    r->released = 0;
    return window_open(r, (size_t)st.st_size > MAP_BYTES ? (size_t)st.st_size : MAP_BYTES);
}

/* Where the position lies: the segment that holds it, else the first one past it. */
struct place {
    bool found;
    int64_t base, next_base;
};

static struct place segment_find(const struct eventlog_reader *r)
{
    struct segment *list;
    struct arena *a = arena_new((size_t)64 << 20);
    size_t count = segment_list(a, r->path, &list), i = 0;
    while (i + 1 < count && list[i + 1].base <= r->position)
        i++;
    struct place place = {count > 0, count ? list[i].base : 0,
                          i + 1 < count ? list[i + 1].base : 0};
    arena_free(a);
    return place;
}

/* Listing is spared while the directory's time of change says that nothing was added.  A time
 * younger than a second proves nothing: the clock of files is coarse. */
static bool directory_changed(struct eventlog_reader *r)
{
    struct stat st;
    struct timespec now;
    if (stat(r->path, &st) < 0)
        return true;
    bool same = r->fd >= 0 && st.st_mtim.tv_sec == r->listed.tv_sec &&
                st.st_mtim.tv_nsec == r->listed.tv_nsec;
    clock_gettime(CLOCK_REALTIME, &now);
    r->listed = now.tv_sec - st.st_mtim.tv_sec > 1 ? st.st_mtim : (struct timespec){0};
    return !same;
}

/* Opens what the position needs and learns whether another segment has begun. */
static bool segment_ready(struct eventlog_reader *r)
{
    if (r->fd >= 0 && !directory_changed(r) && !(r->next_base && r->position >= r->next_base))
        return true;
    struct place place = segment_find(r);
    if (!place.found)
        return false;
    r->next_base = place.next_base;
    if (r->fd >= 0 && place.base == r->base)
        return true;
    if (!segment_open(r, place.base)) {
        log_error("a segment of the event log cannot be read", LOG_STR("log", str_of(r->path)),
                  LOG_INT("segment", place.base), LOG_STR("reason", str_of(strerror(errno))));
        return false;
    }
    if (r->position < place.base)
        r->position = place.base;
    return true;
}

/* Position up to which the open segment may be read. */
static int64_t segment_limit(struct eventlog_reader *r)
{
    struct stat st;
    if (r->fd < 0 || fstat(r->fd, &st) < 0)
        return 0;
    int64_t limit = r->base + st.st_size;
    if (r->next_base && r->next_base < limit)
        limit = r->next_base;
    if (r->gone)
        return limit;
    int64_t synced = r->synced ? atomic_load_explicit(r->synced, memory_order_acquire) : 0;
    return synced < limit ? synced : limit;
}

/* As window_release(), for what was read of the open segment. */
static void release_pages(struct eventlog_reader *r)
{
    int64_t done = (r->position - r->base) & ~(RELEASE_BYTES - 1);
    if (done <= r->released)
        return;
    madvise(window(r) + r->released, (size_t)(done - r->released), MADV_DONTNEED);
    r->released = done;
}

/* ---- records */

enum frame_state { FRAME_RECORD, FRAME_BAD_PAYLOAD, FRAME_NONE };

/* What stands at a position; *end is where it ends, unless FRAME_NONE. */
static enum frame_state frame_at(const struct eventlog_reader *r, int64_t position, int64_t limit,
                                 int64_t *end)
{
    uint32_t size, crc;
    if (limit - position < FRAME_SIZE)
        return FRAME_NONE;
    const char *frame = window(r) + (position - r->base);
    if (!frame_get(frame, r->id, position, &size, &crc))
        return FRAME_NONE;
    *end = position + frame_padded(FRAME_SIZE + (int64_t)size);
    if (*end > limit)
        return FRAME_NONE;
    return crc32c(0, frame + FRAME_SIZE, size) == crc ? FRAME_RECORD : FRAME_BAD_PAYLOAD;
}

/* First position after `from` where a sound record stands, or limit. */
static int64_t next_record(const struct eventlog_reader *r, int64_t from, int64_t limit)
{
    int64_t end;
    for (int64_t at = from + 8; at + FRAME_SIZE <= limit; at += 8)
        if (frame_at(r, at, limit, &end) == FRAME_RECORD)
            return at;
    return limit;
}

static bool is_zero(struct str bytes)
{
    return bytes.n == 0 || (bytes.p[0] == 0 && memcmp(bytes.p, bytes.p + 1, bytes.n - 1) == 0);
}

static struct str bytes_between(const struct eventlog_reader *r, int64_t from, int64_t to)
{
    return (struct str){window(r) + (from - r->base), (size_t)(to - from)};
}

static enum read_result advance(struct eventlog_reader *r, int64_t to, enum read_result result,
                                int64_t *next)
{
    r->position = *next = to;
    r->tail = -1;
    return result;
}

/*
 * No record stands at the position, though bytes do up to the limit.  Zeros to the end of a segment
 * and the unsynced tail of a dead writer's last one are no damage: nobody was told that they were
 * kept.  Everything else is skipped and reported.
 */
static enum read_result skip_damage(struct eventlog_reader *r, struct str *bytes, int64_t *next)
{
    struct place place = segment_find(r); /* a segment may have begun since the last look */
    if (place.base != r->base)
        return READ_END;
    r->next_base = place.next_base;
    int64_t limit = segment_limit(r), resume = next_record(r, r->position, limit);
    struct str skipped = bytes_between(r, r->position, resume);
    bool is_tail = resume == limit && r->gone && !r->next_base;
    if (is_tail)
        r->tail = r->position;
    if (is_tail || (resume == limit && is_zero(skipped)))
        return READ_END;
    *bytes = skipped;
    return advance(r, resume, READ_DAMAGED, next);
}

static enum read_result read_here(struct eventlog_reader *r, int64_t limit, struct str *bytes,
                                  int64_t *next)
{
    int64_t end;
    uint32_t size, crc;
    enum frame_state state = frame_at(r, r->position, limit, &end);
    if (state == FRAME_NONE || (state == FRAME_BAD_PAYLOAD && r->gone && !r->next_base))
        return skip_damage(r, bytes, next);
    const char *frame = window(r) + (r->position - r->base);
    frame_get(frame, r->id, r->position, &size, &crc);
    *bytes = (struct str){frame + FRAME_SIZE, size};
    return advance(r, end, state == FRAME_RECORD ? READ_RECORD : READ_DAMAGED, next);
}

static enum read_result read_open(struct eventlog_reader *r, struct str *bytes, int64_t *next)
{
    if (r->fd < 0)
        return READ_END;
    int64_t limit = segment_limit(r);
    if (r->position >= limit || r->tail == r->position)
        return READ_END;
    release_pages(r);
    return read_here(r, limit, bytes, next);
}

/* At the end of the open segment: another may have begun, or the writer have gone. */
static bool more_to_read(struct eventlog_reader *r)
{
    struct eventlog_reader was = *r;
    r->gone = r->gone || lock_is_free(r->path);
    if (!r->synced)
        r->synced = map_synced(r->path);
    if (r->position < r->next_base)
        r->position = r->next_base;
    if (!segment_ready(r))
        return false;
    return r->gone != was.gone || r->next_base != was.next_base || r->base != was.base ||
           was.fd < 0 || (!was.synced && r->synced);
}

enum read_result eventlog_read(struct eventlog_reader *r, struct str *bytes, int64_t *next)
{
    enum read_result result = read_open(r, bytes, next);
    while (result == READ_END && more_to_read(r))
        result = read_open(r, bytes, next);
    if (result == READ_END)
        *next = r->position;
    return result;
}
