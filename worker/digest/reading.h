/*
 * An item of a record while it is digested into a batch: what its digest may look at, and what it
 * may make.  No database; one thread.
 *
 * Texts that go into rows must live in the batch's arena: reading_keep().  `scratch` is gone with
 * the record.
 */
#ifndef WORKER_DIGEST_READING_H
#define WORKER_DIGEST_READING_H

#include "worker/digest/batch.h"
#include "worker/digest/policy.h"

struct transaction_rest; /* worker/digest/transaction_item.c */

struct reading {
    struct batch *batch;
    struct arena *scratch;
    struct log_record record; /* as the log has it; texts live in scratch */
    struct log_item *item;    /* the one in hand, of the record */
    const struct policy *policy;
    struct batch_record *kept;
    struct batch_item *to; /* what the item in hand becomes: accepted under its type's category */
    struct transaction_rest *transaction; /* of the record, when it is stored */
    struct uuid profile_id;               /* of the profile that goes with it; nil: none */
    size_t sent_count; /* the first of the record's items: ingest counted them against quotas */
    bool was_counted;  /* as accepted, by an earlier version that kept it (worker/digest/kept.h) */
    bool blob_lost;    /* a payload could not be read or written: the record is set aside */
};

/* Makes sure that the item's payload is in memory; false when it was in a blob that is gone: the
 * record is then set aside. */
bool reading_load(struct reading *r);

/* The same for any item of the record. */
bool reading_load_item(struct reading *r, struct log_item *item);

/* Puts bytes into the blob store; their name, kept.  Absent when they could not be written: the
 * record is then set aside. */
struct str reading_put_blob(struct reading *r, struct str bytes);

/* The bytes of the item's blob, in an arena of the caller's, when its payload is not needed
 * otherwise; absent when it is gone: the record is then set aside. */
struct str reading_get_blob(struct reading *r, struct arena *a);

struct str reading_keep(struct reading *r, struct str text);

/* At most `points` code points of it. */
struct str reading_keep_cut(struct reading *r, struct str text, size_t points);

/* The item's header, as a tree in scratch; a store body's has no members.  Never NULL. */
const struct jt *reading_header(struct reading *r);

/* The item's payload as a JSON object in scratch; NULL, and refused with `reason`, when it is none
 * or nests deeper than anything that SDKs send. */
struct jt *reading_object(struct reading *r, struct str reason);

/* The item is not stored.  Where those that are stored count as indexed besides, so does it. */
void reading_refuse(struct reading *r, enum outcome verdict, struct str reason);

/* The item is not stored, and nothing tells of it. */
void reading_drop(struct reading *r);

/* Something else to count, with a fate of its own (verdict) or, when accepted, the item's. */
struct batch_item *reading_count(struct reading *r, enum category category, int64_t quantity);
struct batch_item *reading_count_refused(struct reading *r, enum category category,
                                         int64_t quantity, enum outcome verdict, struct str reason);

/* A row of the item in hand; `data` of `size` bytes is copied.  It is stored when the item is. */
struct batch_row *reading_row(struct reading *r, enum row_kind_id kind, const void *data,
                              size_t size);

/* The item itself is this row, and is known again by `id`. */
void reading_name(struct reading *r, struct batch_row *row, struct uuid id);

/* The tags of an event as a JSON object. */
struct str reading_tags_json(struct reading *r, const struct event *e);

/* The item has become an event. */
void reading_event(struct reading *r, const struct event *e);

#endif
