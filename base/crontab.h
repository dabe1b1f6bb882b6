/*
 * Crontab expressions: five fields (minute, hour, day of month, month, day of week), or a name such
 * as @daily.
 *
 * A field is a list of *, n, n-m, each with an optional /step (n/step goes on to the end); months
 * and weekdays may be named by three letters, Sunday is 0 or 7, L is the last day of a month. Where
 * neither field of days begins with a star, either may match.  Times are civil: microseconds that a
 * calendar without time zones would count since 1970.  Any thread may call.
 */
#ifndef BASE_CRONTAB_H
#define BASE_CRONTAB_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct crontab {
    uint64_t minutes;
    uint32_t hours, days, months, weekdays; /* bit n: n matches; bit 0 of days: the last one */
    bool any_day, any_weekday;              /* the field begins with a star */
    bool every_hour;
    struct str text; /* five fields, a blank between them, in the arena */
};

/* False when it is none, or matches no day that there is. */
bool crontab_parse(struct arena *a, struct str text, struct crontab *out);

bool crontab_matches(const struct crontab *c, int64_t civil);
/* The first whole minute after `civil` that matches. */
int64_t crontab_next(const struct crontab *c, int64_t civil);

#endif
