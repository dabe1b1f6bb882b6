/*
 * Wall and monotonic time, and ISO 8601.
 *
 * Times are int64 microseconds since 1970 UTC ("us").  Nothing else in the programs asks the system
 * for the wall clock.  Any thread may call.
 *
 * Tests may move it for all programs of an instance at once: with VEDETTE_CLOCK=path in the
 * environment, the first eight bytes of that file, an int64 of the machine's own order, are the
 * microseconds that are added to it from now on.  Waiting and measuring go on as ever.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { CLOCK_SECOND = 1000000 };
#define CLOCK_DAY ((int64_t)86400 * CLOCK_SECOND)
#define CLOCK_LEAST (INT64_C(-62135596800) * CLOCK_SECOND)    /* 0001-01-01 */
#define CLOCK_MOST (INT64_C(253402300800) * CLOCK_SECOND - 1) /* the end of 9999 */
enum { CLOCK_ISO_MAX = sizeof("2026-11-21T09:15:24.693131Z") };

int64_t clock_now(void);             /* us since 1970 */
int64_t clock_monotonic(void);       /* us since some start; for waiting and measuring */
void clock_pin(int64_t us);          /* tests: clock_now() returns this; 0 lets it run again */
bool clock_follow(const char *path); /* what VEDETTE_CLOCK would say; false: it cannot be read */

/* ISO 8601: a date, or date and time with or without zone (none = UTC), up to nine fraction digits;
 * year 1..9999. */
bool clock_parse(struct str s, int64_t *us);
/* 2026-11-21T09:15:24.693131Z; times outside the years 1..9999 become the nearest inside. */
struct str clock_iso(struct arena *a, int64_t us);
size_t clock_put(int64_t us, char out[CLOCK_ISO_MAX]); /* the same; returns the length */

#endif
