/*
 * How much a project may send in an hour before that is a spike (ingest.md §5.3): arithmetic, no
 * database.
 *
 * The threshold is a weighted average of the hours before, times a factor that grows with how much
 * they differ, and never less than a minimum.  Sentry takes the minimum from the plan that is paid
 * for; here it is the caller's.
 *
 * Weights: 1 for an hour, 12 for the same hour of another day, 24 for the same hour a week ago.
 * What spike protection itself dropped counts as well, so that what goes on for hours becomes the
 * new usual; it fades from all of it to a tenth within 24 hours.  Hours before the first that
 * anything arrived in are left out: a project of today is measured by today.  The factor is five
 * times the standard deviation as a part of the average, at least 3 and at most 6.
 */
#ifndef WORKER_JOBS_SPIKE_THRESHOLD_H
#define WORKER_JOBS_SPIKE_THRESHOLD_H

#include <stdint.h>

enum { SPIKE_HOURS = 168 };

struct spike_hour {
    int64_t accepted, dropped;
};

/* hours[0] is the hour before the one in question, hours[167] the same one a week ago. */
int64_t spike_threshold(const struct spike_hour hours[SPIKE_HOURS], int64_t least);

#endif
