#include "storage/eventlog_files.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "storage/crc32c.h"

enum { LOCKLESS_SECONDS = 60, SEGMENT_DIGITS = 20 };

static uint32_t frame_seal(const char frame[FRAME_SIZE], struct uuid log, int64_t position)
{
    uint64_t at = htole64((uint64_t)position);
    uint32_t crc = crc32c(0, log.bytes, sizeof(log.bytes));
    crc = crc32c(crc, &at, sizeof(at));
    return crc32c(crc, frame, FRAME_SIZE - sizeof(uint32_t));
}

void frame_put(char frame[FRAME_SIZE], struct uuid log, int64_t position, uint32_t payload_size,
               uint32_t payload_crc)
{
    uint32_t words[3] = {htole32(FRAME_MAGIC), htole32(payload_size), htole32(payload_crc)};
    memcpy(frame, words, sizeof(words));
    uint32_t seal = htole32(frame_seal(frame, log, position));
    memcpy(frame + sizeof(words), &seal, sizeof(seal));
}

bool frame_get(const char frame[FRAME_SIZE], struct uuid log, int64_t position,
               uint32_t *payload_size, uint32_t *payload_crc)
{
    uint32_t words[4];
    memcpy(words, frame, sizeof(words));
    if (le32toh(words[0]) != FRAME_MAGIC || le32toh(words[3]) != frame_seal(frame, log, position))
        return false;
    *payload_size = le32toh(words[1]);
    *payload_crc = le32toh(words[2]);
    return true;
}

void log_path(char path[LOG_PATH_MAX], const char *dir, struct uuid log)
{
    char hex[33];
    uuid_put(log, hex);
    snprintf(path, LOG_PATH_MAX, "%s/%s", dir, hex);
}

void segment_name(char name[SEGMENT_NAME_SIZE], int64_t base)
{
    snprintf(name, SEGMENT_NAME_SIZE, "%020lld.seg", (long long)base);
}

static bool segment_base(const char *name, int64_t *base)
{
    char *end;
    if (strspn(name, "0123456789") != SEGMENT_DIGITS)
        return false;
    *base = strtoll(name, &end, 10);
    return strcmp(end, ".seg") == 0;
}

static int segment_order(const void *a, const void *b)
{
    int64_t x = ((const struct segment *)a)->base, y = ((const struct segment *)b)->base;
    return (x > y) - (x < y);
}

static bool segment_stat(int dir_fd, const char *name, struct segment *out)
{
    struct stat st;
    if (!segment_base(name, &out->base) || fstatat(dir_fd, name, &st, 0) < 0)
        return false;
    out->size = st.st_size;
    out->modified = (int64_t)st.st_mtim.tv_sec * CLOCK_SECOND + st.st_mtim.tv_nsec / 1000;
    out->consumed = !(st.st_mode & S_IWUSR);
    return true;
}

/* Doubles the array when it is full; the old one stays behind in the arena. */
static struct segment *segment_room(struct arena *a, struct segment *list, size_t count)
{
    if (count && (count < 8 || (count & (count - 1))))
        return list;
    struct segment *more = arena_alloc(a, (count < 8 ? 8 : 2 * count) * sizeof(*more));
    if (count)
        memcpy(more, list, count * sizeof(*more));
    return more;
}

size_t segment_list(struct arena *a, const char *path, struct segment **out)
{
    size_t count = 0;
    *out = NULL;
    DIR *d = opendir(path);
    if (!d)
        return 0;
    for (struct dirent *e; (e = readdir(d));) {
        *out = segment_room(a, *out, count);
        count += segment_stat(dirfd(d), e->d_name, &(*out)[count]);
    }
    closedir(d);
    if (count)
        qsort(*out, count, sizeof(**out), segment_order);
    return count;
}

_Atomic int64_t *synced_map(int lock_fd, bool writable)
{
    void *p = mmap(NULL, sizeof(int64_t), writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED,
                   lock_fd, 0);
    return p == MAP_FAILED ? NULL : p;
}

void synced_unmap(_Atomic int64_t *synced)
{
    if (synced)
        munmap(synced, sizeof(int64_t));
}

static bool is_old(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && (int64_t)st.st_mtime + LOCKLESS_SECONDS < time(NULL);
}

bool lock_is_free(const char *path)
{
    char lock[LOG_PATH_MAX + 8];
    snprintf(lock, sizeof(lock), "%s/lock", path);
    int fd = open(lock, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT && is_old(path);
    bool free = flock(fd, LOCK_SH | LOCK_NB) == 0;
    close(fd);
    return free;
}
