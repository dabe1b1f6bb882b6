/*
 * Which fields of an event hold personal data, and what kind of value each is: the marks of
 * ingest.md appendix A.  A field of a structure has its own mark; members of lists and of free-form
 * objects take over that of the container.  The tables are constant: any thread may read them.
 */
#ifndef WORKER_SCRUB_FIELDS_H
#define WORKER_SCRUB_FIELDS_H

#include "base/jt.h"
#include "worker/scrub/selector.h"

enum form {
    FORM_ANY,     /* whatever JSON is there */
    FORM_MESSAGE, /* a text that is also a $message */
    FORM_PATH,    /* a file's path: its last part stays */
    FORM_PAIRS,   /* list of [key, value] */
    FORM_STRUCT,  /* object of the field's shape */
    FORM_LIST,    /* list of such objects */
    FORM_VALUES,  /* {"values": list of such objects} */
    FORM_CONTEXTS /* object of objects, each of a shape of its own */
};

struct scrub_shape;

struct scrub_field {
    struct str name;
    enum pii pii;
    enum form form;
    const struct scrub_shape *shape;
};

struct scrub_shape {
    uint32_t types; /* TYPE_BIT()s of an object of this shape */
    enum pii rest;  /* of members that have no row */
    size_t count;
    const struct scrub_field *fields;
};

extern const struct scrub_shape scrub_shape_event, scrub_shape_log, scrub_shape_trace_metric;

/* What an object's member is.  `field` has the form FORM_STRUCT, or FORM_CONTEXTS, or is free-form;
 * `member` may be NULL when only its name is known. */
struct scrub_field scrub_field_of(const struct scrub_field *field, struct str name,
                                  const struct jt *member);

/* What an element of a list is. */
struct scrub_field scrub_element_of(const struct scrub_field *field);

#endif
