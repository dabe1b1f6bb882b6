/*
 * The envelope: splitting what SDKs send into headers and items without copying a payload.
 *
 * envelope_begin() reads the header line, envelope_next() one item at a time.  Nothing is built
 * but what the caller asks for, so an envelope of a million items costs no memory; all strings
 * point into the body, or where an escape had to be decoded, into memory: an item's lasts until the
 * next item is read.  Headers end where their JSON ends, not at a line end.  Source of the rules:
 * ingest.md §2.1 to §2.3.
 *
 * Ceilings: 1 MiB for the envelope's header, 64 KiB for an item's; nesting of 64.
 */
#ifndef INGEST_ENVELOPE_H
#define INGEST_ENVELOPE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/uuid.h"
#include "storage/items.h"

struct envelope {
    struct str header; /* JSON as sent */
    bool has_event_id;
    struct uuid event_id;
    struct str dsn, origin; /* absent when not given */
    int64_t sent_at;        /* us since 1970; 0 when absent */

    const char *error; /* cause of a 400, static text; NULL while all is well */
    struct arena *arena, *item_arena;
    struct str rest; /* bytes not read yet */
};

struct envelope_item {
    enum item_type type;  /* ITEM_UNKNOWN: a name that is none of ours */
    struct str type_name; /* as sent */
    struct str header;    /* JSON as sent */
    struct str payload;
    struct str attachment_type, content_type; /* absent when not given */
    int64_t item_count;                       /* of a container; 0 when not given */
    bool has_length;
    int64_t length;
};

/* False when the header is missing or wrong; e->error says why. */
bool envelope_begin(struct envelope *e, struct arena *a, struct str body);

/* False at the end, and on an error: then e->error is set. */
bool envelope_next(struct envelope *e, struct envelope_item *item);

#endif
