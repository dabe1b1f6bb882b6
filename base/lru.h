/*
 * Expiring cache of fixed capacity, least recently used leaves first.  Keys and values are copied
 * in and out, so no caller holds a pointer into it.  Keys have 1 to 128 bytes; others are never
 * kept.  Locks itself: any thread may call.
 */
#ifndef BASE_LRU_H
#define BASE_LRU_H

#include <stdint.h>

#include "base/str.h"

struct lru;

struct lru *lru_new(size_t capacity, size_t value_size);
void lru_free(struct lru *c);
bool lru_get(struct lru *c, struct str key, void *value); /* false when absent or expired */
void lru_put(struct lru *c, struct str key, const void *value, int64_t lives_us);
void lru_clear(struct lru *c);

#endif
