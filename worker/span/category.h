/* The kind of work that a span did, by its op: db, http, ui.react, … (ingest.md §7.6). */
#ifndef WORKER_SPAN_CATEGORY_H
#define WORKER_SPAN_CATEGORY_H

#include "base/str.h"

struct str span_category(struct str op); /* absent: none */

#endif
