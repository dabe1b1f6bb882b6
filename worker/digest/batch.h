/*
 * One batch of the digest: what a stretch of one event log holds, read and understood, before the
 * database has seen it.
 *
 * batch_begin(), then batch_add() for every record in order; batch_write() (worker/digest/write.h)
 * stores it.  Everything lives in the batch's arena, so that the log's bytes may go.  Filling uses
 * no database, so one thread may fill a batch while another writes the one before it.
 *
 * The first event of a project takes its policy for the whole batch, which notes by what version of
 * the settings it was filled.
 */
#ifndef WORKER_DIGEST_BATCH_H
#define WORKER_DIGEST_BATCH_H

#include "storage/eventlog.h"
#include "worker/digest/event.h"
#include "worker/digest/policies.h"
#include "worker/digest/row_kind.h"
#include "worker/progress.h"

enum batch_item_kind {
    BATCH_DIGESTED, /* understood: an event, rows, or only its count */
    BATCH_COUNTED,  /* not accepted: only an outcome */
};

struct batch_event {
    struct batch_event *next;
    struct event event; /* its body is left out */
    struct str body;    /* as stored, made with `codec` */
    int codec;
    struct str tags; /* JSON object */

    /* Filled while it is written. */
    bool stored;                        /* false: a duplicate, or its project is gone */
    int64_t environment_id, release_id; /* 0: none */
    int64_t release_created;
    struct issue_group *group;
};

/* A row of a table other than the events', made by worker/digest/reading.h. */
struct batch_row {
    struct batch_row *next; /* of the same kind */
    const struct batch_record *record;
    struct batch_item *item;
    struct uuid id; /* stored once, when has_id */
    bool has_id;
    struct str environment, release; /* absent: the row names none */
    struct str blob;                 /* that the row refers to; absent: none */
    const void *data;                /* what its kind (worker/digest/row_kind.h) makes of it */

    /* Filled while it is written. */
    bool is_double;
    int64_t environment_id, release_id; /* 0: none */
};

struct batch_rows {
    struct batch_row *first, *last;
    size_t count;
};

/* What is counted under one category, and what it was digested to. */
struct batch_item {
    struct batch_item *next;
    enum batch_item_kind kind;
    enum category category;
    enum outcome verdict;
    struct str reason;
    int64_t quantity;
    int64_t when;  /* us since 1970 that it is counted for; 0: when the record was received */
    bool is_taken; /* ingest let it through and counted it against quotas */
    struct batch_event *event;     /* it became an event, */
    struct batch_row *row;         /* or a row with an id, */
    const struct batch_item *lead; /* or is stored if this one is; else if its request is new */
};

struct batch_record {
    struct batch_record *next;
    struct log_record head; /* without items and texts */
    struct batch_item *items, *last_item;
    struct batch_item *lead; /* the first that creates an event; NULL: none */
    bool has_nameless;       /* an item has no id of its own: a repeat is known by the request id */
    bool was_counted;        /* as accepted: only what is refused is counted now */
    bool repeated;           /* found so while it is written */
};

/* What a project's events of the batch were understood by. */
struct batch_policy {
    struct batch_policy *next;
    int64_t project_id;
    const struct policy *policy; /* taken; released when the batch is emptied */
};

/* A record that cannot be digested and is set aside. */
struct batch_poison {
    struct batch_poison *next;
    int64_t position;
    const char *reason;
    struct str bytes;
};

struct batch {
    struct arena *arena;
    struct policies *known;
    struct uuid log;
    int lane, lanes;
    int64_t first, next;          /* positions: of its first record, and after its last */
    unsigned epoch;               /* of the cursor when it was begun (worker/digest/cursors.h) */
    struct progress_range *range; /* the note that it is in hand */
    struct str alone;             /* payload of its only record, when it is taken carefully */
    struct batch_record *records, *last_record;
    struct batch_event *events, *last_event;
    struct batch_rows rows[ROW_KINDS];
    struct batch_poison *poisons;
    struct batch_policy *policies; /* and by project id: */
    struct map *policy_of;
    int64_t settled; /* policies loaded since then are new enough to store it; 0: the newest are */
    size_t record_count, event_count, row_count, bytes;
    int64_t oldest;              /* receive time of its first record; 0 when it has none */
    int64_t first_day, last_day; /* receive times that bound its events and rows; 0: none */
    int64_t filled_since;        /* clock_monotonic() of the first record; 0: empty */
};

/* `known` outlives the batch. */
struct batch *batch_new(struct policies *known);
void batch_free(struct batch *b);

/* Empties the batch; its next record stands at `position`.  Lanes, epoch and range stay. */
void batch_begin(struct batch *b, struct uuid log, int64_t position);

/* Adds the record that ends at `next`: a payload from the log.  One that belongs to another lane,
 * or is none of ours, is passed over (set aside).  `scratch` is reset. */
void batch_add(struct batch *b, struct arena *scratch, struct str payload, int64_t next);

/* Adds a record that an earlier version has counted and kept (worker/digest/kept.h).  Its texts may
 * live in `scratch`. */
void batch_add_kept(struct batch *b, struct arena *scratch, const struct log_record *record,
                    int64_t next);

/* Something received then goes into tables that are partitioned by day. */
void batch_span_day(struct batch *b, int64_t received);

/* Loads the settings of its projects, for when they have changed.  False when the database failed.
 */
bool batch_load_policies(const struct batch *b, struct pg *db, struct arena *scratch);

/* Sets the bytes up to `next` aside instead. */
void batch_set_aside(struct batch *b, const char *reason, struct str bytes, int64_t next);

#endif
