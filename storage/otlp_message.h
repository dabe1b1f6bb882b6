/*
 * Messages of OTLP, OpenTelemetry's protocol, in both of its forms: JSON and protobuf.
 *
 * A table of fields describes each message once for both.  A body may hold thousands of records, so
 * it is never read as a whole: lists are walked element by element, each still in its own form, and
 * one small element at a time becomes a tree.  The tree is always the one that OTLP's JSON would
 * give: members in camel case, ids in hex, 64-bit times as digits in a string; so that what reads
 * it knows one form.
 *
 * Protobuf: unknown fields, and known ones of another wire type, are skipped, as its rules ask.
 * Messages nested deeper than OTLP_DEPTH become null.
 */
#ifndef STORAGE_OTLP_MESSAGE_H
#define STORAGE_OTLP_MESSAGE_H

#include "base/jt.h"
#include "base/protobuf.h"

enum { OTLP_DEPTH = 32 };

enum otlp_format { OTLP_JSON, OTLP_PROTOBUF };

enum otlp_kind {
    OTLP_MESSAGE,
    OTLP_TEXT,
    OTLP_ID,     /* bytes; hex in the tree */
    OTLP_BINARY, /* bytes; base64 in the tree */
    OTLP_BOOL,
    OTLP_INTEGER, /* signed */
    OTLP_TIME,    /* nanoseconds since 1970, unsigned; digits in a string */
    OTLP_FLAGS,   /* 32 bits */
    OTLP_DOUBLE,
};

struct otlp_field {
    const char *name; /* NULL ends the table of a message */
    uint32_t number;
    enum otlp_kind kind;
    const struct otlp_field *fields; /* of an OTLP_MESSAGE */
    bool repeated;
};

/* A request's body.  Its list of resources is the first field; of a resource's message the first
 * field is what all its records share, the second the list of scopes; of a scope's alike the scope
 * and the list of records. */
extern const struct otlp_field otlp_traces[], otlp_logs[];

/* One body being read; the error is sticky. */
struct otlp_reader {
    enum otlp_format format;
    const char *error; /* static text; NULL while all is well */
};

/* The value of a message's field, in its own form; absent when it has none. */
struct str otlp_member(struct otlp_reader *r, struct str message, const struct otlp_field *field);

struct otlp_list {
    struct otlp_reader *reader;
    const struct otlp_field *field;
    struct str array; /* OTLP_JSON */
    struct jr json;
    struct protobuf wire;
};

/* The elements of a message's list, in order; next returns false at the end and on an error. */
void otlp_list_begin(struct otlp_list *l, struct otlp_reader *r, struct str message,
                     const struct otlp_field *field);
bool otlp_list_next(struct otlp_list *l, struct str *element);

/* The tree of a message; NULL after an error.  An absent message is an empty object.  Takes up to
 * 120 times the message's size from the arena. */
struct jt *otlp_tree(struct otlp_reader *r, struct arena *a, const struct otlp_field *fields,
                     struct str message);

#endif
