/*
 * Attachments that come otherwise than in an envelope, as the items that an envelope would have
 * carried.
 */
#ifndef INGEST_ATTACHMENT_H
#define INGEST_ATTACHMENT_H

#include "ingest/submission.h"

struct attachment {
    struct str type;                   /* "event.minidump", … (ingest.md §2.8) */
    struct str filename, content_type; /* content_type: absent when nobody said */
    struct str bytes;                  /* lives as long as the request */
};

/* As submission_add(). */
bool attachment_add(struct submission *s, const struct attachment *attachment);

#endif
