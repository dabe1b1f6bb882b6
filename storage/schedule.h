/*
 * When a monitor is expected to check in: by a crontab or every so many minutes, days, months, in a
 * time zone.
 *
 * Civil time and time zones are PostgreSQL's; a zone that it no longer knows counts as UTC.  What a
 * fixed hour skips in spring runs after the gap; a crontab of every hour goes on through it.
 */
#ifndef STORAGE_SCHEDULE_H
#define STORAGE_SCHEDULE_H

#include "base/crontab.h"
#include "storage/pg.h"

struct schedule {
    bool by_crontab;
    struct crontab crontab;
    int64_t count; /* of units */
    struct str unit;
    struct str timezone;
};

bool schedule_is_unit(struct str name); /* minute, hour, day, week, month, year */

/* The first time after `from`, at a whole minute; 0 after a failure. */
int64_t schedule_next(struct pg *db, struct arena *a, const struct schedule *s, int64_t from);
/* The first after `until`, where intervals are counted on from `from`. */
int64_t schedule_after(struct pg *db, struct arena *a, const struct schedule *s, int64_t from,
                       int64_t until);

#endif
