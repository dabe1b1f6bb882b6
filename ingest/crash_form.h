/*
 * The event that comes with a crash report: gathered from the fields of a form and from the files
 * that crash handlers write (ingest.md §1.8).
 *
 * Fields: "sentry" and "sentry___ANYTHING" are JSON, "sentry[a][b]" is a value at a path,
 * "sentry__1", "sentry__2" … are one JSON text in pieces; every other field is one of extra.
 * Files: "__sentry-event" is MessagePack, "__sentry-breadcrumb1" and "…2" are streams of it.
 * Objects are merged member by member, later ones win; lists are appended.  What cannot be read is
 * left out: the crash is worth more than what was said about it.
 *
 * Begin with the arena; add fields and files in any order; crash_form_event() ends it.
 */
#ifndef INGEST_CRASH_FORM_H
#define INGEST_CRASH_FORM_H

#include "base/jt.h"
#include "base/uuid.h"

/* What is read of fields and files together; the caller refuses more. */
enum { CRASH_FORM_BYTES_MAX = 1 << 20 };

struct crash_form {
    struct arena *arena;
    size_t bytes; /* of fields and files so far */
    struct jt *event, *extra, *from_file;
    struct jt *chunks;                         /* JT_ARRAY of pieces, each keyed by its number */
    struct jt *breadcrumbs, *more_breadcrumbs; /* NULL while there is no such file */
    struct str sent_id;                        /* as the fields say it; absent when they do not */
};

void crash_form_begin(struct crash_form *f, struct arena *a);
void crash_form_field(struct crash_form *f, struct str name, struct str value);

/* False: the file is none of these, but an attachment like others. */
bool crash_form_file(struct crash_form *f, struct str name, struct str bytes);

/* The event as JSON, in the arena; *has_id and *id: what it said of its id. */
struct str crash_form_event(struct crash_form *f, bool *has_id, struct uuid *id);

#endif
