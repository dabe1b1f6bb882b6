/*
 * Seals: proofs that a text which somebody brings was given out by this instance, and not altered.
 * The key is a file of the instance that is made when it is missing, for its owner alone.
 *
 * seal_open() in one thread, or several processes at once; the rest from any thread.
 */
#ifndef STORAGE_SEAL_H
#define STORAGE_SEAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct seal_key {
    uint8_t bytes[32];
};

/* False when the file can neither be read nor made; errno says why. */
bool seal_open(const char *path, struct seal_key *key);

struct str seal_of(struct arena *a, const struct seal_key *key,
                   struct str text); /* 64 hex digits */
bool seal_fits(struct arena *a, const struct seal_key *key, struct str text, struct str seal);

#endif
