/*
 * Hash map from bytes to pointer, seeded against crafted keys.  Keys and values are borrowed; the
 * map's own memory comes from its arena and dies with it.  One thread.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct map;

struct map *map_new(struct arena *a, size_t expected);
void *map_get(const struct map *m, struct str key); /* NULL when absent */
void map_set(struct map *m, struct str key, void *value);
size_t map_count(const struct map *m);
/* Next entry in no order; start with *at = 0; false at the end. */
bool map_next(const struct map *m, size_t *at, struct str *key, void **value);

/* The seeded hash itself, for caches and lanes; stable within one process only. */
uint64_t map_hash(struct str key);

#endif
