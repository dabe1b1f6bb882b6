/*
 * An event as Sentry shows it: a row of lists, and in full.
 */
#ifndef API_EVENT_VIEW_H
#define API_EVENT_VIEW_H

#include "base/request.h"
#include "storage/events.h"

/* An item of a list, as an object. */
void event_put_row(struct jw *j, const struct stored_event *e);

/* The members of the whole event; the caller has opened the object and may add its own. */
void event_put_details(struct jw *j, const struct stored_event *e);

#endif
