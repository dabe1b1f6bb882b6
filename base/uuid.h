/* Event, trace and request ids: 16 bytes; text is 32 hex digits, dashes accepted on reading. */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct uuid {
    uint8_t bytes[16];
};

struct uuid uuid_random(void);                   /* version 4; any thread */
bool uuid_parse(struct str s, struct uuid *out); /* any UUID spelling */
bool uuid_is_nil(struct uuid u);
bool uuid_eq(struct uuid a, struct uuid b);
void uuid_put(struct uuid u, char hex[33]);           /* 32 lower-case digits and NUL */
struct str uuid_text(struct arena *a, struct uuid u); /* 32 lower-case digits */

/* Tells things of one origin apart: changes the four bytes from `at` on by a number; by 0, not. */
void uuid_mark(struct uuid *u, size_t at, uint32_t number);

#endif
