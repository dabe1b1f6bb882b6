/*
 * JSON body or query string -> struct, by a table of fields.
 *
 * One loop checks kind, range and choices, and answers Sentry's 400 {"field": ["message"]} for the
 * first bad field.  Keys are accepted in camelCase as named and in snake_case alike; unknown keys
 * are ignored.  A `present` offset, where given, is a bool set when the key was sent, so that null,
 * absent and empty can be told apart.  Strings live in the request's arena and are valid UTF-8
 * without NUL.  A body is application/json; an absent one counts as {}.  It may nest BIND_DEPTH
 * deep.  Any thread may call, once bind_start() has run in main.
 */
#ifndef BASE_BIND_H
#define BASE_BIND_H

#include <stddef.h>

#include "base/request.h"

enum { BIND_DEPTH = 64, BIND_BODY_MAX = 1024 * 1024 };

enum field_kind {
    FIELD_TEXT,   /* struct str; min..max code points, max 0: as many as fit; a whole number counts
                     as its digits */
    FIELD_CHOICE, /* struct str, one of choices */
    FIELD_BOOL,   /* bool */
    FIELD_INT,    /* int64_t; min..max, unless both are 0; a string of digits is accepted */
    FIELD_SLUG,   /* struct str, text_is_slug */
    FIELD_TEXTS,  /* struct field_texts; an array of texts, each at most max code points, or
                     newline-separated text; in a query the repeated parameter */
    FIELD_JSON,   /* struct str: the value's JSON text, at most max bytes */
};

struct field_texts {
    struct str *items;
    size_t count;
};

#define FIELD_REQUIRED 1u
#define FIELD_NULLABLE 2u /* null sets the zero value */
#define FIELD_TRIM 4u     /* FIELD_TEXT: blanks at both ends go before the length counts */

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

/* Seeds the JSON library's hashing; once, before threads. */
void bind_start(void);

/* False after answering 400, 413 or 415. */
bool bind_body(struct request *rq, const struct field *fields, void *into);
/* Not for FIELD_JSON. */
bool bind_query(struct request *rq, const struct field *fields, void *into);

#endif
