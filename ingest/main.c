/* Program vedette-ingest: the SDK protocol on <run_dir>/ingest.sock. */
#include <stdio.h>
#include <stdlib.h>

#include "base/bind.h"
#include "base/log.h"
#include "base/master.h"
#include "base/settings.h"
#include "ingest/service.h"

enum { GRACE_SECONDS = 15 };

static int child(int index, void *arg)
{
    return service_run(index, arg);
}

int main(void)
{
    char path[256];
    enum log_level least = LOG_INFO;
    settings_load();
    log_level_named(str_of(settings()->log_level), &least);
    log_open("vedette-ingest", least);
    bind_start();
    snprintf(path, sizeof(path), "%s/ingest.sock", settings()->run_dir);
    struct service_shared shared = {
        .listen_fd = fcgi_listen(path), .key_rates = rates_new(), .quota_rates = rates_new()};
    if (shared.listen_fd < 0)
        return EXIT_FAILURE;
    struct master_child kinds[] = {
        {.name = "ingest", .run = child, .arg = &shared, .count = (int)settings()->ingest_children},
        {0},
    };
    return master_run(kinds, GRACE_SECONDS);
}
