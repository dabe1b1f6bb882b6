/*
 * multipart/form-data (RFC 7578, RFC 2046): cuts a body, which may be a mapped file, into its parts
 * without copying a payload.
 *
 * multipart_begin() reads the content type, multipart_next() one part at a time.  Names lie in the
 * arena, payloads in the body.  Ceilings: 4 KiB of headers a part, 1,000 parts.  A body that ends
 * without its closing delimiter is refused: it was cut on its way.
 */
#ifndef INGEST_MULTIPART_H
#define INGEST_MULTIPART_H

#include "base/arena.h"
#include "base/str.h"

enum { MULTIPART_PARTS_MAX = 1000, MULTIPART_HEADERS_MAX = 4 << 10, MULTIPART_BOUNDARY_MAX = 200 };

struct multipart {
    const char *error; /* static text; NULL while all is well */
    struct arena *arena;
    struct str delimiter; /* line end, two dashes, boundary */
    struct str rest;      /* behind the last delimiter that was read */
    size_t parts;
    bool ended;
};

struct multipart_part {
    struct str name;         /* valid UTF-8; empty when not given */
    struct str filename;     /* valid UTF-8; absent: it is a field, not a file */
    struct str content_type; /* absent when not given */
    struct str bytes;
};

/* False when the content type names no boundary, or the body does not begin with it. */
bool multipart_begin(struct multipart *m, struct arena *a, struct str content_type,
                     struct str body);

/* A form inside a form: the boundary is what stands in the first line.  False when the bytes do not
 * begin as a form does. */
bool multipart_begin_nested(struct multipart *m, struct arena *a, struct str bytes);

/* False at the end, and on an error: then m->error is set. */
bool multipart_next(struct multipart *m, struct multipart_part *part);

#endif
