/*
 * API tokens: "sntryu_" and 64 hex digits, 32 random bytes.  Only the BLAKE2b-256 hash of the whole
 * text is kept, and rows are found by it: a secret of that entropy needs no slow hash.  Shapes are
 * those of api.md §3.  Any thread may call, once sodium_init() has run.
 */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { TOKEN_DIGITS = 64, TOKEN_HASH_BYTES = 32 };

struct token {
    char text[sizeof("sntryu_") + TOKEN_DIGITS];
    uint8_t hash[TOKEN_HASH_BYTES];
    char last_characters[5]; /* what lists show of it */
};

/* A fresh user token. */
struct token token_create(void);

/* The hash to look a token up by, in the arena; absent when the text has not the shape of a token:
 * sntryu_, sntrya_ or sntryi_ and 64 hex digits, or the digits alone as older servers gave them. */
struct str token_hash(struct arena *a, struct str text);

#endif
