/*
 * Attachments that come otherwise than in an envelope, as the items that an envelope would have
 * carried.
 */
#ifndef STORAGE_ATTACHMENT_ITEM_H
#define STORAGE_ATTACHMENT_ITEM_H

#include "base/arena.h"
#include "base/str.h"

struct attachment {
    struct str type;                   /* "event.minidump", … (ingest.md §2.8) */
    struct str filename, content_type; /* content_type: absent when nobody said */
    struct str bytes;                  /* lives as long as the request */
};

/* The item's header, as JSON. */
struct str attachment_header(struct arena *a, const struct attachment *attachment);

#endif
