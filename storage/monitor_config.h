/*
 * What a monitor is told to expect: read from a check-in's monitor_config or the web API's config.
 *
 * Both spellings are read: "schedule": {"type": "crontab", "value": "0 0 * * *"}, and
 * "schedule_type": "crontab", "schedule": "0 0 * * *".  Texts live in the arena.
 */
#ifndef STORAGE_MONITOR_CONFIG_H
#define STORAGE_MONITOR_CONFIG_H

#include "base/jt.h"
#include "storage/schedule.h"

struct monitor_config {
    struct schedule schedule;
    int64_t margin, runtime; /* minutes; 0: not given */
    int64_t failure_threshold, recovery_threshold;
};

enum monitor_config_fault {
    MONITOR_CONFIG_FINE,
    MONITOR_CONFIG_INVALID,   /* a value that may not be */
    MONITOR_CONFIG_MALFORMED, /* not a configuration at all */
};

/* Of anything but FINE, *why says what is wrong with which field, static text.  Whether the time
 * zone is one, only the database knows. */
enum monitor_config_fault monitor_config_read(struct arena *a, const struct jt *json,
                                              struct monitor_config *out, const char **why);

/* The columns of table monitor that it sets, as members of an object. */
void monitor_config_put(struct jw *j, const struct monitor_config *c);

#endif
