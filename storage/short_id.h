/*
 * Short ids: "SHOP-1A" is the project's slug in capitals and its count of issues in Crockford's
 * base 32, where O reads as 0 and I and L read as 1.
 */
#ifndef STORAGE_SHORT_ID_H
#define STORAGE_SHORT_ID_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct str short_id_text(struct arena *a, struct str slug, int64_t number);

/* Splits a short id; *slug comes in lower case, in the arena.  False when the text is none. */
bool short_id_read(struct arena *a, struct str text, struct str *slug, int64_t *number);

#endif
