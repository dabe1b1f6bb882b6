/* Program vedette-ingest: the SDK protocol on <run_dir>/ingest.sock. */
#include <stdio.h>
#include <stdlib.h>

#include "base/bind.h"
#include "base/log.h"
#include "base/master.h"
#include "base/metrics.h"
#include "base/settings.h"
#include "ingest/service.h"

enum { GRACE_SECONDS = 15 };

static int child(int index, void *arg)
{
    return service_run(index, arg);
}

int main(int argc, char **argv)
{
    char path[256];
    enum log_level least = LOG_INFO;
    struct handover handover = handover_take(argv);
    (void)argc;
    settings_load();
    log_level_named(str_of(settings()->log_level), &least);
    log_open("vedette-ingest", least);
    metrics_open(METRIC_OF_INGEST);
    bind_start();
    snprintf(path, sizeof(path), "%s/ingest.sock", settings()->run_dir);
    handover.listen_fd = fcgi_listen(path, handover.listen_fd);
    if (handover.listen_fd < 0)
        return EXIT_FAILURE;
    struct service_shared shared = {
        .listen_fd = handover.listen_fd, .key_rates = rates_new(), .quota_rates = rates_new()};
    struct master_child kinds[] = {
        {.name = "ingest", .run = child, .arg = &shared, .count = (int)settings()->ingest_children},
        {0},
    };
    return master_run(kinds, GRACE_SECONDS, &handover);
}
