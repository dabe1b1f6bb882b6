/*
 * The files of an event log, shared by its writer, its readers and its trimming: names, segments in
 * order, the lock with the synced position, the frame of a record.  Private to storage/eventlog*.c.
 */
#ifndef STORAGE_EVENTLOG_FILES_H
#define STORAGE_EVENTLOG_FILES_H

#include <stdatomic.h>
#include <sys/stat.h>

#include "storage/eventlog.h"

enum {
    FRAME_SIZE = 16,
    FRAME_MAGIC = 0x764C6F67, /* "goLv" on disk */
    SEGMENT_NAME_SIZE = 32,
    LOG_PATH_MAX = 4096,
};

struct segment {
    int64_t base;     /* position of its first byte */
    int64_t size;     /* of the file: what is written, and zeros after it */
    int64_t modified; /* us since 1970 */
    bool consumed;
};

/* Multiple of 8 at or after n: where the next record begins. */
static inline int64_t frame_padded(int64_t n)
{
    return (n + 7) & ~(int64_t)7;
}

/* Sixteen bytes that introduce a payload at a position. */
void frame_put(char frame[FRAME_SIZE], struct uuid log, int64_t position, uint32_t payload_size,
               uint32_t payload_crc);
/* False when the bytes are no frame of this log at this position. */
bool frame_get(const char frame[FRAME_SIZE], struct uuid log, int64_t position,
               uint32_t *payload_size, uint32_t *payload_crc);

/* The payload of a record behind room for its frame, with zeros for padding after it. */
char *log_record_frame(struct arena *a, const struct log_record *record, size_t *payload_size);

void log_path(char path[LOG_PATH_MAX], const char *dir, struct uuid log);
void segment_name(char name[SEGMENT_NAME_SIZE], int64_t base);

/* The log's segments in order of position; 0 when the directory is gone or empty. */
size_t segment_list(struct arena *a, const char *path, struct segment **out);

/* The lock's memory, shared between writer and readers; NULL when it cannot be mapped. */
_Atomic int64_t *synced_map(int lock_fd, bool writable);
void synced_unmap(_Atomic int64_t *synced);
/* True when nobody holds the lock.  A log without one is gone when it is older than a minute. */
bool lock_is_free(const char *path);

#endif
