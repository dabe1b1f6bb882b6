#include "storage/eventlog.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "storage/crc32c.h"
#include "storage/eventlog_files.h"

enum {
    WRITERS = 2,
    GROUP_MAX = IOV_MAX,
    ZERO_AHEAD = 1 << 20,
    RETRY_PAUSE = CLOCK_SECOND, /* between attempts on a disk that refuses a segment, or is full */
};

/* One append, in its caller's arena, waiting for its group. */
struct append {
    char *frame;  /* frame, payload, padding */
    int64_t size; /* of all three; a multiple of 8 */
    uint32_t payload_size, payload_crc;
    struct append *next;
    append_done *done;
    void *arg;
};

struct eventlog {
    struct uuid id;
    char path[LOG_PATH_MAX];
    int64_t segment_bytes;
    int dir_fd, lock_fd;
    _Atomic int64_t *synced;

    pthread_t writers[WRITERS];
    int writer_count;
    pthread_mutex_t lock; /* guards the five below */
    pthread_cond_t ready_or_closing;
    struct append *first, *last;
    bool led;   /* a writer writes a group, or was told to */
    bool ready; /* it was told to and has not begun */
    bool closing;

    /* The leader's alone: of the writer that writes a group. */
    int fd;                 /* the open segment; -1: the next group begins one */
    int64_t base, end;      /* positions: of its first byte, of the next record */
    int64_t zeroed;         /* file offset up to which the segment holds bytes */
    int64_t retry_at;       /* clock_monotonic() before which no segment is begun */
    enum append_result why; /* of the last refusal to begin one */
    _Atomic int64_t syncs;
};

static void report(const struct eventlog *log, const char *what)
{
    log_error("the event log cannot be written", LOG_STR("what", str_of(what)),
              LOG_STR("log", str_of(log->path)), LOG_STR("reason", str_of(strerror(errno))));
}

static enum append_result refusal(void)
{
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? APPEND_FULL : APPEND_FAILED;
}

/* ---- making and closing a log */

/* Locked under another name first: a lock that readers can see is held. */
static bool lock_make(struct eventlog *log)
{
    log->lock_fd = openat(log->dir_fd, "lock.new", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (log->lock_fd < 0 || flock(log->lock_fd, LOCK_EX | LOCK_NB) < 0 ||
        ftruncate(log->lock_fd, sizeof(int64_t)) < 0)
        return false;
    log->synced = synced_map(log->lock_fd, true);
    return log->synced && renameat(log->dir_fd, "lock.new", log->dir_fd, "lock") == 0 &&
           fsync(log->dir_fd) == 0;
}

static bool sync_directory(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool directory_make(struct eventlog *log, const char *dir)
{
    if (mkdir(dir, 0750) < 0 && errno != EEXIST)
        return false;
    if (mkdir(log->path, 0750) < 0)
        return false;
    log->dir_fd = open(log->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return log->dir_fd >= 0 && lock_make(log) && sync_directory(dir);
}

static void *write_groups(void *shared);

static bool writers_start(struct eventlog *log)
{
    while (log->writer_count < WRITERS &&
           pthread_create(&log->writers[log->writer_count], NULL, write_groups, log) == 0)
        log->writer_count++;
    return log->writer_count > 0;
}

static void writers_stop(struct eventlog *log)
{
    pthread_mutex_lock(&log->lock);
    log->closing = true;
    pthread_cond_broadcast(&log->ready_or_closing);
    pthread_mutex_unlock(&log->lock);
    for (int i = 0; i < log->writer_count; i++)
        pthread_join(log->writers[i], NULL);
}

struct eventlog *eventlog_create(const char *dir, int64_t segment_bytes)
{
    struct eventlog *log = calloc(1, sizeof(*log));
    if (!log)
        abort();
    log->id = uuid_random();
    log->segment_bytes = segment_bytes;
    log->fd = log->dir_fd = log->lock_fd = -1;
    pthread_mutex_init(&log->lock, NULL);
    pthread_cond_init(&log->ready_or_closing, NULL);
    log_path(log->path, dir, log->id);
    if (directory_make(log, dir) && writers_start(log))
        return log;
    report(log, "a new log");
    eventlog_close(log);
    return NULL;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void eventlog_close(struct eventlog *log)
{
    writers_stop(log);
    synced_unmap(log->synced);
    close_if_open(log->fd);
    close_if_open(log->dir_fd);
    close_if_open(log->lock_fd);
    pthread_mutex_destroy(&log->lock);
    pthread_cond_destroy(&log->ready_or_closing);
    free(log);
}

struct uuid eventlog_id(const struct eventlog *log)
{
    return log->id;
}

int64_t eventlog_syncs(struct eventlog *log)
{
    return log->syncs;
}

/* ---- segments: the leader only */

/* Cuts the zeros, or what a failed write left behind.  Readers need no help to find the end, so a
 * failure is of no consequence. */
static void segment_seal(struct eventlog *log)
{
    if (ftruncate(log->fd, log->end - log->base) < 0)
        report(log, "the end of a segment");
    close(log->fd);
    log->fd = -1;
}

static bool segment_create(struct eventlog *log)
{
    char name[SEGMENT_NAME_SIZE];
    segment_name(name, log->end);
    if (fault_here("log_full")) {
        errno = ENOSPC;
        return false;
    }
    log->fd = openat(log->dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (log->fd >= 0 && fsync(log->dir_fd) == 0)
        return true;
    int reason = errno;
    close_if_open(log->fd);
    unlinkat(log->dir_fd, name, 0);
    log->fd = -1;
    errno = reason;
    return false;
}

/* Without it each group would leave behind a segment that holds nothing. */
static void pause_writing(struct eventlog *log, enum append_result why)
{
    log->why = why;
    log->retry_at = clock_monotonic() + RETRY_PAUSE;
}

static enum append_result segment_begin(struct eventlog *log)
{
    if (clock_monotonic() < log->retry_at)
        return log->why;
    if (segment_create(log)) {
        log->base = log->end;
        log->zeroed = 0;
        return APPEND_SYNCED;
    }
    pause_writing(log, refusal());
    report(log, "a new segment");
    return log->why;
}

/* After a failure nothing is known of the bytes on disk: they stay behind, the next segment begins
 * past them. */
static enum append_result segment_give_up(struct eventlog *log, int64_t tried, const char *what)
{
    enum append_result why = refusal();
    if (errno == ENOSPC || errno == EDQUOT)
        pause_writing(log, why);
    report(log, what);
    segment_seal(log);
    log->end += tried;
    return why;
}

/* ---- writing a group: the leader only */

static bool write_all(int fd, struct iovec *parts, int count, int64_t offset)
{
    while (count) {
        ssize_t n = pwritev(fd, parts, count, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        offset += n;
        for (; count && (size_t)n >= parts->iov_len; count--, parts++)
            n -= (ssize_t)parts->iov_len;
        if (count) {
            parts->iov_base = (char *)parts->iov_base + n;
            parts->iov_len -= (size_t)n;
        }
    }
    return true;
}

static bool zero_ahead(struct eventlog *log, int64_t until)
{
    static char zeros[ZERO_AHEAD];
    if (until <= log->zeroed)
        return true;
    log->zeroed = log->zeroed > until ? log->zeroed : until;
    struct iovec part = {zeros, sizeof(zeros)};
    if (!write_all(log->fd, &part, 1, log->zeroed))
        return false;
    log->zeroed += ZERO_AHEAD;
    return true;
}

static int gather(struct eventlog *log, struct append *group, struct iovec *parts)
{
    int64_t position = log->end;
    int count = 0;
    for (struct append *w = group; w; w = w->next) {
        frame_put(w->frame, log->id, position, w->payload_size, w->payload_crc);
        parts[count++] = (struct iovec){w->frame, (size_t)w->size};
        position += w->size;
    }
    return count;
}

static bool sync_segment(struct eventlog *log)
{
    fault_kill("before_sync");
    if (fault_here("sync_fails")) {
        errno = EIO;
        return false;
    }
    return fdatasync(log->fd) == 0;
}

static bool write_is_refused(void)
{
    if (!fault_here("disk_full"))
        return fault_here("write_fails");
    errno = ENOSPC;
    return true;
}

static enum append_result write_group(struct eventlog *log, struct append *group, int64_t size)
{
    struct iovec parts[GROUP_MAX];
    if (log->fd >= 0 && log->end > log->base && log->end - log->base + size > log->segment_bytes)
        segment_seal(log);
    if (log->fd < 0) {
        enum append_result begun = segment_begin(log);
        if (begun != APPEND_SYNCED)
            return begun;
    }
    int count = gather(log, group, parts);
    int64_t offset = log->end - log->base;
    if (write_is_refused() || !zero_ahead(log, offset + size) ||
        !write_all(log->fd, parts, count, offset))
        return segment_give_up(log, size, "records");
    fault_kill("after_append");
    if (!sync_segment(log))
        return segment_give_up(log, size, "a sync");
    fault_kill("after_sync");
    log->end += size;
    log->syncs++;
    atomic_store_explicit(log->synced, log->end, memory_order_release);
    return APPEND_SYNCED;
}

/* ---- the writers */

static struct append *take_group(struct eventlog *log, int64_t *size)
{
    struct append *group = log->first, *last = group;
    *size = group->size;
    for (int count = 1; last->next && count < GROUP_MAX; count++) {
        last = last->next;
        *size += last->size;
    }
    log->first = last->next;
    if (!log->first)
        log->last = NULL;
    last->next = NULL;
    return group;
}

/* NULL when the log closes. */
static struct append *await_group(struct eventlog *log, int64_t *size)
{
    pthread_mutex_lock(&log->lock);
    while (!log->ready && !log->closing)
        pthread_cond_wait(&log->ready_or_closing, &log->lock);
    log->ready = false;
    struct append *group = log->first ? take_group(log, size) : NULL;
    pthread_mutex_unlock(&log->lock);
    return group;
}

static void let_lead(struct eventlog *log)
{
    log->led = log->ready = true;
    pthread_cond_signal(&log->ready_or_closing);
}

static void hand_over(struct eventlog *log)
{
    pthread_mutex_lock(&log->lock);
    log->led = false;
    if (log->first)
        let_lead(log);
    pthread_mutex_unlock(&log->lock);
}

static void *write_groups(void *shared)
{
    struct eventlog *log = shared;
    int64_t size;
    for (struct append *w, *next; (w = await_group(log, &size));) {
        enum append_result result = write_group(log, w, size);
        hand_over(log);
        for (; w; w = next) {
            next = w->next;
            w->done(w->arg, result); /* w is gone after this */
        }
    }
    return NULL;
}

/* ---- appending: any thread */

void eventlog_submit(struct eventlog *log, const struct log_record *record, struct arena *scratch,
                     append_done *done, void *arg)
{
    size_t size;
    struct append *w = arena_new_of(scratch, struct append);
    w->frame = log_record_frame(scratch, record, &size);
    w->payload_size = (uint32_t)size;
    w->payload_crc = crc32c(0, w->frame + FRAME_SIZE, size);
    w->size = frame_padded(FRAME_SIZE + (int64_t)size);
    w->done = done;
    w->arg = arg;
    pthread_mutex_lock(&log->lock);
    if (log->last)
        log->last->next = w;
    else
        log->first = w;
    log->last = w;
    if (!log->led)
        let_lead(log);
    pthread_mutex_unlock(&log->lock);
}

struct waiting {
    sem_t over;
    enum append_result result;
};

static void end_waiting(void *arg, enum append_result result)
{
    struct waiting *waiting = arg;
    waiting->result = result;
    sem_post(&waiting->over);
}

enum append_result eventlog_append(struct eventlog *log, const struct log_record *record,
                                   struct arena *scratch)
{
    struct waiting waiting;
    sem_init(&waiting.over, 0, 0);
    eventlog_submit(log, record, scratch, end_waiting, &waiting);
    while (sem_wait(&waiting.over) < 0 && errno == EINTR)
        ;
    sem_destroy(&waiting.over);
    return waiting.result;
}
