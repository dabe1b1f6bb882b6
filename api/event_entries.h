/*
 * The entries of an event (exception, breadcrumbs, request, …) and the remarks on them.
 *
 * `event` is the stored body.  Remarks mirror the event in storage; in the API those on an entry
 * stand under the entry's place in the list.
 */
#ifndef API_EVENT_ENTRIES_H
#define API_EVENT_ENTRIES_H

#include "base/jt.h"

/* [{"type": …, "data": …}, …] */
void entries_put(struct jw *j, const struct jt *event);

/* The object _meta: {"entries": {"0": {"data": …}}, "message": …, "user": …, …}. */
void entries_put_meta(struct jw *j, const struct jt *event);

#endif
