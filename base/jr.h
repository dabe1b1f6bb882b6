/*
 * Forgiving streaming JSON reader for what SDKs really send.
 *
 * Pull tokens with jr_next() until JR_END or JR_ERROR.  It accepts what strict parsers refuse and
 * SDKs produce: a UTF-8 BOM, lone surrogates (read as U+FFFD), \u0000 (dropped), invalid UTF-8
 * (repaired), raw control characters inside strings (kept, NUL dropped), escapes that do not exist
 * (kept as written), NaN / Infinity / -Infinity (read as null), integers of any size (their text is
 * kept), duplicate keys (all are reported).  It refuses broken
 * structure, nesting past the depth given (ingest.md §1, at most JR_DEPTH_MAX), and anything after
 * the value unless the caller stops earlier.
 *
 * No recursion, no allocation except where a function takes an arena; the input must outlive the
 * reader.  One thread per reader.
 */
#ifndef BASE_JR_H
#define BASE_JR_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { JR_DEPTH_MAX = 256 };

enum jr_kind {
    JR_ERROR, /* sticky; see jr_error() and jr_offset() */
    JR_END,   /* the whole input was one value */
    JR_OBJECT,
    JR_OBJECT_END,
    JR_ARRAY,
    JR_ARRAY_END,
    JR_KEY, /* jr_text() is the key; its value follows */
    JR_STRING,
    JR_NUMBER,
    JR_TRUE,
    JR_FALSE,
    JR_NULL,
};

/* What the reader waits for. */
enum jr_state { JR_WANT_VALUE, JR_WANT_FIRST, JR_WANT_COMMA, JR_DONE };

/* Its fields are the reader's own; callers use the functions below. */
struct jr {
    const char *start, *at, *end;
    const char *error; /* static text, NULL while all is well */
    struct str raw;    /* the current string's, key's or number's bytes as written, no quotes */
    size_t broken;     /* broken UTF-8 sequences in raw, each to become three bytes */
    bool escaped;      /* raw has escapes or bytes that need repair */
    bool prefix;
    bool folds; /* containers past the depth limit read as null; set by jr_begin_folding */
    enum jr_state state;
    unsigned depth, depth_limit;
    uint8_t nest[JR_DEPTH_MAX / 8]; /* bit set: that level is an object */
};

void jr_begin(struct jr *r, struct str input, unsigned depth_limit);

/* As jr_begin, but JR_END comes after the first value whatever follows; jr_offset() tells where it
 * ended (an envelope's headers end where their JSON ends). */
void jr_begin_prefix(struct jr *r, struct str input, unsigned depth_limit);

/* As jr_begin, but a container nested past the limit is skipped and read as null: the value is at
 * fault then, not the document (ingest.md §2.6). */
void jr_begin_folding(struct jr *r, struct str input, unsigned depth_limit);

enum jr_kind jr_next(struct jr *r);

/* Decoded text of the current key, string or number: valid UTF-8, no NUL.  Borrowed from the input
 * when nothing had to be decoded, else in the arena. */
struct str jr_text(const struct jr *r, struct arena *a);

/* True when the current key or string equals the literal; needs no arena. */
bool jr_is(const struct jr *r, struct str text);

/* Skips the value whose first token was just returned (a scalar: nothing to do).  False on error.
 */
bool jr_skip(struct jr *r, enum jr_kind kind);

size_t jr_offset(const struct jr *r); /* bytes read so far */

const char *jr_error(const struct jr *r); /* why JR_ERROR came: static text; NULL before it */

#endif
