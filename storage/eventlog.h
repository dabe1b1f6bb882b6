/*
 * The event log: what ingest accepted and digest has not stored yet, on disk, synced before the
 * 200.
 *
 * Layout under <data_dir>/log/<uuid of the log>/: segments named by the position of their first
 * byte, 20 digits and ".seg".  A position is the number of bytes written to the log before a
 * record; it only grows.  A record is a 16-byte frame {magic u32, payload length u32, CRC-32C of
 * the payload u32, CRC-32C of the log's uuid, the record's position and the first 12 bytes u32},
 * little endian, then the payload (see struct log_record), padded to 8 bytes.  Uuid and position
 * keep bytes inside a payload from posing as a record when a reader looks for the next one.
 * Segments are zeroed some way ahead of the writing: a sync that changes no file size costs half.
 *
 * Rules (architecture.md §2): one writer per log, the ingest child that made it; a new child makes
 * a new log.  Only the tail of the last segment is ever cut.  A bad CRC elsewhere skips that
 * record, keeps its bytes and reports it.  A failed fdatasync is never repeated: the segment is
 * sealed, the waiting appends fail (503), and the next segment begins past all that was tried.
 * New segments fsync their directory.
 *
 * The file "lock" is flocked by the writer as long as it lives and holds, as one u64, the position
 * up to which all is synced.  While the writer lives a reader sees nothing past it.  A log is
 * drained when its writer is gone (the lock is free) and its reader stands at the end.  A segment
 * that is consumed is marked by mode 0400 and by the time of modification, and deleted later.
 *
 * Positions of a log that vanished are drained by whoever holds its cursor.  This header is the
 * only contract between ingest and digest.
 */
#ifndef STORAGE_EVENTLOG_H
#define STORAGE_EVENTLOG_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/uuid.h"
#include "storage/items.h"

enum { LOG_ITEMS_MAX = 1000, LOG_REASON_MAX = 64 };
#define LOG_ITEM_INLINE_MAX ((size_t)256 * 1024) /* larger payloads go to the blob store first */

/* Where parts of one request mark its id (uuid_mark).  The digest overwrites the last six bytes of
 * it to make the ids of rows. */
enum { LOG_PART_AT = 6 };

/* One item of the envelope, in the order of the envelope. */
struct log_item {
    enum item_type type;
    enum category category; /* of what is only counted: in place of its type's; else NONE */
    enum outcome verdict;   /* OUTCOME_ACCEPTED, or why the digest only counts it */
    struct str reason;      /* of a verdict other than accepted */
    struct str header;      /* item header JSON as sent; absent for store bodies */
    struct str payload;     /* decoded bytes; absent when in a blob or not accepted */
    struct uuid blob_id;    /* nil unless the payload is in the blob store: first 16 bytes of its
                               SHA-256 ... */
    struct str blob;        /* ... 64 hex digits: its name there */
    uint64_t quantity;      /* counted under the category: 1, or bytes for attachments */
};

/* One request that was answered 200, or the outcomes of requests that were refused. */
struct log_record {
    struct uuid request_id; /* nginx's; a repeat within ten minutes is the same request retried */
    int64_t received;       /* us since 1970 */
    int64_t sent_at;        /* of the envelope header, us; 0 when absent */
    int64_t project_id, key_id;
    bool has_event_id;
    struct uuid event_id; /* header's, else the store body's, else made by ingest; the id that was
                             answered */
    struct str envelope_header; /* JSON; absent for store bodies */
    struct str client_ip, user_agent, origin,
        client; /* client: sentry_client, "sentry.python/2.1" */
    struct log_item *items;
    size_t item_count;
};

/* ---- writing: ingest.  Any thread.  Two threads of the log's own write: while one syncs a group,
 * the other tells the appends of the group before. */
struct eventlog;

/* Makes <dir>/<fresh uuid>/; NULL after logging why. */
struct eventlog *eventlog_create(const char *dir, int64_t segment_bytes);
void eventlog_close(struct eventlog *log); /* no append may be under way */
struct uuid eventlog_id(const struct eventlog *log);
int64_t eventlog_syncs(struct eventlog *log); /* groups written so far */

/* FULL: the disk is.  FAILED: it would not write or sync; the reason is in the program's log. */
enum append_result { APPEND_SYNCED, APPEND_FULL, APPEND_FAILED };
typedef void append_done(void *arg, enum append_result result);

/* Calls done, once, on a thread of the log, when the record's group is synced or has failed; other
 * appends wait behind it, so it is short.  The record is copied; the copy lies in `scratch`, which
 * must not be reset before done. */
void eventlog_submit(struct eventlog *log, const struct log_record *record, struct arena *scratch,
                     append_done *done, void *arg);
/* The same, and waits. */
enum append_result eventlog_append(struct eventlog *log, const struct log_record *record,
                                   struct arena *scratch);

/* Bytes of all segments below dir that are not consumed yet, for the ceiling; cached for a second.
 */
int64_t eventlog_backlog(const char *dir);
/* Deletes consumed segments, oldest first, until everything below dir takes at most `ceiling` bytes
 * and leaves `room` bytes of its disk: what is kept only in case of a failover makes room for new
 * events. */
void eventlog_reclaim(const char *dir, int64_t ceiling, int64_t room);

/* ---- reading: digest.  One thread per reader. */
struct eventlog_reader;

enum read_result {
    READ_RECORD,
    READ_END,     /* nothing more now; the writer may append */
    READ_DAMAGED, /* a record was skipped: *bytes are its bytes, to be kept and reported */
};

/* NULL when there is no such log.  A position before the oldest segment moves on to it. */
struct eventlog_reader *eventlog_open(const char *dir, struct uuid log, int64_t position);
void eventlog_reader_free(struct eventlog_reader *r);
/* *bytes: the payload (of a damaged record: everything that was skipped), valid until the reader
 * has changed segments sixteen times more; *next: the position after it. */
enum read_result eventlog_read(struct eventlog_reader *r, struct str *bytes, int64_t *next);
bool eventlog_writer_gone(const struct eventlog_reader *r);
/* Position up to which a log is synced; 0 when it is unknown. */
int64_t eventlog_end(const char *dir, struct uuid log);

/* The payload of a record, in the arena. */
struct str log_record_encode(struct arena *a, const struct log_record *record);
/* Decodes a payload; strings point into it.  False when it is not one of ours. */
bool log_record_decode(struct arena *a, struct str bytes, struct log_record *out);

/* Logs below dir, in name order. */
size_t eventlog_list(struct arena *a, const char *dir, struct uuid **logs);
/* Deletes whole segments before `position` that were consumed more than keep_seconds ago; and the
 * log itself once its writer is gone, all is consumed and the time has passed. */
void eventlog_trim(const char *dir, struct uuid log, int64_t position, int64_t keep_seconds);

#endif
