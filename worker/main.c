/*
 * vedette-worker: digests the event logs into PostgreSQL, one child a lane, and runs the jobs.
 * Digesting can wait, answering cannot: where processors are short, it takes what others leave.
 */
#include <unistd.h>

#include "base/log.h"
#include "base/master.h"
#include "base/metrics.h"
#include "base/priority.h"
#include "base/settings.h"
#include "worker/digest/geo.h"
#include "worker/digest/lane.h"
#include "worker/jobs/runner.h"

enum { GRACE_SECONDS = 20 };

int main(int argc, char **argv)
{
    enum log_level level = LOG_INFO;
    const struct handover handover = handover_take(argv);
    (void)argc;
    settings_load();
    (void)log_level_named(str_of(settings()->log_level), &level);
    log_open("vedette-worker", level);
    metrics_open(METRIC_OF_WORKER);
    priority_lower(getpid(), PRIORITY_REST);
    geo_begin();
    int lanes = (int)settings()->digest_lanes;
    const struct master_child kinds[] = {
        {.name = "digest",
         .run = lane_run,
         .arg = progress_new(lanes),
         .count = lanes,
         .died = progress_died,
         .watch = progress_watch},
        {.name = "jobs", .run = runner_run, .count = 1},
        {0},
    };
    return master_run(kinds, GRACE_SECONDS, &handover);
}
