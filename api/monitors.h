/* Cron monitors: what finding and changing them (api/monitors.c, api/monitor_changes.c) share. */
#ifndef API_MONITORS_H
#define API_MONITORS_H

#include "base/request.h"
#include "storage/pg.h"

/* The monitor that the path names, by slug or guid, in the projects the caller may see. */
struct monitor_place {
    int64_t project_id, id;
    struct str slug;
};

/* False after answering 403 or 404. */
bool monitors_place(struct request *rq, struct monitor_place *out);

/* One monitor as the list shows it. */
struct rows *monitors_rows(struct request *rq, int64_t project_id, struct str slug);

#endif
