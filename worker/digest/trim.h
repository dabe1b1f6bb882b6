/*
 * Size limits of event fields (ingest.md §3.17, appendix A): texts by code points, free-form
 * containers by depth and bytes.  What was cut is noted in the event's _meta.
 *
 * The project's own ceiling of any text (meta.text_max) comes in addition; what it cuts is noted
 * with its length in bytes.
 */
#ifndef WORKER_DIGEST_TRIM_H
#define WORKER_DIGEST_TRIM_H

#include "worker/digest/meta.h"

/* A text longer than max + allowance code points is cut to max, the last three of them "...". */
void trim_text(struct meta *m, struct jt *text, size_t max, size_t allowance);

/* Members are counted in order, at their size in JSON and one byte; when `bytes` are used up the
 * rest is cut off.  Containers at the last allowed level become their JSON text. */
void trim_value(struct meta *m, struct jt *value, unsigned depth, size_t bytes);

/* Cuts by the project's ceiling whatever below the value has no limit of its own. */
void trim_texts(struct meta *m, struct jt *value);

/* The value's JSON text. */
struct str trim_json_text(struct arena *a, const struct jt *value);

#endif
