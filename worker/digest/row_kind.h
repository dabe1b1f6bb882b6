/*
 * Kinds of rows that items are digested to, other than events: which table, and what follows.
 *
 * An item's digest (worker/digest/item_digest.h) makes rows while a batch is filled, without a
 * database; the batch's transaction copies them and runs the statements of their kind
 * (worker/digest/write_items.c).  A new kind is a line in ROW_KIND_LIST and a struct row_kind
 * beside the code that makes its rows.
 *
 * Kinds are written in the order of the list, after everything that belongs to events, and each in
 * the order of its rows: see the order of locks in storage/digest.sql.
 */
#ifndef WORKER_DIGEST_ROW_KIND_H
#define WORKER_DIGEST_ROW_KIND_H

#include "base/buf.h"
#include "storage/pg.h"

/* X(constant, variable) */
#define ROW_KIND_LIST(X)                                                                           \
    X(ATTACHMENT, attachment_rows)                                                                 \
    X(SESSION, session_rows)                                                                       \
    X(CHECK_IN, check_in_rows)                                                                     \
    X(USER_REPORT, user_report_rows)                                                               \
    X(REPLAY_SEGMENT, replay_segment_rows)                                                         \
    X(REPLAY_CLICK, replay_click_rows)                                                             \
    X(PROFILE, profile_rows)                                                                       \
    X(PROFILE_CHUNK, profile_chunk_rows)                                                           \
    X(LOG, log_rows)                                                                               \
    X(TRACE_METRIC, trace_metric_rows)                                                             \
    X(TRANSACTION, transaction_rows)                                                               \
    X(TRANSACTION_BODY, transaction_body_rows)                                                     \
    X(TRANSACTION_HOUR, transaction_hour_rows)                                                     \
    X(SPAN, span_rows)

enum row_kind_id {
#define X(constant, variable) ROW_##constant,
    ROW_KIND_LIST(X)
#undef X
        ROW_KINDS
};

struct batch_row;
struct writing;

enum { ROW_STATEMENTS_MAX = 8 };

struct row_kind {
    /* NULL, or in place of all below but `order`: stores them one after the other, and may refuse
     * their items.  False to stop (worker/digest/writing.h). */
    bool (*store)(struct writing *w, struct batch_row **list, size_t count);

    /* copy … from stdin (format binary): into the table, or into a temporary one that `temporary`
     * makes when it is not there and that empties itself on commit. */
    const char *copy;
    const struct stmt *temporary; /* NULL: none */
    void (*put)(struct buf *to, const struct batch_row *row);

    /* Sorts rows before they are written; NULL: as they came. */
    int (*order)(const void *a, const void *b); /* of struct batch_row * */

    /* Of rows with an id: ordinals of the pairs $1 bigint[] (projects), $2 uuid[] that are stored
     * already, in the days of $3 and $4 timestamptz, the day before or the day after (the clock may
     * have been set back).  NULL: rows have no id. */
    const struct stmt *known;

    /* Run after the copy, in order, without arguments: they read the temporary table. */
    const struct stmt *statements[ROW_STATEMENTS_MAX];
};

const struct row_kind *row_kind(enum row_kind_id id);

#endif
