/*
 * Turns an event as sent into the declared shape (ingest.md §3.1, appendix A): a table of
 * properties per object says which keys there are, of what type, how long.
 *
 * A value of the wrong type is removed and reported in event.errors; null members go silently.
 * Unknown keys go, unless the shape keeps them.  Nothing makes the event itself invalid.
 */
#ifndef WORKER_DIGEST_SCHEMA_H
#define WORKER_DIGEST_SCHEMA_H

#include "worker/digest/meta.h"

enum value_kind {
    VALUE_STRING,
    VALUE_LENIENT,   /* a string, or a number or bool as its text */
    VALUE_JSON_TEXT, /* a string, or the JSON text of anything else */
    VALUE_UINT,
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_BOOL,
    VALUE_ADDRESS,   /* becomes "0x…" */
    VALUE_THREAD_ID, /* a string or an integer */
    VALUE_EVENT_ID,  /* any UUID spelling, becomes 32 hex digits */
    VALUE_TRACE_ID,  /* 32 hex digits */
    VALUE_SPAN_ID,   /* 16 hex digits */
    VALUE_TIME,      /* becomes unix seconds; see struct moment */
    VALUE_LEVEL,
    VALUE_SPAN_STATUS, /* a name or gRPC's number, becomes the name */
    VALUE_OBJECT,      /* of the property's shape */
    VALUE_LIST,        /* of objects of the property's shape */
    VALUE_VALUES,      /* {"values": list}; a bare list or object is wrapped */
    VALUE_STRINGS,     /* list of strings; other members become null */
    VALUE_ADDRESSES,   /* object of addresses */
    VALUE_MAP,         /* object of anything, within depth and bytes */
    VALUE_ANY,         /* anything, within depth and bytes */
    VALUE_LATER,       /* as sent: its own module deals with it */
    VALUE_IGNORED,     /* removed without a word: the server sets it */
};

struct shape;

struct property {
    struct str name;
    enum value_kind kind;
    uint8_t depth; /* of VALUE_MAP and VALUE_ANY */
    uint16_t max;  /* code points of texts, 0: unlimited */
    uint16_t allowance;
    uint32_t bytes; /* of VALUE_MAP and VALUE_ANY */
    const struct shape *shape;
    struct str means; /* another name of this property, unless that is there too */
};

enum unknown_keys { UNKNOWN_DROPPED, UNKNOWN_REPORTED, UNKNOWN_KEPT };

struct shape {
    const struct property *properties;
    size_t count;
    enum unknown_keys unknown;
};

/* A time somewhere in the event, so that all of them can be moved by a clock's drift. */
struct moment {
    struct moment *next;
    struct jt *node;
    int64_t us;
};

struct schema {
    struct meta *meta;
    struct moment *moments; /* every VALUE_TIME seen, newest first */
};

void schema_object(struct schema *s, struct jt *object, const struct shape *shape);

/* Turns one value into its kind; false after reporting why it cannot be. */
bool schema_value(struct schema *s, struct jt *value, const struct property *property);

#endif
