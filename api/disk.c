/* The disk: what each kind of data takes of it and brings in a day, how far the ceiling is, what it
 * took last.  Of the whole instance, for whoever may read an organization.  One of our own. */
#include "auth/scope.h"
#include "base/clock.h"
#include "base/route.h"
#include "base/settings.h"
#include "sql.h"
#include "storage/reply.h"
#include "storage/retention.h"

/* How long each kind is kept by those who keep it longest: what a partition waits for. */
static size_t read_days(struct request *rq, struct str *kinds, int64_t *days)
{
    struct retention_rule rule;
    struct rows *plan = retention_plan(rq->db, rq->arena);
    size_t count = 0;
    while (count < RETENTION_KIND_COUNT && retention_next(plan, clock_now(), &rule)) {
        kinds[count] = retention_name(rule.kind);
        days[count++] = rule.days;
    }
    return count;
}

static int show_disk(struct request *rq)
{
    struct str kinds[RETENTION_KIND_COUNT];
    int64_t days[RETENTION_KIND_COUNT];
    size_t count = read_days(rq, kinds, days);
    return reply_row(rq, pg_query(rq->db, rq->arena, &SQL_disk_show,
                                  pg_text_array(rq->arena, kinds, count),
                                  pg_int_array(rq->arena, days, count),
                                  pg_time(rq->arena, clock_now()), settings()->data_max_bytes));
}

const struct route disk_routes[] = {
    {METHOD_GET, "/api/0/organizations/{organization}/disk-usage/", SCOPE_ORG_READ, show_disk},
    {0},
};
