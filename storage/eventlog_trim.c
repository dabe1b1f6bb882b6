/* Listing, measuring and deleting: everything about logs that is neither writing nor reading. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "storage/eventlog_files.h"

enum { LOGS_MAX = 4096 };
#define SCRATCH_BYTES ((size_t)64 << 20)

static int uuid_order(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct uuid));
}

size_t eventlog_list(struct arena *a, const char *dir, struct uuid **logs)
{
    size_t count = 0;
    *logs = NULL;
    DIR *d = opendir(dir);
    if (!d)
        return 0;
    struct uuid *list = *logs = arena_alloc(a, LOGS_MAX * sizeof(*list));
    for (struct dirent *e; count < LOGS_MAX && (e = readdir(d));)
        count += strlen(e->d_name) == 32 && uuid_parse(str_of(e->d_name), &list[count]);
    closedir(d);
    qsort(list, count, sizeof(*list), uuid_order);
    return count;
}

static void segment_path(char file[LOG_PATH_MAX + SEGMENT_NAME_SIZE], const char *path,
                         int64_t base)
{
    char name[SEGMENT_NAME_SIZE];
    segment_name(name, base);
    snprintf(file, LOG_PATH_MAX + SEGMENT_NAME_SIZE, "%s/%s", path, name);
}

static void segment_mark(const char *path, struct segment *s, bool consumed)
{
    char file[LOG_PATH_MAX + SEGMENT_NAME_SIZE];
    if (s->consumed == consumed)
        return;
    segment_path(file, path, s->base);
    if (chmod(file, consumed ? 0400 : 0640) == 0)
        utimensat(AT_FDCWD, file, NULL, 0);
    s->consumed = consumed;
    s->modified = clock_now();
}

static bool segment_delete(const char *path, const struct segment *s)
{
    char file[LOG_PATH_MAX + SEGMENT_NAME_SIZE];
    segment_path(file, path, s->base);
    if (unlink(file) == 0 || errno == ENOENT)
        return true;
    log_warn("a consumed segment cannot be deleted", LOG_STR("file", str_of(file)),
             LOG_STR("reason", str_of(strerror(errno))));
    return false;
}

/* True when nobody will write to the log again and nothing stands at the position. */
static bool is_drained(const char *dir, struct uuid log, int64_t position)
{
    struct str bytes;
    int64_t next;
    struct eventlog_reader *r = eventlog_open(dir, log, position);
    if (!r)
        return false;
    bool drained = eventlog_writer_gone(r) && eventlog_read(r, &bytes, &next) == READ_END;
    eventlog_reader_free(r);
    return drained;
}

static void log_delete(const char *path)
{
    char file[LOG_PATH_MAX + 16];
    snprintf(file, sizeof(file), "%s/lock", path);
    unlink(file);
    snprintf(file, sizeof(file), "%s/lock.new", path);
    unlink(file);
    rmdir(path);
}

/* Whether nothing stands from the position on in a segment that has a successor.  Behind its end
 * may be a gap: what a full disk did not take. */
static bool is_passed(const struct segment *s, int64_t position)
{
    return s[1].base <= position || s->base + s->size <= position;
}

static void trim(struct arena *a, const char *path, bool drained, int64_t position, int64_t keep)
{
    struct segment *list;
    size_t count = segment_list(a, path, &list), left = count;
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count;
        bool consumed = is_last ? drained : is_passed(&list[i], position);
        segment_mark(path, &list[i], consumed);
        if (consumed && list[i].modified + keep <= clock_now())
            left -= segment_delete(path, &list[i]);
    }
    if (drained && left == 0)
        log_delete(path);
}

void eventlog_trim(const char *dir, struct uuid log, int64_t position, int64_t keep_seconds)
{
    char path[LOG_PATH_MAX];
    struct arena *a = arena_new(SCRATCH_BYTES);
    log_path(path, dir, log);
    trim(a, path, is_drained(dir, log, position), position, keep_seconds * CLOCK_SECOND);
    arena_free(a);
}

/* ---- the sum of all logs */

struct kept {
    struct uuid log;
    struct segment segment;
};

/* All segments below dir, in the arena. */
static size_t kept_list(struct arena *a, const char *dir, struct kept **out)
{
    struct uuid *logs;
    struct segment *list[LOGS_MAX];
    size_t counts[LOGS_MAX], total = 0, log_count = eventlog_list(a, dir, &logs);
    char path[LOG_PATH_MAX];
    for (size_t i = 0; i < log_count; i++) {
        log_path(path, dir, logs[i]);
        total += counts[i] = segment_list(a, path, &list[i]);
    }
    struct kept *kept = *out = arena_alloc(a, (total + 1) * sizeof(*kept));
    for (size_t i = 0; i < log_count; i++)
        for (size_t j = 0; j < counts[i]; j++)
            *kept++ = (struct kept){logs[i], list[i][j]};
    return total;
}

static int64_t measure(const char *dir)
{
    struct kept *kept;
    int64_t bytes = 0;
    struct arena *a = arena_new(SCRATCH_BYTES);
    size_t count = kept_list(a, dir, &kept);
    for (size_t i = 0; i < count; i++)
        bytes += kept[i].segment.consumed ? 0 : kept[i].segment.size;
    arena_free(a);
    return bytes;
}

int64_t eventlog_backlog(const char *dir)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char measured[LOG_PATH_MAX];
    static int64_t bytes, until;
    pthread_mutex_lock(&lock);
    if (clock_monotonic() >= until || strcmp(measured, dir) != 0) {
        bytes = measure(dir);
        until = clock_monotonic() + CLOCK_SECOND;
        snprintf(measured, sizeof(measured), "%s", dir);
    }
    int64_t result = bytes;
    pthread_mutex_unlock(&lock);
    return result;
}

static int oldest_first(const void *a, const void *b)
{
    int64_t x = ((const struct kept *)a)->segment.modified;
    int64_t y = ((const struct kept *)b)->segment.modified;
    return (x > y) - (x < y);
}

/* Bytes to be given back. */
static int64_t excess(const char *dir, int64_t total, int64_t ceiling, int64_t room)
{
    struct statvfs disk;
    int64_t over = total - ceiling;
    if (statvfs(dir, &disk) < 0)
        return over;
    int64_t lacking = room - (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    return lacking > over ? lacking : over;
}

void eventlog_reclaim(const char *dir, int64_t ceiling, int64_t room)
{
    struct kept *kept;
    char path[LOG_PATH_MAX];
    struct arena *a = arena_new(SCRATCH_BYTES);
    size_t count = kept_list(a, dir, &kept);
    int64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += kept[i].segment.size;
    qsort(kept, count, sizeof(*kept), oldest_first);
    int64_t over = excess(dir, total, ceiling, room);
    for (size_t i = 0; i < count && over > 0; i++) {
        log_path(path, dir, kept[i].log);
        if (kept[i].segment.consumed && segment_delete(path, &kept[i].segment))
            over -= kept[i].segment.size;
    }
    arena_free(a);
}
