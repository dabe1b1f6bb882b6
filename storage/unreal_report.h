/*
 * The items that a crash of Unreal Engine stands for: each of its files is an attachment, what the
 * user wrote into the reporter's window a user report, and last comes an event for the digest to
 * complete by them (ingest.md §1.8).
 */
#ifndef STORAGE_UNREAL_REPORT_H
#define STORAGE_UNREAL_REPORT_H

#include "base/uuid.h"
#include "storage/items.h"
#include "storage/unreal_crash.h"

struct unreal_report {
    struct unreal_crash crash; /* crash.is_broken: it was cut short, or is no crash */
    struct uuid event_id;
    struct str comments; /* of the user, not handed out yet */
    bool is_told;        /* the event was handed out */
};

struct unreal_item {
    enum item_type type;
    struct str header,
        payload; /* payloads of attachments lie in the crash, all else in the arena */
    struct str attachment_type; /* absent for other types */
};

/* `bytes` are unpacked. */
void unreal_report_begin(struct unreal_report *u, struct arena *a, struct str bytes,
                         struct uuid event_id);

/* False at the end, and when it is broken. */
bool unreal_report_next(struct unreal_report *u, struct unreal_item *item);

#endif
