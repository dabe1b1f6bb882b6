/*
 * One OTLP record, as the tree of its JSON, written as Sentry has it: a span as an item of a span
 * v2 container, a log as an item of a log container (ingest.md §1.9, §7.7, §8.4).
 *
 * What OTLP leaves out is left out; what is wrong is passed on as it is, for the digest to judge
 * and count.  Attributes keep their types; arrays, maps and bytes, which Sentry's have no type for,
 * become strings: JSON, and base64.  So does the body of a log that is no text.
 */
#ifndef STORAGE_OTLP_RECORD_H
#define STORAGE_OTLP_RECORD_H

#include "base/jt.h"

struct otlp_writer {
    struct jw json;
    struct arena *arena; /* for text on its way; may be reset between records */
    struct str shared;   /* members that every record's attributes begin with; absent when none */
    int64_t received;    /* us: the time of a log that has none */
};

/* The members of `shared`: attributes of the resource, and of the instrumentation scope with its
 * name and version, under names that tell which. */
void otlp_put_resource(struct jw *j, struct arena *a, const struct jt *resource);
void otlp_put_scope(struct jw *j, struct arena *a, const struct jt *scope);

void otlp_put_span(struct otlp_writer *w, const struct jt *span);
void otlp_put_log(struct otlp_writer *w, const struct jt *log);

/* ---- for the two of them */

/* Members of an attributes object; key and value of each, the keys behind a prefix. */
void otlp_put_attributes(struct jw *j, struct arena *a, struct str prefix, const struct jt *list);
void otlp_put_text(struct jw *j, struct str key, struct str value);
/* A value that is no plain one as JSON; absent when it is none at all. */
struct str otlp_json_of(struct arena *a, const struct jt *any_value);
/* Nanoseconds as seconds with all their digits; false when there are none. */
bool otlp_put_time(struct jw *j, const char *key, const struct jt *nanoseconds);
/* An id in lower case; absent when there is none or it is all zeros. */
struct str otlp_id(struct arena *a, const struct jt *id);
bool otlp_integer(const struct jt *v, int64_t *out); /* a number, or digits in a string */

#endif
