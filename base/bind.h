/*
 * JSON body or query string -> struct, by a table of fields.
 *
 * One loop checks kind, range and choices, and answers Sentry's 400 {"field": ["message"]} for the
 * first bad field.  Keys are accepted in camelCase as named and in snake_case alike; unknown keys
 * are ignored.  A `present` offset, where given, is a bool set when the key was sent, so that null,
 * absent and empty can be told apart.  Strings live in the request's arena.
 */
#ifndef BASE_BIND_H
#define BASE_BIND_H

#include <stddef.h>

#include "base/request.h"

enum field_kind {
    FIELD_TEXT,   /* struct str; min..max code points */
    FIELD_CHOICE, /* struct str, one of choices */
    FIELD_BOOL,   /* bool */
    FIELD_INT,    /* int64_t; min..max; a string of digits is accepted */
    FIELD_SLUG,   /* struct str, text_is_slug */
    FIELD_TEXTS,  /* struct field_texts; an array of strings, each at most max code points, or
                     newline-separated text */
    FIELD_JSON,   /* struct str: the value's JSON text, at most max bytes */
};

struct field_texts {
    struct str *items;
    size_t count;
};

#define FIELD_REQUIRED 1u
#define FIELD_NULLABLE 2u /* null sets the zero value */

struct field {
    const char *name;
    enum field_kind kind;
    size_t at;
    unsigned flags;
    int64_t min, max;
    const char *const *choices; /* NULL-terminated */
    size_t present;             /* offset of a bool + 1; 0: none */
};

#define FIELD_PRESENT(type, member) (offsetof(type, member) + 1)

/* Ceiling 1 MiB.  False after answering 400, 413 or 415. */
bool bind_body(struct request *rq, const struct field *fields, void *into);
bool bind_query(struct request *rq, const struct field *fields, void *into);

#endif
