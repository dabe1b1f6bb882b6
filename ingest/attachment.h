/* Adds attachments that come otherwise than in an envelope. */
#ifndef INGEST_ATTACHMENT_H
#define INGEST_ATTACHMENT_H

#include "ingest/submission.h"
#include "storage/attachment_item.h"

/* As submission_add(). */
bool attachment_add(struct submission *s, const struct attachment *attachment);

#endif
