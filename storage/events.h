/*
 * Single events: their row, and their body as a JSON tree.
 *
 * A stored_event's texts and tree live in the arena it was read with.  A body that is gone or
 * damaged is NULL; the row then still says what it knows.
 */
#ifndef STORAGE_EVENTS_H
#define STORAGE_EVENTS_H

#include "base/jt.h"
#include "storage/issue_search.h"

struct stored_event {
    struct str id;                            /* 32 hex digits */
    struct str day;                           /* of receipt, as PostgreSQL writes it */
    int64_t project_id, issue_id, release_id; /* release 0: none */
    int64_t received, timestamp;              /* us */
    struct str type, platform, title;
    struct str tags; /* JSON object */
    struct str json; /* the body */
    const struct jt *body;
};

struct event_name {
    struct uuid id;
    int64_t issue_id; /* 0: of any issue */
};

/* An event of the filter's projects, or a transaction, which belongs to no issue; false when there
 * is none. */
bool event_read(struct pg *db, struct arena *a, const struct issue_filter *f,
                struct event_name name, struct stored_event *out);

/* Id of the newest or oldest event of the issue, in the filter's environments; absent: none. */
struct str event_end(struct pg *db, struct arena *a, const struct issue_filter *f, int64_t issue_id,
                     bool newest);

/* Ids of the neighbours in time within the issue; absent where there is none. */
struct event_neighbours {
    struct str newer, older;
};
struct event_neighbours event_neighbours(struct pg *db, struct arena *a,
                                         const struct issue_filter *f,
                                         const struct stored_event *e);

struct event_list {
    struct issue_filter filter;
    int64_t issue_id; /* 0: all of the projects */
    int64_t before;   /* us: events at or before this time; INT64_MAX: all */
    int64_t skip;     /* of those at just this time */
    int limit;
    const char *error; /* out: why the query means nothing for events */
};

struct event_page {
    struct stored_event *events; /* without bodies */
    size_t count;
    bool more;
};

/* Newest first.  False with list->error set. */
bool events_find(struct pg *db, struct arena *a, struct event_list *list, struct event_page *page);

/* The bodies of a page: rows (event id, codec, body) for event_body_of(). */
struct rows *event_bodies(struct pg *db, struct arena *a, const struct event_page *page);

/* Reads the body of the current row into the arena; false when it is not that event's. */
bool event_body_read(const struct rows *r, struct arena *a, struct stored_event *e);

#endif
