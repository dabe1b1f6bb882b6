/* Attachments of an envelope that were uploaded before (ingest.md §1.11). */
#ifndef INGEST_ATTACHMENT_REFERENCE_H
#define INGEST_ATTACHMENT_REFERENCE_H

#include "ingest/submission.h"

bool attachment_reference_is(const struct envelope_item *item);

/* Adds the file that the item refers to, as submission_add() would have; one that is not there, or
 * not the sender's, is only counted. */
bool attachment_reference_add(struct submission *s, const struct envelope_item *item);

#endif
